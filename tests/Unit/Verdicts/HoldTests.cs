using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Holds;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

public sealed class HoldTests
{
    [Theory]
    [InlineData(WaybillProblem.Missing, HoldReasons.WaybillMissing)]
    [InlineData(WaybillProblem.DamagedSevere, HoldReasons.WaybillDamaged)]
    public void Seed_03_STUBLOST_and_WBDAMAGED_severe_hold_apart_ask_the_previous_node_and_certify(WaybillProblem problem, string hold)
    {
        WaybillProblems.HoldReason(problem).ShouldBe(hold);
        WaybillProblems.Remedies(problem).ShouldBe([WaybillRemedy.HoldApart, WaybillRemedy.AskPreviousNode, WaybillRemedy.IssueDeliveryCertificate]);
        WaybillProblems.Next(problem, new HashSet<WaybillRemedy>()).ShouldBe(WaybillRemedy.HoldApart);
        WaybillProblems.Next(problem, new HashSet<WaybillRemedy> { WaybillRemedy.HoldApart, WaybillRemedy.IssueDeliveryCertificate }).ShouldBe(WaybillRemedy.AskPreviousNode);
        WaybillProblems.Next(problem, WaybillProblems.Remedies(problem).ToHashSet()).ShouldBeNull();
    }

    [Fact]
    public void Seed_03_WBDAMAGED_slight_is_delivered_normally()
    {
        WaybillProblems.HoldReason(WaybillProblem.DamagedSlight).ShouldBeNull();
        WaybillProblems.Remedies(WaybillProblem.DamagedSlight).ShouldBeEmpty();
        WaybillProblems.Next(WaybillProblem.DamagedSlight, new HashSet<WaybillRemedy>()).ShouldBeNull();
    }

    [Fact]
    public void Seed_03_WBILLEGIBLE_is_looked_up_by_number_and_annotated()
    {
        WaybillProblems.HoldReason(WaybillProblem.Illegible).ShouldBe(HoldReasons.WaybillIllegible);
        WaybillProblems.Remedies(WaybillProblem.Illegible).ShouldBe([WaybillRemedy.HoldApart, WaybillRemedy.LookUpByNumber, WaybillRemedy.AnnotateWaybill]);
    }

    [Theory]
    [InlineData(-5, HoldAge.Fresh)]
    [InlineData(239, HoldAge.Fresh)]
    [InlineData(240, HoldAge.Ageing)]
    [InlineData(1_439, HoldAge.Ageing)]
    [InlineData(1_440, HoldAge.Overdue)]
    public void Seed_03_HOLDAREA_a_hold_ages(int minutes, HoldAge age)
    {
        var since = Instant.FromUtc(2026, 3, 2, 0, 0);
        HoldAgeing.Usual.Of(since, since + Duration.FromMinutes(minutes)).ShouldBe(age);
    }

    [Fact]
    public void Every_reason_has_one_spelling()
    {
        ReasonCode.Of(HandoverRefusalReason.NotScanned).ShouldBe("not_scanned");
        ReasonCode.Of(NoVerdictReason.NoReturnToZero).ShouldBe("no_return_to_zero");
        ReasonCode.Of(HandoverPhase.ConfirmedGiver).ShouldBe("confirmed_giver");
        ReasonCode.Of(WaybillProblem.DamagedSlight).ShouldBe("damaged_slight");
        Should.Throw<ArgumentOutOfRangeException>(() => ReasonCode.Of((HandoverPhase)99));
    }
}
