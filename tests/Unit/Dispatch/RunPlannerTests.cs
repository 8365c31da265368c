using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Dispatch.Runs;
using NodaTime;

namespace KeyAccountLogistics.Unit.Dispatch;

public sealed class RunPlannerTests
{
    private static readonly long Eight = Instant.FromUtc(2026, 10, 12, 0, 0).ToUnixTimeSeconds();
    private static readonly GeoPoint Depot = new(12_015_000, 3_027_000);
    private static readonly PlanEffort Quick = new(Iterations: 300);
    private static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    // A metre a second, straight, so that a hundred metres are a hundred seconds.
    private static readonly RunTravel Walking = new(Detour: 1, MetresPerSecond: 1);

    [Fact]
    public void A_planned_day_serves_every_stop_once_within_windows_and_balances_by_points_SEED_00_ROUTE5()
    {
        var day = Drawn(seed: 3, stops: 60, couriers: 4);
        var plan = RunPlanner.Plan(day, Quick, default);
        plan.Unassigned.ShouldBeEmpty();
        plan.Runs.SelectMany(r => r.Sequence).Order(StringComparer.Ordinal).ShouldBe(day.Stops.Select(s => s.Id));
        plan.Runs.Max(r => r.Points).ShouldBeLessThanOrEqualTo((int)(1.25 * day.Stops.Sum(s => s.Points) / 4) + 25);
        PlansAlike(plan, RunPlanner.Plan(day, Quick, default)).ShouldBeTrue("the same seed, the same plan");
    }

    [Fact]
    public void Areas_are_kept_an_area_without_its_courier_says_so_and_what_no_vehicle_holds_too()
    {
        var day = new DispatchDay(
            [Courier("c-1") with { Areas = ["north"] }, Courier("c-2") with { Areas = ["south"], ParcelsMax = 5 }],
            [Stop("n", 100, area: "north"), Stop("s", 200, area: "south"), Stop("w", 300, area: "west"), Stop("x", 400, area: "south") with { Parcels = 9, IsDelivery = true }], Walking);
        var plan = RunPlanner.Plan(day, Quick, default);
        plan.RunWith("n")!.Courier.ShouldBe("c-1");
        plan.RunWith("s")!.Courier.ShouldBe("c-2");
        plan.Unassigned.ShouldBe([new UnassignedStop("w", UnassignedReason.NoCourierForArea), new UnassignedStop("x", UnassignedReason.NoRoom)], ignoreOrder: true);
    }

    [Fact]
    public void Of_two_that_cannot_both_be_in_time_the_one_whose_lateness_costs_more_is()
    {
        // A thousand seconds to either side, and both due when the first can be reached.
        RunStop To(string id, int north, int weight) => Stop(id, north) with { Windows = [], PromisedBy = Eight + 1_100, LateWeight = weight };
        foreach (var costly in new[] { "a", "b" })
        {
            var day = new DispatchDay([Courier("c-1")], [To("a", 1_000, costly is "a" ? 3 : 1), To("b", -1_000, costly is "b" ? 3 : 1)], Walking);
            RunPlanner.Plan(day, Quick, default).SequenceOf("c-1").First().ShouldBe(costly);
        }
    }

    [Fact]
    public void A_day_of_thousands_of_stops_whose_lateness_is_dear_is_planned_all_the_same()
    {
        var stops = Enumerable.Range(0, 3_000).Select(i => Stop($"s{i:0000}", 10 + i) with { Windows = [], PromisedBy = Eight + 36_000, LateWeight = 3 });
        var problem = RunProblem.Of(new DispatchDay([Courier("c-1")], stops, Walking), null, 0);
        problem.Stops.Sum(static s => s.Promise!.Value.CostPerUnit).ShouldBeLessThanOrEqualTo(KeyAccountLogistics.Routing.Model.ProblemLimits.LatePricesMax);
    }

    [Fact]
    public void A_new_order_changes_nobody_elses_place()
    {
        var day = Drawn(seed: 5, stops: 40, couriers: 3);
        var plan = RunPlanner.Plan(day, Quick, default);
        var with = day.With(Stop("new", 650));
        var after = RunPlanner.Replan(with, plan, Quick, default);
        RunPlanner.ChangesBetween(plan, after).ShouldBe(0);
        after.RunWith("new").ShouldNotBeNull();
        foreach (var courier in day.Couriers) after.SequenceOf(courier.Id).Where(s => s != "new").ShouldBe(plan.SequenceOf(courier.Id));
    }

    [Fact]
    public void A_refused_stop_goes_and_a_courier_who_is_not_there_gives_his_stops_to_the_others()
    {
        var day = Drawn(seed: 7, stops: 45, couriers: 3);
        var plan = RunPlanner.Plan(day, Quick, default);
        var gone = plan.Runs[0].Visits[0].Stop;
        var refused = RunPlanner.Replan(day.Without(gone), plan, Quick, default);
        (refused.RunWith(gone), RunPlanner.ChangesBetween(plan, refused)).ShouldBe((null, 0));
        var absent = day.With(day.Couriers[1] with { IsAbsent = true });
        var after = RunPlanner.Replan(absent, plan, Quick, default);
        after.SequenceOf(day.Couriers[1].Id).ShouldBeEmpty();
        after.Runs.Sum(r => r.Visits.Length).ShouldBe(45);
        RunPlanner.ChangesBetween(plan, after).ShouldBe(plan.SequenceOf(day.Couriers[1].Id).Length, "only his stops change hands");
    }

    [Fact]
    public void What_is_frozen_stays_and_what_is_aboard_stays_with_its_courier()
    {
        var day = Drawn(seed: 9, stops: 30, couriers: 2, deliveries: true);
        var plan = RunPlanner.Plan(day, Quick, default);
        var (first, second) = (plan.Runs[0], plan.Runs[1]);
        // He is an hour behind: two stops are done, the rest of the day moves.
        var late = day.CourierOf[first.Courier] with
        {
            HasLeft = true, Frozen = [new FrozenStop(first.Visits[0].Stop, first.Visits[0].Start), new FrozenStop(first.Visits[1].Stop, first.Visits[1].Start + 3_600)],
        };
        var after = RunPlanner.Replan(Loaded(day, plan, first.Courier).With(late), plan, Quick, default);
        after.SequenceOf(first.Courier)[..2].ShouldBe([.. first.Sequence.Take(2)]);
        after.SequenceOf(first.Courier).Order(StringComparer.Ordinal).ShouldBe(first.Sequence.Order(StringComparer.Ordinal));
        var both = Loaded(day, plan, first.Courier, second.Courier).With(late).With(day.CourierOf[second.Courier] with { HasLeft = true }).With(Stop("new", 10) with { IsDelivery = true });
        RunPlanner.Replan(both, plan, Quick, default).Unassigned.ShouldBe([new UnassignedStop("new", UnassignedReason.NotAboard)]);
    }

    [Fact]
    public void The_place_of_a_stop_explains_itself_in_both_languages()
    {
        // Along a street: A and B are open all day, C closes at 08:19 and lies behind them.
        var day = new DispatchDay(
            [Courier("c-1") with { Areas = ["street"] }, Courier("c-2") with { Areas = ["nowhere"] }], [Stop("A", 300), Stop("B", 600), Stop("C", 1_000, until: 1_140, area: "street")], Walking);
        DayPlan Planned(params string[] sequence) => new([RunTimes.Of(day, day.CourierOf["c-1"], sequence).Run!], []);
        var first = ExplainStop.Of(day, Planned("C", "A", "B"), "C")!;
        (first.Why, first.Position, first.Beside!.LateParcels).ShouldBe((PlaceReason.WindowCloses, 0, 1));
        first.English(Shanghai).ShouldBe("First because its window closes at 08:19; second would save 10 minutes but bring one late parcel; no other courier can take it.");
        first.Chinese(Shanghai).ShouldBe("排第 1，因为时间窗 08:19 关闭；排第 2 会少用 10 分钟，但有 1 件超时；其他快递员无法承接。");
        // B behind A lies on the way; before it the courier would walk back, and C, which comes after both, would be later still.
        var second = ExplainStop.Of(day, Planned("A", "B", "C"), "B")!;
        second.English(Shanghai).ShouldBe("Second because it lies on the way there; first would cost 10 minutes; with c-2 it would cost 20 minutes.");
        ExplainStop.Of(day, Planned("A"), "none").ShouldBeNull();
        var nowhere = new DayPlan([], [new UnassignedStop("C", UnassignedReason.NoRoom)]);
        ExplainStop.Of(day, nowhere, "C")!.English(Shanghai).ShouldBe("In no run because no vehicle has room for it.");
        ExplainStop.Of(day, nowhere, "C")!.Chinese(Shanghai).ShouldBe("未排入任何路线：车辆已满。");
    }

    [Fact]
    public void One_order_among_a_thousand_stops_goes_where_it_costs_least_and_moves_nobody_else()
    {
        var day = Drawn(seed: 11, stops: 1_000, couriers: 20);
        // A plan of any kind will do: fifty stops to each, street by street.
        var slices = day.Stops.OrderBy(s => s.Place.LongitudeE5).ThenBy(s => s.Id, StringComparer.Ordinal).Chunk(50).ToList();
        var plan = new DayPlan([.. slices.Select((slice, i) => RunTimes.Of(day, day.Couriers[i], [.. slice.OrderBy(s => s.Place.LatitudeE5).Select(s => s.Id)]).Run!)], []);
        var with = day.With(Stop("new", 1_234));
        // How long it takes is the business of tests/bench.sh dispatch.
        var after = RunPlanner.Insert(with, plan, "new");
        var cost = after.Runs.Sum(RunTimes.CostOf);
        foreach (var courier in with.Couriers)
        {
            after.SequenceOf(courier.Id).Where(s => s != "new").ShouldBe(plan.SequenceOf(courier.Id));
            foreach (var offer in RunPlanner.OffersOf(with, plan, "new", courier)) RunPlanner.PutAt(with, plan, "new", offer.Courier, offer.Position).Runs.Sum(RunTimes.CostOf).ShouldBeGreaterThanOrEqualTo(cost);
        }
    }

    [Fact]
    public void Whatever_happens_to_a_day_every_stop_is_in_one_run_or_listed_and_every_run_can_be_driven() => Seeded.Holds(
        from seed in Gen.Choose(0, 10_000)
        from stops in Gen.Choose(1, 20)
        from couriers in Gen.Choose(1, 3)
        from what in Gen.Choose(0, 5)
        select (seed, stops, couriers, what),
        drawn =>
        {
            var day = Drawn(drawn.seed, drawn.stops, drawn.couriers, deliveries: drawn.seed % 2 == 0, tight: drawn.seed % 3 == 0);
            var plan = RunPlanner.Plan(day, new PlanEffort(50), default);
            var changed = drawn.what switch
            {
                0 => day.With(Stop("new", drawn.seed % 2_000)),
                1 => day.Without(day.Stops[drawn.seed % drawn.stops].Id),
                2 => day.With(day.Couriers[drawn.seed % drawn.couriers] with { IsAbsent = true }),
                _ => plan.Runs.Length == 0 ? day : Driven(day, plan, drawn.what, drawn.seed),
            };
            // Planned again, put right without a search, and from nothing: each keeps the rules, whatever is fact already.
            return new[] { RunPlanner.Replan(changed, plan, new PlanEffort(50), default), RunPlanner.Replan(changed, plan, new PlanEffort(0), default), RunPlanner.Plan(changed, new PlanEffort(50), default) }
                .All(after => KeepsTheRules(changed, after));
        },
        tests: 60);

    private static bool KeepsTheRules(DispatchDay day, DayPlan after)
    {
        var all = after.Runs.SelectMany(r => r.Sequence).Concat(after.Unassigned.Select(u => u.Stop)).Order(StringComparer.Ordinal);
        return all.SequenceEqual(day.Stops.Select(s => s.Id), StringComparer.Ordinal)
            && after.Runs.All(r => RunTimes.Of(day, day.CourierOf[r.Courier], [.. r.Sequence]).Run is { } again && again.Visits.SequenceEqual(r.Visits))
            && day.Couriers.All(c => after.SequenceOf(c.Id).Take(c.Frozen.Length).SequenceEqual(c.Frozen.Select(f => f.Stop), StringComparer.Ordinal))
            && day.Stops.All(s => s.Aboard.Length == 0 || after.RunWith(s.Id) is not { } run || run.Courier == s.Aboard || day.Done.Contains(s.Id));
    }

    // The first courier is out: one stop done late; half of them done, and what he may carry was lowered meanwhile; the same, and it is late in the day.
    private static DispatchDay Driven(DispatchDay day, DayPlan plan, int what, int seed)
    {
        var run = plan.Runs[0];
        var courier = day.CourierOf[run.Courier] with { HasLeft = seed % 5 > 0, Frozen = [.. run.Visits.Take(what == 3 ? 1 : (run.Visits.Length + 1) / 2).Select(v => new FrozenStop(v.Stop, v.Start + 1_800))] };
        if (what > 3) courier = courier with { ParcelsMax = 1, GramsMax = 0, PointsMax = 5 };
        return Loaded(day, plan, run.Courier).With(what == 5 ? courier with { FreeFrom = Eight + (9 * 3_600) } : courier);
    }

    // What these couriers deliver by the plan is in their vans.
    private static DispatchDay Loaded(DispatchDay day, DayPlan plan, params string[] couriers) => new(
        day.Couriers, day.Stops.Select(s => s.IsDelivery && plan.RunWith(s.Id) is { } run && couriers.Contains(run.Courier, StringComparer.Ordinal) ? s with { Aboard = run.Courier } : s), day.Travel);

    private static bool PlansAlike(DayPlan a, DayPlan b) => a.Runs.Select(r => $"{r.Courier}: {string.Join(' ', r.Sequence)}").SequenceEqual(b.Runs.Select(r => $"{r.Courier}: {string.Join(' ', r.Sequence)}"), StringComparer.Ordinal);

    private static RunCourier Courier(string id) => new() { Id = id, Start = Depot, Shift = new RunWindow(Eight, Eight + (10 * 3_600)) };

    // So many metres north of the depot.
    private static RunStop Stop(string id, int metres, long? until = null, int parcels = 1, string area = "") => new()
    {
        Id = id, Place = new GeoPoint(Depot.LongitudeE5, Depot.LatitudeE5 + (metres * 100 / 111)), Parcels = parcels, Area = area,
        Windows = until is { } seconds ? [new RunWindow(Eight, Eight + seconds)] : [],
    };

    private static DispatchDay Drawn(int seed, int stops, int couriers, bool deliveries = false, bool tight = false)
    {
        var random = new Random(seed);
        return new DispatchDay(
            Enumerable.Range(0, couriers).Select(i => Courier($"c-{i}") with { PointsMax = 5_000, ParcelsMax = tight ? 6 : 500 }),
            Enumerable.Range(0, stops).Select(i => new RunStop
            {
                Id = $"s-{i:D4}", Place = new GeoPoint(Depot.LongitudeE5 + random.Next(-3_000, 3_000), Depot.LatitudeE5 + random.Next(-3_000, 3_000)), Parcels = random.Next(1, 4),
                IsDelivery = deliveries && random.Next(2) == 0, Priority = random.Next(0, 3),
                Windows = random.Next(3) == 0 ? [new RunWindow(Eight + (random.Next(0, 6) * 3_600), Eight + (random.Next(7, 9) * 3_600))] : [],
            }));
    }
}
