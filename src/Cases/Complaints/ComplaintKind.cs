using System.Collections.Immutable;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using NodaTime;

namespace KeyAccountLogistics.Cases.Complaints;

/// <summary>
/// A complaint: the seven steps in their order (SEED-04-STEP7), three clocks (domain.md 4.3), remedies within authority (SEED-04-FIVE), and for serious ones a root cause and a
/// corrective action (SEED-04-UNHAPPY, SEED-04-WANT8). A client's objection to a line of its scorecard is one too.
/// </summary>
internal static class ComplaintKind
{
    /// <summary>SEED-04-TL1224, in the contract's home region.</summary>
    internal static readonly Duration FirstAnswerAtHome = Duration.FromHours(12);

    /// <summary>The same elsewhere.</summary>
    internal static readonly Duration FirstAnswerElsewhere = Duration.FromHours(24);

    /// <summary>Interim Regulation, article 29.</summary>
    internal static readonly Duration Statute = Duration.FromDays(7);

    /// <summary>Serious by what they are about.</summary>
    internal static readonly ImmutableArray<string> SeriousAbout = ["loss", "damage"];

    /// <summary>What can only be said of a parcel (Market Measures, art. 28: signed for by nobody who was asked, left where nobody agreed to); of each, upheld, Q6 counts one.</summary>
    internal static readonly ImmutableArray<string> AboutAParcel = ["false_sign_off", "unauthorised_drop"];

    /// <summary>How one reaches the carrier's people, who write it down (SEED-03-COMPCH).</summary>
    internal static readonly ImmutableArray<string> TakenBy = ["phone", "mail", "meeting"];

    private static readonly ImmutableArray<string> Open = ["received", "acknowledged", "heard", "expectation_set", "needs_confirmed", "options_offered", "proposed", "acting"];

    internal static readonly CaseKind Kind = new()
    {
        Name = "complaint", Prefix = "P", FirstOwner = "CustomerService",
        Begins = new Beginnings(ByRule: "received", WithoutSay: "received", ByCarrier: "received", ByClient: "received"),
        ProposedStage = "proposed", DecidedStage = "acting", ClosedStage = "closed",
        // Heard again: what was offered before did not do.
        ReopenedStage = "acknowledged",
        DecidedIn = ["options_offered", "proposed"],
        OpenerMayGiveNothing = true, ClientReopens = true,
        Steps =
        [
            new StepRule("acknowledge", ["received"], "acknowledged", [Side.Carrier]) { Words = Words.Shared },
            new StepRule("hear", ["acknowledged"], "heard", [Side.Carrier]),
            new StepRule("set_expectation", ["heard"], "expectation_set", [Side.Carrier]),
            new StepRule("confirm_needs", ["expectation_set"], "needs_confirmed", [Side.Carrier]),
            new StepRule("offer_options", ["needs_confirmed"], "options_offered", [Side.Carrier]),
            new StepRule("verify", ["acting"], "closed", [Side.Carrier]) { Verifies = true },
            new StepRule("not_satisfied", ["acting"], "options_offered", [Side.Carrier, Side.Client]) { IsClientsWord = true, Words = Words.Noted },
            new StepRule("root_cause", Open, "", [Side.Carrier]) { Says = Says.RootCause, Reasons = Causes },
            new StepRule("corrective_action", Open, "", [Side.Carrier]) { Says = Says.Corrective, Words = Words.Noted },
            new StepRule("mark_serious", Open, "", [Side.Carrier]) { Says = Says.Serious, Words = Words.Noted },
            new StepRule("appealed", Open, "", [Side.Carrier, Side.Client]) { IsClientsWord = true, Begins = "appeal" },
            new StepRule("appeal_answered", Open, "", [Side.Carrier]) { Ends = "appeal", Words = Words.Noted },
            new StepRule("withdraw", Open, "closed", [Side.Client]) { IsClientsWord = true, ClosesWith = "withdrawn" },
        ],
        Clocks =
        [
            new ClockRule(Punctuality.FirstAnswer, Side.Carrier, ["received"], null) { IsFirstAnswer = true },
            new ClockRule(Punctuality.Statute, Side.Carrier, [], Statute),
            new ClockRule("confirm", Side.Carrier, ["proposed"], Duration.FromHours(24)),
            // The authority's time (Postal Law, art. 65); what it allows the carrier for a forwarded appeal is said in the letter, so the day may be given.
            new ClockRule("appeal", Side.Carrier, [], Duration.FromDays(30)) { OnCall = true },
        ],
        Outcomes =
        [
            new OutcomeRule("apology", Gives.Nothing, Bills.First),
            new OutcomeRule("refund_freight", Gives.Stated, Bills.First),
            new OutcomeRule("compensation", Gives.Stated, Bills.First),
            new OutcomeRule("reship", Gives.Stated, Bills.First) { IsCost = true },
            new OutcomeRule("service_upgrade", Gives.Stated, Bills.First) { IsCost = true },
            new OutcomeRule("withdrawn", Gives.Nothing, Bills.First) { ByRuleOnly = true },
        ],
        // What it is about is why it is opened.
        OpenReasons = ["delay", "loss", "damage", "shortage", "delivery", "false_sign_off", "unauthorised_drop", "staff", "billing", "scorecard", "other"],
        ReopenReasons = ["not_satisfied", "promise_not_kept", "happened_again", "appealed", "new_evidence", "decided_in_error", "other"],
        DecideReasons = ["upheld", "partly_upheld", "not_upheld", "goodwill", "agreed_with_client", "other"],
        PromiseKinds = ["call_back", "send_proof", "deliver", "collect", "pay_back", "other"],
        RootCauses = Causes,
    };

    // SEED-04-UNHAPPY names the first five; the rest are what its dots stand for in the carrier's own words.
    private static ImmutableArray<string> Causes =>
        ["promise_not_kept", "contradictory_answers", "ignored", "prior_anger", "untrained_staff", "expectation_not_met", "discourtesy", "work_done_wrong"];
}
