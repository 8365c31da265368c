using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Complaints;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using NodaTime;

namespace KeyAccountLogistics.Cases.Claims;

/// <summary>A claim for a loss: examined, then decided by the rule of the insured value or, where none was agreed, by a person who states the amount (domain.md 4.2, 4.5).</summary>
internal static class ClaimKind
{
    internal static readonly CaseKind Kind = new()
    {
        Name = "claim", Prefix = "L", FirstOwner = "CustomerService",
        Begins = new Beginnings(ByRule: "examining", WithoutSay: "examining", ByCarrier: "examining", ByClient: "examining"),
        ProposedStage = "proposed", ClosedStage = "closed", ReopenedStage = "deciding",
        DecidedIn = ["deciding", "proposed"],
        ClientReopens = true,
        Steps =
        [
            new StepRule("examined", ["examining"], "deciding", [Side.Carrier]),
            new StepRule("withdraw", ["examining", "deciding", "proposed"], "closed", [Side.Client]) { IsClientsWord = true, ClosesWith = "withdrawn" },
        ],
        Clocks =
        [
            new ClockRule("examine", Side.Carrier, ["examining"], Duration.FromHours(72)) { PauseReasons = ["evidence_incomplete", "waiting_for_client"] },
            new ClockRule("decide", Side.Carrier, ["deciding"], Duration.FromHours(72)) { PauseReasons = ["waiting_for_client"] },
            new ClockRule("confirm", Side.Carrier, ["proposed"], Duration.FromHours(24)),
            // The law knows no pause.
            new ClockRule(Punctuality.Statute, Side.Carrier, [], ComplaintKind.Statute),
        ],
        Outcomes =
        [
            new OutcomeRule("pay", Gives.Held, Bills.First) { NeedsKnown = true },
            new OutcomeRule("pay_other", Gives.Stated, Bills.First) { WithinLoss = true },
            new OutcomeRule("refuse", Gives.Nothing, Bills.First),
            new OutcomeRule("withdrawn", Gives.Nothing, Bills.First) { ByRuleOnly = true },
        ],
        OpenReasons = ["total", "partial", "shortage", "damage"],
        ReopenReasons = ["new_evidence", "client_objects", "decided_in_error", "other"],
        DecideReasons = ["evidence_holds", "civil_law", "agreed_with_client", "goodwill", "evidence_fails", "force_majeure", "nature_of_goods", "sender_or_consignee", "not_ours", "other"],
    };
}
