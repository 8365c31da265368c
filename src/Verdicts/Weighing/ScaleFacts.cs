using System.Globalization;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Weighing;

/// <summary>The accuracy class of a scale (OIML R 76-1, 3.1).</summary>
public enum AccuracyClass
{
    /// <summary>Special.</summary>
    I = 1,

    /// <summary>High.</summary>
    II = 2,

    /// <summary>Medium: what parcels are weighed on.</summary>
    III = 3,

    /// <summary>Ordinary.</summary>
    IIII = 4,
}

/// <summary>
/// A scale as it is registered: what its limits of error follow from. As opposed to the device session, which says what it shows now.
/// A single-interval scale; a multi-interval one is registered with the interval of its widest range.
/// </summary>
/// <param name="Device">The device's id in the depot.</param>
/// <param name="Serial">The maker's serial number; may be empty where only its limits travelled.</param>
/// <param name="Class">Accuracy class.</param>
/// <param name="Interval">Verification interval e, above zero.</param>
/// <param name="Capacity">Max.</param>
/// <param name="Minimum">Min: below it the indication does not bill.</param>
/// <param name="VerifiedUntil">The last local day on which its verification holds; null = never verified.</param>
public sealed record ScaleFacts(string Device, string Serial, AccuracyClass Class, Mass Interval, Mass Capacity, Mass Minimum, LocalDate? VerifiedUntil)
{
    /// <summary>What is wrong with the registration, in words; null when nothing is.</summary>
    public string? Flaw()
    {
        if (Interval <= Mass.Zero) return "The verification interval e must be above zero.";
        if (Capacity < Interval) return "The capacity Max must be at least one interval.";
        if (Minimum < Mass.Zero || Minimum > Capacity) return "The minimum Min must lie between zero and Max.";
        var (_, _, limit) = Steps;
        return limit is { } intervals && Capacity > Interval * intervals
            ? string.Create(CultureInfo.InvariantCulture, $"A class {Class} scale has at most {intervals} intervals (OIML R 76-1, table 3): {Capacity} is more than {intervals} × {Interval}.")
            : null;
    }

    /// <summary>
    /// The largest error the scale may have in service at that mass: twice the limit of its verification (OIML R 76-1, table 6), so for class III
    /// e up to 500 e, 2 e up to 2,000 e, 3 e above. Exact.
    /// </summary>
    public Mass InServiceError(Mass at)
    {
        var load = at.Abs();
        var (first, second, _) = Steps;
        return load <= Interval * first ? Interval : load <= Interval * second ? Interval * 2 : Interval * 3;
    }

    /// <summary>True when the verification holds on that local day, the last day included.</summary>
    public bool IsVerifiedOn(LocalDate day) => VerifiedUntil is { } until && day <= until;

    /// <summary>The masses up to which the lower two limits of error hold.</summary>
    internal (Mass First, Mass Second) ErrorSteps
    {
        get
        {
            var (first, second, _) = Steps;
            return (Interval * first, Interval * second);
        }
    }

    // OIML R 76-1, table 6 (loads in e) and table 3 (most intervals of a class; class I has no limit).
    private (long First, long Second, long? IntervalsMax) Steps => Class switch
    {
        AccuracyClass.I => (50_000, 200_000, null),
        AccuracyClass.II => (5_000, 20_000, 100_000),
        AccuracyClass.III => (500, 2_000, 10_000),
        AccuracyClass.IIII => (50, 200, 1_000),
        _ => throw new InvariantBrokenException("A scale has one of four accuracy classes.", Class.ToString()),
    };
}
