using System.Runtime.CompilerServices;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>
/// Asks every parcel again what it adds and holds what is kept against it; differences are put right as the follower would, counters with them. What waits to be followed is
/// followed first: it is no difference.
/// </summary>
internal sealed class RebuildLevels(FollowFacts follow, ITermsInForce terms, IWriteGate gate) : IRebuildProjections
{
    public string Name => "levels";

    public async IAsyncEnumerable<RebuildStep> RebuildAsync(bool dryRun, [EnumeratorCancellation] CancellationToken ct = default)
    {
        while (await follow.RunOnceAsync(ct) is { IsOk: true, Value: true })
        {
            // The next batch.
        }
        var (after, keys, differences) = (0L, 0L, 0L);
        while (true)
        {
            var from = after;
            var page = await gate.RunAsync<(IReadOnlyList<long> Parcels, List<ProjectionDifference> Found)>(async (transaction, cancel) => await StepAsync(transaction.Statements, from, dryRun, cancel), ct);
            if (!page.IsOk) throw new InvalidOperationException(page.Fault.Message);
            if (page.Value.Parcels.Count == 0) break;
            (after, keys, differences) = (page.Value.Parcels[^1], keys + page.Value.Parcels.Count, differences + page.Value.Found.Count);
            yield return new RebuildStep(0, keys, differences, page.Value.Found, Done: false);
        }
        yield return new RebuildStep(0, keys, differences, [], Done: true);
    }

    private async Task<(IReadOnlyList<long> Parcels, List<ProjectionDifference> Found)> StepAsync(IJournalWrites writes, long after, bool dryRun, CancellationToken ct)
    {
        var parcels = await ParcelLives.AfterAsync(writes, after, FollowFacts.SubjectsAtOnce, ct);
        var kept = new Dictionary<string, Contribution>(StringComparer.Ordinal);
        await writes.QueryAsync(LevelSql.Lock, LevelSql.Texts(parcels.Select(FollowFacts.KeyOf).Order(StringComparer.Ordinal)), row => kept[row.Text(0)] = Contribution.Parser.ParseFrom(row.Bytes(1)), ct);
        var found = (await follow.AskAsync(writes, parcels, [], terms.Now, ct))
            .Where(asked => !asked.Now.Equals(kept.GetValueOrDefault(asked.Subject, new Contribution())))
            .Select(asked => new ProjectionDifference("level", asked.Code, "contribution", Text(kept.GetValueOrDefault(asked.Subject)), Text(asked.Now))).ToList();
        if (!dryRun && found.Count > 0) await follow.FollowAsync(writes, [.. parcels], [], ct);
        return (parcels, found);
    }

    private static string Text(Contribution? c) => c is null ? "missing" : string.Join(' ', c.Tallies.Select(static t => FormattableString.Invariant($"{t.Figure}:{t.Numerator}/{t.Denominator}")));
}
