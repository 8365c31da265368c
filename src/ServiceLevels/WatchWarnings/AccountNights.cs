using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>Reads what the rules of a night look at: the same few questions for a page of accounts, however many they are.</summary>
internal sealed class AccountNights(LevelsDb db, FindPlan plans, ReadAccountFacts records, IWriteGate gate)
{
    /// <summary>Two windows of the volume before.</summary>
    internal const int DaysBack = 2 * ChangeWarning.WindowDays;

    // A year live, the 90 days before the signature, and what may lie between signature and service.
    private const int ContactDaysBack = NeglectWarning.DaysMost + 2 * NeglectWarning.WindowDays;

    // A change that nobody noted for more than a year is history.
    private const int ChangeDaysBack = 400;

    /// <summary>Figures that can cap a grade.</summary>
    internal static ImmutableArray<string> KnockingOut { get; } = [FigureCodes.Fulfilled, .. FigureCodes.KnockOuts];

    private static readonly string[] Asked = [FigureCodes.Parcels, FigureCodes.Punctual, FigureCodes.Overrun, FigureCodes.LinesWithBudget, .. KnockingOut, .. FigureCodes.Components];

    /// <summary>Every account there is something to ask of, in order: with a contract, a record, figures, facts, or a warning that stands. Codes are few enough to be held at once.</summary>
    internal async Task<SortedSet<string>> AllAsync(LocalDate day, CancellationToken ct)
    {
        var (last, first) = (AccountDays.NumberOf(day), AccountDays.NumberOf(day) - DaysBack + 1);
        int[] kinds = [(int)EventKind.ReceivableStood, (int)EventKind.ClientContact, (int)EventKind.PlanStep];
        return new SortedSet<string>(
            [
                .. plans.Accounts, .. await records.AllAsync(ct),
                .. await db.Counters.AsNoTracking().Where(c => c.Kind == 0 && c.Figure == FigureCodes.Parcels && c.Day >= first && c.Day <= last).Select(c => c.Account).Distinct().ToListAsync(ct),
                .. await db.Facts.AsNoTracking().Where(f => kinds.Contains(f.Kind) && f.Account != "").Select(f => f.Account).Distinct().ToListAsync(ct),
                .. await db.Warnings.AsNoTracking().Where(w => w.ClosedUs == null).Select(w => w.Account).Distinct().ToListAsync(ct),
            ],
            StringComparer.Ordinal);
    }

    internal async Task<Outcome<IReadOnlyList<AccountNight>>> ReadAsync(IReadOnlyList<string> accounts, LocalDate day, CancellationToken ct)
    {
        var (last, first) = (AccountDays.NumberOf(day), AccountDays.NumberOf(day) - DaysBack + 1);
        var figures = (await db.Counters.AsNoTracking().Where(c => accounts.Contains(c.Account) && c.Kind == 0 && Asked.Contains(c.Figure) && c.Day >= first && c.Day <= last)
            .Select(c => new DayFigure(c.Account, c.Day, c.Figure, c.Numerator, c.Denominator)).ToListAsync(ct)).ToLookup(static f => f.Account, StringComparer.Ordinal);
        var known = (await records.OfAsync(accounts, day, StartOf(day.PlusDays(-ChangeDaysBack)), ct)).ToDictionary(static r => r.Account, StringComparer.Ordinal);
        var committed = await CommittedAsync([.. known.Values.Where(static r => !r.Commitments.IsEmpty)], last, ct);
        var noted = (await (from act in db.WarningActs.AsNoTracking() join warning in db.Warnings.AsNoTracking() on act.WarningId equals warning.Id
            where accounts.Contains(act.Account) && act.AsOwner && warning.Rule == WarningRules.Changed group act by act.Account into own select new { Account = own.Key, AtUs = own.Max(a => a.AtUs) }).ToListAsync(ct))
            .ToDictionary(static n => n.Account, static n => Clock.FromUnixMicros(n.AtUs), StringComparer.Ordinal);
        var told = await gate.RunAsync<Told>(async (transaction, cancel) => new Told(
            await OfAsync(transaction, accounts, EventKind.ReceivableStood, long.MinValue, cancel), await OfAsync(transaction, accounts, EventKind.PlanStep, long.MinValue, cancel),
            await OfAsync(transaction, accounts, EventKind.ClientContact, StartOf(day.PlusDays(-ContactDaysBack)).ToUnixMicros(), cancel)), ct);
        if (!told.IsOk) return told.Fault;
        return accounts.Select(account =>
        {
            var days = plans.DaysOf(account, day);
            var record = known.GetValueOrDefault(account);
            return new AccountNight(
                account, day, plans.For(account, day), [.. figures[account]], record, committed.GetValueOrDefault(account, ImmutableDictionary<int, long>.Empty),
                told.Value.Receivables[account].Select(f => (f.Reference, f.Service, Currency: CurrencyOf(f.Service, record)))
                    .GroupBy(static r => r.Currency, r => new Receivable(r.Reference, new Money(r.Service.DoneUs > 0 ? 0 : r.Service.AmountMinor, r.Currency), DayOf(days, r.Service.DueUs - 1)), StringComparer.Ordinal)
                    .ToDictionary(static g => g.Key, static g => (IReadOnlyList<Receivable>)[.. g], StringComparer.Ordinal),
                [.. told.Value.Steps[account].Select(f => new PlanStep(f.Service.Title.Length > 0 ? f.Service.Title : f.Reference, DayOf(days, f.Service.DueUs - 1), f.Service.DoneUs > 0 ? DayOf(days, f.Service.DoneUs) : null))],
                [.. told.Value.Contacts[account].Select(f => DayOf(days, f.Service.BeganUs))],
                noted.TryGetValue(account, out var at) ? at : null);
        }).ToImmutableArray();
    }

    private sealed record Told(ILookup<string, ToldFact> Receivables, ILookup<string, ToldFact> Steps, ILookup<string, ToldFact> Contacts);

    private sealed record ToldFact(string Account, string Reference, ServiceFact Service);

    // What cannot be judged is left out here as it is everywhere.
    private static async Task<ILookup<string, ToldFact>> OfAsync(WriteTransaction transaction, IReadOnlyCollection<string> accounts, EventKind kind, long sinceUs, CancellationToken ct) =>
        (await ServiceFacts.OfAsync(transaction.Statements, accounts, kind, sinceUs, ct)).Where(f => ServiceWords.Flaw(kind, f.Fact.Event.Service) is null)
        .Select(static f => new ToldFact(f.Key.Account, f.Key.Reference, f.Fact.Event.Service)).ToLookup(static f => f.Account, StringComparer.Ordinal);

    private async Task<Dictionary<string, IReadOnlyDictionary<int, long>>> CommittedAsync(IReadOnlyList<AccountFacts> committing, int last, CancellationToken ct)
    {
        if (committing.Count == 0) return new(StringComparer.Ordinal);
        var (accounts, first) = (committing.Select(static c => c.Account).ToList(), AccountDays.NumberOf(committing.Min(static c => c.Commitments.Min(static k => k.First))));
        var rows = await db.Counters.AsNoTracking().Where(c => accounts.Contains(c.Account) && c.Kind == 0 && c.Figure == FigureCodes.Parcels && c.Day >= first && c.Day <= last)
            .Select(c => new { c.Account, c.Day, c.Denominator }).ToListAsync(ct);
        return rows.GroupBy(static r => r.Account, StringComparer.Ordinal)
            .ToDictionary(static g => g.Key, static g => (IReadOnlyDictionary<int, long>)g.ToDictionary(static r => r.Day, static r => r.Denominator), StringComparer.Ordinal);
    }

    private static string CurrencyOf(ServiceFact fact, AccountFacts? record) => fact.Currency.Length > 0 ? fact.Currency : record?.Currency ?? "CNY";

    private static LocalDate DayOf(AccountDays days, long us) => AccountDays.DayOf(days.Day(us));

    private static Instant StartOf(LocalDate day) => AccountDays.Usual.AtStartOfDay(day).ToInstant();
}
