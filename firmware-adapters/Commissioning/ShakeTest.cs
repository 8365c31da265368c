using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Commissioning;

/// <summary>What shaking the platform says of a scale's stability flag.</summary>
public enum ShakeAnswer
{
    /// <summary>Stable at rest and moving when shaken: believe it.</summary>
    FlagWorks,

    /// <summary>The other way round: the wire's bit has the opposite meaning (SCP-12 for SCP-01).</summary>
    FlagTurned,

    /// <summary>The wire has no flag: stability is computed.</summary>
    NoFlag,

    /// <summary>The flag did not change, although the weight did: do not believe it.</summary>
    FlagStuck,

    /// <summary>The weight did not change while it should have been shaken: nothing is proved.</summary>
    NotShaken,
}

/// <summary>The shake test: the load was left alone, then shaken. Pure.</summary>
public static class ShakeTest
{
    private const int ReadingsMin = 3;

    /// <summary>Judges the readings of both halves. Too few readings in either are <see cref="ShakeAnswer.NotShaken"/>.</summary>
    public static ShakeAnswer Judge(IReadOnlyList<WeightReading> atRest, IReadOnlyList<WeightReading> shaken)
    {
        ArgumentNullException.ThrowIfNull(atRest);
        ArgumentNullException.ThrowIfNull(shaken);
        if (atRest.Count < ReadingsMin || shaken.Count < ReadingsMin) return ShakeAnswer.NotShaken;
        if (atRest.All(static r => r.Stability == StabilityFlag.NotReported) && shaken.All(static r => r.Stability == StabilityFlag.NotReported)) return ShakeAnswer.NoFlag;
        var (stableAtRest, stableShaken) = (Stable(atRest), Stable(shaken));
        if (stableAtRest * 2 > atRest.Count && stableShaken * 2 < shaken.Count) return ShakeAnswer.FlagWorks;
        if (stableAtRest * 2 < atRest.Count && stableShaken * 2 > shaken.Count) return ShakeAnswer.FlagTurned;
        // Some scales send nothing while in motion: fewer readings then, each of them stable. The weights tell whether anybody shook.
        return shaken.Select(static r => r.Mass).Distinct().Count() > 1 || shaken.Any(static r => r.Mass is null) ? ShakeAnswer.FlagStuck : ShakeAnswer.NotShaken;
    }

    private static int Stable(IReadOnlyList<WeightReading> readings) => readings.Count(static r => r.Stability == StabilityFlag.Stable);
}
