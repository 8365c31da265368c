namespace KeyAccountLogistics.Routing.Model;

/// <summary>A road-network service: what tells how far and how long it is by road. Behind this seam, so that planning depends on none; <see cref="TravelMatrix.OfRoads"/> makes a matrix of its answer.</summary>
public interface IRoadNetwork
{
    /// <summary>Distances and times from every place to every other.</summary>
    /// <param name="places">Longitude and latitude in degrees (WGS 84); at most <see cref="ProblemLimits.PlacesMax"/>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>A table of as many rows and columns as there are places, in their order.</returns>
    /// <exception cref="RoadNetworkException">The service cannot be reached, refuses, or answers what cannot be read; nothing else is thrown for that.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    Task<RoadTable> TableAsync(IReadOnlyList<(double Longitude, double Latitude)> places, CancellationToken cancel);
}

/// <summary>A road network's answer: rows are where a leg begins, columns where it ends. Null: there is no way.</summary>
/// <param name="Metres">Metres by road.</param>
/// <param name="Seconds">Seconds by road.</param>
public sealed record RoadTable(IReadOnlyList<IReadOnlyList<double?>> Metres, IReadOnlyList<IReadOnlyList<double?>> Seconds);

/// <summary>A road network gave no answer, or none that can be used; the message says why. The caller may plan by straight lines and a detour factor instead.</summary>
public sealed class RoadNetworkException(FormattableString message, Exception? cause = null) : Exception(FormattableString.Invariant(message), cause);
