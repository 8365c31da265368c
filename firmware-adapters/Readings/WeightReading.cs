using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>What the wire says about rest. <see cref="NotReported"/> is not "moving": such a wire needs <see cref="Stability.StabilityWindow"/>.</summary>
public enum StabilityFlag : byte
{
    /// <summary>The frame carries no such flag.</summary>
    NotReported,

    /// <summary>The device calls the weight stable.</summary>
    Stable,

    /// <summary>The device calls the weight moving.</summary>
    Moving,
}

/// <summary>What kind of answer a frame is. Only <see cref="Ok"/>, <see cref="Zero"/> and <see cref="Negative"/> carry a mass that may be used.</summary>
public enum Condition : byte
{
    /// <summary>A weight above zero.</summary>
    Ok,

    /// <summary>A weight that reads zero.</summary>
    Zero,

    /// <summary>Over capacity, or out of range where the wire has one bit for both.</summary>
    Over,

    /// <summary>Under the weighing range.</summary>
    Under,

    /// <summary>A weight below zero.</summary>
    Negative,

    /// <summary>The device reports an error of its own, or that its value must not be used.</summary>
    Fault,

    /// <summary>The device cannot carry out the command now.</summary>
    NotExecutable,

    /// <summary>A well-formed answer that is no weight: an acknowledgement, a model name, a piece count.</summary>
    Other,
}

/// <summary>What the number stands for.</summary>
public enum Basis : byte
{
    /// <summary>The wire does not say: whatever the indicator shows.</summary>
    Unknown,

    /// <summary>Gross.</summary>
    Gross,

    /// <summary>Net of tare.</summary>
    Net,

    /// <summary>The tare itself, never the load.</summary>
    Tare,
}

/// <summary>
/// One whole, accepted frame of a scale, as opposed to a <see cref="RejectedFrame"/>, which never has a number (law 3). A value of about 200 bytes
/// without references to the decoder: copy it to keep it. Immutable.
/// </summary>
public readonly struct WeightReading
{
    /// <summary>The mass, or null when the frame gives none that may be used (over, under, fault, an acknowledgement, pieces).</summary>
    public Mass? Mass { get; init; }

    /// <summary>The number as sent, with its decimals, in <see cref="Unit"/>; null when the frame has none.</summary>
    public decimal? Number { get; init; }

    /// <summary>The unit as sent, else the unit of the settings; null when neither says.</summary>
    public string? Unit { get; init; }

    /// <summary>What the wire says about rest.</summary>
    public StabilityFlag Stability { get; init; }

    /// <summary>What kind of answer this is.</summary>
    public Condition Condition { get; init; }

    /// <summary>Gross, net, tare or not said.</summary>
    public Basis Basis { get; init; }

    /// <summary>The tare in force, where the frame carries it.</summary>
    public Mass? Tare { get; init; }

    /// <summary>
    /// The smallest step this frame can express: the last digit shown, times the increment where the wire states one. The scale's own d may be
    /// two or five times it; <see cref="Stability.ResolutionLearner"/> finds out.
    /// </summary>
    public Mass? Resolution { get; init; }

    /// <summary>What the frame means in words, for people; a constant, null when there is nothing to add.</summary>
    public string? Note { get; init; }

    /// <summary>The frame as it came.</summary>
    public RawFrame Raw { get; init; }

    /// <summary>True when <see cref="Mass"/> is the load on the platform: not a tare value, not an error, not an acknowledgement.</summary>
    public bool IsLoad => Mass is not null && Basis != Basis.Tare && Condition is (Condition.Ok or Condition.Zero or Condition.Negative);
}
