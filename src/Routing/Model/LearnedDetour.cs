namespace KeyAccountLogistics.Routing.Model;

/// <summary>A leg that was driven.</summary>
/// <param name="Area">Where it was driven, in the caller's names.</param>
/// <param name="StraightMetres">Metres of the great circle between its ends.</param>
/// <param name="DrivenMetres">Metres on the odometer or of the track.</param>
public readonly record struct DrivenLeg(string Area, double StraightMetres, double DrivenMetres);

/// <summary>
/// How much longer the roads are than the straight line, learned for each area from driven legs: the sum of driven metres by the sum of straight ones, so that long legs, which are measured better, count more.
/// An area's factor is drawn towards the overall one the fewer legs it has, and that one towards what was given. Immutable; the same legs in the same order give the same factors.
/// </summary>
public sealed class LearnedDetour
{
    /// <summary>Least factor: nobody drives shorter than straight.</summary>
    public const double FactorMin = 1;

    /// <summary>Greatest factor.</summary>
    public const double FactorMax = 3;

    // Shorter legs are mostly the way round a building and the error of the positions.
    private const double StraightMin = 100;

    // Half the way round the Earth: what is longer was not measured.
    private const double StraightMax = 20_100_000;

    // What is longer was a round over other places, what is shorter than straight is a wrong position.
    private const double RatioMax = 5;

    // With as many legs a ratio weighs as much as what it is drawn towards.
    private const double LegsOfOverall = 20;

    private readonly Dictionary<string, double> _factors = new(StringComparer.Ordinal);

    private LearnedDetour(double overall) => Overall = overall;

    /// <summary>Factor of all areas together, and of any area no leg was driven in.</summary>
    public double Overall { get; }

    /// <summary>Learns. Legs of less than 100 straight metres, and those driven shorter than straight or more than five times as long, are left out; so is what is not a number.</summary>
    /// <param name="legs">Legs that were driven.</param>
    /// <param name="otherwise">Overall factor if no leg can be used, and what few legs are drawn towards; 1 to 3.</param>
    /// <exception cref="ProblemException"><paramref name="otherwise"/> is out of range.</exception>
    public static LearnedDetour From(IEnumerable<DrivenLeg> legs, double otherwise = 1.3)
    {
        ArgumentNullException.ThrowIfNull(legs);
        if (otherwise is not (>= FactorMin and <= FactorMax)) throw new ProblemException($"The detour factor is {otherwise}; it lies between {FactorMin} and {FactorMax}.");
        var areas = new Dictionary<string, (long Legs, double Straight, double Driven)>(StringComparer.Ordinal);
        var (straight, driven, usable) = (0.0, 0.0, 0L);
        foreach (var leg in legs.Where(IsUsable))
        {
            var sum = areas.GetValueOrDefault(leg.Area);
            areas[leg.Area] = (sum.Legs + 1, sum.Straight + leg.StraightMetres, sum.Driven + leg.DrivenMetres);
            (straight, driven, usable) = (straight + leg.StraightMetres, driven + leg.DrivenMetres, usable + 1);
        }
        var learned = new LearnedDetour(straight > 0 ? Math.Clamp(((usable * (driven / straight)) + (LegsOfOverall * otherwise)) / (usable + LegsOfOverall), FactorMin, FactorMax) : otherwise);
        foreach (var (area, sum) in areas)
        {
            var factor = ((sum.Legs * (sum.Driven / sum.Straight)) + (LegsOfOverall * learned.Overall)) / (sum.Legs + LegsOfOverall);
            learned._factors[area] = Math.Clamp(factor, FactorMin, FactorMax);
        }
        return learned;
    }

    /// <summary>Factor of an area, 1 to 3; null or an area no leg was driven in: the overall one.</summary>
    public double Of(string? area) => area is not null && _factors.TryGetValue(area, out var factor) ? factor : Overall;

    // Said so that what is not a number fails.
    private static bool IsUsable(DrivenLeg leg) =>
        leg.StraightMetres is >= StraightMin and <= StraightMax && leg.DrivenMetres >= leg.StraightMetres && leg.DrivenMetres <= RatioMax * leg.StraightMetres;
}
