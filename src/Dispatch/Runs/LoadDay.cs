using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Confirmations;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Dispatch.Sheets;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using LedgerAccount = KeyAccountLogistics.Dispatch.Cash.LedgerAccount;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>A stop of a day with what it is about: the order, or the parcels of one shipment.</summary>
/// <param name="Stop">As planning sees it.</param>
/// <param name="Order">The pickup order; null for a delivery.</param>
/// <param name="Parcels">The parcels of a delivery.</param>
/// <param name="Placed">Somebody said where it is.</param>
/// <param name="State">Open, done or failed.</param>
/// <param name="DoneAt">When it was done, or failed; null while it is open.</param>
/// <param name="By">Who did it; empty while it is open.</param>
internal sealed record DayStop(RunStop Stop, OrderRow? Order, ImmutableArray<DeliveryDue> Parcels, bool Placed, string State, Instant? DoneAt, string By)
{
    internal bool IsOpen => DoneAt is null;
}

/// <summary>
/// Everything of a depot's day: who is there, what there is to do, what has been done, and the plan as it is kept. What has been done by nobody of these couriers (one of another depot, or who
/// works here no more) is among the stops and not in <see cref="Planning"/>: nobody goes there again.
/// </summary>
internal sealed record LoadedDay(
    string Depot, LocalDate Day, DispatchDay Planning, DayPlan Plan, ImmutableDictionary<string, DayStop> Stops, ImmutableDictionary<string, SheetRow> Sheets, ImmutableHashSet<string> Absent,
    ImmutableDictionary<string, CourierRow> Couriers, ImmutableDictionary<string, ImmutableArray<string>> Sequences, long Version, long PlannedUs);

/// <summary>Reads a depot's day. What is planned is what the depot has: parcels destined there and there, and orders whose window begins that day.</summary>
internal sealed class LoadDay(DispatchDb db, IParcelsNow parcels, IEnumerable<ILatenessWeights> lateness, DispatchOptions options, TimeProvider time)
{
    private const string Open = "open";

    internal static readonly Fault.Invalid DayWrong = new("day", "day.malformed", "The day is written 2026-10-12.");

    /// <summary>The day as asked for; empty: today at the depots.</summary>
    internal Outcome<LocalDate> DayOf(string text)
    {
        if (text.Length == 0) return time.Now().InZone(options.Zone).Date;
        return LocalDatePattern.Iso.Parse(text) is { Success: true } day ? day.Value : DayWrong;
    }

    internal static string TextOf(LocalDate day) => LocalDatePattern.Iso.Format(day);

    internal async Task<LoadedDay> RunAsync(string depot, LocalDate day, CancellationToken ct)
    {
        var couriers = (await db.Couriers.AsNoTracking().Where(c => c.Depot == depot).ToListAsync(ct)).ToImmutableDictionary(c => c.Courier, StringComparer.Ordinal);
        var absent = (await db.Absences.AsNoTracking().Where(a => a.Depot == depot && a.Day == day).Select(a => a.Courier).ToListAsync(ct)).ToImmutableHashSet(StringComparer.Ordinal);
        var sheets = await db.Sheets.AsNoTracking().Where(s => s.Depot == depot && s.Day == day).OrderBy(s => s.DrawnUs).ToListAsync(ct);
        var kept = await db.Days.AsNoTracking().SingleOrDefaultAsync(d => d.Depot == depot && d.Day == day, ct);
        var stops = await StopsAsync(depot, day, sheets, couriers, ct);
        var latest = sheets.GroupBy(s => s.Courier, StringComparer.Ordinal).ToImmutableDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        var left = sheets.Where(s => s.State == (int)SheetState.Released).Select(s => s.Courier).ToHashSet(StringComparer.Ordinal);
        var working = couriers.Values.Where(c => c.Active).ToList();
        var names = working.Select(c => c.Courier).ToHashSet(StringComparer.Ordinal);
        // What is carried today is brought in before another day begins.
        var held = day == time.Now().InZone(options.Zone).Date ? await CashHeldAsync(working, ct) : [];
        var learned = await db.Travel.AsNoTracking().Where(t => t.Depot == depot).Select(t => (long?)t.DetourPerMille).SingleOrDefaultAsync(ct);
        var planning = new DispatchDay(
            working.Select(c => CourierOf(c, day, stops.Values, left.Contains(c.Courier), absent.Contains(c.Courier), LastAtDepot(sheets, c.Courier)) with { CashHeldMinor = held.GetValueOrDefault(c.Courier) }),
            stops.Values.Where(s => s.IsOpen || names.Contains(s.By)).Select(s => s.Stop), learned is { } perMille ? options.Travel with { Detour = perMille / 1_000.0 } : options.Travel);
        var body = kept is null ? new KeptDay() : KeptDay.Parser.ParseFrom(kept.Body);
        var sequences = body.Runs.ToImmutableDictionary(r => r.Courier, r => r.Stops.ToImmutableArray(), StringComparer.Ordinal);
        return new LoadedDay(depot, day, planning, Timed(planning, sequences, body), stops, latest, absent, couriers, sequences, kept?.Version ?? 0, kept?.PlannedUs ?? 0);
    }

    /// <summary>What is kept of a plan. What no run has stays at the end of the sequence it stood in: it was cut off because the time seems not to suffice, and when his phone is heard it may.</summary>
    internal static KeptDay Kept(DayPlan plan, LoadedDay loaded)
    {
        var kept = new KeptDay();
        var met = plan.Runs.SelectMany(r => r.Sequence).ToHashSet(StringComparer.Ordinal);
        foreach (var courier in plan.Runs.Select(r => r.Courier).Union(loaded.Sequences.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var run = new KeptRun { Courier = courier, Stops = { plan.SequenceOf(courier) } };
            run.Stops.AddRange(loaded.Sequences.GetValueOrDefault(courier, []).Where(s => !met.Contains(s) && loaded.Stops.TryGetValue(s, out var stop) && stop.IsOpen));
            if (run.Stops.Count > 0) kept.Runs.Add(run);
        }
        kept.Unassigned.AddRange(plan.Unassigned.Select(u => new UnassignedView { Stop = u.Stop, Why = Verdicts.ReasonCode.Of(u.Why) }));
        return kept;
    }

    // What was kept, on the day as it is now: what has gone is left out, what can no longer be driven as it stands is so until it can or the day is planned again. Whose it is does not
    // hang on that: who holds the goods is told by custody (RunStop.Aboard).
    private static DayPlan Timed(DispatchDay day, ImmutableDictionary<string, ImmutableArray<string>> sequences, KeptDay kept)
    {
        var runs = ImmutableArray.CreateBuilder<CourierRun>();
        var why = kept.Unassigned.ToDictionary(u => u.Stop, u => Enum.GetValues<UnassignedReason>().FirstOrDefault(r => Verdicts.ReasonCode.Of(r) == u.Why, UnassignedReason.NoTime), StringComparer.Ordinal);
        foreach (var courier in day.Couriers)
        {
            var sequence = day.LeftOf(courier, sequences.GetValueOrDefault(courier.Id, []));
            while (sequence.Count > courier.Frozen.Length && RunTimes.Of(day, courier, sequence).WhyNot is { } undrivable)
            {
                why.TryAdd(sequence[^1], undrivable);
                sequence.RemoveAt(sequence.Count - 1);
            }
            if (sequence.Count > 0 && RunTimes.Of(day, courier, sequence).Run is { } run) runs.Add(run);
        }
        var met = runs.SelectMany(r => r.Sequence).ToHashSet(StringComparer.Ordinal);
        return new DayPlan(runs.ToImmutable(), [.. day.Stops.Where(s => !met.Contains(s.Id)).Select(s => new UnassignedStop(s.Id, why.GetValueOrDefault(s.Id, UnassignedReason.NotPlanned)))]);
    }

    // What he carries, where it is limited.
    private async Task<Dictionary<string, long>> CashHeldAsync(List<CourierRow> working, CancellationToken ct)
    {
        var limited = working.Where(c => c.CashMaxMinor is not null).Select(c => c.Courier).ToList();
        if (limited.Count == 0) return [];
        return await db.OpenMoney.AsNoTracking().Where(o => o.Ledger == (int)LedgerAccount.CourierCash && limited.Contains(o.Owner) && o.Minor != 0).GroupBy(o => o.Owner)
            .Select(g => new { Owner = g.Key, Minor = g.Sum(o => o.Minor) }).ToDictionaryAsync(g => g.Owner, g => g.Minor, StringComparer.Ordinal, ct);
    }

    // Who signs for a run sheet, or has one closed, is at the depot: what he had collected is brought in.
    private static Instant? LastAtDepot(List<SheetRow> sheets, string courier)
    {
        var last = sheets.Where(s => s.Courier == courier).Select(s => Math.Max(s.ReleasedUs ?? 0, s.ClosedUs ?? 0)).DefaultIfEmpty(0).Max();
        return last == 0 ? null : Clock.FromUnixMicros(last);
    }

    private RunCourier CourierOf(CourierRow row, LocalDate day, IEnumerable<DayStop> stops, bool hasLeft, bool absent, Instant? atDepot)
    {
        long At(int minutes) => day.AtMidnight().PlusMinutes(minutes).InZoneLeniently(options.Zone).ToInstant().ToUnixTimeSeconds();
        var done = stops.Where(s => s.By == row.Courier && s.DoneAt is not null).OrderBy(s => s.DoneAt).ThenBy(s => s.Stop.Id, StringComparer.Ordinal)
            .Select(s => new FrozenStop(s.Stop.Id, s.DoneAt!.Value.ToUnixTimeSeconds(), s.DoneAt < atDepot)).ToImmutableArray();
        var now = time.Now().ToUnixTimeSeconds();
        var (from, until) = (At(row.ShiftFrom), At(row.ShiftUntil));
        return new RunCourier
        {
            Id = row.Courier, Start = new GeoPoint(row.LongitudeE5, row.LatitudeE5), Areas = [.. row.Areas.Split(' ', StringSplitOptions.RemoveEmptyEntries)], ParcelsMax = row.ParcelsMax,
            // Who has not begun cannot begin in the past, and who has cannot go on there.
            GramsMax = row.GramsMax, PointsMax = row.PointsMax, CashMaxMinor = row.CashMaxMinor, FreeFrom = now, Shift = new RunWindow(done.IsEmpty ? Math.Max(from, Math.Min(now, until)) : from, until), HasLeft = hasLeft, IsAbsent = absent, Frozen = done,
        };
    }

    private async Task<ImmutableDictionary<string, DayStop>> StopsAsync(string depot, LocalDate day, List<SheetRow> sheets, ImmutableDictionary<string, CourierRow> couriers, CancellationToken ct)
    {
        var place = couriers.Values.OrderBy(c => c.Courier, StringComparer.Ordinal).Select(c => new GeoPoint(c.LongitudeE5, c.LatitudeE5)).FirstOrDefault();
        var (from, until) = (day.AtStartOfDayInZone(options.Zone).ToInstant(), day.PlusDays(1).AtStartOfDayInZone(options.Zone).ToInstant());
        var stops = ImmutableDictionary.CreateBuilder<string, DayStop>(StringComparer.Ordinal);
        foreach (var order in await OrdersAsync(depot, from, until, ct)) stops[order.Stop.Id] = order with { Stop = order.Placed ? order.Stop : order.Stop with { Place = place } };

        var due = (await parcels.ForDeliveryAsync(depot, ct)).ToDictionary(d => d.Parcel.Code, StringComparer.Ordinal);
        var numbers = sheets.ConvertAll(s => s.Number);
        var onSheets = await db.SheetLines.AsNoTracking().Where(l => numbers.Contains(l.Number)).Select(l => new { l.Number, l.Parcel, l.WentOut }).ToListAsync(ct);
        var outWith = sheets.Where(s => s.State == (int)SheetState.Released).ToDictionary(s => s.Number, s => s.Courier, StringComparer.Ordinal);
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in onSheets.Where(l => l.WentOut && outWith.ContainsKey(l.Number))) given[line.Parcel] = outWith[line.Number];
        foreach (var missing in onSheets.Select(l => l.Parcel).Distinct(StringComparer.Ordinal).Where(p => !due.ContainsKey(p)).Chunk(5_000))
        {
            foreach (var (code, found) in await parcels.DueAsync(missing, ct)) due[code] = found;
        }
        var ends = await EndsAsync(due.Keys, from, until, ct);
        foreach (var shipment in due.Values.GroupBy(d => d.Waybill, StringComparer.Ordinal))
        {
            ImmutableArray<DeliveryDue> all = [.. shipment.OrderBy(d => d.Parcel.Code, StringComparer.Ordinal)];
            // What is held goes nowhere until somebody releases it.
            ImmutableArray<DeliveryDue> going = [.. all.Where(d => d.Parcel.HoldReason is null || ends.ContainsKey(d.Parcel.Code))];
            if (!going.IsEmpty) stops[shipment.Key] = DeliveryOf(shipment.Key, going, ends, place, HolderOf(going.Where(d => !ends.ContainsKey(d.Parcel.Code)), given));
        }
        return await WeighedAsync(stops.ToImmutable(), ct);
    }

    // Where an account's promise has little left to lose, its stops are in time first.
    private async Task<ImmutableDictionary<string, DayStop>> WeighedAsync(ImmutableDictionary<string, DayStop> stops, CancellationToken ct)
    {
        if (lateness.FirstOrDefault() is not { } weights) return stops;
        List<string> accounts = [.. stops.Values.Where(s => s.IsOpen).Select(AccountOf).Distinct(StringComparer.Ordinal)];
        var costly = (await weights.OfAsync(accounts, ct)).Where(w => w.Value > 1).ToDictionary(StringComparer.Ordinal);
        return costly.Count == 0 ? stops : stops.SetItems(stops.Where(s => s.Value.IsOpen && costly.ContainsKey(AccountOf(s.Value)))
            .Select(s => KeyValuePair.Create(s.Key, s.Value with { Stop = s.Value.Stop with { LateWeight = Math.Min(costly[AccountOf(s.Value)], ILatenessWeights.Max) } })));
    }

    private static string AccountOf(DayStop stop) => stop.Order?.Account ?? stop.Parcels[0].Parcel.Account;

    // Who answers for what is still to be handed over, by custody; where that names no person, by the sheet it went out on. Of several couriers the one with most of it goes there.
    private static string HolderOf(IEnumerable<DeliveryDue> open, Dictionary<string, string> given) =>
        open.Where(d => d.Parcel.CustodianKind is PartyKind.Courier).Select(d => d.Parcel.Custodian.Length > 0 ? d.Parcel.Custodian : given.GetValueOrDefault(d.Parcel.Code, "")).Where(c => c.Length > 0)
            .GroupBy(c => c, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).FirstOrDefault() ?? "";

    private static DayStop DeliveryOf(string waybill, ImmutableArray<DeliveryDue> parcels, Dictionary<string, DispatchFact> ends, GeoPoint depot, string aboard)
    {
        var first = parcels[0];
        var told = parcels.Select(p => ends.GetValueOrDefault(p.Parcel.Code)).ToList();
        var over = told.TrueForAll(f => f is not null);
        var delivered = over && told.TrueForAll(f => f!.Event.Kind is EventKind.Delivered or EventKind.AtPickupPoint);
        var last = over ? told.MaxBy(f => f!.Time.Best)! : null;
        var isPlaced = first.LongitudeE5 is not null;
        return new DayStop(
            new RunStop
            {
                Id = waybill, Place = isPlaced ? new GeoPoint(first.LongitudeE5!.Value, first.LatitudeE5!.Value) : depot, PromisedBy = first.PromisedBy?.ToUnixTimeSeconds(), IsDelivery = true,
                Parcels = parcels.Length, Grams = parcels.Sum(p => p.Mass is { } mass ? mass.Milligrams / 1_000 : 0), HasMoney = parcels.Any(p => p.Parcel.CodMinor > 0 || p.Parcel.FreightCollectMinor > 0),
                CashMinor = parcels.Sum(p => p.Parcel.CodMinor + p.Parcel.FreightCollectMinor), Aboard = aboard, IsInsured = parcels.Any(p => p.Parcel.Insured), Priority = parcels.Any(p => p.Parcel.Insured) ? 50 : 0,
            },
            null, parcels, isPlaced, !over ? Open : delivered ? "done" : "failed", last?.Time.Best, last?.Event.Actor ?? "");
    }

    private async Task<List<DayStop>> OrdersAsync(string depot, Instant from, Instant until, CancellationToken ct)
    {
        var (first, last) = (from.ToUnixMicros(), until.ToUnixMicros());
        var rows = await db.Orders.AsNoTracking().Where(o => o.Depot == depot && o.FromUs >= first && o.FromUs < last && o.Phase > 0 && o.Phase != (int)OrderPhase.Cancelled).ToListAsync(ct);
        var visits = await VisitorsAsync(rows.Where(o => (OrderPhase)o.Phase is OrderPhase.Done or OrderPhase.Refused).Select(o => o.Id), ct);
        return rows.ConvertAll(o =>
        {
            var isPlaced = o.LongitudeE5 != 0 || o.LatitudeE5 != 0;
            var over = visits.GetValueOrDefault(o.Id);
            return new DayStop(
                new RunStop
                {
                    Id = o.Id, Place = new GeoPoint(o.LongitudeE5, o.LatitudeE5), Windows = [new RunWindow(o.FromUs / 1_000_000, o.UntilUs / 1_000_000)], Parcels = Math.Max(1, o.Parcels),
                    Grams = o.MassMg / 1_000,
                },
                o, [], isPlaced, (OrderPhase)o.Phase switch { OrderPhase.Done => "done", OrderPhase.Refused => "failed", _ => Open }, over?.Time.Best, over?.Event.Actor ?? "");
        });
    }

    private async Task<Dictionary<string, DispatchFact>> VisitorsAsync(IEnumerable<string> orders, CancellationToken ct)
    {
        var subjects = orders.Select(o => OrderRun.Prefix + o).ToList();
        var found = new Dictionary<string, DispatchFact>(StringComparer.Ordinal);
        foreach (var row in await db.Facts.AsNoTracking().Where(f => subjects.Contains(f.Subject)).OrderBy(f => f.BestUs).ToListAsync(ct))
        {
            if (FactOf(row) is { Event.Kind: EventKind.PickupDone or EventKind.PickupRefused } fact) found[row.Subject[OrderRun.Prefix.Length..]] = fact;
        }
        return found;
    }

    // What was told at the door of each parcel that day, last.
    private async Task<Dictionary<string, DispatchFact>> EndsAsync(IEnumerable<string> codes, Instant from, Instant until, CancellationToken ct)
    {
        var (first, last) = (from.ToUnixMicros(), until.ToUnixMicros());
        var told = new List<(string Code, DispatchFact Fact)>();
        foreach (var part in codes.Select(c => DoorRun.DoorPrefix + c).Chunk(1_000))
        {
            told.AddRange((await db.Facts.AsNoTracking().Where(f => part.Contains(f.Subject) && f.BestUs >= first && f.BestUs < last).ToListAsync(ct)).Select(row => (row.Subject[DoorRun.DoorPrefix.Length..], FactOf(row))));
        }
        return told.GroupBy(t => t.Code, StringComparer.Ordinal).Select(door => (Code: door.Key, End: DoorState.EndOf(door.Select(t => t.Fact)))).Where(d => d.End is not null)
            .ToDictionary(d => d.Code, d => d.End!, StringComparer.Ordinal);
    }

    internal static DispatchFact FactOf(FactRow row) => new(
        row.EventId, ParcelEvent.Parser.ParseFrom(row.Body),
        new Journal.AdjudgedInterval(Clock.FromUnixMicros(row.EarliestUs), Clock.FromUnixMicros(row.BestUs), Clock.FromUnixMicros(row.LatestUs)));
}
