using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Scales;

namespace KeyAccountLogistics.Verdicts.Weighing;

/// <summary>What the scale said beside the number.</summary>
public enum ReadingCondition
{
    /// <summary>A weight within the scale's range.</summary>
    Ok = 1,

    /// <summary>The scale shows over-load.</summary>
    Over = 2,

    /// <summary>The scale shows less than its zero.</summary>
    Negative = 3,

    /// <summary>A container's tare was due and has not been taken.</summary>
    NotTared = 4,
}

/// <summary>
/// One weight offered for judgement: what a scale showed, or what a person typed. As opposed to the frames it came in, which the capture keeps.
/// </summary>
public sealed record WeighReading
{
    private WeighReading()
    {
    }

    /// <summary>The mass; null when the scale gave none (over-load, motion without digits).</summary>
    public Mass? Measured { get; private init; }

    /// <summary>The scale; null when the weight was typed.</summary>
    public ScaleFacts? Scale { get; private init; }

    /// <summary>True once the load is in equilibrium, by the wire or computed.</summary>
    public bool Stable { get; private init; }

    /// <summary>True when the scale has shown zero since the last parcel.</summary>
    public bool ReturnedToZero { get; private init; }

    /// <summary>What the scale said beside the number.</summary>
    public ReadingCondition Condition { get; private init; }

    /// <summary>Whether the scale is believed today.</summary>
    public ScaleStanding Standing { get; private init; } = ScaleStanding.Trusted;

    /// <summary>True for a weight typed by a person: no scale took part, and it says so for ever.</summary>
    public bool Typed => Scale is null;

    /// <summary>A weight typed by hand.</summary>
    public static WeighReading ByHand(Mass typed) =>
        new() { Measured = typed, Stable = true, ReturnedToZero = true, Condition = ReadingCondition.Ok };

    /// <summary>A weight shown by a scale.</summary>
    public static WeighReading FromScale(
        ScaleFacts scale, Mass? measured, bool stable, bool returnedToZero, ReadingCondition condition = ReadingCondition.Ok, ScaleStanding standing = ScaleStanding.Trusted)
    {
        ArgumentNullException.ThrowIfNull(scale);
        return new() { Scale = scale, Measured = measured, Stable = stable, ReturnedToZero = returnedToZero, Condition = condition, Standing = standing };
    }
}

/// <summary>A weight already known of a parcel.</summary>
/// <param name="Mass">The weight.</param>
/// <param name="Scale">The scale it was read on; null when it was typed or declared.</param>
public sealed record KnownWeight(Mass Mass, ScaleFacts? Scale)
{
    /// <summary>The in-service error of its scale at that mass; zero for a typed weight.</summary>
    public Mass Error => Scale?.InServiceError(Mass) ?? Mass.Zero;
}

/// <summary>What is known of a parcel before it is weighed now, as opposed to its whole life.</summary>
/// <param name="Service">The service (product) ordered: picks the chargeable-weight clause.</param>
/// <param name="Origin">Place code of the origin; empty when unknown.</param>
/// <param name="Destination">Place code of the destination; empty when unknown.</param>
/// <param name="Declared">The weight the client declared; null when none.</param>
/// <param name="HandedOn">The weight at which the last custodian handed it on; null before the first custodian's weighing.</param>
/// <param name="Sides">The parcel's sides; null when unknown.</param>
public sealed record WeightChain(string Service, string Origin, string Destination, KnownWeight? Declared, KnownWeight? HandedOn, Dimensions? Sides);
