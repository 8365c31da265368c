using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Stability;

/// <summary>
/// Finds a scale's step d from its stream: the last digit shown, or two or five times it once a dozen different loads were all such multiples. A
/// value that contradicts lowers it at once, because too large a d would call a moving load stable. Not thread-safe.
/// </summary>
public sealed class ResolutionLearner
{
    private const int DistinctMin = 12;
    private readonly HashSet<long> _distinct = new(DistinctMin);
    private Mass? _digit;
    private bool _twos = true;
    private bool _fives = true;

    /// <summary>The step as known so far, or null before the first load with a resolution.</summary>
    public Mass? Current => _digit is { } digit ? digit * Factor : null;

    private long Factor => _distinct.Count < DistinctMin ? 1 : (_twos, _fives) switch { (true, true) => 10, (_, true) => 5, (true, _) => 2, _ => 1 };

    /// <summary>Takes the next reading; one that is no load, or zero, teaches nothing.</summary>
    public void Add(in WeightReading reading)
    {
        if (!reading.IsLoad || reading.Resolution is not { Milligrams: > 0 } digit) return;
        if (_digit != digit) Restart(digit);
        var steps = reading.Mass!.Value.Milligrams / digit.Milligrams;
        if (steps == 0) return;
        if (_distinct.Count < DistinctMin) _distinct.Add(steps);
        _twos &= steps % 2 == 0;
        _fives &= steps % 5 == 0;
    }

    private void Restart(Mass digit)
    {
        _digit = digit;
        _distinct.Clear();
        _twos = _fives = true;
    }
}
