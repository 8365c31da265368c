using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Weighing;
using Wire = KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Unit.Verdicts;

// Mapping to kal.custody.v1 is a cast: the numbers and names are the same, and nothing on the wire lacks a counterpart here.
public sealed class EnumsMatchTheWireTests
{
    [Fact] public void Billing_answers() => Match<BillingAnswer, Wire.BillingAnswer>();

    [Fact] public void Integrity_answers() => Match<IntegrityAnswer, Wire.IntegrityAnswer>();

    [Fact] public void No_verdict_reasons() => Match<NoVerdictReason, Wire.NoVerdictReason>();

    [Fact] public void Party_kinds() => Match<PartyKind, Wire.PartyKind>();

    [Fact] public void Handover_kinds() => Match<HandoverKind, Wire.HandoverKind>();

    [Fact] public void Line_results() => Match<LineResult, Wire.LineResult>();

    [Fact] public void Sides() => Match<Side, Wire.Side>();

    [Fact] public void Confirmation_methods() => Match<ConfirmationMethod, Wire.ConfirmationMethod>();

    [Fact]
    public void Custody_moves_are_event_kinds()
    {
        foreach (var kind in Enum.GetValues<CustodyMoveKind>()) ((Wire.EventKind)(int)kind).ToString().ShouldBe(kind.ToString());
    }

    private static void Match<TOurs, TWire>()
        where TOurs : struct, Enum
        where TWire : struct, Enum =>
        Enum.GetValues<TOurs>().Select(v => (Convert.ToInt32(v), v.ToString()))
            .ShouldBe(Enum.GetValues<TWire>().Select(v => (Convert.ToInt32(v), v.ToString())).Where(v => v.Item1 != 0));
}
