using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Dispatch.Confirmations;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Dispatch.Vehicles;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Dispatch.Sheets;

/// <summary>A run sheet with what has become of it: what each parcel's facts say, what its deliveries have brought, how its vehicle stands.</summary>
internal sealed record LoadedSheet(
    SheetRow Row, RunSheet Sheet, ImmutableHashSet<string> WentOut, IReadOnlyDictionary<string, LineOutcome> Outcomes, long BroughtMinor, long OpenMinor,
    (VehicleStanding Standing, ImmutableArray<CheckGroup> Failed) Vehicle)
{
    internal IReadOnlyCollection<SheetLine> Out => [.. Sheet.Lines.Where(l => WentOut.Contains(l.Parcel))];
}

/// <summary>Reads a run sheet.</summary>
internal sealed class LoadSheet(DispatchDb db, IParcelsNow parcels, DispatchOptions options)
{
    internal static readonly Fault.NotFound Unknown = new("sheet.unknown", "No run sheet is known under this number.");

    internal async Task<LoadedSheet?> RunAsync(string number, CancellationToken ct)
    {
        if (await db.Sheets.AsNoTracking().SingleOrDefaultAsync(s => s.Number == number, ct) is not { } row) return null;
        var lines = await db.SheetLines.AsNoTracking().Where(l => l.Number == number).OrderBy(l => l.Position).ToListAsync(ct);
        var sheet = new RunSheet(row.Number, row.Depot, row.Courier, row.Vehicle, row.Day, [.. lines.Select(LineOf)]);
        List<string> codes = [.. lines.Select(l => l.Parcel)];
        var (brought, open) = await MoneyAsync(row.Courier, codes, ct);
        return new LoadedSheet(
            row, sheet, [.. lines.Where(l => l.WentOut).Select(l => l.Parcel)], await OutcomesAsync(row, codes, ct), brought, open,
            await StandingAsync(row.Vehicle, row.Courier, row.Day, ct));
    }

    /// <summary>How a vehicle stands for a courier on a day.</summary>
    internal async Task<(VehicleStanding Standing, ImmutableArray<CheckGroup> Failed)> StandingAsync(string vehicle, string courier, NodaTime.LocalDate day, CancellationToken ct)
    {
        var subject = DoorRun.VehiclePrefix + vehicle;
        var from = day.AtStartOfDayInZone(options.Zone).ToInstant().ToUnixMicros();
        var facts = await db.Facts.AsNoTracking().Where(f => f.Subject == subject && f.LatestUs >= from).ToListAsync(ct);
        return VehicleRules.StandingOf(facts.Select(LoadDay.FactOf).Select(CheckOf), courier, day, options.Zone);
    }

    private static VehicleChecked CheckOf(Orders.DispatchFact fact) => new(
        fact.Event.Reference, fact.Event.Actor,
        (fact.Event.Checklist?.Items ?? []).Select(i => (Group: Enum.GetValues<CheckGroup>().FirstOrDefault(g => string.Equals(Verdicts.ReasonCode.Of(g), i.Id, StringComparison.Ordinal)), i.Passed))
            .Where(i => i.Group != default).GroupBy(i => i.Group).ToImmutableSortedDictionary(g => g.Key, g => g.All(i => i.Passed)),
        fact.Time);

    // What this run's day has said of each parcel: door facts since it went out, and where the parcel is now.
    private async Task<IReadOnlyDictionary<string, LineOutcome>> OutcomesAsync(SheetRow row, List<string> codes, CancellationToken ct)
    {
        var outcomes = new Dictionary<string, LineOutcome>(StringComparer.Ordinal);
        if (row.ReleasedUs is not { } released) return outcomes;
        var told = new Dictionary<string, List<Orders.DispatchFact>>(StringComparer.Ordinal);
        foreach (var part in codes.Select(c => DoorRun.DoorPrefix + c).Chunk(1_000))
        {
            // A fact whose interval ends after the release was made on this run, whenever its middle lies.
            foreach (var fact in await db.Facts.AsNoTracking().Where(f => part.Contains(f.Subject) && f.LatestUs >= released).ToListAsync(ct))
            {
                var code = fact.Subject[DoorRun.DoorPrefix.Length..];
                if (!told.TryGetValue(code, out var facts)) told[code] = facts = [];
                facts.Add(LoadDay.FactOf(fact));
            }
        }
        var now = await parcels.FindAsync(codes, ct);
        foreach (var code in codes)
        {
            var standing = now.GetValueOrDefault(code);
            var isBack = standing is { CustodianKind: PartyKind.Depot or PartyKind.Hub };
            var end = DoorState.EndOf(told.GetValueOrDefault(code) ?? []);
            outcomes[code] = end?.Event.Kind switch
            {
                EventKind.Delivered => new LineOutcome(code, LineEnd.Delivered),
                EventKind.AtPickupPoint => new LineOutcome(code, LineEnd.AtPickupPoint),
                { } => new LineOutcome(code, LineEnd.Attempted, end.Event.Reason, end.Event.Action, isBack),
                null when standing is { HoldReason: { } hold } => new LineOutcome(code, LineEnd.Held, hold, "", isBack),
                null when isBack => new LineOutcome(code, LineEnd.Returned, "", "", true),
                _ => new LineOutcome(code, null),
            };
        }
        return outcomes;
    }

    private async Task<(long Brought, long Open)> MoneyAsync(string courier, List<string> codes, CancellationToken ct)
    {
        var (brought, open) = (0L, 0L);
        foreach (var part in codes.Chunk(1_000))
        {
            brought += await (
                from p in db.Postings.AsNoTracking()
                join e in db.Entries.AsNoTracking() on p.Origin equals e.EventId
                where part.Contains(p.Parcel) && p.Ledger == (int)LedgerAccount.CourierCash && p.Owner == courier && e.Kind == (int)EventKind.MoneyCollected
                select (long?)p.Minor).SumAsync(ct) ?? 0;
            open += await db.OpenMoney.AsNoTracking().Where(o => o.Ledger == (int)LedgerAccount.CourierCash && o.Owner == courier && part.Contains(o.Parcel)).SumAsync(o => (long?)o.Minor, ct) ?? 0;
        }
        return (brought, open);
    }

    private static SheetLine LineOf(SheetLineRow l) => new(l.Position, l.Parcel, l.Account, l.Insured, l.Fragile, l.CodMinor, l.FreightCollectMinor, l.Currency, l.Seal);
}
