namespace KeyAccountLogistics.Routing.Solving;

/// <summary>How far a search has come: by time, by each worker's iterations, or by whichever comes first. Shared by the workers; immutable.</summary>
internal sealed class Pace(TimeProvider time, TimeSpan? limit, long? iterations, CancellationToken stop)
{
    private readonly long _begin = time.GetTimestamp();

    public bool IsStopped => stop.IsCancellationRequested;

    /// <summary>Most iterations a worker may do.</summary>
    public long IterationsMax => iterations ?? long.MaxValue;

    public TimeSpan Elapsed => time.GetElapsedTime(_begin);

    /// <summary>0 to 1 and beyond; 1 is the end. A stopped search is at its end.</summary>
    public double Done(long done)
    {
        if (IsStopped) return 2;
        // No iterations, or no time, are over before they begin: 0 by 0 would never end.
        if (iterations is 0 || limit?.Ticks is 0) return 1;
        var byIterations = iterations is { } most ? (double)done / most : 0;
        return limit is { } span ? Math.Max(byIterations, Elapsed / span) : byIterations;
    }
}
