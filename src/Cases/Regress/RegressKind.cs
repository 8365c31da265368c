using System.Collections.Immutable;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Kinds;
using NodaTime;

namespace KeyAccountLogistics.Cases.Regress;

/// <summary>
/// A key account that is slipping (SEED-03-PCR, SEED-03-REGRESS): before, during and after as stages, with the six of handling a crisis (SEED-03-CRISIS) as their steps - foreseen by
/// warnings, answered promptly under a clock, somebody answers for it, the facts come first, the client is told, measures as they are needed. It ends with its cause
/// (SEED-02-LOSS); one that nobody of the carrier's could have helped counts against nobody.
/// </summary>
internal static class RegressKind
{
    internal const string FollowUp = "follow_up";

    private static readonly ImmutableArray<string> Open = ["watch", "incident_room", "facts_stated", "measures", "recovery", "proposed", "following_up"];

    internal static readonly CaseKind Kind = new()
    {
        Name = "regress", Prefix = "R", FirstOwner = "KeyAccountManager",
        Begins = new Beginnings(ByRule: "watch", WithoutSay: "watch", ByCarrier: "watch", ByClient: "watch"),
        ProposedStage = "proposed", DecidedStage = "following_up", ClosedStage = "closed",
        // What was done did not hold.
        ReopenedStage = "measures",
        DecidedIn = ["recovery", "proposed"],
        OpenerMayGiveNothing = true, CarriersOwn = true,
        Steps =
        [
            // Before: watched until somebody acts, or it turns out to be nothing.
            new StepRule("open_room", ["watch"], "incident_room", [Side.Carrier]) { Takes = true },
            new StepRule("unfounded", ["watch"], "closed", [Side.Carrier]) { Words = Words.Noted, ClosesWith = "withdrawn" },
            // During.
            new StepRule("state_facts", ["incident_room"], "facts_stated", [Side.Carrier]) { Words = Words.Noted },
            new StepRule("client_notified", ["facts_stated"], "measures", [Side.Carrier]) { Words = Words.Noted },
            new StepRule("measure", ["measures", "recovery", "following_up"], "", [Side.Carrier]) { Words = Words.Noted },
            // After: what is paid is decided within authority, and followed up on a promised day.
            new StepRule("plan_recovery", ["measures"], "recovery", [Side.Carrier]) { Words = Words.Noted },
            new StepRule("root_cause", Open, "", [Side.Carrier]) { Says = Says.RootCause, Reasons = Causes },
            new StepRule("retained", ["following_up"], "closed", [Side.Carrier]) { Verifies = true, NeedsCause = true, NeedsPromise = FollowUp },
            // An account may be gone at any time.
            new StepRule("lost", Open, "closed", [Side.Carrier]) { ClosesWith = "lost", NeedsCause = true, Words = Words.Noted },
        ],
        Clocks =
        [
            new ClockRule("watch", Side.Carrier, ["watch"], Duration.FromHours(72)),
            new ClockRule("notify", Side.Carrier, ["incident_room", "facts_stated"], Duration.FromHours(24)),
            new ClockRule("plan", Side.Carrier, ["measures"], Duration.FromDays(7)) { PauseReasons = ["waiting_for_client"] },
            new ClockRule("decide", Side.Carrier, ["recovery"], Duration.FromHours(72)) { PauseReasons = ["waiting_for_client"] },
            new ClockRule("confirm", Side.Carrier, ["proposed"], Duration.FromHours(24)),
        ],
        Outcomes =
        [
            new OutcomeRule("no_compensation", Gives.Nothing, Bills.First),
            new OutcomeRule("compensation", Gives.Stated, Bills.First),
            new OutcomeRule("service_upgrade", Gives.Stated, Bills.First) { IsCost = true },
            new OutcomeRule("lost", Gives.Nothing, Bills.First) { ByRuleOnly = true },
            new OutcomeRule("withdrawn", Gives.Nothing, Bills.First) { ByRuleOnly = true },
        ],
        OpenReasons = ["service_falls", "volume_falls", "complaints", "arrears", "no_contact", "rival_offers", "client_said", "other"],
        ReopenReasons = ["happened_again", "new_evidence", "decided_in_error", "other"],
        DecideReasons = ["our_doing", "not_ours", "goodwill", "agreed_with_client", "other"],
        PromiseKinds = [FollowUp, "visit", "call_back", "send_proof", "pay_back", "other"],
        RootCauses = Causes,
        Uncontrollable = ["closed_down", "moved", "influenced"],
    };

    private static ImmutableArray<string> Causes => ["rival_better", "product_unfit", "complaint_unsolved", "neglected", "quality", "closed_down", "moved", "influenced"];
}
