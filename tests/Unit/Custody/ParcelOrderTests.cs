using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;

namespace KeyAccountLogistics.Unit.Custody;

public sealed class ParcelOrderTests
{
    private readonly Life _life = new();

    [Fact]
    public void A_parcel_of_which_nothing_happened_is_registered() => _life.State.Stage.ShouldBe(ParcelStage.Registered);

    [Fact]
    public void A_whole_life_in_order_ends_delivered_without_exceptions()
    {
        EventKind[] way =
        [
            EventKind.OrderAccepted, EventKind.PickupArrived, EventKind.Collected, EventKind.AcceptedAtDepot, EventKind.Bagged, EventKind.DepartedNode,
            EventKind.ArrivedNode, EventKind.OutForDelivery, EventKind.Delivered,
        ];
        for (var i = 0; i < way.Length; i++) _life.At(i * 60, way[i]);
        var state = _life.State;
        state.Stage.ShouldBe(ParcelStage.Delivered);
        state.StageSinceUs.ShouldBe(Life.Minute(8 * 60));
        state.Events.ShouldBe(9);
        state.Exceptions.ShouldBeEmpty();
    }

    [Fact]
    public void A_second_attempt_and_another_hub_are_no_exceptions()
    {
        EventKind[] way =
        [
            EventKind.Collected, EventKind.ArrivedNode, EventKind.DepartedNode, EventKind.ArrivedNode, EventKind.OutForDelivery, EventKind.AttemptFailed,
            EventKind.ReturnedToCustody, EventKind.OutForDelivery, EventKind.Delivered,
        ];
        for (var i = 0; i < way.Length; i++) _life.At(i * 60, way[i], e => (e.Reason, e.Action) = ("6", "again"));
        _life.State.Exceptions.ShouldBeEmpty();
        _life.State.Stage.ShouldBe(ParcelStage.Delivered);
    }

    [Fact]
    public void The_carrier_before_the_approval_is_out_of_order_and_names_both_events()
    {
        var collected = _life.At(10, EventKind.Collected);
        var accepted = _life.At(20, EventKind.OrderAccepted);
        var state = _life.State;
        var raised = state.Exceptions.ShouldHaveSingleItem();
        raised.Code.ShouldBe("out_of_order");
        raised.Event.ShouldBe(collected);
        raised.OtherEvent.ShouldBe(accepted);
        state.Stage.ShouldBe(ParcelStage.Collected);
    }

    [Fact]
    public void Delivered_before_the_carrier_stays_delivered_and_is_out_of_order()
    {
        _life.At(10, EventKind.OrderAccepted);
        var delivered = _life.At(20, EventKind.Delivered);
        var collected = _life.At(30, EventKind.Collected);
        var state = _life.State;
        state.Stage.ShouldBe(ParcelStage.Delivered);
        var raised = state.Exceptions.ShouldHaveSingleItem();
        (raised.Code, raised.Event, raised.OtherEvent).ShouldBe(("out_of_order", delivered, collected));
        state.Custody.Party.Kind.ShouldBe(PartyKind.Consignee);
    }

    [Fact]
    public void The_same_moment_is_not_out_of_order_whatever_the_ids_say()
    {
        _life.At(10, EventKind.Collected);
        _life.At(10, EventKind.OrderAccepted);
        _life.State.Exceptions.ShouldBeEmpty();
        _life.State.Stage.ShouldBe(ParcelStage.Collected);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    public void Where_the_clocks_do_not_decide_nothing_is_impossible(int minutesApart, int exceptions)
    {
        _life.At(100, EventKind.Delivered, doubt: 2);
        _life.At(100 + minutesApart, EventKind.Collected, doubt: 3);
        _life.State.ExceptionsTotal.ShouldBe(exceptions);
        _life.State.Stage.ShouldBe(ParcelStage.Delivered);
    }

    [Fact]
    public void A_scan_after_the_delivery_is_raised_and_does_not_lead_back()
    {
        var delivered = _life.At(10, EventKind.Delivered);
        var scanned = _life.At(20, EventKind.OutForDelivery, e => e.Actor = "c-9");
        var state = _life.State;
        state.Stage.ShouldBe(ParcelStage.Delivered);
        state.Custody.Party.Kind.ShouldBe(PartyKind.Consignee);
        var raised = state.Exceptions.ShouldHaveSingleItem();
        (raised.Code, raised.Event, raised.OtherEvent).ShouldBe(("after_delivery", scanned, delivered));
    }

    [Theory]
    [InlineData(EventKind.PhotoTaken)]
    [InlineData(EventKind.WaybillAnnotated)]
    [InlineData(EventKind.Damaged)]
    public void Proof_that_comes_after_the_delivery_is_no_exception(EventKind kind)
    {
        _life.At(10, EventKind.Delivered);
        _life.At(20, kind);
        _life.State.Exceptions.ShouldBeEmpty();
    }

    [Fact]
    public void A_weight_at_the_door_is_no_exception()
    {
        _life.At(10, EventKind.Delivered);
        _life.At(20, EventKind.Weighed, e => e.Weight = new Weight { MassMg = 1, Purpose = WeightPurpose.Delivery });
        _life.State.Exceptions.ShouldBeEmpty();
    }

    [Fact]
    public void After_a_return_or_a_cancellation_the_code_says_closed()
    {
        _life.At(10, EventKind.Cancelled);
        _life.At(20, EventKind.OutForDelivery);
        _life.State.Exceptions.ShouldHaveSingleItem().Code.ShouldBe("after_closed");
        _life.State.Stage.ShouldBe(ParcelStage.Cancelled);
    }

    [Fact]
    public void What_is_found_again_is_where_it_was()
    {
        _life.At(10, EventKind.ArrivedNode);
        _life.At(20, EventKind.Lost);
        _life.State.Stage.ShouldBe(ParcelStage.Lost);
        _life.At(30, EventKind.Found);
        _life.State.Stage.ShouldBe(ParcelStage.AtNode);
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(10, 0)]
    public void One_number_at_two_nodes_faster_than_any_vehicle_is_a_duplicate_waybill(int minutes, int exceptions)
    {
        var first = _life.At(0, EventKind.Scanned, e => e.Node = "HZ01");
        var second = _life.At(minutes, EventKind.Scanned, e => e.Node = "SH02");
        var state = _life.State;
        state.ExceptionsTotal.ShouldBe(exceptions);
        if (exceptions == 0) return;
        (state.Exceptions[0].Code, state.Exceptions[0].Event, state.Exceptions[0].OtherEvent).ShouldBe(("duplicate_waybill", second, first));
    }

    [Fact]
    public void A_failed_attempt_without_reason_and_action_is_recorded_as_incomplete()
    {
        _life.At(10, EventKind.AttemptFailed, e => e.Reason = "6");
        _life.State.Stage.ShouldBe(ParcelStage.AttemptFailed);
        var raised = _life.State.Exceptions.ShouldHaveSingleItem();
        (raised.Code, raised.Detail).ShouldBe(("incomplete", "action"));
    }

    [Fact]
    public void The_list_of_exceptions_is_bounded_and_the_count_is_exact()
    {
        for (var i = 0; i < 100; i++) _life.At(i, EventKind.AttemptFailed);
        _life.State.Exceptions.Count.ShouldBe(32);
        _life.State.ExceptionsTotal.ShouldBe(100);
    }
}
