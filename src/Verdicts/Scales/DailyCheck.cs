using System.Globalization;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Pairing;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Scales;

/// <summary>A scale's daily check: which test weights, and from when on a day nothing is accepted without it.</summary>
/// <param name="TestWeights">One to six nominal masses, ascending, each at least the scale's Min and at most its Max; of class M1 or better their own error is negligible (OIML R 111-1).</param>
/// <param name="By">Local time of day.</param>
public sealed record DailyCheckRule(IReadOnlyList<Mass> TestWeights, LocalTime By)
{
    /// <summary>The most test weights a check may ask for.</summary>
    public const int WeightsMax = 6;

    /// <summary>What is wrong with the rule for that scale, in words; null when nothing is.</summary>
    public string? Flaw(ScaleFacts scale)
    {
        ArgumentNullException.ThrowIfNull(scale);
        if (TestWeights.Count is 0 or > WeightsMax) return string.Create(CultureInfo.InvariantCulture, $"A check uses 1 to {WeightsMax} test weights.");
        for (var i = 0; i < TestWeights.Count; i++)
        {
            if (TestWeights[i] < scale.Minimum || TestWeights[i] <= Mass.Zero || TestWeights[i] > scale.Capacity) return $"A test weight of {TestWeights[i]} lies outside Min {scale.Minimum} to Max {scale.Capacity}.";
            if (i > 0 && TestWeights[i] <= TestWeights[i - 1]) return "Test weights ascend, each once.";
        }
        return null;
    }
}

/// <summary>One test weight as the scale showed it.</summary>
/// <param name="Nominal">What it weighs.</param>
/// <param name="Shown">What the scale showed at rest.</param>
/// <param name="Limit">The in-service error at that mass (OIML R 76-1): the most it may be off.</param>
public sealed record CheckStep(Mass Nominal, Mass Shown, Mass Limit)
{
    /// <summary>Shown less nominal.</summary>
    public Mass Deviation => Shown - Nominal;

    /// <summary>On the limit is within.</summary>
    public bool Passed => Deviation.Abs() <= Limit;

    /// <summary>Within the limit in service, but beyond that of verification, which is half of it: due for adjustment.</summary>
    public bool Drifting => Passed && Deviation.Abs() * 2 > Limit;
}

/// <summary>What the guided check waits for; the words are those of the station's feed.</summary>
public enum CheckPhase
{
    /// <summary>The empty platform at zero.</summary>
    EmptyPlatform = 1,

    /// <summary>The next test weight at rest.</summary>
    PlaceWeight = 2,

    /// <summary>All weights were shown within their limits.</summary>
    Passed = 3,

    /// <summary>At least one was not.</summary>
    Failed = 4,
}

/// <summary>
/// A check under way, step by step: zero, first weight, zero, second weight. Pure: a state and a sample give the next state. A load that is far from the weight asked for
/// is not taken as an answer: somebody placed another one.
/// </summary>
public sealed record GuidedCheck
{
    // Farther off than a fifth is another weight, not an error of the scale: no scale that still settles errs by so much.
    private const int OtherWeightDivisor = 5;

    private GuidedCheck(DailyCheckRule rule, ScaleFacts scale) => (Rule, Scale) = (rule, scale);

    /// <summary>The rule it follows.</summary>
    public DailyCheckRule Rule { get; }

    /// <summary>The scale.</summary>
    public ScaleFacts Scale { get; }

    /// <summary>What it waits for, or how it ended.</summary>
    public CheckPhase Phase { get; private init; } = CheckPhase.EmptyPlatform;

    /// <summary>The weights shown so far.</summary>
    public IReadOnlyList<CheckStep> Steps { get; private init; } = [];

    /// <summary>A load at rest that is not the weight asked for; null when there is none.</summary>
    public Mass? OtherWeight { get; private init; }

    /// <summary>The test weight asked for now; null once the check is over.</summary>
    public Mass? Next => Steps.Count < Rule.TestWeights.Count ? Rule.TestWeights[Steps.Count] : null;

    /// <summary>True once it has ended.</summary>
    public bool IsOver => Phase is CheckPhase.Passed or CheckPhase.Failed;

    /// <summary>Begins a check. The rule must fit the scale.</summary>
    public static GuidedCheck Begin(DailyCheckRule rule, ScaleFacts scale)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Invariant.Holds(rule.Flaw(scale) is null, "a check's weights fit its scale");
        return new GuidedCheck(rule, scale);
    }

    /// <summary>Takes one reading; <paramref name="zeroBand"/> is how far from zero an empty platform may rest.</summary>
    public GuidedCheck Take(SampleKind kind, Mass? mass, Mass zeroBand)
    {
        if (IsOver || kind != SampleKind.Stable || mass is not { } shown) return this;
        if (Phase == CheckPhase.EmptyPlatform) return shown.Abs() <= zeroBand ? this with { Phase = CheckPhase.PlaceWeight, OtherWeight = null } : this;
        if (shown.Abs() <= zeroBand) return this with { OtherWeight = null };
        var nominal = Next!.Value;
        if ((shown - nominal).Abs() * OtherWeightDivisor > nominal) return this with { OtherWeight = shown };
        IReadOnlyList<CheckStep> steps = [.. Steps, new CheckStep(nominal, shown, Scale.InServiceError(nominal))];
        var phase = steps.Count < Rule.TestWeights.Count ? CheckPhase.EmptyPlatform : steps.All(static s => s.Passed) ? CheckPhase.Passed : CheckPhase.Failed;
        return this with { Steps = steps, Phase = phase, OtherWeight = null };
    }
}
