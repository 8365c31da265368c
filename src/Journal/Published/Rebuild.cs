namespace KeyAccountLogistics.Journal;

/// <summary>
/// Builds a projection anew from the journal beside the live one, compares, and puts the difference right (law 1: a rebuild that differs from the live projection is a
/// bug). Streams; memory does not grow with the journal.
/// </summary>
public interface IRebuildProjections
{
    /// <summary>For reports.</summary>
    string Name { get; }

    /// <summary>Rebuilds; with <paramref name="dryRun"/> it only compares. Ends with a step that is <see cref="RebuildStep.Done"/>.</summary>
    IAsyncEnumerable<RebuildStep> RebuildAsync(bool dryRun, CancellationToken ct = default);
}

/// <summary>How far a rebuild is. Numbers are totals so far; <paramref name="Found"/> holds the differences since the last step.</summary>
public sealed record RebuildStep(long Events, long Keys, long Differences, IReadOnlyList<ProjectionDifference> Found, bool Done);

/// <summary>One field of one row that the live projection has otherwise.</summary>
public sealed record ProjectionDifference(string Projection, string Key, string Field, string Live, string Rebuilt);
