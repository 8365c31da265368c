namespace KeyAccountLogistics.Routing.Model;

/// <summary>Distance and time from every place to every other, as whole numbers of the caller's units, 0 to <see cref="ProblemLimits.LegMax"/>. Immutable.</summary>
public sealed class TravelMatrix
{
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
        ArgumentNullException.ThrowIfNull(places);
        if (detour is not (>= 1 and <= 10)) throw new ProblemException($"The detour factor is {detour}; it lies between 1 and 10.");
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
                var metres = GreatCircleMetres(places[from], places[to]) * detour;
                distances[(from * places.Count) + to] = (int)Math.Round(metres);
                times[(from * places.Count) + to] = (int)Math.Min(Math.Ceiling(metres / metresPerSecond), int.MaxValue);
            }
        }
        return Of(places.Count, distances, times);
    }

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
