namespace KeyAccountLogistics.Routing.Model;

/// <summary>Distance and time from every place to every other, as whole numbers of the caller's units, 0 to <see cref="ProblemLimits.LegMax"/>. Immutable.</summary>
public sealed class TravelMatrix
{
    /// <summary>Distance and time of a leg that cannot be driven: longer than any shift below 2^30 units of time, which are 34 years of seconds.</summary>
    public const int Forbidden = ProblemLimits.LegMax;

    private const double EarthRadiusMetres = 6_371_008.8;

    private readonly int[] _distances;
    private readonly int[] _times;

    private TravelMatrix(int places, int[] distances, int[] times)
    {
        Places = places;
        _distances = distances;
        _times = times;
    }

    /// <summary>Number of places.</summary>
    public int Places { get; }

    /// <summary>Distance and time are one and the same number everywhere.</summary>
    internal bool TimesAreDistances => ReferenceEquals(_distances, _times);

    /// <summary>Distance of the leg in the caller's unit.</summary>
    public int Distance(int from, int to) => _distances[(from * Places) + to];

    /// <summary>Time of the leg in the caller's unit.</summary>
    public int Time(int from, int to) => _times[(from * Places) + to];

    /// <summary>From matrices in row order, place by place. The arrays are taken over: do not change them.</summary>
    /// <exception cref="ProblemException">A matrix is not places squared, or a leg is out of range.</exception>
    public static TravelMatrix Of(int places, int[] distances, int[] times)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(times);
        if (places is < 0 or > ProblemLimits.PlacesMax) throw new ProblemException($"There are {places} places; 0 to {ProblemLimits.PlacesMax} can be planned.");
        Check("distances", places, distances);
        if (!ReferenceEquals(distances, times)) Check("times", places, times);
        return new TravelMatrix(places, distances, times);
    }

    /// <summary>Both from a function over places, for example of planar distance.</summary>
    /// <exception cref="ProblemException">A leg is out of range.</exception>
    public static TravelMatrix From(int places, Func<int, int, int> leg)
    {
        ArgumentNullException.ThrowIfNull(leg);
        if (places is < 0 or > ProblemLimits.PlacesMax) throw new ProblemException($"There are {places} places; 0 to {ProblemLimits.PlacesMax} can be planned.");
        var legs = new int[places * places];
        for (var from = 0; from < places; from++)
        {
            for (var to = 0; to < places; to++) legs[(from * places) + to] = from == to ? 0 : leg(from, to);
        }
        return Of(places, legs, legs);
    }

    /// <summary>
    /// Metres and seconds from coordinates: great circle (haversine on the mean sphere of IUGG, 6,371,008.8 m) times a detour factor, at one speed.
    /// </summary>
    /// <param name="places">Longitude and latitude in degrees.</param>
    /// <param name="detour">Driven metres by straight ones, 1 to 10; usually 1.2 to 1.5 in towns.</param>
    /// <param name="metresPerSecond">Speed, above 0.</param>
    /// <exception cref="ProblemException">A coordinate, the factor or the speed is out of range.</exception>
    public static TravelMatrix FromCoordinates(IReadOnlyList<(double Longitude, double Latitude)> places, double detour, double metresPerSecond)
    {
        if (detour is not (>= 1 and <= 10)) throw new ProblemException($"The detour factor is {detour}; it lies between 1 and 10.");
        return FromCoordinates(places, (_, _) => detour, metresPerSecond);
    }

    /// <summary>The same with factors learned from driven legs: for each leg the mean of the factors of its two ends' areas.</summary>
    /// <param name="places">Longitude and latitude in degrees.</param>
    /// <param name="areas">Area of each place, as named in the driven legs; null or unknown: the overall factor.</param>
    /// <param name="detour">The learned factors.</param>
    /// <param name="metresPerSecond">Speed, above 0.</param>
    /// <exception cref="ProblemException">A coordinate or the speed is out of range, or there are not as many areas as places.</exception>
    public static TravelMatrix FromCoordinates(IReadOnlyList<(double Longitude, double Latitude)> places, IReadOnlyList<string?> areas, LearnedDetour detour, double metresPerSecond)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(areas);
        ArgumentNullException.ThrowIfNull(detour);
        if (areas.Count != places.Count) throw new ProblemException($"There are {areas.Count} areas for {places.Count} places.");
        var factors = areas.Select(detour.Of).ToArray();
        return FromCoordinates(places, (from, to) => (factors[from] + factors[to]) / 2, metresPerSecond);
    }

    /// <summary>The same with a factor for each leg.</summary>
    /// <param name="places">Longitude and latitude in degrees.</param>
    /// <param name="detour">Driven metres by straight ones from one place to another, 1 to 10.</param>
    /// <param name="metresPerSecond">Speed, above 0.</param>
    /// <exception cref="ProblemException">A coordinate, a factor or the speed is out of range.</exception>
    public static TravelMatrix FromCoordinates(IReadOnlyList<(double Longitude, double Latitude)> places, Func<int, int, double> detour, double metresPerSecond)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(detour);
        if (metresPerSecond is not (> 0 and < 1000)) throw new ProblemException($"The speed is {metresPerSecond} m/s; it lies above 0 and below 1000.");
        if (places.Count > ProblemLimits.PlacesMax) throw new ProblemException($"There are {places.Count} places; 0 to {ProblemLimits.PlacesMax} can be planned.");
        foreach (var (longitude, latitude) in places)
        {
            if (longitude is not (>= -180 and <= 180) || latitude is not (>= -90 and <= 90)) throw new ProblemException($"A place lies at longitude {longitude}, latitude {latitude}, which is not on Earth.");
        }
        var distances = new int[places.Count * places.Count];
        var times = new int[distances.Length];
        for (var from = 0; from < places.Count; from++)
        {
            for (var to = 0; to < places.Count; to++)
            {
                var factor = detour(from, to);
                if (factor is not (>= 1 and <= 10)) throw new ProblemException($"The detour factor from place {from} to place {to} is {factor}; it lies between 1 and 10.");
                var metres = GreatCircleMetres(places[from], places[to]) * factor;
                distances[(from * places.Count) + to] = (int)Math.Round(metres);
                times[(from * places.Count) + to] = (int)Math.Min(Math.Ceiling(metres / metresPerSecond), int.MaxValue);
            }
        }
        return Of(places.Count, distances, times);
    }

    /// <summary>Metres and seconds as a road network gives them, rounded up; from each place to itself 0, and <see cref="Forbidden"/> where there is no way.</summary>
    /// <param name="places">Number of places that were asked for.</param>
    /// <param name="table">The network's answer.</param>
    /// <exception cref="RoadNetworkException">The answer is not square, negative, not finite, too long for a leg, or has a way in metres and none in seconds.</exception>
    /// <exception cref="ProblemException">There are too many places.</exception>
    public static TravelMatrix OfRoads(int places, RoadTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (places is < 0 or > ProblemLimits.PlacesMax) throw new ProblemException($"There are {places} places; 0 to {ProblemLimits.PlacesMax} can be planned.");
        CheckSquare("metres", places, table.Metres);
        CheckSquare("seconds", places, table.Seconds);
        var (distances, times) = (new int[places * places], new int[places * places]);
        for (var from = 0; from < places; from++)
        {
            for (var to = 0; to < places; to++)
            {
                if (from == to) continue;
                var (metres, seconds) = (table.Metres[from][to], table.Seconds[from][to]);
                if (metres is null ^ seconds is null) throw new RoadNetworkException($"From place {from} to place {to} the road network has a way in one of metres and seconds, and none in the other.");
                distances[(from * places) + to] = LegOf("metres", from, to, metres);
                times[(from * places) + to] = LegOf("seconds", from, to, seconds);
            }
        }
        return Of(places, distances, times);
    }

    private static void CheckSquare(string what, int places, IReadOnlyList<IReadOnlyList<double?>> rows)
    {
        if (rows.Count != places) throw new RoadNetworkException($"The road network's {what} have {rows.Count} rows; {places} places were asked for.");
        for (var row = 0; row < places; row++)
        {
            if (rows[row].Count != places) throw new RoadNetworkException($"Row {row} of the road network's {what} has {rows[row].Count} numbers; {places} places were asked for.");
        }
    }

    private static int LegOf(string what, int from, int to, double? leg) => leg switch
    {
        null => Forbidden,
        >= 0 and <= Forbidden - 1 => (int)Math.Ceiling(leg.Value),
        _ => throw new RoadNetworkException($"From place {from} to place {to} the road network says {leg} {what}; a leg is 0 to below {Forbidden}."),
    };

    private static double GreatCircleMetres((double Longitude, double Latitude) from, (double Longitude, double Latitude) to)
    {
        var (latitudeFrom, latitudeTo) = (double.DegreesToRadians(from.Latitude), double.DegreesToRadians(to.Latitude));
        var halfLatitude = Math.Sin((latitudeTo - latitudeFrom) / 2);
        var halfLongitude = Math.Sin(double.DegreesToRadians(to.Longitude - from.Longitude) / 2);
        var haversine = (halfLatitude * halfLatitude) + (Math.Cos(latitudeFrom) * Math.Cos(latitudeTo) * halfLongitude * halfLongitude);
        return 2 * EarthRadiusMetres * Math.Asin(Math.Min(1, Math.Sqrt(haversine)));
    }

    private static void Check(string what, int places, int[] legs)
    {
        if (legs.Length != places * places) throw new ProblemException($"The {what} are {legs.Length} numbers; {places} places need {places * places}.");
        for (var at = 0; at < legs.Length; at++)
        {
            if (legs[at] is < 0 or > ProblemLimits.LegMax)
                throw new ProblemException($"From place {at / places} to place {at % places} the {what} say {legs[at]}; a leg is 0 to {ProblemLimits.LegMax}.");
        }
    }
}
