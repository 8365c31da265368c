using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Dispatch.Sheets;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Confirmations;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using LedgerAccount = KeyAccountLogistics.Dispatch.Cash.LedgerAccount;

namespace KeyAccountLogistics.Dispatch.Confirmations;

/// <summary>
/// A courier's own day, with everything that the phone needs without network: exactly the proof each delivery demands, the amounts, the doors' history. Nobody else's stops are in it.
/// </summary>
internal sealed class ReadMyDay(DispatchDb db, LoadDay days, LoadSheet sheets, IParcelsNow parcels, DoorWeights weights, ITermsInForce terms, DeliveryCodes codes, DispatchOptions options, ICallerScope callers, TimeProvider time)
{
    internal async Task<Outcome<MyDayReply>> RunAsync(MyDayRequest ask, CancellationToken ct)
    {
        var day = days.DayOf(ask.Day);
        if (!day.IsOk) return day.Fault;
        var me = callers.Current.Id;
        var mine = await db.Couriers.AsNoTracking().Where(c => c.Courier == me && c.Active).OrderBy(c => c.Depot).FirstOrDefaultAsync(ct);
        if (mine is null) return new Fault.NotFound("courier.none", "You are not a courier of any depot: the depot adds you before your first run.");
        var loaded = await days.RunAsync(mine.Depot, day.Value, ct);
        var own = await db.Sheets.AsNoTracking().Where(s => s.Courier == me && s.Depot == mine.Depot && s.Day == day.Value).OrderBy(s => s.DrawnUs).ToListAsync(ct);
        var numbers = own.ConvertAll(s => s.Number);
        var lines = await db.SheetLines.AsNoTracking().Where(l => numbers.Contains(l.Number)).OrderBy(l => l.Number).ThenBy(l => l.Position).ToListAsync(ct);
        var standing = await sheets.StandingAsync(mine.Vehicle, me, day.Value, ct);
        var cash = await db.OpenMoney.AsNoTracking().Where(o => o.Ledger == (int)LedgerAccount.CourierCash && o.Owner == me && o.Minor != 0).GroupBy(o => o.Currency)
            .Select(g => new { Currency = g.Key, Minor = g.Sum(o => o.Minor) }).OrderBy(g => g.Currency).ToListAsync(ct);
        var reply = new MyDayReply
        {
            Courier = me, Day = LoadDay.TextOf(day.Value), Depot = mine.Depot, Vehicle = mine.Vehicle, VehicleStanding = ReasonCode.Of(standing.Standing), VehicleFailed = { standing.Failed.Select(g => ReasonCode.Of(g)) },
            Cash = { cash.Select(c => new MyCash { Currency = c.Currency, Minor = c.Minor }) }, ServerUs = time.Now().ToUnixMicros(), Zone = options.Zone.Id, Sheets = { own.Select(s => SheetOf(s, [.. lines.Where(l => l.Number == s.Number)])) },
        };
        reply.Stops.AddRange(await StopsAsync(me, loaded, lines, ct));
        return reply;
    }

    private static MySheet SheetOf(SheetRow row, IReadOnlyCollection<SheetLineRow> lines) => new()
    {
        Number = row.Number, State = ReasonCode.Of((SheetState)row.State), Parcels = lines.Count, CodMinor = lines.Sum(l => l.CodMinor), FreightCollectMinor = lines.Sum(l => l.FreightCollectMinor),
        Currency = lines.Select(l => l.Currency).FirstOrDefault(c => c.Length > 0) ?? "",
    };

    // The run's order first; then what is on the courier's sheets and in no run.
    private async Task<List<MyStop>> StopsAsync(string me, LoadedDay day, List<SheetLineRow> lines, CancellationToken ct)
    {
        var run = day.Plan.Runs.FirstOrDefault(r => r.Courier == me);
        List<string> order = [.. run?.Sequence ?? []];
        order.AddRange(lines.Select(l => l.Waybill).Where(w => day.Stops.ContainsKey(w) && !order.Contains(w, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal).ToList());
        var onSheets = lines.Select(l => l.Parcel).ToHashSet(StringComparer.Ordinal);
        var stops = order.ConvertAll(s => day.Stops[s]);
        var deliveries = stops.Where(s => s.Stop.IsDelivery).ToList();
        var details = await parcels.DoorsAsync([.. deliveries.Select(s => s.Stop.Id)], ct);
        var history = await DoorsAsync([.. deliveries.SelectMany(s => s.Parcels).Select(p => p.Parcel.Code)], ct);
        var now = time.Now();
        var chains = await weights.OfAsync([.. deliveries.SelectMany(s => s.Parcels).Where(p => p.Parcel.Insured).Select(p => p.Parcel.Code)], ct);
        var predicted = run?.Visits.ToDictionary(v => v.Stop, v => v.Start, StringComparer.Ordinal) ?? [];
        return stops.ConvertAll(s =>
        {
            var view = new MyStop
            {
                Stop = s.Stop.Id, Kind = s.Stop.IsDelivery ? "delivery" : "pickup", Account = s.Order?.Account ?? s.Parcels[0].Parcel.Account, Site = s.Order?.Site ?? "", Count = s.Stop.Parcels, State = s.State,
                FromUs = s.Stop.Windows.IsEmpty ? 0 : s.Stop.Windows[0].From * 1_000_000, UntilUs = s.Stop.Windows.IsEmpty ? 0 : s.Stop.Windows[^1].Until * 1_000_000, PromisedUs = (s.Stop.PromisedBy ?? 0) * 1_000_000,
                PredictedUs = predicted.GetValueOrDefault(s.Stop.Id) * 1_000_000, LongitudeE5 = s.Placed ? s.Stop.Place.LongitudeE5 : 0, LatitudeE5 = s.Placed ? s.Stop.Place.LatitudeE5 : 0,
            };
            view.Agreement = s.Order is { } order && terms.For(order.Account, now) is not null;
            if (details.TryGetValue(s.Stop.Id, out var door)) (view.Name, view.Phone, view.Address) = (door.Name, door.Phone, door.Address);
            // A parcel of the shipment that is on nobody's sheet yet is still the depot's.
            view.Parcels.AddRange(s.Parcels.Where(p => onSheets.Count == 0 || onSheets.Contains(p.Parcel.Code)).Select(p => ParcelOf(p.Parcel, DoorState.Fold(history.GetValueOrDefault(p.Parcel.Code) ?? []), history.GetValueOrDefault(p.Parcel.Code) ?? [], chains.GetValueOrDefault(p.Parcel.Code), now)));
            return view;
        });
    }

    private MyParcel ParcelOf(ParcelStanding parcel, DoorState door, IReadOnlyCollection<DispatchFact> facts, DoorChain? chain, Instant now)
    {
        var inForce = parcel.AcceptedAt is { } accepted ? terms.For(parcel.Account, accepted) : null;
        var care = inForce?.Handover ?? HandoverTerms.Strictest;
        var demanded = care.ProofFor(parcel.Insured ? RiskClass.High : RiskClass.Ordinary);
        var view = new MyParcel
        {
            Parcel = parcel.Code, Insured = parcel.Insured, Fragile = parcel.Fragile, Seal = parcel.Seal, CodMinor = parcel.CodMinor, FreightCollectMinor = parcel.FreightCollectMinor, Currency = parcel.Currency,
            Clause = care.Clause.Value, Contract = inForce?.Contract ?? "", NoLocker = inForce?.Dispatch?.Delivery.HasFlag(DeliveryConstraints.NoLocker) ?? false, Attempts = AttemptRules.Counting(door.Attempts),
            NextFreeUs = AttemptRules.NextFrom(door.Attempts)?.ToUnixMicros() ?? 0, WrongCodes = door.WrongCodes, Hold = parcel.HoldReason ?? "", Intercept = door.Intercept?.Event.Action ?? "", State = StateOf(facts),
        };
        view.Proofs.AddRange(Enum.GetValues<DeliveryProofs>().Where(p => p != DeliveryProofs.None && demanded.HasFlag(p)).Select(p => ReasonCode.Of(p)));
        view.Reweigh = inForce is not null && parcel.Insured && care.Insured.HasFlag(InsuredChecks.Reweigh);
        if (view.Reweigh) (view.HandedOnMg, view.IntegrityLimitMg) = (chain?.HandedOn?.Milligrams ?? 0, chain?.Limit(now, inForce)?.Milligrams ?? 0);
        if (demanded.HasFlag(DeliveryProofs.Code)) view.Code = codes.CheckOf(parcel.Code);
        return view;
    }

    private static string StateOf(IReadOnlyCollection<DispatchFact> facts) => DoorState.EndOf(facts)?.Event.Kind switch
    {
        EventKind.Delivered => "delivered",
        EventKind.AttemptFailed => "failed",
        EventKind.Refused => "refused",
        EventKind.AtPickupPoint => "at_pickup_point",
        _ => "open",
    };

    private async Task<Dictionary<string, List<DispatchFact>>> DoorsAsync(List<string> codesOfDay, CancellationToken ct)
    {
        var doors = new Dictionary<string, List<DispatchFact>>(StringComparer.Ordinal);
        foreach (var part in codesOfDay.Select(c => DoorRun.DoorPrefix + c).Chunk(1_000))
        {
            foreach (var row in await db.Facts.AsNoTracking().Where(f => part.Contains(f.Subject)).ToListAsync(ct))
            {
                var code = row.Subject[DoorRun.DoorPrefix.Length..];
                if (!doors.TryGetValue(code, out var facts)) doors[code] = facts = [];
                facts.Add(LoadDay.FactOf(row));
            }
        }
        return doors;
    }
}
