using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Pairing;

/// <summary>How scans and weights of one station are paired.</summary>
public sealed record PairingOptions
{
    /// <summary>A scan counts for a load that is placed at most this long after it.</summary>
    public Duration ScanBefore { get; init; } = Duration.FromSeconds(10);

    /// <summary>A scan counts for a load that came to rest at most this long before it; a load not scanned by then must be taken off.</summary>
    public Duration ScanAfter { get; init; } = Duration.FromSeconds(15);

    /// <summary>The same code again within this time is the same act of the scanner, also across a return to zero.</summary>
    public Duration Duplicate { get; init; } = Duration.FromSeconds(1);

    /// <summary>A stable indication no further than this from zero is zero; half an interval of the scale is usual.</summary>
    public required Mass ZeroBand { get; init; }

    /// <summary>The least that counts as a load, and the least by which an indication at rest must differ to be another load; two intervals are usual.</summary>
    public required Mass StepMin { get; init; }

    /// <summary>Most different codes kept for one load (law 10).</summary>
    public int CandidatesMax { get; init; } = 8;

    /// <summary>The usual bands of a scale with that interval.</summary>
    public static PairingOptions For(Mass interval) => new() { ZeroBand = Mass.FromMilligrams(interval.Milligrams / 2), StepMin = interval * 2 };
}
