using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Model;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>A plan made by hand passes; with one thing wrong the checker names that thing.</summary>
public sealed class PlanCheckerTests
{
    // Out to 2 (a delivery, window 30 to 50), to 4 (pick-up), to 5 (its delivery), break on the way home; the optional stop at 9 is left out.
    private static readonly RoutingProblem Problem = new()
    {
        Travel = Small.Line,
        Capacities = 1,
        Stops =
        [
            Small.At(2, new TimeWindow(0, 10), new TimeWindow(30, 50)) with { Delivered = [2], Skills = 1 },
            Small.At(4) with { Collected = [3], Promise = new Promise(50, 2) },
            Small.At(5),
            Small.At(9) with { Penalty = 7 },
            Small.At(1),
        ],
        Vehicles =
        [
            Small.Van with { Capacities = [3], Skills = 1, FixedCost = 11, CostPerDistance = 2, Breaks = [new Break(new TimeWindow(60, 80), 15)] },
            Small.Van with { Id = "W", Capacities = [3], Frozen = [new FrozenVisit(4, 500)], HasLeft = true },
        ],
        Shipments = [new Shipment(1, 2)],
        RunningPlan = [[2], [4, 0]],
        ChangeCost = 3,
    };

    private static readonly RoutingProblem Sound = Problem with { RunningPlan = [[0, 2], [4, 1]], Vehicles = [Problem.Vehicles[0], Problem.Vehicles[1] with { HasLeft = false }] };

    private static readonly Plan Good = new(
        [
            new PlannedRoute(0, [new Visit(0, 20, 30, 31), new Visit(1, 51, 51, 52), new Visit(2, 62, 62, 63)], [new PlannedBreak(0, 70)], 0, 128),
            new PlannedRoute(1, [new Visit(4, 500, 500, 501)], [], 0, 511),
        ],
        [3],
        new PlanCost(120, 220, 11, 2, 7, 3))
    { IsComplete = true };

    [Fact]
    public void A_plan_made_by_hand_passes()
    {
        var result = PlanChecker.Check(Sound, Good);
        result.Violation.ShouldBeNull();
        result.Cost.ShouldBe(Good.Cost);
    }

    [Fact]
    public void What_it_costs_is_counted_and_not_believed() =>
        Kind(Good with { Cost = Good.Cost with { Late = 0 } }).ShouldBe(ViolationKind.CostMisstated);

    [Fact]
    public void Vehicles_and_stops_must_exist_and_be_there_once()
    {
        Kind(WithRoute(route => route with { Vehicle = 2 })).ShouldBe(ViolationKind.UnknownVehicle);
        Kind(WithRoute(route => route with { Vehicle = 1 })).ShouldBe(ViolationKind.VehicleUsedTwice);
        Kind(WithRoute(route => route with { Visits = [] })).ShouldBe(ViolationKind.EmptyRoute);
        Kind(WithVisit(0, visit => visit with { Stop = 17 })).ShouldBe(ViolationKind.UnknownStop);
        Kind(WithVisit(0, visit => visit with { Stop = 1 })).ShouldBe(ViolationKind.StopServedTwice);
        Kind(Good with { Unserved = [] }).ShouldBe(ViolationKind.StopLostOrListedWrongly);
    }

    [Fact]
    public void Times_must_be_possible()
    {
        Kind(WithVisit(0, visit => visit with { Arrival = 19 })).ShouldBe(ViolationKind.FasterThanTravel);
        Kind(WithVisit(0, visit => visit with { Arrival = 31 })).ShouldBe(ViolationKind.ServedBeforeArrival);
        Kind(WithVisit(0, visit => visit with { Start = 29, Departure = 30 })).ShouldBe(ViolationKind.OutsideWindow);
        Kind(WithVisit(0, visit => visit with { Departure = 30 })).ShouldBe(ViolationKind.ServiceCutShort);
        Kind(WithRoute(route => route with { Begin = -1 })).ShouldBe(ViolationKind.OutsideShift);
        Kind(WithRoute(route => route with { End = 112 })).ShouldBe(ViolationKind.FasterThanTravel);
        Kind(WithRoute(route => route with { End = 1_001 })).ShouldBe(ViolationKind.OutsideShift);
    }

    [Fact]
    public void Breaks_must_be_taken_in_time_and_not_while_serving()
    {
        Kind(WithRoute(route => route with { Breaks = [] })).ShouldBe(ViolationKind.BreakMissed);
        Kind(WithRoute(route => route with { Breaks = [new PlannedBreak(1, 70)] })).ShouldBe(ViolationKind.BreakMissed);
        Kind(WithRoute(route => route with { Breaks = [new PlannedBreak(0, 81)] })).ShouldBe(ViolationKind.BreakOutsideWindow);
        Kind(WithRoute(route => route with { Breaks = [new PlannedBreak(0, 61)] })).ShouldBe(ViolationKind.BreakOverlaps);
        Kind(WithRoute(route => route with { End = 127 })).ShouldBe(ViolationKind.BreakOverlaps);
    }

    [Fact]
    public void Vehicles_must_be_able_to()
    {
        Kind(Sound with { Vehicles = [Sound.Vehicles[0] with { Skills = 2 }, Sound.Vehicles[1]] }, Good).ShouldBe(ViolationKind.SkillMissing);
        Kind(Sound with { Vehicles = [Sound.Vehicles[0] with { Capacities = [2] }, Sound.Vehicles[1]] }, Good).ShouldBe(ViolationKind.OverCapacity);
        Kind(Problem, Good).ShouldBe(ViolationKind.GoodsOfAnotherVehicle);
        Kind(Sound with { Vehicles = [Sound.Vehicles[0] with { HasLeft = true }, Sound.Vehicles[1]], RunningPlan = [[2], [4, 1]] }, Good).ShouldBe(ViolationKind.GoodsOfAnotherVehicle);
    }

    [Fact]
    public void Shipments_must_be_whole_and_in_order()
    {
        Kind(WithRoute(route => route with { Visits = [route.Visits[0], route.Visits[1]] }) with { Unserved = [2, 3] }).ShouldBe(ViolationKind.ShipmentSplit);
        var turned = WithRoute(route => route with { Visits = [route.Visits[0], new Visit(2, 61, 61, 62), new Visit(1, 72, 72, 73)], Breaks = [new PlannedBreak(0, 80)], End = 128 });
        Kind(turned).ShouldBe(ViolationKind.DeliveredBeforePickup);
    }

    [Fact]
    public void What_has_been_driven_must_be_as_it_was()
    {
        var changed = Good with { Routes = [Good.Routes[0], Good.Routes[1] with { Visits = [new Visit(4, 499, 499, 500)] }] };
        Kind(changed).ShouldBe(ViolationKind.FrozenVisitChanged);
    }

    [Fact]
    public void What_has_been_driven_must_be_with_the_vehicle_that_drove_it()
    {
        var lost = Good with { Routes = [Good.Routes[0]], Unserved = [3, 4] };
        Kind(lost).ShouldBe(ViolationKind.FrozenVisitChanged);
        PlanChecker.Check(Sound, lost).Violation!.Message.ShouldBe("Vehicle W: visit 1 was to stop at 1 at 500, and is left out.");
        var replaced = Good with { Routes = [Good.Routes[0], Good.Routes[1] with { Visits = [new Visit(3, 500, 500, 501)] }], Unserved = [4] };
        Kind(replaced).ShouldBe(ViolationKind.FrozenVisitChanged);
        var moved = WithRoute(route => route with { Visits = [.. route.Visits, new Visit(4, 500, 500, 501)] });
        moved = moved with { Routes = [moved.Routes[0]] };
        Kind(moved).ShouldBe(ViolationKind.FrozenVisitChanged);
        PlanChecker.Check(Sound, moved).Violation!.Message.ShouldBe("Vehicle W: visit 1 was to stop at 1 at 500, and is given to vehicle V.");
    }

    [Fact]
    public void What_has_been_driven_may_end_past_the_shift_and_a_break_and_nothing_is_added_to_it()
    {
        var tired = Sound.Vehicles[1] with { Shift = new TimeWindow(0, 400), Breaks = [new Break(new TimeWindow(300, 400), 15)] };
        var late = Sound with { Vehicles = [Sound.Vehicles[0], tired] };
        Kind(late, Good).ShouldBeNull();
        Kind(late, With(new Visit(3, 581, 581, 582), 672)).ShouldBe(ViolationKind.OutsideShift);
    }

    [Fact]
    public void Loads_are_judged_from_the_end_of_what_has_been_driven_and_against_what_that_left_aboard()
    {
        RoutingProblem Collecting(long added) => Sound with { Stops = [.. Sound.Stops.Select((stop, at) => at == 4 ? stop with { Collected = [5] } : at == 3 ? stop with { Collected = [added] } : stop)] };
        Kind(Collecting(1), Good).ShouldBeNull();
        Kind(Collecting(1), With(new Visit(3, 581, 581, 582), 672)).ShouldBe(ViolationKind.OverCapacity);
        Kind(Collecting(0), With(new Visit(3, 581, 581, 582), 672)).ShouldBe(ViolationKind.CostMisstated);
    }

    // The second vehicle does more than it has driven.
    private static Plan With(Visit added, long end) => Good with { Routes = [Good.Routes[0], Good.Routes[1] with { Visits = [Good.Routes[1].Visits[0], added], End = end }], Unserved = [] };

    [Fact]
    public void What_must_be_served_and_is_not_is_named_last()
    {
        var strict = Sound with { Stops = [.. Sound.Stops.Select(stop => stop with { Penalty = null })] };
        Kind(strict, Good with { Cost = Good.Cost with { LeftOut = 0 } }).ShouldBe(ViolationKind.CostMisstated);
        Kind(strict, Good with { Cost = Good.Cost with { LeftOut = 0 }, IsComplete = false }).ShouldBe(ViolationKind.MandatoryStopUnserved);
    }

    private static Plan WithRoute(Func<PlannedRoute, PlannedRoute> change) => Good with { Routes = [change(Good.Routes[0]), Good.Routes[1]] };

    private static Plan WithVisit(int at, Func<Visit, Visit> change) =>
        WithRoute(route => route with { Visits = [.. route.Visits.Select((visit, number) => number == at ? change(visit) : visit)] });

    private static ViolationKind? Kind(Plan plan) => Kind(Sound, plan);

    private static ViolationKind? Kind(RoutingProblem problem, Plan plan) => PlanChecker.Check(problem, plan).Violation?.Kind;
}
