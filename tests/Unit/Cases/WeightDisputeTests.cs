using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Kernel;
using NodaTime;
using static KeyAccountLogistics.Unit.Cases.WeighedBed;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>SEED-03-REWEIGH: what two weights of a parcel come to in money, and with which evidence.</summary>
public sealed class WeightDisputeTests
{
    [Fact]
    public void The_amount_on_hold_is_the_charge_at_the_new_weight_minus_the_charge_at_the_old_one()
    {
        var figures = WeightDispute.Of(Parcel(Weighed(1, 30, 2500, BillingAnswer.Over)), TwoAKilogram)!;
        (figures.FirstMg, figures.FirstFrom, figures.NewMg, figures.MeasuredEvent, figures.Cause).ShouldBe((2_000_000, "declared", 2_500_000, EventId(1), "billing"));
        (figures.FirstCharge.Minor, figures.NewCharge.Minor).ShouldBe((400, 500));
        figures.OnHold.ShouldBe(new Amount { Known = true, Minor = 100, Currency = "CNY" });
        figures.NewCharge.Lines.ShouldHaveSingleItem().Clause.ShouldBe("T-3");
        figures.Chain.Select(w => w.Purpose).ShouldBe([WeightPurpose.Declared, WeightPurpose.Depot]);
        // Both scales' limits and verification at the time travel with the chain.
        (figures.Chain[1].ErrorMg, figures.Chain[1].Scale.VerifiedUntilDay, figures.Chain[1].Actor, figures.Chain[1].Frames).ShouldBe((10_000, 21_000, "clerk-1", 3));
    }

    [Fact]
    public void An_amount_that_nobody_can_rate_is_not_zero_and_says_why()
    {
        var figures = WeightDispute.Of(Parcel(Weighed(1, 30, 2500, BillingAnswer.Over)), NoRating.Refuse)!;
        (figures.OnHold.Known, figures.OnHold.Unknown, figures.NewCharge.Rated, figures.NewCharge.NotRated).ShouldBe((false, "NO_RATING", false, "NO_RATING"));
        figures.NewCharge.TextEn.ShouldNotBeEmpty();
        var pieces = Parcel(Weighed(1, 30, 2500, BillingAnswer.Over));
        pieces.Shipment.Pieces = 2;
        WeightDispute.Of(pieces, TwoAKilogram)!.OnHold.Unknown.ShouldBe(WeightDispute.PiecesReason);
        WeightDispute.Of(Parcel(Weighed(1, 30, 2500, BillingAnswer.Over)) with { Account = null }, TwoAKilogram)!.OnHold.Unknown.ShouldBe(WeightDispute.NoShipmentReason);
    }

    [Theory]
    [InlineData(BillingAnswer.SameBill, IntegrityAnswer.Intact, false)]
    [InlineData(BillingAnswer.Within, IntegrityAnswer.NoReference, false)]
    [InlineData(BillingAnswer.AnotherScale, IntegrityAnswer.BelowMinimum, false)]
    [InlineData(BillingAnswer.Over, IntegrityAnswer.NoReference, true)]
    [InlineData(BillingAnswer.Under, IntegrityAnswer.Intact, true)]
    [InlineData(BillingAnswer.SameBill, IntegrityAnswer.HeldOver, true)]
    [InlineData(BillingAnswer.Within, IntegrityAnswer.HeldUnder, true)]
    public void A_case_is_of_a_changed_bill_or_of_a_parcel_that_is_not_what_was_handed_on(BillingAnswer billing, IntegrityAnswer integrity, bool opens) =>
        (WeightDispute.Of(Parcel(Weighed(1, 30, 2500, billing, integrity)), TwoAKilogram) is not null).ShouldBe(opens);

    [Fact]
    public void A_weight_without_a_verdict_opens_nothing_and_one_that_follows_within_tolerance_brings_the_first_back()
    {
        var moving = Weighed(1, 30, 2500, BillingAnswer.Over);
        moving.Verdict = new WeighVerdict { NoVerdict = NoVerdictReason.ScaleQuarantined };
        WeightDispute.Of(Parcel(moving), TwoAKilogram).ShouldBeNull();
        var figures = WeightDispute.Of(Parcel(Weighed(1, 30, 2500, BillingAnswer.Over), Weighed(2, 60, 2005, BillingAnswer.SameBill, IntegrityAnswer.HeldUnder)), TwoAKilogram)!;
        (figures.NewMg, figures.OnHold.Known, figures.OnHold.Minor, figures.Cause, figures.MeasuredMg).ShouldBe((2_000_000, true, 0, "billing_and_integrity", 2_005_000));
    }

    [Fact]
    public void With_nothing_declared_what_billed_before_is_the_last_custodians_weight_and_a_second_look_does_not_move_it()
    {
        var over = Undeclared(1, 60, 2500, BillingAnswer.Over, handedOn: 2_000_000);
        var again = Undeclared(2, 90, 2500, BillingAnswer.SameBill, handedOn: 2_500_000);
        var figures = WeightDispute.Of(Parcel(over, again), TwoAKilogram)!;
        (figures.FirstMg, figures.FirstFrom, figures.NewMg, figures.OnHold.Minor).ShouldBe((2_000_000, "handed_on", 2_500_000, 100));

        static WeightLink Undeclared(int n, double minute, long grams, BillingAnswer billing, long handedOn)
        {
            var w = Weighed(n, minute, grams, billing);
            (w.Verdict.HasDeclared, w.Verdict.DeclaredMg, w.Verdict.HasHandedOn, w.Verdict.HandedOnMg, w.Verdict.DeclaredBillsMg) = (false, 0, true, handedOn, handedOn);
            return w;
        }
    }

    [Fact]
    public void A_quarantine_doubts_its_scales_weights_since_it_last_came_back_and_none_before_the_estimates_window()
    {
        var weights = Parcel(
            Weighed(1, -15 * 1440, 2500, BillingAnswer.Over), Weighed(2, -13 * 1440, 2500, BillingAnswer.Over), Weighed(3, -60, 2500, BillingAnswer.Over),
            Weighed(4, -30, 2500, BillingAnswer.Over, device: "scale-2"), Weighed(5, 30, 2500, BillingAnswer.Over)).Weights;
        var quarantine = Change(90, 0, released: false);
        ScaleDoubts.Of(weights, [quarantine]).ShouldHaveSingleItem().Weights.ShouldBe([EventId(2), EventId(3), EventId(5)]);
        // Adjusted in between: what it weighed before is another scale's word. And after it came back it is believed again.
        ScaleDoubts.Of(weights, [Change(91, -120, released: true), quarantine, Change(92, 10, released: true)]).ShouldHaveSingleItem().Weights.ShouldBe([EventId(3)]);
        ScaleDoubts.Of(weights, [Change(91, -10, released: true), quarantine, Change(92, 10, released: true)]).ShouldBeEmpty();

        static ScaleChange Change(int n, double minute, bool released) =>
            new(NamedId.From("scale", n.ToString(System.Globalization.CultureInfo.InvariantCulture)), "SHA01", "scale-1", released, At(minute).ToUnixMicros(), null);
    }
}
