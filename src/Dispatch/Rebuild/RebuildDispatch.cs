using System.Runtime.CompilerServices;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Rebuild;

/// <summary>
/// Makes facts, orders and money anew and puts right what differs. First along the journal, so that rows which are gone are found; then along the rows, in pages, each in a transaction of its
/// own that locks just that page. Live work goes on. What people entered and no event tells is not derived: couriers, days, run sheets, phones, refused facts, standing pickups.
/// </summary>
internal sealed class RebuildDispatch(IJournalReader journal, IWriteGate gate) : IRebuildProjections
{
    private const int JournalPage = 1_000;

    public string Name => "dispatch";

    public async IAsyncEnumerable<RebuildStep> RebuildAsync(bool dryRun, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var unrepaired = new Unrepaired();
        var (facts, entries, lines, sums) = (new RestoreFacts(unrepaired, dryRun), new RestoreEntries(unrepaired, dryRun), new RestoreLines(unrepaired, dryRun), new RestoreSums(unrepaired, dryRun));
        var (events, keys, differences) = (0L, 0L, 0L);
        await foreach (var chunk in journal.ReadAsync(0, await journal.LastPositionAsync(ct), ct).Chunk(JournalPage).WithCancellation(ct))
        {
            var read = chunk.Where(static e => e.Kind is not EventKind.Unspecified).Select(static e => (Item: e, Fact: e.Parse())).ToList();
            List<ProjectionDifference> found = [];
            foreach (var step in (Func<IJournalWrites, IReadOnlyList<(JournalledEvent, ParcelEvent)>, CancellationToken, Task<Page>>[])[facts.OfEventsAsync, entries.OfEventsAsync])
                found.AddRange((await RunAsync((writes, cancel) => step(writes, read, cancel), ct)).Found);
            (events, differences) = (events + chunk.Length, differences + found.Count);
            yield return new RebuildStep(events, keys, differences, found, Done: false);
        }
        // Sums after their lines, and orders after their facts.
        foreach (var walk in (Func<IJournalWrites, CancellationToken, Task<Page>>[])
            [facts.NextFactsAsync, facts.NextOrdersAsync, lines.NextAsync, lines.NextStraysAsync, sums.NextBalancesAsync, sums.NextOpenAsync])
        {
            while (await RunAsync(walk, ct) is { Keys: > 0 } page)
            {
                (keys, differences) = (keys + page.Keys, differences + page.Found.Count);
                yield return new RebuildStep(events, keys, differences, page.Found, Done: false);
            }
        }
        yield return new RebuildStep(events, keys, differences, [], Done: true);
    }

    private async Task<Page> RunAsync(Func<IJournalWrites, CancellationToken, Task<Page>> work, CancellationToken ct)
    {
        var page = (await gate.RunAsync<Page>(async (transaction, cancel) => await work(transaction.Statements, cancel), ct)).Value;
        page.Kept();
        return page;
    }
}
