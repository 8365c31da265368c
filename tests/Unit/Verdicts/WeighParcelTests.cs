using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;
using static KeyAccountLogistics.Unit.Verdicts.Sample;

namespace KeyAccountLogistics.Unit.Verdicts;

// Scale 30 kg, e = 10 g; first 1 kg, then 0.5 kg up; no contract terms: issue 2, section 6.
public sealed class WeighParcelTests
{
    [Fact]
    public void Typed_2000_measured_2010_is_within_10_g_and_bills_as_declared()
    {
        var judged = Judge(Chain(Typed("2.000")), Reads("2.010"));
        judged.Billing.ShouldBe(BillingAnswer.Within);
        judged.Integrity.ShouldBe(IntegrityAnswer.NoReference);
        judged.Figures.BillingLimit.ShouldBe(Mass.FromGrams(10));
        judged.Figures.Bills.ShouldBe(Kg("2"));
        judged.Figures.ReferenceBills.ShouldBe(Kg("2"));
        judged.Figures.MeasuredCharge.Bills.ShouldBe(Kg("2.5"));
    }

    [Fact]
    public void Typed_2000_measured_2020_is_over_and_bills_2500()
    {
        var judged = Judge(Chain(Typed("2.000")), Reads("2.020"));
        judged.Billing.ShouldBe(BillingAnswer.Over);
        judged.Figures.Bills.ShouldBe(Kg("2.5"));
    }

    [Fact]
    public void Typed_2100_measured_2400_is_the_same_bill()
    {
        var judged = Judge(Chain(Typed("2.100")), Reads("2.400"));
        judged.Billing.ShouldBe(BillingAnswer.SameBill);
        judged.Figures.Bills.ShouldBe(Kg("2.5"));
    }

    [Fact]
    public void Pickup_10000_hub_10040_is_intact_at_20_plus_20_g()
    {
        var judged = Judge(Chain(handedOn: On(Scale(), "10.000")), Reads("10.040", Scale(device: "scale-2")));
        judged.Integrity.ShouldBe(IntegrityAnswer.Intact);
        judged.Figures.IntegrityLimit.ShouldBe(Mass.FromGrams(40));
        judged.Held.ShouldBeFalse();
    }

    [Fact]
    public void Pickup_10000_hub_10050_is_held_over()
    {
        var judged = Judge(Chain(handedOn: On(Scale(), "10.000")), Reads("10.050"));
        judged.Integrity.ShouldBe(IntegrityAnswer.HeldOver);
        judged.Held.ShouldBeTrue();
        judged.Figures.IntegrityDeviation.ShouldBe(Mass.FromGrams(50));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2.450")]
    public void Pickup_2450_depot_2150_bills_the_same_and_is_held_under(string? declared)
    {
        var judged = Judge(Chain(declared is null ? null : Typed(declared), On(Scale(), "2.450")), Reads("2.150"));
        judged.Billing.ShouldBe(BillingAnswer.SameBill);
        judged.Integrity.ShouldBe(IntegrityAnswer.HeldUnder);
        judged.Figures.Bills.ShouldBe(Kg("2.5"));
    }

    [Fact]
    public void Typed_0100_measured_0150_is_below_minimum_and_bills_the_first_weight()
    {
        var judged = Judge(Chain(Typed("0.100")), Reads("0.150"));
        judged.Billing.ShouldBe(BillingAnswer.FirstWeight);
        judged.Figures.BelowMinimum.ShouldBeTrue();
        judged.Figures.Bills.ShouldBe(Kg("1"));
    }

    [Fact]
    public void Measured_30200_on_a_30_kg_scale_is_over_capacity_and_there_is_no_weight()
    {
        WeighParcel.Decide(Chain(Typed("30.000")), Terms(), Reads("30.200"), Today)
            .ShouldBe(new WeighVerdict.NoVerdict(NoVerdictReason.OverCapacity, null));
    }

    [Fact]
    public void Exactly_the_capacity_is_a_weight() => Judge(Chain(Typed("30.000")), Reads("30.000")).Billing.ShouldBe(BillingAnswer.SameBill);

    [Fact]
    public void A_typed_weight_brings_no_error_of_its_own()
    {
        var judged = Judge(Chain(Typed("2.000")), WeighReading.ByHand(Kg("2.001")));
        judged.Figures.Typed.ShouldBeTrue();
        judged.Figures.BillingLimit.ShouldBe(Mass.Zero);
        judged.Billing.ShouldBe(BillingAnswer.Over);
    }

    [Fact]
    public void Each_scale_counts_at_the_mass_it_weighed()
    {
        // devices.md 6: pickup on 10 g, hub on 20 g at 8 kg: 20 + 20 = 40 g.
        var judged = Judge(Chain(handedOn: On(Scale(), "8.000")), Reads("8.040", Scale(60, 20)));
        judged.Figures.IntegrityLimit.ShouldBe(Mass.FromGrams(40));
        judged.Integrity.ShouldBe(IntegrityAnswer.Intact);
    }

    [Theory]
    [InlineData("2.110", IntegrityAnswer.Intact)]
    [InlineData("2.120", IntegrityAnswer.HeldOver)]
    [InlineData("1.890", IntegrityAnswer.Intact)]
    [InlineData("1.880", IntegrityAnswer.HeldUnder)]
    public void The_contracts_absolute_and_percent_terms_of_the_reference_come_on_top(string measured, IntegrityAnswer expected)
    {
        // 10 + 10 g of the scales, 50 g absolute, 2 % of 2.000 kg = 40 g: 110 g either way.
        var judged = (WeighVerdict.Judged)WeighParcel.Decide(Chain(handedOn: On(Scale(), "2.000")), Terms(50, 2), Reads(measured), Today);
        judged.Figures.IntegrityLimit.ShouldBe(Mass.FromGrams(110));
        judged.Integrity.ShouldBe(expected);
    }

    [Fact]
    public void The_verdict_names_clause_contract_and_version()
    {
        var figures = Judge(Chain(Typed("2.000")), Reads("2.020")).Figures;
        figures.Clause.Value.ShouldBe("W-2");
        figures.Contract.ShouldBe("KA-2026-0001");
        figures.ContractVersion.ShouldBe(3u);
        figures.MeasuredCharge.Clause.Value.ShouldBe("T-3");
        figures.MeasuredError.ShouldBe(Mass.FromGrams(10));
    }

    [Theory]
    [InlineData("1.980", BillingAnswer.Under, "2")]
    [InlineData("2.490", BillingAnswer.SameBill, "2.5")]
    public void Lighter_than_declared_bills_the_measured_weight(string measured, BillingAnswer answer, string bills)
    {
        var judged = Judge(Chain(Typed("2.100")), Reads(measured));
        judged.Billing.ShouldBe(answer);
        judged.Figures.Bills.ShouldBe(Kg(bills));
    }

    [Fact]
    public void Without_any_earlier_weight_the_measured_one_bills()
    {
        var judged = Judge(Chain(), Reads("2.020"));
        judged.Billing.ShouldBe(BillingAnswer.NoReference);
        judged.Integrity.ShouldBe(IntegrityAnswer.NoReference);
        judged.Figures.Bills.ShouldBe(Kg("2.5"));
        judged.Figures.BillingLimit.ShouldBeNull();
    }

    [Fact]
    public void Below_minimum_with_a_declared_weight_above_the_first_asks_for_another_scale_and_changes_nothing()
    {
        var judged = Judge(Chain(Typed("1.200")), Reads("0.150"));
        judged.Billing.ShouldBe(BillingAnswer.AnotherScale);
        judged.Figures.Bills.ShouldBe(Kg("1.5"));
    }

    [Fact]
    public void Below_minimum_bills_the_same_where_the_volume_decides()
    {
        var judged = (WeighVerdict.Judged)WeighParcel.Decide(
            Chain(Typed("1.200"), sides: Dimensions.TryFromMillimetres(400, 300, 200)),
            Terms() with { Chargeable = [FirstKiloThenHalf with { Volumetric = new VolumetricTerms(6000, SideRounding.None, null, []) }] },
            Reads("0.150"),
            Today);
        judged.Billing.ShouldBe(BillingAnswer.SameBill);
        judged.Figures.Bills.ShouldBe(Kg("4"));
    }

    [Theory]
    [InlineData("0.150", "0.140", IntegrityAnswer.Intact)]       // within the limit there is nothing to mark but the figure
    [InlineData("0.150", "0.100", IntegrityAnswer.BelowMinimum)] // both below: cannot tell
    [InlineData("0.210", "0.150", IntegrityAnswer.BelowMinimum)] // the minimum itself would be within the limit
    [InlineData("10.000", "0.150", IntegrityAnswer.HeldUnder)]   // even the minimum would be far too light
    [InlineData("0.150", "0.400", IntegrityAnswer.HeldOver)]
    public void Below_minimum_never_holds_by_itself(string handedOn, string measured, IntegrityAnswer expected) =>
        Judge(Chain(handedOn: On(Scale(), handedOn)), Reads(measured)).Integrity.ShouldBe(expected);

    [Fact]
    public void Exactly_the_minimum_is_not_below_it()
    {
        Judge(Chain(Typed("1.200")), Reads("0.200")).Figures.BelowMinimum.ShouldBeFalse();
        Judge(Chain(Typed("1.200")), Reads("0.190")).Figures.BelowMinimum.ShouldBeTrue();
    }

    [Fact]
    public void Billing_compares_with_the_declared_weight_and_integrity_with_the_one_handed_on()
    {
        var judged = Judge(Chain(Typed("2.000"), On(Scale(), "2.400")), Reads("2.400"));
        judged.Billing.ShouldBe(BillingAnswer.Over);
        judged.Integrity.ShouldBe(IntegrityAnswer.Intact);
        judged.Figures.BillingReference.ShouldBe(Kg("2"));
        judged.Figures.BillingDeviation.ShouldBe(Mass.FromGrams(400));
    }

    [Theory]
    [InlineData("4.985", "5.000", 10_000, IntegrityAnswer.HeldOver)]   // 15 g over a limit of 10 g
    [InlineData("4.985", "5.001", 11_000, IntegrityAnswer.HeldOver)]   // 16 g: the table's 20 g would let it through, though it weighs more
    [InlineData("4.990", "5.010", 20_000, IntegrityAnswer.Intact)]     // a whole interval past the step: the table
    [InlineData("5.100", "5.001", 20_000, IntegrityAnswer.HeldUnder)]  // coming down the step there is nothing to smooth
    public void Past_a_step_of_the_error_table_the_limit_grows_no_faster_than_the_load(string handedOn, string measured, int limitMg, IntegrityAnswer expected)
    {
        var judged = Judge(Chain(handedOn: Typed(handedOn)), Reads(measured));
        judged.Figures.IntegrityLimit.ShouldBe(Mass.FromMilligrams(limitMg));
        judged.Integrity.ShouldBe(expected);
    }

    [Fact]
    public void No_verdict_while_moving() =>
        Why(WeighReading.FromScale(Scale(), Kg("2.000"), stable: false, returnedToZero: true)).ShouldBe(NoVerdictReason.Moving);

    [Fact]
    public void No_verdict_without_a_return_to_zero() =>
        Why(WeighReading.FromScale(Scale(), Kg("2.000"), stable: true, returnedToZero: false)).ShouldBe(NoVerdictReason.NoReturnToZero);

    [Fact]
    public void No_verdict_when_the_scale_shows_overload_without_a_number() =>
        Why(WeighReading.FromScale(Scale(), null, stable: false, returnedToZero: true, ReadingCondition.Over)).ShouldBe(NoVerdictReason.OverCapacity);

    [Theory]
    [InlineData("-0.010")]
    [InlineData("0.000")]
    public void No_verdict_when_the_scale_shows_nothing_or_less(string kilograms) => Why(Reads(kilograms)).ShouldBe(NoVerdictReason.Negative);

    [Fact]
    public void No_verdict_when_the_tare_is_due() =>
        Why(WeighReading.FromScale(Scale(), Kg("2.000"), stable: true, returnedToZero: true, ReadingCondition.NotTared)).ShouldBe(NoVerdictReason.NotTared);

    [Fact]
    public void The_last_day_of_the_verification_counts_and_the_next_does_not()
    {
        Why(Reads("2.000", Scale() with { VerifiedUntil = Today })).ShouldBeNull();
        Why(Reads("2.000", Scale() with { VerifiedUntil = Today.PlusDays(-1) })).ShouldBe(NoVerdictReason.VerificationExpired);
        Why(Reads("2.000", Scale() with { VerifiedUntil = null })).ShouldBe(NoVerdictReason.VerificationExpired);
    }

    [Fact]
    public void Without_terms_the_verdict_is_pending_and_the_weight_is_kept() =>
        WeighParcel.Decide(Chain(Typed("2.000")), null, Reads("2.000"), Today).ShouldBe(new WeighVerdict.NoVerdict(NoVerdictReason.NoTerms, Kg("2")));

    [Fact]
    public void Terms_that_do_not_know_the_service_are_no_terms()
    {
        var terms = Terms() with { Chargeable = [FirstKiloThenHalf with { Services = ["economy"] }] };
        WeighParcel.Decide(Chain(Typed("2.000")), terms, Reads("2.000"), Today).ShouldBe(new WeighVerdict.NoVerdict(NoVerdictReason.NoTerms, Kg("2")));
    }

    [Fact]
    public void An_unknown_parcel_gets_no_verdict_and_keeps_its_weight() =>
        WeighParcel.Decide(null, Terms(), Reads("2.000"), Today).ShouldBe(new WeighVerdict.NoVerdict(NoVerdictReason.UnknownParcel, Kg("2")));

    private static WeighVerdict.Judged Judge(WeightChain chain, WeighReading reading) =>
        WeighParcel.Decide(chain, Terms(), reading, Today).ShouldBeOfType<WeighVerdict.Judged>();

    private static NoVerdictReason? Why(WeighReading reading) =>
        (WeighParcel.Decide(Chain(Typed("2.000")), Terms(), reading, Today) as WeighVerdict.NoVerdict)?.Why;
}
