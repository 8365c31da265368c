using KeyAccountLogistics.Routing.Model;
using KeyAccountLogistics.Routing.Solving;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary>Each feature of the model by a problem so small that the best plan is plain to see; the checker judges each plan too.</summary>
public sealed class SolverFeatureTests
{
    private static TimeWindow Open(long from, long to) => new(from, to);

    [Fact]
    public void One_vehicle_drives_out_and_back()
    {
        var plan = Small.Solve(Small.Problem([Small.At(3), Small.At(1), Small.At(2)]));
        plan.Cost.ShouldBe(new PlanCost(60, 60, 0, 0, 0, 0));
        plan.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Windows_decide_the_order()
    {
        var plan = Small.Solve(Small.Problem([Small.At(3, Open(0, 40)), Small.At(1, Open(50, 60)), Small.At(2, Open(0, 60))]));
        Small.StopsOf(plan, 0).ShouldBe([0, 2, 1]);
    }

    [Fact]
    public void A_stop_with_two_windows_is_served_in_the_one_that_fits()
    {
        var plan = Small.Solve(Small.Problem([Small.At(5, Open(0, 10), Open(200, 210)), Small.At(1, Open(0, 20))]));
        plan.Routes[0].Visits.Single(visit => visit.Stop == 0).Start.ShouldBe(200);
    }

    [Fact]
    public void A_vehicle_leaves_as_late_as_its_first_stop_allows()
    {
        var plan = Small.Solve(Small.Problem([Small.At(2, Open(100, 120))]));
        (plan.Routes[0].Begin, plan.Routes[0].Visits[0].Arrival, plan.Routes[0].End).ShouldBe((80, 100, 121));
    }

    [Fact]
    public void Every_capacity_counts()
    {
        Stop With(int place, long parcels, long cash) => Small.At(place) with { Delivered = [parcels, 0], Collected = [0, cash] };
        var van = Small.Van with { Capacities = [10, 500] };
        var byCount = Small.Solve(Small.Problem([With(1, 6, 0), With(2, 6, 0)], van, van with { Id = "W" }));
        byCount.Routes.Count.ShouldBe(2);
        var byCash = Small.Solve(Small.Problem([With(1, 1, 300), With(2, 1, 300)], van, van with { Id = "W" }));
        byCash.Routes.Count.ShouldBe(2);
        var both = Small.Solve(Small.Problem([With(1, 5, 200), With(2, 5, 300)], van, van with { Id = "W" }));
        both.Routes.Count.ShouldBe(1);
    }

    [Fact]
    public void What_is_collected_takes_the_room_of_what_was_delivered()
    {
        var van = Small.Van with { Capacities = [10] };
        var plan = Small.Solve(Small.Problem([Small.At(1) with { Collected = [10] }, Small.At(2) with { Delivered = [10] }], van));
        Small.StopsOf(plan, 0).ShouldBe([1, 0]);
    }

    [Fact]
    public void A_shipment_is_picked_up_before_it_is_delivered()
    {
        var problem = Small.Problem([Small.At(3) with { Collected = [1] }, Small.At(1), Small.At(2)], Small.Van with { Capacities = [1] });
        var plan = Small.Solve(problem with { Shipments = [new Shipment(0, 1)] });
        Array.IndexOf(Small.StopsOf(plan, 0), 0).ShouldBeLessThan(Array.IndexOf(Small.StopsOf(plan, 0), 1));
    }

    [Fact]
    public void Two_shipments_that_fill_the_vehicle_are_driven_one_after_the_other()
    {
        var full = new[] { Small.At(1), Small.At(4), Small.At(2), Small.At(5) };
        full[0] = full[0] with { Collected = [3] };
        full[2] = full[2] with { Collected = [3] };
        var plan = Small.Solve(Small.Problem(full, Small.Van with { Capacities = [3] }) with { Shipments = [new Shipment(0, 1), new Shipment(2, 3)] });
        var order = Small.StopsOf(plan, 0);
        Math.Abs(Array.IndexOf(order, 0) - Array.IndexOf(order, 1)).ShouldBe(1);
    }

    [Fact]
    public void Skills_choose_the_vehicle()
    {
        var plan = Small.Solve(Small.Problem([Small.At(1) with { Skills = 2 }, Small.At(2) with { Skills = 1 }], Small.Van with { Skills = 1 }, Small.Van with { Id = "W", Skills = 2 }));
        Small.StopsOf(plan, 0).ShouldBe([1]);
        Small.StopsOf(plan, 1).ShouldBe([0]);
    }

    [Fact]
    public void Nobody_has_the_skill_and_the_plan_says_that_it_is_not_complete()
    {
        var plan = Small.Solve(Small.Problem([Small.At(1) with { Skills = 8 }, Small.At(2)]));
        plan.IsComplete.ShouldBeFalse();
        plan.Unserved.ShouldBe([0]);
    }

    [Fact]
    public void Of_what_cannot_all_be_served_the_higher_priority_is()
    {
        var plan = Small.Solve(Small.Problem([Small.At(5, Open(50, 50)) with { Priority = 10 }, Small.At(6, Open(50, 60)) with { Priority = 90, Service = 40 }]));
        plan.Unserved.ShouldBe([0]);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(101, true)]
    public void An_optional_stop_is_served_when_that_costs_less_than_its_penalty(long penalty, bool served)
    {
        var plan = Small.Solve(Small.Problem([Small.At(5) with { Penalty = penalty }]));
        plan.Unserved.Count.ShouldBe(served ? 0 : 1);
        plan.Cost.Total.ShouldBe(Math.Min(penalty, 100));
        plan.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void A_promise_may_be_broken_when_keeping_it_costs_more()
    {
        var late = Small.At(2) with { Promise = new Promise(20, 1) };
        var plan = Small.Solve(Small.Problem([Small.At(1) with { Service = 5 }, late]));
        plan.Cost.ShouldBe(new PlanCost(40, 40, 0, 0, 0, 0));
        var dear = Small.Solve(Small.Problem([Small.At(1, Open(0, 10)) with { Service = 5 }, late]));
        dear.Cost.ShouldBe(new PlanCost(40, 40, 0, 5, 0, 0));
    }

    [Fact]
    public void A_break_lies_between_services_and_costs_its_time()
    {
        var van = Small.Van with { Breaks = [new Break(Open(15, 25), 30)] };
        var plan = Small.Solve(Small.Problem([Small.At(1), Small.At(4)], van));
        plan.Routes[0].Breaks.Single().Start.ShouldBeInRange(15, 25);
        plan.Routes[0].End.ShouldBe(80 + 2 + 30);
    }

    [Fact]
    public void A_break_falls_away_when_the_route_ends_before_it_is_due()
    {
        var van = Small.Van with { Breaks = [new Break(Open(100, 200), 30)] };
        Small.Solve(Small.Problem([Small.At(1), Small.At(2)], van)).Routes[0].Breaks.ShouldBeEmpty();
    }

    [Fact]
    public void A_break_that_makes_a_window_impossible_sends_the_other_vehicle()
    {
        var tired = Small.Van with { Breaks = [new Break(Open(0, 30), 60)] };
        var plan = Small.Solve(Small.Problem([Small.At(5, Open(0, 60))], tired, Small.Van with { Id = "W", FixedCost = 500 }));
        plan.Routes.Single().Vehicle.ShouldBe(1);
    }

    [Fact]
    public void An_open_route_does_not_drive_home()
    {
        Small.Solve(Small.Problem([Small.At(5)], Small.Van with { EndPlace = null })).Cost.Distance.ShouldBe(50);
        Small.Solve(Small.Problem([Small.At(5), Small.At(4)], Small.Van with { EndPlace = null, StartPlace = null })).Cost.Distance.ShouldBe(10);
        Small.Solve(Small.Problem([Small.At(5)], Small.Van with { EndPlace = 7 })).Cost.Distance.ShouldBe(70);
    }

    [Fact]
    public void Vehicles_that_differ_are_chosen_by_cost_and_shift()
    {
        var dear = Small.Van with { CostPerDistance = 5 };
        var cheapButEarly = Small.Van with { Id = "W", FixedCost = 20, Shift = Open(0, 110) };
        var plan = Small.Solve(Small.Problem([Small.At(5, Open(0, 60)), Small.At(1, Open(300, 400))], dear, cheapButEarly));
        Small.StopsOf(plan, 1).ShouldBe([0]);
        Small.StopsOf(plan, 0).ShouldBe([1]);
        plan.Cost.ShouldBe(new PlanCost(120, 200, 20, 0, 0, 0));
    }

    [Fact]
    public void What_has_been_driven_stays_and_the_rest_is_planned_from_there()
    {
        var van = Small.Van with { Frozen = [new FrozenVisit(2, 77)] };
        var plan = Small.Solve(Small.Problem([Small.At(1), Small.At(3), Small.At(2, Open(0, 10))], van));
        var visits = plan.Routes[0].Visits;
        (visits[0].Stop, visits[0].Start).ShouldBe((2, 77));
        visits.Skip(1).Select(visit => visit.Stop).ShouldBe([1, 0]);
        visits[1].Arrival.ShouldBe(77 + 1 + 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_driven_past_the_shift_costs_its_lateness_and_gets_nothing_more(bool isPromised)
    {
        var promise = isPromised ? new Promise(980, 2) : (Promise?)null;
        var late = Enumerable.Range(0, 8).Select(at => Small.Van with { Id = "late", Frozen = [new FrozenVisit(at, 990)] });
        var stops = Enumerable.Range(0, 8).Select(_ => Small.At(5) with { Promise = promise }).Append(Small.At(1)).ToArray();
        var plan = Small.Solve(Small.Problem(stops, [.. late, Small.Van]));
        plan.IsComplete.ShouldBeTrue();
        plan.Routes.Select(route => route.End).ShouldBe([.. Enumerable.Repeat(1_041L, 8), plan.Routes[^1].End]);
        Small.StopsOf(plan, 8).ShouldBe([8]);
        plan.Cost.ShouldBe(new PlanCost(820, 820, 0, isPromised ? 8 * 20 : 0, 0, 0));
        var alone = Small.Solve(Small.Problem(stops, [.. late]));
        alone.Unserved.ShouldBe([8]);
    }

    [Fact]
    public void What_was_driven_past_a_break_is_driven_home()
    {
        var van = Small.Van with { Breaks = [new Break(Open(100, 200), 30)], Frozen = [new FrozenVisit(0, 300)] };
        var plan = Small.Solve(Small.Problem([Small.At(5)], van));
        plan.Routes.Single().Breaks.ShouldBeEmpty();
        plan.Routes[0].End.ShouldBe(351);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_started_with_too_much_serves_what_is_left(bool collects)
    {
        Stop[] stops = [Small.At(1) with { Delivered = [6] }, Small.At(2) with { Delivered = [3] }, Small.At(3) with { Delivered = [3] }, Small.At(4) with { Collected = [collects ? 1 : 0] }];
        var van = Small.Van with { Capacities = [10], Frozen = [new FrozenVisit(0, 10)] };
        var plan = Small.Solve(Small.Problem(stops, van));
        plan.IsComplete.ShouldBeTrue();
        Small.Solve(Small.Problem(stops, van with { Capacities = [5] })).IsComplete.ShouldBeFalse();
    }

    [Fact]
    public void Who_has_picked_up_too_much_hands_it_over_and_takes_no_more()
    {
        Stop[] stops = [Small.At(1) with { Collected = [8] }, Small.At(3), Small.At(2) with { Collected = [8] }, Small.At(4), Small.At(2) with { Collected = [9], Penalty = 1_000 }];
        var van = Small.Van with { Capacities = [10], Frozen = [new FrozenVisit(0, 10), new FrozenVisit(2, 21)] };
        var plan = Small.Solve(Small.Problem(stops, van) with { Shipments = [new Shipment(0, 1), new Shipment(2, 3)] });
        plan.IsComplete.ShouldBeTrue();
        var order = Small.StopsOf(plan, 0);
        order.ShouldBe([0, 2, 1, 3, 4], ignoreOrder: true);
        order[^1].ShouldBe(4);
    }

    [Fact]
    public void What_has_been_picked_up_is_delivered_by_the_vehicle_that_has_it()
    {
        var near = Small.Van with { Id = "W", StartPlace = 9, EndPlace = 9 };
        var van = Small.Van with { Capacities = [1], Frozen = [new FrozenVisit(0, 10)] };
        var problem = Small.Problem([Small.At(1) with { Collected = [1] }, Small.At(9)], van, near with { Capacities = [1] }) with { Shipments = [new Shipment(0, 1)] };
        Small.StopsOf(Small.Solve(problem), 0).ShouldBe([0, 1]);
    }

    [Fact]
    public void Goods_in_a_vehicle_that_has_left_stay_with_it_and_no_others_are_loaded()
    {
        var stops = new[] { Small.At(1) with { Delivered = [1] }, Small.At(9) with { Delivered = [1] }, Small.At(2) with { Delivered = [1] } };
        var gone = Small.Van with { Capacities = [9], HasLeft = true };
        var home = Small.Van with { Id = "W", Capacities = [9], FixedCost = 1_000 };
        var plan = Small.Solve(Small.Problem(stops, gone, home) with { RunningPlan = [[1, 0], []] });
        Small.StopsOf(plan, 0).Order().ShouldBe([0, 1]);
        Small.StopsOf(plan, 1).ShouldBe([2]);
    }

    [Fact]
    public void Changes_are_made_only_when_they_save_more_than_they_cost()
    {
        Stop[] stops = [Small.At(1), Small.At(2), Small.At(8)];
        Vehicle[] vans = [Small.Van, Small.Van with { Id = "W" }];
        var running = Small.Problem(stops, vans) with { RunningPlan = [[0, 2], [1]] };
        Small.Solve(running with { ChangeCost = 41 }).Cost.ShouldBe(new PlanCost(200, 200, 0, 0, 0, 0));
        Small.Solve(running with { ChangeCost = 39 }).Cost.ShouldBe(new PlanCost(160, 160, 0, 0, 0, 39));
    }

    [Fact]
    public void The_running_plan_is_where_the_search_starts()
    {
        Stop[] stops = [.. Enumerable.Range(1, 9).Select(place => Small.At(place))];
        var costs = new List<long>();
        var options = new SolveOptions { Iterations = 1, Progress = progress => costs.Add(progress.Cost) };
        Small.Solve(Small.Problem(stops) with { RunningPlan = [[8, 7, 6, 5, 4, 3, 2, 1, 0]] }, options).Cost.Total.ShouldBe(180);
        costs[0].ShouldBe(180);
    }

    [Fact]
    public void A_running_plan_that_broke_is_kept_as_far_as_it_goes()
    {
        Stop[] stops = [Small.At(1, Open(0, 20)), Small.At(5, Open(0, 10)), Small.At(2)];
        var plan = Small.Solve(Small.Problem(stops) with { RunningPlan = [[0, 1, 2]] });
        plan.Unserved.ShouldBe([1]);
        Small.StopsOf(plan, 0).ShouldBe([0, 2], ignoreOrder: true);
    }

    [Fact]
    public void Fewest_vehicles_come_before_distance()
    {
        Stop[] stops = [Small.At(1, Open(0, 30)), Small.At(10, Open(90, 150)), Small.At(1, Open(0, 400)), Small.At(10, Open(100, 400))];
        Vehicle[] vans = [Small.Van with { StartPlace = 1, EndPlace = 1 }, Small.Van with { Id = "W", StartPlace = 10, EndPlace = 10 }];
        Small.Solve(Small.Problem(stops, vans)).Cost.Distance.ShouldBe(0);
        var few = Small.Solve(Small.Problem(stops, vans), new SolveOptions { Iterations = 500, FewestVehicles = true });
        few.Routes.Count.ShouldBe(1);
        few.Cost.Distance.ShouldBe(180);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_out_anyway_keeps_no_vehicle_from_being_saved(bool isOptional)
    {
        var aside = isOptional ? Small.At(11) with { Penalty = 1 } : Small.At(5) with { Skills = 8 };
        Stop[] stops = [Small.At(1, Open(0, 30)), Small.At(10, Open(90, 150)), Small.At(1, Open(0, 400)), Small.At(10, Open(100, 400)), aside];
        Vehicle[] vans = [Small.Van with { StartPlace = 1, EndPlace = 1 }, Small.Van with { Id = "W", StartPlace = 10, EndPlace = 10 }];
        var few = Small.Solve(Small.Problem(stops, vans), new SolveOptions { Iterations = 2_000, FewestVehicles = true });
        few.Routes.Count.ShouldBe(1);
        few.Unserved.ShouldBe([4]);
    }

    [Fact]
    public void Everything_as_dear_and_far_as_the_limits_allow_is_planned()
    {
        var far = TravelMatrix.From(2, (_, _) => ProblemLimits.LegMax);
        Stop[] stops = [.. Enumerable.Range(0, 60).Select(_ => Small.At(1) with { Skills = 8, Priority = 100 }), Small.At(1)];
        var van = Small.Van with { Shift = Open(0, ProblemLimits.ValueMax), CostPerDistance = ProblemLimits.CostPerDistanceMax, FixedCost = ProblemLimits.CostMax };
        var problem = Small.Problem(stops, van) with { Travel = far };
        Small.Solve(problem).Unserved.Count.ShouldBe(60);
        var all = new Instance(problem with { Stops = [.. Enumerable.Range(0, 200).Select(_ => stops[0])] });
        ((double)all.MissingCost * all.Missing.Sum()).ShouldBeLessThanOrEqualTo((double)ProblemLimits.SumMax);
    }

    [Fact]
    public void Nothing_to_do_is_an_empty_plan()
    {
        var plan = Small.Solve(new RoutingProblem { Travel = Small.Line, Stops = [], Vehicles = [Small.Van] });
        plan.Routes.ShouldBeEmpty();
        var nobody = Small.Solve(new RoutingProblem { Travel = Small.Line, Stops = [Small.At(1)], Vehicles = [] });
        nobody.Unserved.ShouldBe([0]);
    }
}
