using System.Collections.Frozen;
using System.Collections.Immutable;
using KeyAccountLogistics.Api.Cases.V1;
using NodaTime;

namespace KeyAccountLogistics.Cases.Kinds;

/// <summary>The kinds there are. A kind is added here, and where something opens it.</summary>
internal static class CaseKinds
{
    /// <summary>A weight that differs (domain.md SEED-03-REWEIGH, users.md "Weight dispute").</summary>
    internal static readonly CaseKind Weight = new()
    {
        Name = "weight", Prefix = "W", FirstOwner = "KeyAccountManager",
        Begins = new Beginnings(ByRule: "evidence", WithoutSay: "deciding", ByCarrier: "evidence", ByClient: "deciding"),
        ProposedStage = "proposed", ClosedStage = "closed", ReopenedStage = "deciding",
        DecidedIn = ["deciding", "proposed"],
        Steps =
        [
            new StepRule("shown", ["evidence"], "answer", [Side.Carrier, Side.Client]) { Shows = true },
            new StepRule("accept", ["evidence", "answer"], "closed", [Side.Client]) { IsAnswer = true, ClosesWith = "take_new" },
            new StepRule("dispute", ["evidence", "answer"], "deciding", [Side.Client])
            {
                IsAnswer = true, Reasons = ["declared_is_right", "scale_in_doubt", "other_parcel", "packaging", "opened_on_the_way", "other"],
            },
            new StepRule("silence_accepts", ["answer"], "closed", [Side.Product]) { ClosesWith = "take_new" },
            new StepRule("silence_decides", ["answer"], "deciding", [Side.Product]),
        ],
        Clocks =
        [
            // Nothing counts as shown by itself, so somebody must see to it.
            new ClockRule("show", Side.Carrier, ["evidence"], Duration.FromHours(24)),
            new ClockRule("answer", Side.Client, ["answer"], null)
            {
                PauseReasons = ["evidence_incomplete", "client_asked", "public_holiday", "force_majeure"],
                OnDue = new Dictionary<string, string>(StringComparer.Ordinal) { ["auto_accept"] = "silence_accepts", ["decide"] = "silence_decides" }.ToImmutableDictionary(StringComparer.Ordinal),
                OnDueInDoubt = "silence_decides",
            },
            new ClockRule("decide", Side.Carrier, ["deciding"], Duration.FromHours(72)) { PauseReasons = ["reweighing", "waiting_for_client", "scale_being_checked"] },
            new ClockRule("confirm", Side.Carrier, ["proposed"], Duration.FromHours(24)),
        ],
        Outcomes =
        [
            new OutcomeRule("keep_first", Gives.Held, Bills.First) { Early = true },
            new OutcomeRule("take_new", Gives.Nothing, Bills.New),
            new OutcomeRule("credit", Gives.Stated, Bills.New),
            new OutcomeRule("re_rate", Gives.Difference, Bills.Stated),
            new OutcomeRule("withdrawn", Gives.Nothing, Bills.First) { ByRuleOnly = true },
        ],
        OpenReasons = ["weight_wrong", "charge_wrong", "scale_in_doubt", "other"],
        ReopenReasons = ["new_evidence", "client_objects", "decided_in_error", "other"],
        DecideReasons = ["evidence_holds", "evidence_fails", "scale_in_doubt", "goodwill", "agreed_with_client", "other"],
    };

    /// <summary>Cash that was counted and was not what the ledger said (domain.md 4.5): a courier's in the evening, or a deposit at the bank.</summary>
    internal static readonly CaseKind Cash = new()
    {
        Name = "cash", Prefix = "C", FirstOwner = "Finance",
        Begins = new Beginnings(ByRule: "explaining", WithoutSay: "explaining", ByCarrier: "explaining", ByClient: "explaining"),
        ProposedStage = "proposed", ClosedStage = "closed", ReopenedStage = "deciding",
        DecidedIn = ["deciding", "proposed"],
        Steps =
        [
            new StepRule("explained", ["explaining"], "deciding", [Side.Carrier]),
            new StepRule("not_explained", ["explaining"], "deciding", [Side.Product]),
        ],
        Clocks =
        [
            new ClockRule("explain", Side.Carrier, ["explaining"], Duration.FromHours(24))
            {
                PauseReasons = ["courier_absent", "waiting_for_bank"],
                OnDue = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "not_explained" }.ToImmutableDictionary(StringComparer.Ordinal),
            },
            new ClockRule("decide", Side.Carrier, ["deciding"], Duration.FromHours(72)) { PauseReasons = ["waiting_for_bank"] },
            new ClockRule("confirm", Side.Carrier, ["proposed"], Duration.FromHours(24)),
        ],
        Outcomes =
        [
            new OutcomeRule("made_good", Gives.Nothing, Bills.First),
            new OutcomeRule("borne", Gives.Held, Bills.First),
            new OutcomeRule("withdrawn", Gives.Nothing, Bills.First) { ByRuleOnly = true },
        ],
        OpenReasons = [],
        ReopenReasons = ["new_evidence", "decided_in_error", "other"],
        DecideReasons = ["counted_wrong", "wrong_change", "forgotten", "lost", "theft", "goodwill", "other"],
    };

    private static readonly FrozenDictionary<string, CaseKind> ByName = new[] { Weight, Cash, Complaints.ComplaintKind.Kind, Claims.ClaimKind.Kind, Regress.RegressKind.Kind }.ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);

    /// <summary>Every kind, by name.</summary>
    internal static IEnumerable<CaseKind> All => ByName.Values.OrderBy(k => k.Name, StringComparer.Ordinal);

    internal static CaseKind? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The kind of a stored case; one that this program does not know belongs to a newer one.</summary>
    internal static CaseKind Of(string name) => Find(name) ?? throw new Kernel.InvariantBrokenException("a stored case is of a kind that this program knows", name);
}
