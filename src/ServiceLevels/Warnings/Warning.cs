using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.ServiceLevels.Figures;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>The four families of early warning (SEED-04-WARN4), and what else is watched of an account.</summary>
internal enum WarningFamily
{
    /// <summary>欠款预警: what is owed is old, or the credit nearly used.</summary>
    Arrears = 1,

    /// <summary>进度预警: volume or plan behind.</summary>
    Progress = 2,

    /// <summary>费用预警: cost above the budget.</summary>
    Cost = 3,

    /// <summary>变故预警: the account changes.</summary>
    Change = 4,

    /// <summary>A daily figure outside what it usually is.</summary>
    Volatility = 5,

    /// <summary>失误额度预警: what a period may still lose is nearly or wholly lost.</summary>
    Budget = 6,

    /// <summary>Nobody speaks with the client (SEED-02-NEGLECT), or less than before it signed (SEED-01-SCISSORS).</summary>
    Neglect = 7,

    /// <summary>The service quality index outside what it usually is (SEED-00-VOLATILITY).</summary>
    Sqi = 8,

    /// <summary>事前监控预警: so much stands at once that the account may be slipping (SEED-03-PCR).</summary>
    Regress = 9,
}

/// <summary>How pressing a warning is.</summary>
internal enum WarningLevel
{
    /// <summary>Somebody looks at it.</summary>
    Watch = 1,

    /// <summary>Somebody acts.</summary>
    Act = 2,
}

/// <summary>Why a warning stands; pages have the sentence.</summary>
internal enum WarningReason
{
    /// <summary>Money is overdue.</summary>
    Overdue = 1,

    /// <summary>The credit limit is nearly or wholly used.</summary>
    CreditUsed = 2,

    /// <summary>Less volume than the period so far should have.</summary>
    VolumeBehind = 3,

    /// <summary>Steps of a plan are past their day.</summary>
    StepsLate = 4,

    /// <summary>Cost per parcel is above the budget.</summary>
    OverBudget = 5,

    /// <summary>Contact, owner or address changed, and nobody said that he took note.</summary>
    AccountChanged = 6,

    /// <summary>Volume changed against the weeks before.</summary>
    VolumeChanged = 7,

    /// <summary>The day's figure lies above mean + 3σ.</summary>
    AboveUsual = 8,

    /// <summary>The day's figure lies below mean − 3σ.</summary>
    BelowUsual = 9,

    /// <summary>More was lost than the target allows.</summary>
    BudgetOverspent = 10,

    /// <summary>At this week's pace it is gone before the period ends.</summary>
    BudgetGoing = 11,

    /// <summary>The last hours lost so much that the budget will not last: somebody looks now.</summary>
    FastBurn = 12,

    /// <summary>The last week lost more than the budget bears.</summary>
    SlowBurn = 13,

    /// <summary>Nobody spoke with the client for longer than its class allows.</summary>
    NotContacted = 14,

    /// <summary>Since it is live the client is spoken with less than before it signed.</summary>
    ContactFell = 15,

    /// <summary>The day's index lies above mean + 3σ: more goes wrong than usual.</summary>
    IndexAbove = 16,

    /// <summary>The day's index lies below mean − 3σ: better than usual, or not everything is told.</summary>
    IndexBelow = 17,

    /// <summary>What stands weighs so much together that the account may be slipping.</summary>
    RegressRisk = 18,

    /// <summary>Something happened this month that caps its grade: whoever answers for the account acts at once (domain.md 3.3).</summary>
    KnockOut = 19,
}

/// <summary>One figure of the evidence.</summary>
/// <param name="Name">A fixed word: <c>overdue_minor</c>.</param>
/// <param name="Value">The figure, to 6 decimals where it is a quotient; what was decided was decided exactly.</param>
/// <param name="Word">In its place where the evidence is no figure: a currency, a day, <c>not_known</c>.</param>
internal readonly record struct WarningFigure(string Name, decimal Value, string? Word = null)
{
    internal static WarningFigure Of(string name, Fraction value) => new(name, value.Round(6));

    internal static WarningFigure Said(string name, string word) => new(name, 0, word);

    internal string Text => Word ?? Value.ToString("0.######", CultureInfo.InvariantCulture);
}

/// <summary>What a rule says of the figures of one day. Three answers, since not knowing is neither.</summary>
internal abstract record WarningAnswer(WarningFamily Family)
{
    /// <summary>The cause is there.</summary>
    internal sealed record Raised(WarningFamily Family, WarningReason Reason, WarningLevel Level, ImmutableArray<WarningFigure> Evidence, ImmutableArray<string> Subjects) : WarningAnswer(Family);

    /// <summary>The cause is not there.</summary>
    internal sealed record Clear(WarningFamily Family, ImmutableArray<WarningFigure> Evidence) : WarningAnswer(Family);

    /// <summary>The figures do not say; <paramref name="Missing"/> names what they lack.</summary>
    internal sealed record Unknown(WarningFamily Family, string Missing) : WarningAnswer(Family);
}

/// <summary>A warning as it stands: since when, and what shows it now.</summary>
/// <param name="Since">The day it was first raised.</param>
/// <param name="Latest">The latest answer that raised it.</param>
/// <param name="LatestOn">The day of that.</param>
/// <param name="ClosedOn">The day its cause was found gone; null while it stands.</param>
internal sealed record StandingWarning(LocalDate Since, WarningAnswer.Raised Latest, LocalDate LatestOn, LocalDate? ClosedOn)
{
    internal bool Stands => ClosedOn is null;

    /// <summary>
    /// What becomes of a rule's warning by the next day's answer: it opens, goes on with new evidence, or closes by itself because the cause is gone. Figures that do not say
    /// leave it as it is: an absent figure is no cure.
    /// </summary>
    internal static StandingWarning? Next(StandingWarning? before, WarningAnswer answer, LocalDate day) => answer switch
    {
        WarningAnswer.Raised raised when before is { Stands: true } => before with { Latest = raised, LatestOn = day },
        WarningAnswer.Raised raised => new(day, raised, day, null),
        WarningAnswer.Clear when before is { Stands: true } => before with { ClosedOn = day },
        _ => before,
    };
}
