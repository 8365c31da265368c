using System.Runtime.CompilerServices;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Cases.Rebuild;

/// <summary>Folds every case's history anew, checks its hash chain, and puts right what the row says otherwise. A broken chain is told and left as it is: nobody can say what stood there.</summary>
internal sealed class RebuildCases(IServiceProvider services) : IRebuildProjections
{
    private const int PageMax = 200;

    public string Name => "cases";

    public async IAsyncEnumerable<RebuildStep> RebuildAsync(bool dryRun, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await using var scope = services.CreateScopeAs(Caller.System);
        var (db, gate) = (scope.ServiceProvider.GetRequiredService<CasesDb>(), scope.ServiceProvider.GetRequiredService<IWriteGate>());
        var (after, keys, differences) = ("", 0L, 0L);
        while (true)
        {
            var page = await db.Entries.AsNoTracking().Where(e => e.Number == 1 && string.Compare(e.CaseId, after) > 0).OrderBy(e => e.CaseId).Take(PageMax).Select(e => e.CaseId).ToListAsync(ct);
            if (page.Count == 0) break;
            var found = new List<ProjectionDifference>();
            foreach (var id in page)
            {
                var one = await gate.RunAsync<IReadOnlyList<ProjectionDifference>>((transaction, cancel) => RestoreAsync(transaction, db, id, dryRun, cancel), ct);
                found.AddRange(one.Value);
            }
            (after, keys, differences) = (page[^1], keys + page.Count, differences + found.Count);
            yield return new RebuildStep(0, keys, differences, found, Done: false);
        }
        yield return new RebuildStep(0, keys, differences, [], Done: true);
    }

    private static async Task<Outcome<IReadOnlyList<ProjectionDifference>>> RestoreAsync(WriteTransaction transaction, CasesDb db, string id, bool dryRun, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        await transaction.EnlistAsync(db, ct);
        await db.Cases.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.Entries, c => c.Entries), ct);
        var entries = await db.Entries.AsNoTracking().Where(e => e.CaseId == id).OrderBy(e => e.Number).ToListAsync(ct);
        if (BrokenAt(entries) is { } broken) return new[] { new ProjectionDifference("case", id, "history", "hash broken at entry " + broken.ToString(System.Globalization.CultureInfo.InvariantCulture), "unbroken") };
        var facts = entries.ConvertAll(e => CaseEntry.Parser.ParseFrom(e.Body));
        var found = await RestoreRowAsync(db, id, CaseFold.Of(facts)!, ct);
        found.AddRange(await RestoreScalesAsync(db, id, facts, ct));
        if (!dryRun && found.Count > 0) await db.SaveChangesAsync(ct);
        return found;
    }

    private static int? BrokenAt(List<CaseEntryRow> entries)
    {
        var last = new byte[CaseStore.HashLength];
        for (var i = 0; i < entries.Count; i++)
        {
            last = CaseStore.HashOf(last, entries[i].Body);
            if (entries[i].Number != i + 1 || !last.AsSpan().SequenceEqual(entries[i].Hash)) return entries[i].Number;
        }
        return null;
    }

    private static async Task<List<ProjectionDifference>> RestoreRowAsync(CasesDb db, string id, CaseState state, CancellationToken ct)
    {
        var rebuilt = new CaseRow { Id = id, Kind = "", Subject = "" };
        CaseColumns.Set(rebuilt, state);
        if (await db.Cases.SingleOrDefaultAsync(c => c.Id == id, ct) is not { } live)
        {
            db.Cases.Add(rebuilt);
            return [new ProjectionDifference("case", id, "row", "missing", "present")];
        }
        var found = CaseColumns.Of(live).Zip(CaseColumns.Of(rebuilt)).Where(p => !string.Equals(p.First.Value, p.Second.Value, StringComparison.Ordinal))
            .Select(p => new ProjectionDifference("case", id, p.First.Column, p.First.Value, p.Second.Value)).ToList();
        CaseColumns.Set(live, state);
        return found;
    }

    private static async Task<List<ProjectionDifference>> RestoreScalesAsync(CasesDb db, string id, List<CaseEntry> facts, CancellationToken ct)
    {
        var live = (await db.Scales.AsNoTracking().Where(s => s.CaseId == id).Select(s => s.EventId).ToListAsync(ct)).ToHashSet();
        var missing = CaseStore.ScalesOf(facts).Where(s => live.Add(s.EventId)).ToList();
        db.Scales.AddRange(missing);
        return missing.ConvertAll(s => new ProjectionDifference("case", id, "scale " + s.EventId, "missing", "present"));
    }
}
