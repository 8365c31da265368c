using System.Collections.Frozen;
using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.ServiceLevels.Sqi;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>Which figures are counted from facts, and why the others are not: an indicator without facts is not available, with its reason (law 3).</summary>
internal static class FigureCodes
{
    /// <summary>Parcels accepted: on the day of acceptance. No indicator; what thousands are reckoned of.</summary>
    internal const string Parcels = "parcels";

    /// <summary>Insured parcels lost, which caps a grade: on the day of acceptance, as <see cref="Loss"/>.</summary>
    internal const string InsuredLost = "insured_lost";

    /// <summary>On the day of the window's end.</summary>
    internal const string Pickup = "T1";

    /// <summary>On the promised day.</summary>
    internal const string Punctual = "T2";

    /// <summary>On the day of acceptance.</summary>
    internal const string Within72 = "T3";

    /// <summary>On the day of signing. The numerator is microseconds.</summary>
    internal const string EndToEnd = "T4";

    /// <summary>On the day of acceptance.</summary>
    internal const string Loss = "Q1";

    /// <summary>On the day of acceptance.</summary>
    internal const string Damage = "Q2";

    /// <summary>On the promised day, without a promise on the day of the attempt.</summary>
    internal const string FirstAttempt = "Q3";

    /// <summary>On the day of signing.</summary>
    internal const string Scans = "Q4";

    /// <summary>On the day of the first reweighing that counts.</summary>
    internal const string Weights = "Q5";

    /// <summary>True for kinds of facts that bring a figure; the others are read by warnings alone.</summary>
    internal static bool Counts(EventKind kind) => FactKey.IsOfService(kind) && kind is not (EventKind.ReceivableStood or EventKind.ClientContact or EventKind.PlanStep);

    /// <summary>Indicators that are counted.</summary>
    internal static ImmutableArray<string> Counted { get; } = [Pickup, Punctual, Within72, EndToEnd, Loss, Damage, FirstAttempt, Scans, Weights];

    /// <summary>Components of the index that are counted; late ones on the promised day, the others on the day of the fact.</summary>
    internal static ImmutableArray<string> Components { get; } =
    [
        SqiComponents.RightDayLate, SqiComponents.WrongDayLate, SqiComponents.MissedPickup, SqiComponents.Lost, SqiComponents.Damaged, SqiComponents.MissingPod, SqiComponents.Overgoods,
    ];

    /// <summary>Why an indicator of the catalogue has no facts; null for one that is counted.</summary>
    internal static string? WhyNotCounted(string indicator) => Counted.Contains(indicator, StringComparer.Ordinal) ? null : Absent.GetValueOrDefault(indicator, "The contract's own indicator is not counted from facts.");

    /// <summary>True where the numerator counts what should not be: one is a failure. Elsewhere a numerator under the denominator is.</summary>
    internal static bool CountsFailures(string figure) => Failing.Contains(figure);

    private static readonly FrozenSet<string> Failing = FrozenSet.Create(StringComparer.Ordinal, [Loss, Damage, InsuredLost, .. Components]);

    private static readonly FrozenDictionary<string, string> Absent = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["T5"] = "No queries are recorded.",
        ["Q6"] = "Complaints are cases; what they say of a sign-off is not counted here yet.",
        ["C1"] = "No invoices are recorded.",
        ["C2"] = "No invoices are recorded.",
        ["C3"] = "The cash ledger publishes no due dates of remittances.",
        ["S1"] = "Complaints are cases, and are not counted here yet.",
        ["S2"] = "Complaints are cases, and are not counted here yet.",
        ["S3"] = "Complaints are cases, and are not counted here yet.",
        ["S4"] = "Obligations are registered, and are not counted here yet.",
        ["O1"] = "Nothing records when an event was shown to the client.",
        ["O2"] = "No notices to clients are recorded.",
        ["O3"] = "There is no register of improvement actions.",
        ["O4"] = "No webhooks are sent.",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}

/// <summary>What a tally says, in one word. Numbers are stored.</summary>
internal enum TallyOutcome
{
    /// <summary>As it should be.</summary>
    Met = 0,

    /// <summary>Counts as a failure.</summary>
    Missed = 1,

    /// <summary>Left out by two persons' word, or because it cannot be judged.</summary>
    Excluded = 2,

    /// <summary>Not decided yet.</summary>
    Open = 3,
}

internal static class Tallies
{
    internal static TallyOutcome OutcomeOf(Tally t) => t switch
    {
        { LeftOut: true } => TallyOutcome.Excluded,
        { Open: true } => TallyOutcome.Open,
        { Figure: FigureCodes.EndToEnd or FigureCodes.Parcels } => TallyOutcome.Met,
        _ when FigureCodes.CountsFailures(t.Figure) => t.Numerator > 0 ? TallyOutcome.Missed : TallyOutcome.Met,
        _ => t.Numerator < t.Denominator ? TallyOutcome.Missed : TallyOutcome.Met,
    };
}
