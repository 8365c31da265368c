using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Claims;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Kernel;
using static KeyAccountLogistics.Unit.Cases.ComplaintBed;
using static KeyAccountLogistics.Unit.Cases.WeighedBed;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>Claims: the rule of the insured value (domain.md 4.2, 4.5) and who decides how much.</summary>
public sealed class ClaimTests
{
    [Theory]
    [InlineData(600, 1_000, "partial", 400, "proportion", 240)]
    [InlineData(600, 1_000, "total", 0, "proportion", 600)]
    [InlineData(2_000, 1_000, "total", 1_000, "full", 1_000)]
    [InlineData(2_000, 1_000, "damage", 300, "full", 300)]
    [InlineData(1_000, 1_000, "shortage", 1, "full", 1)]
    public void Insured_value_pays_by_the_golden_cases(long insured, long worth, string kind, long loss, string rule, long pays)
    {
        var figures = ClaimRules.Of(kind, Asked(worth * 100, loss * 100), insured * 100);
        (figures.Rule, figures.Payable.Known, figures.Payable.Minor, figures.Insured).ShouldBe((rule, true, pays * 100, true));
    }

    [Fact]
    public void Without_insurance_no_rule_gives_an_amount_and_none_is_implied()
    {
        var figures = ClaimRules.Of("total", Asked(1_000_00, 0), null);
        (figures.Rule, figures.Payable.Known, figures.Payable.Unknown, figures.LossMinor).ShouldBe(("civil_law", false, "civil_law", 1_000_00));
        ClaimRules.Of("total", Asked(1_000_00, 0), 0).Payable.Known.ShouldBeFalse();
    }

    [Fact]
    public void A_claim_never_pays_more_than_the_loss_nor_than_was_insured_and_more_insurance_never_pays_less() => Prop.ForAll(
        (from worth in Gen.Choose(1, 2_000_000) from loss in Gen.Choose(1, worth) from insured in Gen.Choose(1, 3_000_000) select ((long)worth, (long)loss, (long)insured)).ToArbitrary(),
        drawn =>
        {
            var (worth, loss, insured) = drawn;
            var pays = ClaimRules.Of("partial", Asked(worth, loss), insured).Payable.Minor;
            pays.ShouldBeInRange(0, Math.Min(loss, insured));
            ClaimRules.Of("partial", Asked(worth, loss), insured + 1).Payable.Minor.ShouldBeGreaterThanOrEqualTo(pays);
            ClaimRules.Of("total", Asked(worth, 0), insured).Payable.Minor.ShouldBe(Math.Min(worth, insured));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData(0, "proportion", 600)]
    [InlineData(200, "remainder", 400)]
    [InlineData(600, "remainder", 0)]
    [InlineData(700, "remainder", 0)]
    public void The_insured_value_is_the_shipments_and_is_paid_once_for_all_its_pieces(long granted, string rule, long pays)
    {
        var figures = ClaimRules.Of("total", Asked(1_000_00, 0), 600_00, granted * 100);
        (figures.Rule, figures.Payable.Minor, figures.GrantedMinor).ShouldBe((rule, pays * 100, granted * 100));
        ClaimRules.Of("partial", Asked(1_000_00, 100_00), 600_00, 200_00).Rule.ShouldBe("proportion", "what is left covers it");
    }

    [Fact]
    public void A_claim_is_not_decided_on_figures_that_another_pieces_claim_has_changed()
    {
        var deciding = Did(Claim(insured: 600_00), 10, Step(1, Service, "examined"));
        CaseCommand Pays(int id, long granted) => new CaseCommand.Decide(Id(id), Head, "pay", new Stated(null, 0, null), static _ => AuthorityLimit.Unlimited, "evidence_holds", null, granted);
        Did(deciding, 20, Pays(2, 360_00)).Outcome!.Gives.Minor.ShouldBe(240_00, "what is left covers it");
        var restated = On(deciding, 20, Pays(2, 500_00));
        (restated.Refused!.Code, restated.State!.Closed, restated.State.Claim!.Rule, restated.State.OnHold!.Minor).ShouldBe(("claim.restated", false, "remainder", 100_00));
        (restated.Entries.Single().Kind, restated.Entries.Single().Side, restated.State.Claim.LossMinor, restated.State.Claim.Proof).ShouldBe((EntryKind.Assessed, Side.Product, 400_00, "INV-1"));
        Did(restated.State, 21, Pays(3, 500_00)).Outcome!.Gives.Minor.ShouldBe(100_00);
        // Granted no more: the claim that was is open again.
        On(restated.State, 21, Pays(3, 0)).State!.OnHold!.Minor.ShouldBe(240_00);
        // A proposal that was made of the old figures is void.
        var proposed = Did(deciding, 20, Remedy(2, Head, "pay", AuthorityLimit.None, reason: "evidence_holds"));
        var voided = On(proposed, 30, Pays(4, 600_00)).State!;
        (voided.Proposal, voided.Stage, voided.OnHold!.Minor).ShouldBe((null, "deciding", 0));
    }

    [Theory]
    [InlineData("partial", 0, 10, "CNY", "A-1", "claim.worth_minor")]
    [InlineData("partial", 100, 0, "CNY", "A-1", "claim.loss_minor")]
    [InlineData("partial", 100, 101, "CNY", "A-1", "claim.loss_minor")]
    [InlineData("total", 100, 99, "CNY", "A-1", "claim.loss_minor")]
    [InlineData("partial", 100, 10, "EUR", "A-1", "claim.currency")]
    [InlineData("partial", 100, 10, "CNY", "", "claim.proof")]
    public void What_cannot_be_claimed_is_refused_at_its_field(string kind, long worth, long loss, string currency, string proof, string field) =>
        ClaimRules.FlawOf(kind, new ClaimFigures { WorthMinor = worth, LossMinor = loss, Currency = currency, Proof = proof }, "CNY").ShouldNotBeNull().Field.ShouldBe(field);

    [Fact]
    public void An_insured_claim_is_paid_by_the_rule_within_authority_and_over_it_by_two()
    {
        var deciding = Did(Claim(insured: 600_00), 10, Step(1, Service, "examined"));
        (deciding.OnHold!.Minor, deciding.Clocks["statute"].DueUs).ShouldBe((240_00, At(7 * 1440).ToUnixMicros()));
        Did(deciding, 20, Remedy(2, Head, "pay", AuthorityLimit.Of(Yuan(240)), reason: "evidence_holds")).Outcome!.Gives.Minor.ShouldBe(240_00);
        var proposed = Did(deciding, 20, Remedy(2, Head, "pay", AuthorityLimit.Of(Yuan(239)), reason: "evidence_holds"));
        proposed.Word.ShouldBe("proposed");
        (Did(proposed, 30, Remedy(3, Manager, "pay", AuthorityLimit.Of(Yuan(240)), reason: "evidence_holds")).Closed).ShouldBeTrue();
        // Restated, the proposal made of the old figures is void.
        var restated = Did(proposed, 30, new CaseCommand.Assess(Id(4), Service, Asked(1_000_00, 500_00), null));
        (restated.Stage, restated.Proposal, restated.OnHold!.Minor).ShouldBe(("deciding", null, 300_00));
        Try(Claim(insured: null), 20, Remedy(2, Head, "refuse", AuthorityLimit.None, reason: "not_ours")).Code.ShouldBe("decide.window_open");
        Did(deciding, 20, Remedy(2, Head, "refuse", AuthorityLimit.None, reason: "not_ours")).Closed.ShouldBeTrue();
    }

    [Fact]
    public void An_uninsured_claim_is_paid_what_a_person_states_never_above_the_loss()
    {
        var deciding = Did(Claim(insured: null), 10, Step(1, Service, "examined"));
        Try(deciding, 20, Remedy(2, Head, "pay", AuthorityLimit.Unlimited, reason: "civil_law")).Code.ShouldBe("amount.no_rule");
        CaseDecide.OutcomesOpen(ClaimKind.Kind, deciding, Head).Select(o => o.Name).ShouldBe(["pay_other", "refuse"]);
        Try(deciding, 20, Remedy(2, Head, "pay_other", AuthorityLimit.Unlimited, Yuan(400.01m), "civil_law")).Code.ShouldBe("amount.over_loss");
        Did(deciding, 20, Remedy(2, Head, "pay_other", AuthorityLimit.Unlimited, Yuan(400), "civil_law")).Outcome!.Credit.Minor.ShouldBe(400_00);
        Did(deciding, 20, Step(2, Client, "withdraw")).Outcome!.Outcome.ShouldBe("withdrawn");
    }

    private static ClaimFigures Asked(long worth, long loss) => new() { WorthMinor = worth, LossMinor = loss, Currency = "CNY", Proof = "INV-1" };

    private static CaseState Claim(long? insured)
    {
        var draft = Draft(ClaimKind.Kind, null, 0);
        CaseLife.Open(draft, Client, Id(1000), ClaimCase.Opening(Parcel(), null), "partial", null, weights: null, claim: ClaimRules.Of("partial", Asked(1_000_00, 400_00), insured));
        return draft.State;
    }
}
