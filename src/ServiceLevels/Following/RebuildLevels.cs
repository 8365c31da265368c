using System.Runtime.CompilerServices;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>
/// Holds the kept facts against the journal, then asks every parcel, order and fact again what it adds and holds what is kept against it, then the counters against the sums of what is kept. Differences are put
/// right as the follower would. What waits to be followed is followed first: it is no difference.
/// </summary>
internal sealed class RebuildLevels(FollowFacts follow, ITermsInForce terms, IWriteGate gate, IJournalReader journal) : IRebuildProjections
{
    private const int JournalPage = 1_000;

    public string Name => "levels";

    public async IAsyncEnumerable<RebuildStep> RebuildAsync(bool dryRun, [EnumeratorCancellation] CancellationToken ct = default)
    {
        while (await follow.RunOnceAsync(ct) is { IsOk: true, Value: true })
        {
            // The next batch.
        }
        var (events, keys, differences) = (0L, 0L, 0L);
        await foreach (var chunk in journal.ReadAsync(0, await journal.LastPositionAsync(ct), ct).Chunk(JournalPage).WithCancellation(ct))
        {
            var found = await RunAsync((writes, cancel) => RestoreFacts.MissingAsync(writes, chunk, dryRun, cancel), ct);
            (events, differences) = (events + chunk.Length, differences + found.Count);
            yield return new RebuildStep(events, keys, differences, found, Done: false);
        }
        var superfluous = new HashSet<string>(StringComparer.Ordinal);
        for (var fact = Guid.Empty; await RunAsync((writes, cancel) => RestoreFacts.NextAsync(writes, fact, dryRun, cancel), ct) is { Keys: > 0 } page; fact = page.Last)
        {
            superfluous.UnionWith(page.Subjects);
            (keys, differences) = (keys + page.Keys, differences + page.Found.Count);
            yield return new RebuildStep(events, keys, differences, page.Found, Done: false);
        }
        if (!dryRun) await PutRightAsync(superfluous, ct);
        for (var parcel = 0L; await RunAsync((writes, cancel) => ParcelsAsync(writes, parcel, dryRun, cancel), ct) is { Asked.Count: > 0 } page; parcel = page.Asked[^1])
        {
            (keys, differences) = (keys + page.Asked.Count, differences + page.Found.Count);
            yield return new RebuildStep(events, keys, differences, page.Found, Done: false);
        }
        for (var order = ""; await RunAsync((writes, cancel) => OrdersAsync(writes, order, dryRun, cancel), ct) is { Asked.Count: > 0 } page; order = page.Asked[^1])
        {
            differences += page.Found.Count;
            yield return new RebuildStep(events, keys, differences, page.Found, Done: false);
        }
        for (var fact = ""; await RunAsync((writes, cancel) => FactsAsync(writes, fact, dryRun, cancel), ct) is { Asked.Count: > 0 } page; fact = page.Asked[^1])
        {
            differences += page.Found.Count;
            yield return new RebuildStep(events, keys, differences, page.Found, Done: false);
        }
        foreach (var (account, kept) in await RunAsync(RestoreCounters.AccountsAsync, ct))
        {
            foreach (var month in await RunAsync((writes, cancel) => RestoreCounters.MonthsAsync(writes, account, kept, cancel), ct))
            {
                var found = await RunAsync((writes, cancel) => RestoreCounters.MonthAsync(writes, account, month, dryRun, cancel), ct);
                differences += found.Count;
                if (found.Count > 0) yield return new RebuildStep(events, keys, differences, found, Done: false);
            }
        }
        yield return new RebuildStep(events, keys, differences, [], Done: true);
    }

    private async Task<(IReadOnlyList<long> Asked, List<ProjectionDifference> Found)> ParcelsAsync(IJournalWrites writes, long after, bool dryRun, CancellationToken ct)
    {
        var parcels = await ParcelLives.AfterAsync(writes, after, FollowFacts.SubjectsAtOnce, ct);
        return (parcels, await CompareAsync(writes, Subjects.OfParcels(parcels), dryRun, ct));
    }

    private async Task<(IReadOnlyList<string> Asked, List<ProjectionDifference> Found)> OrdersAsync(IJournalWrites writes, string after, bool dryRun, CancellationToken ct)
    {
        var orders = await PickupOutcomes.AfterAsync(writes, after, FollowFacts.SubjectsAtOnce, ct);
        return (orders, await CompareAsync(writes, Subjects.OfOrders(orders), dryRun, ct));
    }

    private async Task<(IReadOnlyList<string> Asked, List<ProjectionDifference> Found)> FactsAsync(IJournalWrites writes, string after, bool dryRun, CancellationToken ct)
    {
        var facts = await ServiceFacts.AfterAsync(writes, after, FollowFacts.SubjectsAtOnce, ct);
        return (facts, await CompareAsync(writes, Subjects.OfFacts([.. facts.Where(static f => FactKey.Read(f) is { } key && FigureCodes.Counts(key.Kind))]), dryRun, ct));
    }

    private async Task<List<ProjectionDifference>> CompareAsync(IJournalWrites writes, Subjects subjects, bool dryRun, CancellationToken ct)
    {
        var kept = new Dictionary<string, Contribution>(StringComparer.Ordinal);
        await writes.QueryAsync(LevelSql.Lock, LevelSql.Texts(subjects.Keys), row => kept[row.Text(0)] = Contribution.Parser.ParseFrom(row.Bytes(1)), ct);
        var answers = await follow.AskAsync(writes, subjects, terms.Now, ct);
        var found = answers
            .Where(asked => !asked.Now.Equals(kept.GetValueOrDefault(asked.Subject, new Contribution())))
            .Select(asked => new ProjectionDifference("level", asked.Code, "contribution", Text(kept.GetValueOrDefault(asked.Subject)), Text(asked.Now))).ToList();
        if (!dryRun && found.Count > 0) await follow.FollowAsync(writes, subjects, ct);
        found.AddRange(await RestoreMarks.PutRightAsync(writes, answers, dryRun, ct));
        return found;
    }

    // Of a subject whose last row was no event's nothing is left to be met later.
    private async Task PutRightAsync(IEnumerable<string> subjects, CancellationToken ct)
    {
        foreach (var chunk in subjects.Order(StringComparer.Ordinal).Chunk(FollowFacts.SubjectsAtOnce))
        {
            await RunAsync(async (writes, cancel) =>
            {
                await follow.FollowAsync(writes, Subjects.OfFacts(chunk), cancel);
                return true;
            }, ct);
        }
    }

    private async Task<T> RunAsync<T>(Func<IJournalWrites, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        var done = await gate.RunAsync<T>(async (transaction, cancel) => await work(transaction.Statements, cancel), ct);
        return done.IsOk ? done.Value : throw new InvalidOperationException(done.Fault.Message);
    }

    private static string Text(Contribution? c) => c is null ? "missing" : string.Join(' ', c.Tallies.Select(static t => FormattableString.Invariant($"{t.Figure}:{t.Numerator}/{t.Denominator}")));
}
