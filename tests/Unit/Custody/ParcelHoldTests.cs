using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;

namespace KeyAccountLogistics.Unit.Custody;

public sealed class ParcelHoldTests
{
    private readonly Life _life = new();

    [Fact]
    public void SEED_03_HOLDAREA_a_hold_has_reason_place_owner_and_since()
    {
        _life.At(10, EventKind.Held, e => (e.Hold, e.Place, e.Node) = (new Hold { Reason = "damaged", Owner = "lead" }, "cage 2", "HZ01"));
        var hold = _life.State.Holds.ShouldHaveSingleItem();
        (hold.Reason, hold.Place, hold.Owner, hold.Node, hold.SinceUs, hold.Incomplete).ShouldBe(("damaged", "cage 2", "lead", "HZ01", Life.Minute(10), false));
        HoldRules.Active(_life.State).ShouldNotBeNull();
    }

    [Fact]
    public void A_hold_without_a_reason_holds_is_incomplete_and_says_so()
    {
        _life.At(10, EventKind.Held, e => e.Place = "cage 2");
        _life.State.Holds.ShouldHaveSingleItem().Incomplete.ShouldBeTrue();
        _life.State.Exceptions.ShouldHaveSingleItem().Detail.ShouldBe("reason");
    }

    [Fact]
    public void Only_a_release_ends_a_hold()
    {
        _life.At(10, EventKind.Held, e => (e.Reason, e.Place) = ("damaged", "cage 2"));
        _life.At(20, EventKind.Scanned);
        HoldRules.Active(_life.State).ShouldNotBeNull();
        _life.At(30, EventKind.Released);
        HoldRules.Active(_life.State).ShouldBeNull();
        _life.State.Holds.ShouldHaveSingleItem().ReleasedUs.ShouldBe(Life.Minute(30));
    }

    [Fact]
    public void A_release_that_names_a_reason_ends_that_hold_only()
    {
        _life.At(10, EventKind.Held, e => (e.Reason, e.Place) = ("damaged", "cage 2"));
        _life.At(11, EventKind.Held, e => (e.Reason, e.Place) = ("weight_over", "cage 2"));
        _life.At(30, EventKind.Released, e => e.Hold = new Hold { Reason = "damaged" });
        HoldRules.Active(_life.State)!.Reason.ShouldBe("weight_over");
    }

    [Fact]
    public void The_same_reason_twice_is_one_hold_with_what_was_missing_filled_in()
    {
        _life.At(10, EventKind.Weighed, e => e.Weight = Held(IntegrityAnswer.HeldOver));
        _life.At(11, EventKind.Held, e => (e.Hold, e.Place) = (new Hold { Reason = "weight_over", Owner = "lead" }, "cage 2"));
        var hold = _life.State.Holds.ShouldHaveSingleItem();
        (hold.SinceUs, hold.Place, hold.Owner).ShouldBe((Life.Minute(10), "cage 2", "lead"));
    }

    [Theory]
    [InlineData(IntegrityAnswer.HeldOver, "weight_over")]
    [InlineData(IntegrityAnswer.HeldUnder, "weight_under")]
    [InlineData(IntegrityAnswer.Intact, null)]
    [InlineData(IntegrityAnswer.BelowMinimum, null)]
    public void A_weight_outside_tolerance_holds_by_itself(IntegrityAnswer answer, string? reason)
    {
        _life.At(10, EventKind.Weighed, e => e.Weight = Held(answer));
        HoldRules.Active(_life.State)?.Reason.ShouldBe(reason);
        _life.State.Holds.Count.ShouldBe(reason is null ? 0 : 1);
    }

    [Theory]
    [InlineData("missing", "waybill_missing")]
    [InlineData("damaged_severe", "waybill_damaged")]
    [InlineData("illegible", "waybill_illegible")]
    public void SEED_03_STUBLOST_a_lost_badly_damaged_or_illegible_waybill_is_kept_apart(string problem, string reason)
    {
        _life.At(10, EventKind.WaybillProblem, e => (e.Reason, e.Place) = (problem, "shelf 1"));
        var hold = _life.State.Holds.ShouldHaveSingleItem();
        (hold.Reason, hold.Place).ShouldBe((reason, "shelf 1"));
        _life.State.WaybillProblem.ShouldBe(problem);
    }

    [Fact]
    public void SEED_03_WBDAMAGED_slight_damage_goes_on_as_usual()
    {
        _life.At(10, EventKind.WaybillProblem, e => e.Reason = "damaged_slight");
        _life.State.Holds.ShouldBeEmpty();
    }

    [Fact]
    public void A_delivery_certificate_stands_for_the_lost_stub_and_a_person_releases()
    {
        _life.At(10, EventKind.WaybillProblem, e => (e.Reason, e.Place) = ("missing", "shelf 1"));
        WaybillTroubles.Next(_life.State).ShouldBe("ask_previous_node");
        _life.At(15, EventKind.PreviousNodeAsked);
        WaybillTroubles.Next(_life.State).ShouldBe("issue_delivery_certificate");
        _life.At(20, EventKind.DeliveryCertificateIssued, e => e.Reference = "DC-HZ01-20261012-0001");
        (_life.State.Certificate, WaybillTroubles.Next(_life.State)).ShouldBe(("DC-HZ01-20261012-0001", ""));
        HoldRules.Active(_life.State).ShouldNotBeNull();
    }

    [Fact]
    public void SEED_03_WBILLEGIBLE_is_looked_up_and_annotated()
    {
        _life.At(10, EventKind.WaybillProblem, e => (e.Reason, e.Place) = ("illegible", "shelf 1"));
        WaybillTroubles.Next(_life.State).ShouldBe("look_up_by_number");
        _life.At(20, EventKind.WaybillAnnotated);
        WaybillTroubles.Next(_life.State).ShouldBe("");
    }

    [Fact]
    public void A_new_problem_begins_anew()
    {
        _life.At(10, EventKind.WaybillProblem, e => e.Reason = "missing");
        _life.At(20, EventKind.DeliveryCertificateIssued, e => e.Reference = "DC-1");
        _life.At(30, EventKind.WaybillProblem, e => e.Reason = "damaged_severe");
        _life.State.Certificate.ShouldBe("");
        WaybillTroubles.Next(_life.State).ShouldBe("ask_previous_node");
    }

    private static Weight Held(IntegrityAnswer answer) => new() { MassMg = 10_050_000, Verdict = new WeighVerdict { Integrity = answer } };
}
