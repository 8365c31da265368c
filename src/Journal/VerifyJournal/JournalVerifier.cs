using System.Globalization;
using System.Runtime.CompilerServices;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Journal.Blobs;
using KeyAccountLogistics.Journal.VerifyJournal;

namespace KeyAccountLogistics.Journal;

/// <summary>
/// Walks the chains and names the first broken link of each source, the sequences never sent, and the blobs that events name and nobody uploaded. A journal cut at its very
/// end together with its head cannot be told from one that never was longer: the nightly self-check logs every head, and the agents know what was acknowledged.
/// </summary>
public sealed class JournalVerifier
{
    private const int ListedMax = 1_000;
    private readonly JournalReader _reader;
    private readonly BlobStore _blobs;

    internal JournalVerifier(JournalReader reader, BlobStore blobs) => (_reader, _blobs) = (reader, blobs);

    /// <summary>Verifies one source by name, or all; reports after each source, at last with Done. Lists at most a thousand of each kind.</summary>
    public async IAsyncEnumerable<VerifyReport> RunAsync(string? source = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var (broken, gaps, missing) = (new List<BrokenLink>(), new List<SequenceGap>(), new SortedSet<string>(StringComparer.Ordinal));
        var (events, sources) = (0L, 0);
        foreach (var (id, name, _) in await SourcesAsync(source, ct))
        {
            var walk = new ChainWalk(_reader, id, name, item => NoteMissingBlob(item, missing));
            if (await walk.FindBreakAsync(1, ct) is { } link) broken.Add(link);
            events += walk.Events;
            sources++;
            await AddGapsAsync(id, name, gaps, ct);
            yield return new VerifyReport(events, sources, false, [.. broken], [.. gaps], [.. missing]);
        }
        if (source is null) await AddOrphansAsync(broken, ct);
        yield return new VerifyReport(events, sources, true, broken, gaps, [.. missing]);
    }

    /// <summary>Verifies only the newest links of every source; what stands before them is taken on trust. Gives the heads too.</summary>
    internal async Task<(IReadOnlyList<BrokenLink> Broken, IReadOnlyList<(string Source, long HeadIndex, string HeadHash)> Heads)> NewestAsync(int links, CancellationToken ct)
    {
        var (broken, heads) = (new List<BrokenLink>(), new List<(string, long, string)>());
        foreach (var (id, name, head) in await SourcesAsync(null, ct))
        {
            if (await new ChainWalk(_reader, id, name, _ => { }).FindBreakAsync(Math.Max(1, head.Index - links + 1), ct) is { } link) broken.Add(link);
            heads.Add((name, head.Index, head.Hash));
        }
        return (broken, heads);
    }

    private async Task<List<(int Id, string Name, (long Index, string Hash) Head)>> SourcesAsync(string? only, CancellationToken ct)
    {
        await using var connection = await _reader.OpenAsync(ct);
        await using var command = Sql.Command(connection, "SELECT id, name, head_index, head_hash FROM journal_source WHERE @only = '' OR name = @only ORDER BY name", ("only", only ?? ""));
        await using var rows = await command.ExecuteReaderAsync(ct);
        var sources = new List<(int, string, (long, string))>();
        while (await rows.ReadAsync(ct)) sources.Add((rows.GetInt32(0), rows.GetString(1), (rows.GetInt64(2), Convert.ToHexStringLower((byte[])rows.GetValue(3)))));
        return sources;
    }

    private async Task AddGapsAsync(int sourceId, string source, List<SequenceGap> gaps, CancellationToken ct)
    {
        await using var connection = await _reader.OpenAsync(ct);
        await using var command = Sql.Command(
            connection,
            "SELECT b.boot, r.first_sequence, r.last_sequence FROM journal_range r JOIN journal_boot b ON b.id = r.boot_id WHERE b.source_id = @source ORDER BY b.id, r.first_sequence",
            ("source", sourceId));
        await using var rows = await command.ExecuteReaderAsync(ct);
        var ranges = new List<(Guid Boot, long First, long Last)>();
        while (await rows.ReadAsync(ct)) ranges.Add((Sql.ReadUuid(rows, 0), rows.GetInt64(1), rows.GetInt64(2)));
        foreach (var boot in ranges.GroupBy(r => r.Boot))
            foreach (var (first, last) in SequenceRanges.Of(boot.Select(r => (r.First, r.Last))).Gaps())
                if (gaps.Count < ListedMax) gaps.Add(new SequenceGap(source, boot.Key, first, last));
    }

    // Events whose source's row is gone: nothing walks them, and nothing could have written them so.
    private async Task AddOrphansAsync(List<BrokenLink> broken, CancellationToken ct)
    {
        await using var connection = await _reader.OpenAsync(ct);
        await using var command = Sql.Command(
            connection, "SELECT source_id, MIN(chain_index), MIN(position) FROM journal_event WHERE source_id NOT IN (SELECT id FROM journal_source) GROUP BY source_id ORDER BY source_id");
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            broken.Add(new BrokenLink("#" + rows.GetInt64(0).ToString(CultureInfo.InvariantCulture), rows.GetInt64(1), rows.GetInt64(2), null, BreakReason.Head));
    }

    private void NoteMissingBlob(JournalledEvent item, SortedSet<string> missing)
    {
        if (!Evidence.MayName(item.Kind) || missing.Count >= ListedMax) return;
        foreach (var hash in Evidence.HashesOf(item.Parse()))
        {
            if (!_blobs.Exists(hash.Span)) missing.Add(Convert.ToHexStringLower(hash.Span));
        }
    }
}
