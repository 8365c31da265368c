using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Sqi;
using static KeyAccountLogistics.Unit.ServiceLevels.Lives;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>A parcel nobody attempts is late when its day is over, and lost when it is thoroughly late (domain.md 2.3, 3.2, 4.1).</summary>
public sealed class PromiseLapseTests
{
    private static readonly LivedFact Collected = Fact(1, EventKind.Collected, At(8, 10));

    [Fact]
    public void The_day_must_be_over_where_the_promise_was_made()
    {
        Told(At(10, 23, 59), Collected).ShouldBeEmpty("promised for 18:00: an attempt of this evening is late on the right day");
        Told(At(11, 0), Collected).ShouldBe([PromiseLapse.Promise]);
        Told(At(17, 23), Collected).ShouldBe([PromiseLapse.Promise]);
        Told(At(18, 0), Collected).ShouldBe([PromiseLapse.Promise, PromiseLapse.ThoroughDelay], "seven calendar days to another city");
        ReasonsOf(PromiseLapse.Facts(Lives.Of(Promised with { Destination = "310118" }, Collected), ByTimestamp, At(14, 0))).ShouldBe([PromiseLapse.Promise, PromiseLapse.ThoroughDelay], "three within a city");
        PromiseLapse.Facts(Lives.Of(Promised, Collected), ByTimestamp, At(11, 1)).Single().Id.ShouldBe(PromiseLapse.Facts(Lives.Of(Promised, Collected), ByTimestamp, At(12, 1)).Single().Id);
    }

    [Fact]
    public void Who_was_attempted_lost_sent_back_called_off_or_has_no_promise_does_not_lapse()
    {
        EventKind[] ended = [EventKind.Delivered, EventKind.Refused, EventKind.AtPickupPoint, EventKind.Lost, EventKind.Returned, EventKind.Cancelled];
        foreach (var kind in ended) Told(At(20, 9), Collected, Fact(2, kind, At(10, 9))).ShouldBeEmpty(kind.ToString());
        Told(At(20, 9), Collected, Fact(2, EventKind.AttemptFailed, At(10, 9), more: e => e.Reason = "no_time")).Count.ShouldBe(2, "nobody went");
        PromiseLapse.Facts(Lives.Of(Promised with { PromisedUs = null }, Collected), ByTimestamp, At(20, 9)).ShouldBeEmpty();
        PromiseLapse.Facts(Lives.Of(null, Collected), ByTimestamp, At(20, 9)).ShouldBeEmpty();
        PromiseLapse.Facts(Lives.Of(Promised with { AcceptedUs = null }), ByTimestamp, At(20, 9)).ShouldBeEmpty("announced and never brought");
    }

    [Fact]
    public void The_clock_stands_still_for_a_hold_that_is_not_the_carriers()
    {
        LivedFact Held(string reason) => Fact(2, EventKind.Held, At(9, 8), more: e => e.Hold = new Hold { Reason = reason });
        Told(At(20, 9), Collected, Held("customs")).ShouldBeEmpty();
        Told(At(20, 9), Collected, Held("weight_over")).Count.ShouldBe(2);
        Ask(Collected, Held("customs"), Lapsed(3, At(11, 1))).Tally("T2")!.Open.ShouldBeTrue("told before the hold was known here");
        Told(At(11, 9), Collected, Held("customs"), Fact(4, EventKind.Released, At(10, 8), more: e => e.Actor = "c-2")).ShouldBeEmpty("a day was given");
    }

    [Fact]
    public void Lapsed_it_counts_late_on_its_day_and_an_attempt_that_comes_to_light_counts_by_its_own_time()
    {
        var c = Ask(Collected, Lapsed(3, At(11, 0, 50)));
        (c.Over("T2"), c.Tally("T2")!.Day, c.Tally("T2")!.Events.Single(), c.Tally("T2")!.DueUs).ShouldBe(((0, 1), Day(10), IdOf(3), At(10, 18)));
        (c.Over(SqiComponents.WrongDayLate), c.Over(SqiComponents.RightDayLate), c.Tally("T3")!.Open).ShouldBe(((1, 1), (-1, -1), true));
        c.Risk.ShouldNotBeNull("it can still be found before it is lost");
        Ask(Collected, Lapsed(3, At(11, 0, 50)), Fact(4, EventKind.Delivered, At(10, 17))).Over("T2").ShouldBe((1, 1), "the phone had no network");
        Ask(Collected, Lapsed(3, At(11, 0, 50)), Fact(4, EventKind.Delivered, At(10, 20))).Over(SqiComponents.RightDayLate).ShouldBe((1, 1));
        Ask(Collected, Lapsed(3, At(11, 0, 50)), Fact(4, EventKind.Returned, At(10, 12))).Tally("T2").ShouldBeNull("it had gone back before");
        Ask(Collected, Lapsed(3, At(11, 0, 50)), Fact(4, EventKind.Returned, At(12, 12))).Over("T2").ShouldBe((0, 1));
        ContributeParcel.Of(Lives.Of(Promised with { PromisedUs = At(12, 18) }, Collected, Lapsed(3, At(11, 0, 50))), ByTimestamp).Tally("T2")!.Open.ShouldBeTrue("the promise was put later: what was said of the old day does not count");
    }

    [Fact]
    public void Thoroughly_late_it_is_lost_until_anybody_scans_it()
    {
        var c = Ask(Collected, Lapsed(3, At(11, 1)), Lapsed(4, At(18, 1), PromiseLapse.ThoroughDelay));
        (c.Over("Q1"), c.Over("lost"), c.Over("T2"), c.Over("T3"), c.Tally("T2")!.ChargedTo, c.Risk).ShouldBe(((1, 1), (1, 1), (0, 1), (0, 1), "lost", null));
        (c.Tally("lost")!.Day, c.Tally("lost")!.BestUs).ShouldBe((Day(18), At(18, 0)), "as of when it was, whenever it was told");
        foreach (var sight in new[] { EventKind.ArrivedNode, EventKind.Loaded, EventKind.Weighed, EventKind.Held, EventKind.ReturnedToCustody })
            Ask(Collected, Lapsed(3, At(11, 1)), Lapsed(4, At(18, 1), PromiseLapse.ThoroughDelay), Fact(5, sight, At(19, 9))).Tally("lost").ShouldBeNull(sight.ToString());
        Told(At(26, 23), Collected, Lapsed(3, At(11, 1)), Lapsed(4, At(18, 1), PromiseLapse.ThoroughDelay), Fact(5, EventKind.ArrivedNode, At(19, 9))).ShouldBe([PromiseLapse.Promise], "what moves is not lost");
        Told(At(27, 0), Collected, Lapsed(3, At(11, 1)), Lapsed(4, At(18, 1), PromiseLapse.ThoroughDelay), Fact(5, EventKind.ArrivedNode, At(19, 9))).Count.ShouldBe(2, "seven days unseen");
        var backBefore = Ask(Collected, Lapsed(3, At(11, 1)), Lapsed(4, At(18, 1), PromiseLapse.ThoroughDelay), Fact(5, EventKind.Returned, At(10, 9)));
        (backBefore.Tally("lost"), backBefore.Tally("T2")).ShouldBe((null, null), "it had gone back before its day was over");
        Ask(Collected, Lapsed(3, At(11, 1)), Lapsed(4, At(18, 1), PromiseLapse.ThoroughDelay), Fact(5, EventKind.Scanned, At(16, 9))).Tally("lost").ShouldBeNull("seen on the 16th, as was not known");
        var seen = Ask(Collected, Lapsed(3, At(11, 1)), Lapsed(4, At(18, 1), PromiseLapse.ThoroughDelay), Fact(5, EventKind.ArrivedNode, At(19, 9)));
        (seen.Over("Q1"), seen.Tally("lost"), seen.Over("T2"), seen.Risk is null).ShouldBe(((0, 1), null, (0, 1), false));
        var delivered = Ask(Collected, Lapsed(3, At(11, 1)), Lapsed(4, At(18, 1), PromiseLapse.ThoroughDelay), Fact(5, EventKind.Delivered, At(10, 15)));
        (delivered.Over("Q1"), delivered.Tally("lost"), delivered.Over("T2")).ShouldBe(((0, 1), null, (1, 1)), "delivered all the while");
        Ask(Collected, Fact(2, EventKind.Lost, At(12, 9)), Fact(5, EventKind.ArrivedNode, At(19, 9))).Over("Q1").ShouldBe((1, 1), "who was declared lost is found by somebody who says so");
    }

    [Fact]
    public void Decided_by_date_a_hold_moves_the_day_by_its_nights_and_a_short_one_by_none()
    {
        (long, long) HeldUntil(long until, long delivered) => ContributeParcel.Of(Lives.Of(
            Promised, Fact(1, EventKind.Held, At(9, 8), more: e => e.Hold = new Hold { Reason = "consignee_request" }), Fact(2, EventKind.Released, until, more: e => e.Actor = "c-2"), Fact(3, EventKind.Delivered, delivered)), ByDate).Over("T2");
        HeldUntil(At(9, 12), At(11, 9)).ShouldBe((0, 1), "four hours of a day");
        HeldUntil(At(9, 12), At(10, 23)).ShouldBe((1, 1));
        HeldUntil(At(10, 7), At(11, 23)).ShouldBe((1, 1), "a night");
        HeldUntil(At(10, 7), At(12, 1)).ShouldBe((0, 1));
    }

    private static LivedFact Lapsed(int id, long at, string reason = PromiseLapse.Promise) => Fact(id, EventKind.PromiseLapsed, at, more: e => (e.Node, e.Actor, e.Reason) = ("", "", reason));

    private static List<string> Told(long nowUs, params LivedFact[] facts) => ReasonsOf(PromiseLapse.Facts(Lives.Of(Promised, facts), ByTimestamp, nowUs));

    private static List<string> ReasonsOf(IEnumerable<ParcelEvent> facts) => [.. facts.Select(static f => f.Reason)];

    private static Contribution Ask(params LivedFact[] facts) => ContributeParcel.Of(Lives.Of(Promised, facts), ByTimestamp);
}
