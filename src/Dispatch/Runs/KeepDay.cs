using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Routing.Model;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>
/// Plans and changes a depot's day. What takes long is computed before anything is locked; a day that somebody changed meanwhile is not written over, the act is refused and done again.
/// </summary>
internal sealed class KeepDay(DispatchActs acts, LoadDay load, DayViews views, DispatchOptions options, TimeProvider time)
{
    private const int DayMinutes = 24 * 60;

    internal async Task<Outcome<CourierReply>> SetCourierAsync(SetCourierCommand command, CancellationToken ct) => await acts.RunAsync(
        command.CommandId, "Runs/SetCourier", command, CourierReply.Parser,
        async (_, cancel) =>
        {
            if (command.Courier is not { } c) return new Fault.Invalid("courier", "field.missing", "The courier is missing.");
            if ((DispatchActs.Missing(("courier.courier", c.Courier), ("courier.vehicle", c.Vehicle)) ?? acts.WhyNotAt(c.Depot)) is { } wrong) return wrong;
            if (c.ShiftFrom < 0 || c.ShiftUntil > DayMinutes || c.ShiftFrom >= c.ShiftUntil)
                return new Fault.Invalid("courier.shift_from", "shift.range", "A shift begins and ends in minutes of the day, 0 to 1,440, and ends after it begins.");
            if (c.Areas.Any(a => a.Length == 0 || a.Contains(' ', StringComparison.Ordinal))) return new Fault.Invalid("courier.areas", "area.malformed", "An area is one word.");
            if (c.ParcelsMax < 0 || c.GramsMax < 0 || c.PointsMax < 0 || c.CashMaxMinor < 0) return new Fault.Invalid("courier.parcels_max", "capacity.negative", "What a courier carries is not below zero; 0 stands for the usual.");
            if (c.GramsMax > ProblemLimits.ValueMax || c.CashMaxMinor > ProblemLimits.ValueMax)
                return new Fault.Invalid(c.CashMaxMinor > ProblemLimits.ValueMax ? "courier.cash_max_minor" : "courier.grams_max", "capacity.range", $"A courier carries at most {ProblemLimits.ValueMax} grams or minor units; 0 stands for the usual.");
            var row = await acts.Db.Couriers.SingleOrDefaultAsync(r => r.Depot == c.Depot && r.Courier == c.Courier, cancel);
            if (row is null) acts.Db.Couriers.Add(row = new CourierRow { Depot = c.Depot, Courier = c.Courier, Areas = "", Vehicle = "" });
            (row.Areas, row.ShiftFrom, row.ShiftUntil, row.Vehicle, row.LongitudeE5, row.LatitudeE5) = (string.Join(' ', c.Areas), c.ShiftFrom, c.ShiftUntil, c.Vehicle, c.LongitudeE5, c.LatitudeE5);
            (row.ParcelsMax, row.GramsMax, row.PointsMax, row.Active) = (c.ParcelsMax == 0 ? 200 : c.ParcelsMax, c.GramsMax == 0 ? 200_000 : c.GramsMax, c.PointsMax == 0 ? 1_500 : c.PointsMax, c.Active);
            row.CashMaxMinor = c.CashMaxMinor == 0 ? null : c.CashMaxMinor;
            await acts.Db.SaveChangesAsync(cancel);
            return new CourierReply { Courier = DayViews.Of(row) };
        },
        ct);

    internal async Task<ListCouriersReply> ListAsync(ListCouriersRequest request, CancellationToken ct) => new()
    {
        Couriers =
        {
            (await acts.Db.Couriers.AsNoTracking().Where(c => request.Depot == "" || c.Depot == request.Depot).OrderBy(c => c.Depot).ThenBy(c => c.Courier).Take(2_000).ToListAsync(ct)).Select(DayViews.Of),
        },
    };

    internal async Task<Outcome<DayReply>> SetAbsentAsync(SetAbsentCommand command, CancellationToken ct)
    {
        var day = load.DayOf(command.Day);
        if (!day.IsOk) return day.Fault;
        if (DispatchActs.Missing(("courier", command.Courier)) is { } missing) return missing;
        return await acts.RunAsync(
            command.CommandId, "Runs/SetAbsent", command, DayReply.Parser,
            async (transaction, cancel) =>
            {
                if (acts.WhyNotAt(command.Depot) is { } elsewhere) return elsewhere;
                if (!await acts.Db.Couriers.AnyAsync(c => c.Depot == command.Depot && c.Courier == command.Courier, cancel)) return new Fault.NotFound("courier.unknown", "No such courier works at the depot.");
                var row = await acts.Db.Absences.SingleOrDefaultAsync(a => a.Depot == command.Depot && a.Day == day.Value && a.Courier == command.Courier, cancel);
                if (command.Absent && row is null) acts.Db.Absences.Add(new AbsenceRow { Depot = command.Depot, Day = day.Value, Courier = command.Courier });
                if (!command.Absent && row is not null) acts.Db.Absences.Remove(row);
                await acts.Db.SaveChangesAsync(cancel);
                await LockAsync(transaction, command.Depot, day.Value, cancel);
                var loaded = await load.RunAsync(command.Depot, day.Value, cancel);
                // Nothing is planned yet: there is nothing to spread.
                if (loaded.PlannedUs == 0) return new DayReply { Day = views.Of(loaded) };
                // Insertion alone, of what was his; of whoever comes back, of what nobody had taken. What it leaves to be desired is for Replan.
                var his = command.Absent ? loaded.Sequences.GetValueOrDefault(command.Courier, []) : [.. loaded.Plan.Unassigned.Select(u => u.Stop)];
                return await WriteAsync(loaded, RunPlanner.Spread(loaded.Planning, loaded.Plan, his, cancel), cancel);
            },
            ct);
    }

    internal Task<Outcome<DayReply>> PlanAsync(PlanCommand command, CancellationToken ct) => ComputedAsync(
        "Runs/Plan", command, loaded => RunPlanner.Plan(loaded.Planning, Effort(loaded, command.Seed), ct), ct);

    internal Task<Outcome<DayReply>> ReplanAsync(PlanCommand command, CancellationToken ct) => ComputedAsync(
        "Runs/Replan", command, loaded => RunPlanner.Replan(loaded.Planning, loaded.Plan, Effort(loaded, command.Seed), ct), ct);

    internal async Task<Outcome<MovePreview>> PreviewAsync(PreviewMoveRequest ask, CancellationToken ct)
    {
        var found = await LoadedAsync(ask.Depot, ask.Day, ct);
        if (!found.IsOk) return found.Fault;
        var loaded = found.Value;
        if (WhyNotMoved(loaded, ask.Stop, ask.Courier) is { } refused) return new MovePreview { Refused = refused };
        IEnumerable<PlaceOffer> offers = ask.Courier.Length == 0
            ? RunPlanner.Offers(loaded.Planning, loaded.Plan, ask.Stop)
            : RunPlanner.OffersOf(loaded.Planning, loaded.Plan, ask.Stop, loaded.Planning.CourierOf[ask.Courier]).OrderBy(o => o.Cost).ThenBy(o => o.Position);
        var places = offers.Where(o => ask.Position < 0 || ask.Courier.Length == 0 || o.Position == ask.Position).ToList();
        if (places.Count == 0) return new MovePreview { Refused = Nowhere(ask.Courier) };
        return new MovePreview { Places = { places.Select(o => new PlaceCost { Courier = o.Courier, Position = o.Position, Seconds = o.Seconds, Metres = o.Metres, LateParcels = o.LateParcels }) } };
    }

    internal async Task<Outcome<DayReply>> MoveAsync(MoveStopCommand command, CancellationToken ct)
    {
        var day = load.DayOf(command.Day);
        if (!day.IsOk) return day.Fault;
        return await acts.RunAsync(
            command.CommandId, "Runs/Move", command, DayReply.Parser,
            async (transaction, cancel) =>
            {
                if (acts.WhyNotAt(command.Depot) is { } elsewhere) return elsewhere;
                await LockAsync(transaction, command.Depot, day.Value, cancel);
                var loaded = await load.RunAsync(command.Depot, day.Value, cancel);
                if (WhyNotMoved(loaded, command.Stop, command.Courier) is { } refused) return new DayReply { Refused = refused };
                if (command.Courier.Length == 0) return new Fault.Invalid("courier", "field.missing", "Say whose run it goes to: courier is missing.");
                var offers = RunPlanner.OffersOf(loaded.Planning, loaded.Plan, command.Stop, loaded.Planning.CourierOf[command.Courier]).OrderBy(o => o.Cost).ThenBy(o => o.Position);
                var place = offers.FirstOrDefault(o => command.Position < 0 || o.Position == command.Position);
                if (place is null) return new DayReply { Refused = Nowhere(command.Courier) };
                return await WriteAsync(loaded, RunPlanner.PutAt(loaded.Planning, loaded.Plan, command.Stop, place.Courier, place.Position), cancel);
            },
            ct);
    }

    internal async Task<Outcome<StopExplained>> ExplainAsync(ExplainStopRequest ask, CancellationToken ct)
    {
        var found = await LoadedAsync(ask.Depot, ask.Day, ct);
        if (!found.IsOk) return found.Fault;
        var loaded = found.Value;
        var explained = ExplainStop.Of(loaded.Planning, loaded.Plan, ask.Stop) ?? (loaded.Stops.TryGetValue(ask.Stop, out var done) ? ExplainStop.DoneBy(ask.Stop, done.By) : null);
        if (explained is not { } told) return new Fault.NotFound("stop.unknown", "The day has no such stop.");
        return new StopExplained
        {
            Stop = ask.Stop, Courier = told.Courier ?? "", Position = told.Position, Why = Verdicts.ReasonCode.Of(told.Why), Zh = told.Chinese(options.Zone), En = told.English(options.Zone),
        };
    }

    internal async Task<Outcome<DayView>> GetAsync(GetDayRequest ask, CancellationToken ct)
    {
        var found = await LoadedAsync(ask.Depot, ask.Day, ct);
        return found.IsOk ? views.Of(found.Value) : found.Fault;
    }

    /// <summary>Acts on a depot's day wait for each other from here on.</summary>
    internal static async Task LockAsync(WriteTransaction transaction, string depot, LocalDate day, CancellationToken ct)
    {
        await transaction.Statements.QueryAsync(DaySql.Touch, DaySql.Key(depot, day), static _ => { }, ct);
        await transaction.Statements.QueryAsync(DaySql.Lock, DaySql.Key(depot, day), static _ => { }, ct);
    }

    private async Task<Outcome<LoadedDay>> LoadedAsync(string depot, string text, CancellationToken ct)
    {
        var day = load.DayOf(text);
        if (!day.IsOk) return day.Fault;
        if (acts.WhyNotAt(depot) is { } elsewhere) return elsewhere;
        return await load.RunAsync(depot, day.Value, ct);
    }

    private async Task<Outcome<DayReply>> ComputedAsync(string rpc, PlanCommand command, Func<LoadedDay, DayPlan> plan, CancellationToken ct)
    {
        var found = await LoadedAsync(command.Depot, command.Day, ct);
        if (!found.IsOk) return found.Fault;
        var loaded = found.Value;
        if (loaded.Planning.Couriers.Length == 0) return new DayReply { Refused = new DispatchRefusal { Code = "no_couriers", Field = "depot", Message = "No courier works at the depot: add couriers first." } };
        if (WhyTooLarge(loaded.Planning) is { } tooLarge) return tooLarge;
        DayPlan planned;
        try
        {
            // Seconds of one core: not on the thread that answers others.
            planned = await Task.Run(() => plan(loaded), ct);
        }
        catch (ProblemException e)
        {
            return new Fault.Conflict("day.not_plannable", $"The day cannot be planned as it stands. {e.Message} Put right what it names, and plan again.");
        }
        return await acts.RunAsync(
            command.CommandId, rpc, command, DayReply.Parser,
            async (transaction, cancel) =>
            {
                await LockAsync(transaction, loaded.Depot, loaded.Day, cancel);
                var now = await acts.Db.Days.AsNoTracking().Where(d => d.Depot == loaded.Depot && d.Day == loaded.Day).Select(d => d.Version).SingleAsync(cancel);
                if (now != loaded.Version) return new DayReply { Refused = new DispatchRefusal { Code = "day_changed", Field = "day", Message = "Somebody changed the day while it was planned: look at it and plan again." } };
                return await WriteAsync(loaded, planned, cancel);
            },
            ct);
    }

    private async Task<Outcome<DayReply>> WriteAsync(LoadedDay loaded, DayPlan plan, CancellationToken ct)
    {
        var row = await acts.Db.Days.SingleAsync(d => d.Depot == loaded.Depot && d.Day == loaded.Day, ct);
        (row.Version, row.Body, row.PlannedUs, row.PlannedBy) = (row.Version + 1, LoadDay.Kept(plan, loaded).ToByteArray(), time.Now().ToUnixMicros(), acts.Caller.Id);
        await acts.Db.SaveChangesAsync(ct);
        return new DayReply { Day = views.Of(loaded with { Plan = plan, Version = row.Version, PlannedUs = row.PlannedUs }) };
    }

    // A day of thousands of stops is looked at for as long as one of a hundred, so that nobody waits minutes for it.
    private PlanEffort Effort(LoadedDay loaded, ulong seed) => new(Math.Max(500, options.Iterations * 100 / Math.Max(100, loaded.Planning.Stops.Length)), seed == 0 ? 1 : seed);

    // Asked before its matrices are made, which grow with the square.
    private static Fault.Exhausted? WhyTooLarge(DispatchDay day) =>
        day.Stops.Length <= ProblemLimits.StopsMax && day.Couriers.Length <= ProblemLimits.VehiclesMax && day.Stops.Length + day.Couriers.Length <= ProblemLimits.PlacesMax
            ? null
            : new Fault.Exhausted("day.too_large", string.Create(
                CultureInfo.InvariantCulture,
                $"The day has {day.Stops.Length:N0} stops and {day.Couriers.Length:N0} couriers; at most {ProblemLimits.StopsMax:N0} stops and {ProblemLimits.VehiclesMax:N0} couriers are planned at once. Let another depot deliver a part of them, and plan again."));

    private static DispatchRefusal? WhyNotMoved(LoadedDay loaded, string stop, string courier)
    {
        if (!loaded.Stops.TryGetValue(stop, out var asked)) return new DispatchRefusal { Code = "stop_unknown", Field = "stop", Message = "The day has no such stop." };
        if (!asked.IsOpen) return new DispatchRefusal { Code = "stop_done", Field = "stop", Message = "The courier has been there already." };
        if (courier.Length > 0 && !loaded.Planning.CourierOf.ContainsKey(courier)) return new DispatchRefusal { Code = "courier_unknown", Field = "courier", Message = "No such courier works at the depot." };
        return null;
    }

    private static DispatchRefusal Nowhere(string courier) => new()
    {
        Code = "no_place", Field = "courier",
        Message = courier.Length == 0 ? "Nobody can take it: no room, no time, or the parcels are not aboard." : string.Create(CultureInfo.InvariantCulture, $"{courier} cannot take it there: no room, no time, another area, or the parcels are not aboard."),
    };
}

internal static class DaySql
{
    internal static readonly BulkSql Touch = new(
        "INSERT INTO dispatch_day(depot, day, version, body, planned_us, planned_by) VALUES (?1, ?2, 0, x'', 0, '') ON CONFLICT(depot, day) DO NOTHING RETURNING depot",
        "INSERT INTO dispatch_day(depot, day, version, body, planned_us, planned_by) SELECT p, d::date, 0, ''::bytea, 0, '' FROM unnest($1::text[], $2::text[]) AS u(p, d) ON CONFLICT(depot, day) DO NOTHING RETURNING depot");

    internal static readonly BulkSql Lock = new(
        "SELECT depot FROM dispatch_day WHERE depot = ?1 AND day = ?2",
        "SELECT t.depot FROM dispatch_day t JOIN unnest($1::text[], $2::text[]) AS u(p, d) ON t.depot = u.p AND t.day = u.d::date FOR UPDATE OF t");

    internal static RowBlock Key(string depot, LocalDate day) => new RowBlock(ColumnKind.Text, ColumnKind.Text).Text(depot).Text(LoadDay.TextOf(day));
}
