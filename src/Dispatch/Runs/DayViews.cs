using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Dispatch.Sheets;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>A depot's day as the API shows it. Pure but for the clock.</summary>
internal sealed class DayViews(DispatchOptions options, TimeProvider time)
{
    private const long Second = 1_000_000;

    internal DayView Of(LoadedDay day)
    {
        var view = new DayView { Depot = day.Depot, Day = LoadDay.TextOf(day.Day), PlannedUs = day.PlannedUs, Zone = options.Zone.Id };
        foreach (var courier in day.Planning.Couriers) view.Runs.Add(RunOf(day, courier));
        view.Stops.AddRange(day.Stops.Values.OrderBy(s => s.Stop.Id, StringComparer.Ordinal).Select(StopOf));
        view.Unassigned.AddRange(day.Plan.Unassigned.Where(u => day.Stops[u.Stop].IsOpen).Select(u => new UnassignedView { Stop = u.Stop, Why = ReasonCode.Of(u.Why) }));
        view.AtRisk.AddRange(AtRisk(day));
        return view;
    }

    internal static CourierSetting Of(CourierRow row) => new()
    {
        Courier = row.Courier, Depot = row.Depot, Areas = { row.Areas.Split(' ', StringSplitOptions.RemoveEmptyEntries) }, ShiftFrom = row.ShiftFrom, ShiftUntil = row.ShiftUntil, Vehicle = row.Vehicle,
        LongitudeE5 = row.LongitudeE5, LatitudeE5 = row.LatitudeE5, ParcelsMax = row.ParcelsMax, GramsMax = row.GramsMax, PointsMax = row.PointsMax, Active = row.Active,
        CashMaxMinor = row.CashMaxMinor ?? 0,
    };

    private static RunView RunOf(LoadedDay day, RunCourier courier)
    {
        var (row, run, sheet) = (day.Couriers[courier.Id], day.Plan.Runs.FirstOrDefault(r => r.Courier == courier.Id), day.Sheets.GetValueOrDefault(courier.Id));
        var view = new RunView
        {
            Courier = courier.Id, Vehicle = row.Vehicle, Sheet = sheet?.Number ?? "", SheetState = sheet is null ? "" : ReasonCode.Of((SheetState)sheet.State), HasLeft = courier.HasLeft, Absent = courier.IsAbsent,
            ShiftFromUs = courier.Shift.From * Second, ShiftUntilUs = courier.Shift.Until * Second, LongitudeE5 = row.LongitudeE5, LatitudeE5 = row.LatitudeE5,
        };
        if (run is null) return view;
        (view.BeginUs, view.EndUs, view.Metres, view.Points, view.LateParcels) = (run.Begin * Second, run.End * Second, run.Metres, run.Points, run.LateParcels);
        view.Visits.AddRange(run.Visits.Select((v, at) => new VisitView
        {
            Stop = v.Stop, ArrivalUs = v.Arrival * Second, StartUs = v.Start * Second, DepartureUs = v.Departure * Second, LateSeconds = v.LateSeconds, Done = at < courier.Frozen.Length,
        }));
        return view;
    }

    private static StopView StopOf(DayStop stop)
    {
        var s = stop.Stop;
        var money = stop.Parcels.Select(p => p.Parcel).FirstOrDefault(p => p.Currency.Length > 0);
        return new StopView
        {
            Stop = s.Id, Kind = s.IsDelivery ? "delivery" : "pickup", Account = stop.Order?.Account ?? stop.Parcels[0].Parcel.Account, Parcels = { stop.Parcels.Select(p => p.Parcel.Code) }, Count = s.Parcels,
            LongitudeE5 = s.Place.LongitudeE5, LatitudeE5 = s.Place.LatitudeE5, Placed = stop.Placed, FromUs = s.Windows.IsEmpty ? 0 : s.Windows[0].From * Second, UntilUs = s.Windows.IsEmpty ? 0 : s.Windows[^1].Until * Second,
            PromisedUs = (s.PromisedBy ?? 0) * Second, Area = s.Area, CodMinor = stop.Parcels.Sum(p => p.Parcel.CodMinor), FreightCollectMinor = stop.Parcels.Sum(p => p.Parcel.FreightCollectMinor),
            Currency = money?.Currency ?? "", Insured = s.IsInsured, State = stop.State,
        };
    }

    // The worst first; a stop in no run that is due today is at risk however long it has.
    private IEnumerable<AtRiskView> AtRisk(LoadedDay day)
    {
        var endOfDay = day.Day.PlusDays(1).AtStartOfDayInZone(options.Zone).ToInstant().ToUnixTimeSeconds();
        var late = day.Plan.Runs.SelectMany(r => r.Visits.Where(v => v.LateSeconds > 0 && day.Stops[v.Stop].IsOpen).Select(v => new AtRiskView
        {
            Stop = v.Stop, Courier = r.Courier, DueUs = day.Stops[v.Stop].Stop.Due!.Value * Second, LateSeconds = v.LateSeconds,
        }));
        var left = day.Plan.Unassigned.Where(u => day.Stops[u.Stop] is { IsOpen: true, Stop.Due: { } due } && due < endOfDay)
            .Select(u => new AtRiskView { Stop = u.Stop, DueUs = day.Stops[u.Stop].Stop.Due!.Value * Second, LateSeconds = Math.Max(0, time.Now().ToUnixTimeSeconds() - day.Stops[u.Stop].Stop.Due!.Value) });
        return left.OrderBy(r => r.DueUs).Concat(late.OrderByDescending(r => r.LateSeconds));
    }
}
