using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Sqi;
using NodaTime;
using static KeyAccountLogistics.Unit.ServiceLevels.Lives;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>What a pickup order adds (domain.md 2.3, 3.2): a window that was missed stays missed on its own day.</summary>
public sealed class ContributeOrderTests
{
    private static readonly (ParcelEvent Event, AdjudgedInterval Time)[] Missed = [Ordered(), Told(2, EventKind.PickupMissed, At(10, 12, 5)), Moved(3, At(10, 13))];

    [Fact]
    public void A_missed_window_is_not_made_good_by_a_new_one_and_stands_on_no_day_to_come()
    {
        Missed10th(Ask(Missed));
        Missed10th(Ask([.. Missed, Told(4, EventKind.PickupDone, At(11, 11))]));
        Missed10th(Ask([.. Missed, Told(4, EventKind.PickupMissed, At(11, 12, 5))]));
        Missed10th(Ask([.. Missed, Told(4, EventKind.PickupCancelled, At(10, 14))]));
        Missed10th(Ask([.. Missed, Told(4, EventKind.PickupRefused, At(11, 11))]));
        Missed10th(Ask(Ordered(), Moved(3, At(10, 13))), "told after the window's end, before anybody told the miss");
    }

    [Fact]
    public void What_the_client_moves_or_calls_off_before_the_window_ends_is_no_miss()
    {
        var moved = Ask(Ordered(), Moved(3, At(10, 9)));
        (moved.Tally("T1")!.Open, moved.Tally("T1")!.Day, moved.Tally(SqiComponents.MissedPickup)).ShouldBe((true, Day(11), null));
        var made = Ask(Ordered(), Moved(3, At(10, 9)), Told(4, EventKind.PickupDone, At(11, 11)));
        (made.Over("T1"), made.Tally("T1")!.Day).ShouldBe(((1, 1), Day(11)));
        Ask(Ordered(), Told(2, EventKind.PickupCancelled, At(10, 9))).Tally("T1")!.LeftOut.ShouldBeTrue();
        Ask(Ordered(), Moved(3, At(10, 9)), Told(4, EventKind.PickupMissed, At(11, 12, 5))).Tally(SqiComponents.MissedPickup)!.Day.ShouldBe(Day(11));
    }

    [Fact]
    public void A_courier_heard_late_was_there_all_the_same_and_the_order_of_arrival_changes_nothing()
    {
        (ParcelEvent, AdjudgedInterval)[] heard = [.. Missed, Told(4, EventKind.PickupDone, At(10, 11))];
        var ask = Ask(heard);
        (ask.Over("T1"), ask.Tally("T1")!.Day, ask.Tally(SqiComponents.MissedPickup)).ShouldBe(((1, 1), Day(10), null));
        Ask([.. heard.AsEnumerable().Reverse(), .. heard]).ShouldBe(ask);
        Ask([.. Missed.AsEnumerable().Reverse(), .. Missed]).ShouldBe(Ask(Missed));
    }

    private static void Missed10th(Contribution c, string? because = null)
    {
        (c.Over("T1"), c.Tally("T1")!.Day, c.Tally("T1")!.DueUs).ShouldBe(((0, 1), Day(10), At(10, 12)), because);
        (c.Over(SqiComponents.MissedPickup), c.Tally(SqiComponents.MissedPickup)!.Day, c.Tallies.Count).ShouldBe(((1, 1), Day(10), 2), because);
    }

    private static Contribution Ask(params IEnumerable<(ParcelEvent Event, AdjudgedInterval Time)> facts) => ContributeOrder.Of(PickupOutcomes.Of("PO-1", facts)!, ByTimestamp);

    private static (ParcelEvent Event, AdjudgedInterval Time) Ordered() => Told(1, EventKind.PickupOrdered, At(8, 9), Window(10));

    private static (ParcelEvent Event, AdjudgedInterval Time) Moved(int id, long at) => Told(id, EventKind.PickupChanged, at, Window(11));

    private static (ParcelEvent Event, AdjudgedInterval Time) Told(int id, EventKind kind, long at, PickupOrder? window = null)
    {
        var time = Instant.FromUnixTimeTicks(at * 10);
        return (new ParcelEvent { Id = IdOf(id), Kind = kind, Reference = "PO-1", Reason = "x", Pickup = window }, new AdjudgedInterval(time, time, time));
    }

    private static PickupOrder Window(int day) => new() { Account = Account, Site = "S1", Depot = "SHA01", Parcels = 3, FromUs = At(day, 10), UntilUs = At(day, 12) };
}
