using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Stability;

/// <summary>Where the platform stands in the cycle empty, loaded, weighed, empty.</summary>
public enum LoadPhase : byte
{
    /// <summary>No zero was seen since the start or the line's return: what stands there may have stood there before.</summary>
    AwaitingZero,

    /// <summary>Zero was seen; nothing is on the platform.</summary>
    Empty,

    /// <summary>The load left zero and has not been weighed: a stable weight now belongs to this load.</summary>
    Loaded,

    /// <summary>This load has been weighed; nothing more is accepted until zero is seen.</summary>
    Weighed,
}

/// <summary>
/// Freshness of a weight: it counts only for a load that was seen to leave zero since the parcel before, so that an old weight, a repeated frame or a
/// second parcel put beside the first is never taken for a new parcel's. Pure. One per scale; not thread-safe.
/// </summary>
public sealed class ReturnToZero
{
    private const int ZerosMin = 2;
    private const int PlateauSteps = 3;
    private readonly int _zeroSteps;
    private int _zeros;
    private Mass? _plateau;

    /// <summary>A tracker that takes up to <paramref name="zeroSteps"/> scale steps (d) either side for zero.</summary>
    public ReturnToZero(int zeroSteps = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(zeroSteps);
        _zeroSteps = zeroSteps;
    }

    /// <summary>The phase.</summary>
    public LoadPhase Phase { get; private set; } = LoadPhase.AwaitingZero;

    /// <summary>Counts loads: goes up each time the load leaves zero.</summary>
    public long Cycle { get; private set; }

    /// <summary>How many different stable weights this load has shown: more than one means that something was put beside it, or part of it taken off.</summary>
    public int Plateaus { get; private set; }

    /// <summary>
    /// Takes the next reading with its stability (given or computed) and the scale's d. Two zeros in a row are a zero; what is no load changes nothing.
    /// </summary>
    public LoadPhase Add(in WeightReading reading, StabilityFlag stability, Mass resolution)
    {
        if (!reading.IsLoad) return Phase;
        var mass = reading.Mass!.Value;
        if (mass.Abs() <= resolution * _zeroSteps)
        {
            if (++_zeros >= ZerosMin) Phase = LoadPhase.Empty;
            return Phase;
        }
        _zeros = 0;
        if (Phase == LoadPhase.Empty && mass > Mass.Zero)
        {
            Phase = LoadPhase.Loaded;
            Cycle++;
            Plateaus = 0;
            _plateau = null;
        }
        if (stability == StabilityFlag.Stable && (_plateau is not { } before || (mass - before).Abs() > resolution * PlateauSteps))
        {
            _plateau = mass;
            Plateaus++;
        }
        return Phase;
    }

    /// <summary>The weight of the present load was taken for a parcel; the next one needs a zero first. Only in phase <see cref="LoadPhase.Loaded"/>.</summary>
    public void MarkWeighed()
    {
        Invariant.Holds(Phase == LoadPhase.Loaded, "only a fresh load is weighed");
        Phase = LoadPhase.Weighed;
    }

    /// <summary>The line was lost: what happened on the platform meanwhile is not known.</summary>
    public void Reset()
    {
        Phase = LoadPhase.AwaitingZero;
        _zeros = 0;
        _plateau = null;
    }
}
