using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;

namespace KeyAccountLogistics.Unit.Custody;

public sealed class ParcelCustodyTests
{
    private static readonly Party Client = Life.Party(PartyKind.Client, "KA-1");
    private static readonly Party Courier = Life.Party(PartyKind.Courier, "c-1");
    private static readonly Party OtherCourier = Life.Party(PartyKind.Courier, "c-2");
    private static readonly Party Depot = Life.Party(PartyKind.Depot, "HZ01");
    private static readonly Party OtherDepot = Life.Party(PartyKind.Depot, "SH02");
    private static readonly Party Consignee = Life.Party(PartyKind.Consignee, "");
    private readonly Life _life = new();

    [Fact]
    public void Custody_goes_from_hand_to_hand()
    {
        _life.At(10, EventKind.Collected, Life.Handover("h1", Client, Courier));
        _life.At(20, EventKind.AcceptedAtDepot, Life.Handover("h2", Courier, Depot));
        _life.At(30, EventKind.OutForDelivery, Life.Handover("h3", Depot, OtherCourier));
        _life.At(40, EventKind.Delivered, Life.Handover("h4", OtherCourier, Consignee));
        var state = _life.State;
        state.Custody.Party.Kind.ShouldBe(PartyKind.Consignee);
        (state.Custody.Handover, state.Custody.SinceUs).ShouldBe(("h4", Life.Minute(40)));
        state.Exceptions.ShouldBeEmpty();
        state.Holds.ShouldBeEmpty();
    }

    [Fact]
    public void Two_confirmed_handovers_that_contradict_are_kept_custody_follows_the_later_and_the_parcel_is_held()
    {
        _life.At(10, EventKind.AcceptedAtDepot, Life.Handover("h1", Courier, Depot));
        var first = _life.At(20, EventKind.OutForDelivery, Life.Handover("h2", Depot, Courier));
        var second = _life.At(30, EventKind.OutForDelivery, Life.Handover("h3", Depot, OtherCourier));
        var state = _life.State;
        state.Custody.Party.ShouldBe(OtherCourier);
        var raised = state.Exceptions.ShouldHaveSingleItem();
        (raised.Code, raised.Event, raised.OtherEvent).ShouldBe(("custody_conflict", second, first));
        var hold = state.Holds.ShouldHaveSingleItem();
        (hold.Reason, hold.SinceUs, hold.ReleasedUs).ShouldBe(("custody_conflict", Life.Minute(30), 0L));
    }

    [Fact]
    public void The_same_handover_told_by_both_sides_is_one_move()
    {
        _life.At(10, EventKind.OutForDelivery, Life.Handover("h1", Depot, Courier));
        _life.At(11, EventKind.OutForDelivery, Life.Handover("h1", Depot, Courier));
        _life.State.Custody.SinceUs.ShouldBe(Life.Minute(10));
        _life.State.Exceptions.ShouldBeEmpty();
    }

    [Fact]
    public void A_confirmed_handover_after_the_delivery_moves_custody_and_is_raised_twice_over()
    {
        _life.At(10, EventKind.Delivered, Life.Handover("h1", Courier, Consignee));
        _life.At(20, EventKind.OutForDelivery, Life.Handover("h2", Depot, OtherCourier));
        var state = _life.State;
        state.Stage.ShouldBe(ParcelStage.Delivered);
        state.Custody.Party.ShouldBe(OtherCourier);
        state.Exceptions.Select(e => e.Code).ShouldBe(["after_delivery", "custody_conflict"]);
    }

    [Fact]
    public void What_one_node_sent_and_another_hands_on_without_an_arrival_is_a_gap_and_no_conflict()
    {
        _life.At(10, EventKind.AcceptedAtDepot, Life.Handover("h1", Client, Depot));
        _life.At(20, EventKind.DepartedNode, e => e.Node = "HZ01");
        _life.At(30, EventKind.OutForDelivery, Life.Handover("h2", OtherDepot, Courier));
        _life.State.Exceptions.ShouldHaveSingleItem().Code.ShouldBe("custody_gap");
        _life.State.Holds.ShouldBeEmpty();
        _life.State.Custody.Party.ShouldBe(Courier);
    }

    [Fact]
    public void An_arrival_at_a_hub_takes_custody_so_that_the_hub_may_hand_on()
    {
        _life.At(10, EventKind.AcceptedAtDepot, Life.Handover("h1", Client, Depot));
        _life.At(20, EventKind.DepartedNode, e => e.Node = "HZ01");
        _life.At(30, EventKind.ArrivedNode, e => e.Node = "SH02");
        _life.At(40, EventKind.OutForDelivery, Life.Handover("h2", Life.Party(PartyKind.Hub, "SH02"), Courier));
        _life.State.Exceptions.ShouldBeEmpty();
    }

    [Fact]
    public void An_imported_history_without_parties_still_says_who_has_the_parcel()
    {
        _life.At(10, EventKind.Collected, e => e.Actor = "c-7");
        _life.State.Custody.Party.ShouldBe(Life.Party(PartyKind.Courier, "c-7"));
        _life.State.Custody.Handover.ShouldBeEmpty();
        _life.At(20, EventKind.AcceptedAtDepot, e => e.Node = "HZ01");
        _life.State.Custody.Party.ShouldBe(Depot);
    }

    [Fact]
    public void Moving_a_held_parcel_is_raised()
    {
        _life.At(10, EventKind.Held, e => (e.Hold, e.Place) = (new Hold { Reason = "damaged", Owner = "lead" }, "cage 2"));
        _life.At(20, EventKind.OutForDelivery);
        var raised = _life.State.Exceptions.ShouldHaveSingleItem();
        (raised.Code, raised.Detail).ShouldBe(("moved_while_held", "damaged"));
    }
}
