using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.AtRisk;

/// <summary>Parcels not attempted yet whose next gate is past or near, the most pressing first, each with the part of its account's budget of this month that it would cost.</summary>
internal sealed class ListAtRisk(LevelsDb db, FindPlan plans, TimeProvider time)
{
    /// <summary>A gate that is nearer than this, with the scan missing, is likely to be missed.</summary>
    private static readonly Duration Near = Duration.FromHours(4);

    internal async Task<Outcome<ListAtRiskReply>> RunAsync(ListAtRiskRequest ask, CancellationToken ct)
    {
        foreach (var (field, text) in new[] { ("account", ask.Account), ("depot", ask.Depot) })
        {
            if (text.Length > 120 || text.Any(char.IsControl)) return new Fault.Invalid(field, "field.malformed", $"The {field} is longer than 120 characters or holds control characters.");
        }
        var (now, until) = (time.Now(), (time.Now() + Near).ToUnixMicros());
        var rows = db.Subjects.AsNoTracking().Where(s => s.GateUs != null && s.GateUs <= until && s.Account != null);
        if (ask.Account.Length > 0) rows = rows.Where(s => s.Account == ask.Account);
        if (ask.Depot.Length > 0) rows = rows.Where(s => s.Depot == ask.Depot);
        var found = await rows.OrderBy(s => s.GateUs).ThenBy(s => s.Subject).Take(AskedPeriod.PageOf(ask.PageSize)).ToListAsync(ct);
        var left = await LeftAsync(found.Select(static s => s.Account!).Distinct(StringComparer.Ordinal).ToList(), now, ct);
        var zones = found.Select(static s => s.Account!).Append(ask.Account).Distinct(StringComparer.Ordinal).ToDictionary(static a => a, a => plans.DaysOf(a, now.InZone(AccountDays.Usual).Date).Zone.Id, StringComparer.Ordinal);
        var reply = new ListAtRiskReply { Zone = ask.Account.Length > 0 ? zones[ask.Account] : "" };
        foreach (var row in found)
        {
            if (Contribution.Parser.ParseFrom(row.Body).Risk is not { } risk) continue;
            reply.Parcels.Add(new AtRiskParcel
            {
                Parcel = row.Code, Account = row.Account, Gate = risk.Gate, GateUs = risk.GateUs, PromisedUs = risk.PromisedUs, Missing = risk.Missing, LastSeen = risk.LastSeen, LastSeenUs = risk.LastSeenUs,
                Overdue = risk.GateUs < now.ToUnixMicros(), Share = left.GetValueOrDefault(row.Account!) is > 0 and var budget ? Fraction.Of(1, budget).Round(6).ToString(CultureInfo.InvariantCulture) : "", Lane = row.Lane, Zone = zones[row.Account!],
            });
        }
        return reply;
    }

    // Of the month so far: what is still to come widens the budget, so the share is the most it can be.
    private async Task<Dictionary<string, long>> LeftAsync(List<string> accounts, Instant now, CancellationToken ct)
    {
        var today = now.InZone(AccountDays.Usual).Date;
        var (first, last) = (AccountDays.NumberOf(new LocalDate(today.Year, today.Month, 1)), AccountDays.NumberOf(today));
        var sums = await db.Counters.AsNoTracking().Where(c => accounts.Contains(c.Account) && c.Kind == 0 && c.Figure == FigureCodes.Punctual && c.Day >= first && c.Day <= last)
            .GroupBy(c => c.Account).Select(g => new { Account = g.Key, N = g.Sum(c => c.Numerator), D = g.Sum(c => c.Denominator) }).ToListAsync(ct);
        var left = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var sum in sums)
        {
            if (plans.For(sum.Account, today).Plan?.Find(FigureCodes.Punctual) is not { } indicator || ErrorBudget.LimitOf(indicator) is not { } limit) continue;
            left[sum.Account] = (long)(limit * sum.D).Floor() - (sum.D - sum.N);
        }
        return left;
    }
}
