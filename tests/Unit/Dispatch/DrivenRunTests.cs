using KeyAccountLogistics.Dispatch.Runs;
using NodaTime;

namespace KeyAccountLogistics.Unit.Dispatch;

/// <summary>A day that is half over: what is done is a fact, what is in a van stays there, and what is left lies ahead.</summary>
public sealed class DrivenRunTests
{
    private static readonly long Eight = Instant.FromUtc(2026, 10, 12, 0, 0).ToUnixTimeSeconds();
    private static readonly GeoPoint Depot = new(12_015_000, 3_027_000);
    private static readonly PlanEffort Quick = new(Iterations: 300);
    private static readonly PlanEffort InsertionAlone = new(Iterations: 0);
    private static readonly DayPlan Nothing = new([], []);
    private static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    // A metre a second, straight, so that a hundred metres are a hundred seconds.
    private static readonly RunTravel Walking = new(Detour: 1, MetresPerSecond: 1);

    [Fact]
    public void Who_has_done_more_than_his_share_keeps_it_and_the_rest_goes_to_the_other()
    {
        var stops = Enumerable.Range(0, 25).Select(i => Stop($"s-{i:00}", 10 * (i + 1))).ToList();
        var a = Courier("a") with { Frozen = [.. stops.Take(20).Select((s, i) => new FrozenStop(s.Id, Eight + (200 * (i + 1))))], FreeFrom = Eight + 4_200 };
        var plan = RunPlanner.Plan(new DispatchDay([a, Courier("b")], stops, Walking), Quick, default);
        plan.Unassigned.ShouldBeEmpty();
        plan.SequenceOf("a").ShouldBe(stops.Take(20).Select(s => s.Id));
        plan.SequenceOf("b").Length.ShouldBe(5);
    }

    [Fact]
    public void What_two_rounds_have_delivered_is_no_load_any_more()
    {
        var a = Courier("a") with { Frozen = [new FrozenStop("d1", Eight + 100), new FrozenStop("d2", Eight + 600)] };
        var day = new DispatchDay([a], [Delivery("d1", 100) with { Parcels = 105 }, Delivery("d2", 200) with { Parcels = 105 }, Stop("p", 300) with { Parcels = 10 }], Walking);
        foreach (var plan in Planned(day, Nothing)) plan.SequenceOf("a").ShouldBe(["d1", "d2", "p"]);
    }

    [Fact]
    public void What_was_collected_fills_the_van_until_it_is_brought_in_and_makes_no_plan_fail()
    {
        RunCourier Collected(bool isBroughtIn) => Courier("a") with { Frozen = [new FrozenStop("p1", Eight + 100, isBroughtIn)] };
        var day = new DispatchDay([Collected(false)], [Stop("p1", 100) with { Parcels = 300 }, Stop("p2", 200)], Walking);
        foreach (var plan in Planned(day, Nothing))
        {
            plan.SequenceOf("a").ShouldBe(["p1"]);
            plan.Unassigned.ShouldBe([new UnassignedStop("p2", UnassignedReason.NoRoom)]);
        }
        foreach (var plan in Planned(day.With(Collected(true)), Nothing)) plan.SequenceOf("a").ShouldBe(["p1", "p2"]);
    }

    [Fact]
    public void Limits_lowered_at_noon_hold_for_what_is_left_and_what_is_aboard_stays()
    {
        var a = Courier("a") with { HasLeft = true, ParcelsMax = 5, PointsMax = 20, Frozen = [new FrozenStop("d1", Eight + 100)] };
        var day = new DispatchDay([a], [Delivery("d1", 100) with { Parcels = 10 }, Delivery("d2", 200, "a") with { Parcels = 10 }, Stop("p", 300)], Walking);
        foreach (var plan in Planned(day, Nothing))
        {
            plan.SequenceOf("a").ShouldBe(["d1", "d2"]);
            plan.Unassigned.ShouldBe([new UnassignedStop("p", UnassignedReason.NoRoom)]);
        }
    }

    [Fact]
    public void Who_falls_ill_at_noon_has_driven_what_he_has_driven_and_what_is_in_his_van_waits_to_be_handed_over()
    {
        var a = Courier("a") with { HasLeft = true, IsAbsent = true, ParcelsMax = 1, Frozen = [new FrozenStop("d1", Eight + 100), new FrozenStop("p1", Eight + 500)] };
        var day = new DispatchDay([a, Courier("b")], [Delivery("d1", 100) with { Parcels = 10 }, Stop("p1", 200) with { Parcels = 10 }, Delivery("d2", 300, "a"), Stop("p2", 400)], Walking);
        foreach (var plan in Planned(day, Nothing))
        {
            plan.SequenceOf("a").ShouldBe(["d1", "p1"]);
            plan.SequenceOf("b").ShouldBe(["p2"]);
            plan.Unassigned.ShouldBe([new UnassignedStop("d2", UnassignedReason.InAnotherVan)]);
        }
        var explained = ExplainStop.Of(day, RunPlanner.Plan(day, Quick, default), "d2")!;
        explained.English(Shanghai).ShouldBe("In no run because its parcels are in the van of a courier who drives no more today: have them handed over first.");
        explained.Chinese(Shanghai).ShouldBe("未排入任何路线：件在今日不再出车的快递员车上，须先交接。");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_aboard_is_offered_to_nobody_but_its_holder_whether_he_has_left_or_signed_and_not_left(bool hasLeft)
    {
        var day = new DispatchDay(
            [Courier("a") with { HasLeft = hasLeft }, Courier("b"), Courier("c") with { HasLeft = true }],
            [Delivery("x", 500, "a"), Delivery("y", 600, "a"), Delivery("z", 700), Delivery("gone", 800, "somebody")], Walking);
        // The sequence says otherwise: custody counts.
        var wrong = new DayPlan([RunTimes.Of(day, day.CourierOf["b"], ["x", "y"]).Run!], []);
        foreach (var plan in Planned(day, Nothing).Concat(Planned(day, wrong)))
        {
            (plan.RunWith("x")!.Courier, plan.RunWith("y")!.Courier).ShouldBe(("a", "a"));
            string[] loading = hasLeft ? ["b"] : ["a", "b"];
            loading.Contains(plan.RunWith("z")!.Courier, StringComparer.Ordinal).ShouldBeTrue("who has left without it cannot load it");
            plan.Unassigned.ShouldBe([new UnassignedStop("gone", UnassignedReason.InAnotherVan)]);
            RunPlanner.Offers(day, plan, "x").Select(o => o.Courier).ShouldBe(["a"]);
            RunPlanner.OffersOf(day, plan, "x", day.CourierOf["a"]).Count().ShouldBeGreaterThan(1, "it may be moved within his run");
        }
    }

    [Fact]
    public void A_parcel_that_is_back_at_the_depot_goes_to_somebody_who_can_load_it()
    {
        var day = new DispatchDay([Courier("a") with { HasLeft = true }, Courier("b")], [Delivery("x", 500)], Walking);
        var running = new DayPlan([RunTimes.Of(day, day.CourierOf["a"], ["x"]).Run!], []);
        foreach (var plan in Planned(day, running)) plan.RunWith("x")!.Courier.ShouldBe("b");
    }

    [Fact]
    public void A_delivery_that_has_lost_its_place_finds_another_one_in_its_own_couriers_run()
    {
        // From a kilometre out: two, three and home take 2,560 seconds, three, two and home 1,360; the shift has 2,000 left.
        var away = Courier("a") with { HasLeft = true, Frozen = [new FrozenStop("1", Eight + 5_000)] };
        RunStop[] stops = [Delivery("1", 1_000), Delivery("2", 300, "a"), Delivery("3", 900, "a")];
        var before = new DispatchDay([away, Courier("b")], stops, Walking);
        var running = new DayPlan([RunTimes.Of(before, away, ["1", "2", "3"]).Run!], []);
        var day = before.With(away with { Shift = new RunWindow(Eight, Eight + 5_180 + 2_000) });
        var dropped = new DayPlan([RunTimes.Of(day, day.CourierOf["a"], ["1", "2"]).Run!], [new UnassignedStop("3", UnassignedReason.NoTime)]);
        foreach (var plan in Planned(day, running).Concat(Planned(day, dropped)))
        {
            plan.Unassigned.ShouldBeEmpty();
            plan.SequenceOf("a").ShouldBe(["1", "3", "2"]);
        }
    }

    [Fact]
    public void What_another_has_done_is_in_his_run_and_no_longer_in_the_one_it_was_planned_in()
    {
        var day = new DispatchDay([Courier("a"), Courier("b")], [Stop("x", 100), Stop("y", 200)], Walking);
        var running = new DayPlan([RunTimes.Of(day, day.CourierOf["a"], ["x", "y"]).Run!], []);
        var after = day.With(day.CourierOf["b"] with { Frozen = [new FrozenStop("x", Eight + 600)] });
        var plan = RunPlanner.Replan(after, running, Quick, default);
        (plan.SequenceOf("a").Single(), plan.SequenceOf("b").Single()).ShouldBe(("y", "x"));
        RunPlanner.Plan(after, Quick, default).Runs.Sum(r => r.Visits.Length).ShouldBe(2);
    }

    [Fact]
    public void What_is_left_lies_ahead_and_is_late_where_the_clock_says_so()
    {
        // Last seen at ten, now it is two; the next window closes at eleven.
        var a = Courier("a") with { Frozen = [new FrozenStop("x", Eight + 7_200)], FreeFrom = Eight + 21_600 };
        var day = new DispatchDay([a], [Stop("x", 100), Stop("y", 400, until: 10_800)], Walking);
        foreach (var plan in Planned(day, Nothing))
        {
            var next = plan.Runs.Single().Visits[1];
            next.Start.ShouldBeGreaterThan(Eight + 21_600);
            next.LateSeconds.ShouldBeGreaterThan(10_800);
        }
        // Nobody is told that one stop more costs the four hours that have passed.
        var ended = new DayPlan([RunTimes.Of(day, a, ["x"]).Run!], []);
        RunPlanner.Offers(day, ended, "y").Single().Seconds.ShouldBeLessThan(3_600);
        // After the shift nothing is left to it, and the plan stands.
        foreach (var plan in Planned(day.With(a with { FreeFrom = Eight + 86_400 }), Nothing)) plan.Unassigned.ShouldBe([new UnassignedStop("y", UnassignedReason.NoTime)]);
    }

    [Fact]
    public void Money_on_the_way_is_kept_within_what_a_courier_may_carry()
    {
        var a = Courier("a") with { CashMaxMinor = 10_000, CashHeldMinor = 4_000 };
        var day = new DispatchDay([a], [Delivery("x", 100) with { CashMinor = 5_000 }, Delivery("y", 200) with { CashMinor = 5_000 }], Walking);
        foreach (var plan in Planned(day, Nothing)) plan.Unassigned.Single().Why.ShouldBe(UnassignedReason.NoRoom);
        foreach (var plan in Planned(day.With(a with { CashMaxMinor = null }), Nothing)) plan.Unassigned.ShouldBeEmpty();
    }

    [Fact]
    public void A_place_later_that_cannot_be_driven_says_which_limit_is_in_the_way()
    {
        // There and back in order takes 2,340 seconds; with the first behind the second 2,940.
        var tight = new DispatchDay([Courier("a") with { Shift = new RunWindow(Eight, Eight + 2_400) }], [Stop("A", 300, until: 36_000), Stop("B", 600), Stop("C", 900)], Walking);
        var first = ExplainStop.Of(tight, new DayPlan([RunTimes.Of(tight, tight.CourierOf["a"], ["A", "B", "C"]).Run!], []), "A")!;
        first.Why.ShouldBe(PlaceReason.ShiftEnds);
        first.English(Shanghai).ShouldBe("First because one place later the courier would not be back when the shift ends at 08:40; no other courier can take it.");
        first.Chinese(Shanghai).ShouldBe("排第 1，因为再排后一位，班次 08:40 结束前回不来；其他快递员无法承接。");
        var full = new DispatchDay([Courier("a") with { ParcelsMax = 10 }], [Delivery("d", 300) with { Parcels = 10, PromisedBy = Eight + 36_000 }, Stop("p", 600) with { Parcels = 10 }], Walking);
        ExplainStop.Of(full, new DayPlan([RunTimes.Of(full, full.CourierOf["a"], ["d", "p"]).Run!], []), "d")!.Why.ShouldBe(PlaceReason.NoRoomLater);
    }

    [Fact]
    public void What_is_done_outside_the_runs_says_so()
    {
        var done = ExplainStop.DoneBy("x", "c-9");
        (done.Why, done.English(Shanghai), done.Chinese(Shanghai)).ShouldBe((PlaceReason.Frozen, "Done, outside the runs of this day.", "已完成，不在当日路线中。"));
    }

    [Fact]
    public void Nobody_plans_for_who_has_gone()
    {
        var day = new DispatchDay([Courier("a")], [Stop("x", 100)], Walking);
        Should.Throw<OperationCanceledException>(() => RunPlanner.Plan(day, Quick, new CancellationToken(canceled: true)));
    }

    // Planned anew, planned again, and put right by insertion alone, as when somebody falls ill.
    private static IEnumerable<DayPlan> Planned(DispatchDay day, DayPlan running) =>
        [RunPlanner.Plan(day, Quick, default), RunPlanner.Replan(day, running, Quick, default), RunPlanner.Replan(day, running, InsertionAlone, default)];

    private static RunCourier Courier(string id) => new() { Id = id, Start = Depot, Shift = new RunWindow(Eight, Eight + (10 * 3_600)) };

    private static RunStop Delivery(string id, int metres, string aboard = "") => Stop(id, metres) with { IsDelivery = true, Aboard = aboard };

    // So many metres north of the depot.
    private static RunStop Stop(string id, int metres, long? until = null) => new()
    {
        Id = id, Place = new GeoPoint(Depot.LongitudeE5, Depot.LatitudeE5 + (metres * 100 / 111)), Windows = until is { } seconds ? [new RunWindow(Eight, Eight + seconds)] : [],
    };
}
