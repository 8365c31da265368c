using System.Globalization;
using KeyAccountLogistics.Benchmarks.Reports;
using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Model;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Benchmarks.Routing;

/// <summary>
/// Real pickup days (lade_pickup) planned for the couriers who drove them, beside what they drove. A report without a pass line. Both sides' distance is straight lines from pickup to pickup
/// times a detour factor; nobody's way to the first and from the last pickup is known, so neither counts it.
/// </summary>
internal static class CourierDays
{
    private const int OrdersMin = 8;
    private const double Detour = 1.3;
    private const double MetresPerSecond = 15 / 3.6;
    private const long ServiceSeconds = 180;
    private const long MetresPerLateSecond = 10;
    private const int Iterations = 20_000;

    internal static void Run(string folder)
    {
        var days = File.ReadLines(Path.Combine(folder, "pickups.csv")).Skip(1).Select(Pickup.Parse).GroupBy(pickup => (pickup.City, pickup.Region, pickup.Day)).Where(day => day.Count() >= OrdersMin).ToList();
        Targets.Say($"# lade_pickup: {days.Count} region-days of {OrdersMin} pickups and more, {Iterations} iterations each");
        Targets.Say($"assumed: {Detour} driven metres a straight one, {MetresPerSecond * 3.6:0} km/h, {ServiceSeconds} s a pickup, not before its acceptance (real couriers come before the window too), late = service starts after the window, a second late costs as {MetresPerLateSecond} m;");
        Targets.Say($"the plan knows the whole day at its beginning, which no dispatcher does: what it saves is a bound, not a promise.");
        var (drivenKm, plannedKm, lateReally, latePlanned, orders) = (0.0, 0.0, 0, 0, 0);
        foreach (var day in days.OrderBy(day => day.Key.City, StringComparer.Ordinal).ThenBy(day => day.Key.Region).ThenBy(day => day.Key.Day, StringComparer.Ordinal))
        {
            List<Pickup> pickups = [.. day.OrderBy(pickup => pickup.PickedUp)];
            var problem = ProblemOf(pickups);
            var plan = RouteSolver.Solve(problem, new SolveOptions { Iterations = Iterations }, TimeProvider.System);
            if (PlanChecker.Check(problem, plan).Violation is { } violation) Targets.Say($"{day.Key}: NOT FEASIBLE: {violation.Message}");
            var driven = pickups.GroupBy(pickup => pickup.Courier, StringComparer.Ordinal).Sum(route => Driven(problem, pickups, [.. route])) / 1000.0;
            var (planned, late) = (plan.Cost.Distance / 1000.0, plan.Routes.Sum(route => route.Visits.Count(visit => visit.Start > pickups[visit.Stop].To)));
            var really = pickups.Count(pickup => pickup.PickedUp > pickup.To);
            Targets.Say($"{day.Key.City,-10} region {day.Key.Region,4} day {day.Key.Day}  {pickups.Count,3} pickups  driven {driven,7:0.0} km {pickups.DistinctBy(pickup => pickup.Courier, StringComparer.Ordinal).Count(),2} couriers {really,2} late  planned {planned,7:0.0} km {plan.Routes.Count,2} couriers {late,2} late");
            (drivenKm, plannedKm, lateReally, latePlanned, orders) = (drivenKm + driven, plannedKm + planned, lateReally + really, latePlanned + late, orders + pickups.Count);
        }
        Targets.Say($"all: {orders} pickups, driven {drivenKm:0} km with {lateReally} late, planned {plannedKm:0} km with {latePlanned} late");
    }

    private static RoutingProblem ProblemOf(List<Pickup> pickups)
    {
        var couriers = pickups.Select(pickup => pickup.Courier).Distinct(StringComparer.Ordinal).ToList();
        var shift = new TimeWindow(pickups.Min(pickup => pickup.Accepted), pickups.Max(pickup => Math.Max(pickup.To, pickup.PickedUp)) + 3_600);
        return new RoutingProblem
        {
            Travel = TravelMatrix.FromCoordinates([.. pickups.Select(pickup => (pickup.Longitude, pickup.Latitude))], Detour, MetresPerSecond),
            Stops =
            [
                .. pickups.Select((pickup, at) => new Stop
                {
                    Id = pickup.Order,
                    Place = at,
                    Service = ServiceSeconds,
                    Windows = [new TimeWindow(pickup.Accepted, shift.Latest)],
                    Promise = new Promise(pickup.To, MetresPerLateSecond),
                }),
            ],
            Vehicles = [.. couriers.Select(courier => new Vehicle { Id = courier, Shift = shift })],
        };
    }

    private static long Driven(RoutingProblem problem, List<Pickup> pickups, List<Pickup> route)
    {
        long metres = 0;
        for (var at = 1; at < route.Count; at++) metres += problem.Travel.Distance(pickups.IndexOf(route[at - 1]), pickups.IndexOf(route[at]));
        return metres;
    }

    /// <summary>One row; moments in seconds of the year 2020, which has the days the file names and says no year.</summary>
    private sealed record Pickup(string Order, int Region, string City, string Courier, long Accepted, long To, double Longitude, double Latitude, long PickedUp, string Day)
    {
        internal static Pickup Parse(string line)
        {
            var cells = line.Split(',');
            return new Pickup(
                cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture), cells[2], cells[3], Seconds(cells[4]), Seconds(cells[6]), Number(cells[7]), Number(cells[8]), Seconds(cells[11]), cells[18]);
        }

        private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

        private static long Seconds(string cell) =>
            (long)(DateTime.ParseExact("2020-" + cell, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) - new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)).TotalSeconds;
    }
}
