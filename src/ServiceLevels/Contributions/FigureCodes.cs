using System.Collections.Frozen;
using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.ServiceLevels.Sqi;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>Which figures are counted from facts, on which day each. An indicator without facts is not available, with its reason (law 3).</summary>
internal static class FigureCodes
{
    /// <summary>Parcels accepted: on the day of acceptance. No indicator; what thousands are reckoned of.</summary>
    internal const string Parcels = "parcels";

    /// <summary>Insured parcels lost, which caps a grade: on the day of acceptance, as <see cref="Loss"/>.</summary>
    internal const string InsuredLost = "insured_lost";

    /// <summary>On the day of the window's end; of several windows of one order, of the first that was missed.</summary>
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

    /// <summary>On the day a query was asked.</summary>
    internal const string QueryAnswered = "T5";

    /// <summary>Parcels on the day of acceptance, complaints on the day they were opened.</summary>
    internal const string FalseSignOff = "Q6";

    /// <summary>On the day of billing, as the next two.</summary>
    internal const string InvoiceLines = "C1";

    /// <summary>The numerator is what the lines cost above their budget, in minor units, and may be below zero; the denominator the budget.</summary>
    internal const string Overrun = "C2";

    /// <summary>No indicator: what C2's sample counts.</summary>
    internal const string LinesWithBudget = "lines_with_budget";

    /// <summary>In minor units, on the day a remittance is due; as the next.</summary>
    internal const string Remitted = "C3";

    /// <summary>No indicator: what C3's sample counts.</summary>
    internal const string Remittances = "remittances";

    /// <summary>On the day the answer was due.</summary>
    internal const string ComplaintAnswered = "S1";

    /// <summary>On the day by which the statute wants it closed.</summary>
    internal const string ComplaintClosed = "S2";

    /// <summary>On the day it was first closed. One counts a failure.</summary>
    internal const string ComplaintReopened = "S3";

    /// <summary>On the day an obligation was due.</summary>
    internal const string Fulfilled = "S4";

    /// <summary>All scans of a parcel on the day of its acceptance.</summary>
    internal const string Visible = "O1";

    /// <summary>On the day of the exception.</summary>
    internal const string Noticed = "O2";

    /// <summary>On the day an improvement action was due.</summary>
    internal const string Improved = "O3";

    /// <summary>On the day a message was due to go.</summary>
    internal const string Messages = "O4";

    /// <summary>Caps a grade, as <see cref="InsuredLost"/>: on the day of the incident.</summary>
    internal const string PrivacyBreach = "privacy_breach";

    /// <summary>Likewise.</summary>
    internal const string FalseEventsProved = "false_events_proved";

    /// <summary>True for kinds of facts that bring a figure; the others are read by warnings alone.</summary>
    internal static bool Counts(EventKind kind) => FactKey.IsOfService(kind) && kind is not (EventKind.ReceivableStood or EventKind.ClientContact or EventKind.PlanStep);

    /// <summary>Indicators that are counted: the whole catalogue.</summary>
    internal static ImmutableArray<string> Counted { get; } =
    [
        Pickup, Punctual, Within72, EndToEnd, QueryAnswered, Loss, Damage, FirstAttempt, Scans, Weights, FalseSignOff, InvoiceLines, Overrun, Remitted, ComplaintAnswered, ComplaintClosed, ComplaintReopened, Fulfilled,
        Visible, Noticed, Improved, Messages,
    ];

    /// <summary>Components of the index that are counted; late ones on the promised day, the others on the day of the fact.</summary>
    internal static ImmutableArray<string> Components { get; } =
    [
        SqiComponents.RightDayLate, SqiComponents.WrongDayLate, SqiComponents.MissedPickup, SqiComponents.Lost, SqiComponents.Damaged, SqiComponents.MissingPod, SqiComponents.Overgoods, SqiComponents.Traces,
        SqiComponents.ComplaintsReopened, SqiComponents.ComplaintsUnresolved, SqiComponents.InvoiceAdjustment, SqiComponents.LinehaulDelay, SqiComponents.AbandonedCalls,
    ];

    /// <summary>What figures of gates begin with.</summary>
    internal const string Gate = "gate.";

    /// <summary>Steps to a kind of gate in time, of those passed; on the promised day. No indicator: it says where time is lost.</summary>
    internal static string OfGate(string gate) => Gate + gate;

    /// <summary>The kind of gate of a figure; null when it is of none.</summary>
    internal static string? GateOf(string figure) => figure.StartsWith(Gate, StringComparison.Ordinal) ? figure[Gate.Length..] : null;

    /// <summary>Figures that cap a grade; each can be followed to its facts.</summary>
    internal static ImmutableArray<string> KnockOuts { get; } = [InsuredLost, PrivacyBreach, FalseEventsProved];

    /// <summary>False for an indicator of the contract's own, which nothing counts.</summary>
    internal static bool IsCounted(string indicator) => Counted.Contains(indicator, StringComparer.Ordinal);

    /// <summary>True for what has units of its own behind it: the figures that a drill-down may be asked for.</summary>
    internal static bool HasSubjects(string figure) => IsCounted(figure) || Components.Contains(figure, StringComparer.Ordinal) || KnockOuts.Contains(figure, StringComparer.Ordinal) 
        || string.Equals(figure, Parcels, StringComparison.Ordinal) || GateOf(figure) is not null;

    internal static bool IsMissed(Tally tally) => Tallies.OutcomeOf(tally) is TallyOutcome.Missed;

    /// <summary>True where the numerator counts what should not be: one is a failure. Elsewhere a numerator under the denominator is.</summary>
    internal static bool CountsFailures(string figure) => Failing.Contains(figure);

    private static readonly FrozenSet<string> Failing = FrozenSet.Create(StringComparer.Ordinal, [Loss, Damage, FalseSignOff, ComplaintReopened, .. KnockOuts, .. Components]);
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
        { Figure: FigureCodes.EndToEnd or FigureCodes.Parcels or FigureCodes.LinesWithBudget or FigureCodes.Remittances } => TallyOutcome.Met,
        // A line above its budget.
        { Figure: FigureCodes.Overrun } => t.Numerator > 0 ? TallyOutcome.Missed : TallyOutcome.Met,
        _ when FigureCodes.CountsFailures(t.Figure) => t.Numerator > 0 ? TallyOutcome.Missed : TallyOutcome.Met,
        _ => t.Numerator < t.Denominator ? TallyOutcome.Missed : TallyOutcome.Met,
    };
}
