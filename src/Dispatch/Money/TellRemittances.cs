using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Quartz;

namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>
/// Tells the journal what became of goods money that was due to shippers: in the transaction that pays it or puts it right, and every night where its time has passed. What is due
/// follows from the ledger and the contracts, and what was told is known by its id, so a night that was missed owes nothing.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class TellRemittances(DispatchActs acts, IRemittancesInForce terms, IJournalReader journal, IWriteGate gate, TimeProvider time) : IJob
{
    internal const string Name = "dispatch.remittances";
    private const string Zone = "Asia/Shanghai";
    private const int ParcelsAtOnce = 500;

    // What the ledger says does not depend on who has moved the money.
    private static readonly string[] Scopes = ["account", "depot"];

    private sealed record Place(string Account, string Currency, string Parcel);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var told = await RunAsync(cancellationToken);
        if (!told.IsOk) throw new JobExecutionException(told.Fault.Message);
    }

    /// <summary>Looks at everything that is owed; gives how many facts were new.</summary>
    internal async Task<Outcome<int>> RunAsync(CancellationToken ct)
    {
        var (count, after) = (0, new Place("", "", ""));
        while (true)
        {
            var from = after;
            var page = await acts.Db.OpenMoney.AsNoTracking().Where(o => o.Ledger == (int)LedgerAccount.ShipperPayable && o.Minor != 0
                    && (string.Compare(o.Owner, from.Account) > 0 || (o.Owner == from.Account && (string.Compare(o.Currency, from.Currency) > 0 || (o.Currency == from.Currency && string.Compare(o.Parcel, from.Parcel) > 0)))))
                .OrderBy(o => o.Owner).ThenBy(o => o.Currency).ThenBy(o => o.Parcel).Take(ParcelsAtOnce).Select(o => new Place(o.Owner, o.Currency, o.Parcel)).ToListAsync(ct);
            if (page.Count == 0) return count;
            var told = await gate.RunAsync<int>(
                async (transaction, cancel) =>
                {
                    acts.Db.ChangeTracker.Clear();
                    await transaction.EnlistAsync(acts.Db, cancel);
                    return await TellAsync(transaction, page, cancel);
                },
                ct);
            if (!told.IsOk) return told.Fault;
            (count, after) = (count + told.Value, page[^1]);
        }
    }

    /// <summary>After these events have been appended in the transaction: what they paid to shippers, or took back. Null when it is told.</summary>
    internal async Task<Fault?> AfterAsync(WriteTransaction transaction, IEnumerable<ParcelEvent> events, CancellationToken ct)
    {
        foreach (var e in events)
        {
            var id = Uuid.From(e.Id.Span);
            var places = await acts.Db.Postings.IgnoreQueryFilters(Scopes).AsNoTracking().Where(p => p.EventId == id && p.Ledger == (int)LedgerAccount.ShipperPayable)
                .Select(p => new Place(p.Owner, p.Currency, p.Parcel)).Distinct().ToListAsync(ct);
            foreach (var page in places.Chunk(ParcelsAtOnce))
            {
                var told = await TellAsync(transaction, page, ct);
                if (!told.IsOk) return told.Fault;
            }
        }
        return null;
    }

    private async Task<Outcome<int>> TellAsync(WriteTransaction transaction, IReadOnlyCollection<Place> places, CancellationToken ct)
    {
        var parcels = places.Select(static p => p.Parcel).Distinct(StringComparer.Ordinal).ToList();
        var lines = (await acts.Db.Postings.IgnoreQueryFilters(Scopes).AsNoTracking().Where(p => p.Ledger == (int)LedgerAccount.ShipperPayable && parcels.Contains(p.Parcel)).ToListAsync(ct))
            .ToLookup(static p => new Place(p.Owner, p.Currency, p.Parcel), static p => new PayableLine(p.EventId, p.Origin, p.Minor, p.AtUs));
        var facts = places.Select(p => FactOf(p, [.. lines[p]])).OfType<ParcelEvent>().ToList();
        var known = await journal.KnownAsync(facts.ConvertAll(static f => Uuid.From(f.Id.Span)), ct);
        facts.RemoveAll(f => known.Contains(Uuid.From(f.Id.Span)));
        return facts.Count > 0 && await acts.AppendAsync(transaction, facts, ct) is { } fault ? fault : facts.Count;
    }

    private ParcelEvent? FactOf(Place place, PayableLine[] lines) =>
        Remittance.Of(lines) is { } money && terms.DueOf(place.Account, Clock.FromUnixMicros(money.CollectedUs)) is { } due ? money.Fact(place.Account, place.Parcel, place.Currency, due, time.Now()) : null;

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<TellRemittances>(
        // FireAndProceed: a night that was missed is made up for once at the next start.
        t => t.WithIdentity(Name).WithCronSchedule("0 20 2 * * ?", c => c.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(Zone)).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)),
        j => j.WithIdentity(Name));
}
