using System.Data.Common;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.VerifyJournal;

/// <summary>Walks one source's chain in pages and stops at its first broken link. Reads only what was committed when it came there, so appends may go on beside it.</summary>
internal sealed class ChainWalk(JournalReader reader, int sourceId, string source, Action<JournalledEvent> onEvent)
{
    private const int PageEvents = 1_000;
    private readonly Dictionary<int, Guid> _boots = [];
    private readonly List<(long FromIndex, byte[] Evidence)> _evidence = [];
    private byte[] _previous = ChainHash.Start;
    private long _lastPosition;

    internal long Events { get; private set; }

    /// <summary>Verifies from an index on; the first hash is taken on trust when that is not the beginning.</summary>
    internal async Task<BrokenLink?> FindBreakAsync(long fromIndex, CancellationToken ct)
    {
        await using var connection = await reader.OpenAsync(ct);
        await LoadAsync(connection, ct);
        var expected = fromIndex;
        if (fromIndex > 1)
        {
            if (await EventAtAsync(connection, fromIndex - 1, ct) is not { } before) return new BrokenLink(source, fromIndex - 1, 0, null, BreakReason.Removed);
            (_previous, _lastPosition) = (before.Hash.ToArray(), before.Position);
        }
        while (true)
        {
            var (headIndex, headHash) = await HeadAsync(connection, ct);
            if (headIndex < expected) return await JudgeEndAsync(connection, expected, headIndex, headHash, ct);
            var page = await PageAsync(connection, expected, Math.Min(headIndex, expected + PageEvents - 1), ct);
            foreach (var item in page)
            {
                if (await JudgeAsync(connection, item, expected, ct) is { } broken) return broken;
                _previous = item.Hash.ToArray();
                _lastPosition = item.Position;
                Events++;
                onEvent(item);
                expected++;
            }
            if (page.Count == 0 || page[^1].ChainIndex < Math.Min(headIndex, page[0].ChainIndex + PageEvents - 1)) return new BrokenLink(source, expected, 0, null, BreakReason.Removed);
        }
    }

    private async Task<BrokenLink?> JudgeAsync(DbConnection connection, JournalledEvent item, long expected, CancellationToken ct)
    {
        if (item.ChainIndex != expected) return new BrokenLink(source, expected, 0, null, BreakReason.Removed);
        if (Fits(item, expected, _previous))
        {
            // Times and bytes are right but it stands elsewhere in the table: rows were exchanged.
            return item.Position > _lastPosition ? null : Broken(item, BreakReason.Changed);
        }
        // Renumbered rows: the next one fits this place (this one was put in) or fits one further behind this one (one was taken out before it).
        if (await EventAtAsync(connection, expected + 1, ct) is not { } next) return Broken(item, BreakReason.Changed);
        if (Fits(next, expected, _previous)) return Broken(item, BreakReason.Inserted);
        return Fits(next, expected + 2, item.Hash.Span) ? new BrokenLink(source, expected, 0, null, BreakReason.Removed) : Broken(item, BreakReason.Changed);
    }

    private async Task<BrokenLink?> JudgeEndAsync(DbConnection connection, long expected, long headIndex, byte[] headHash, CancellationToken ct)
    {
        if (headIndex != expected - 1)
        {
            if (await EventAtAsync(connection, headIndex + 1, ct) is { } beyond) return Broken(beyond, BreakReason.Inserted);
            return new BrokenLink(source, headIndex, 0, null, BreakReason.Head);
        }
        if (!headHash.AsSpan().SequenceEqual(_previous)) return new BrokenLink(source, headIndex, _lastPosition, null, BreakReason.Head);
        // In one statement with the head, so that an append between two statements is not taken for an insertion.
        await using var command = Sql.Command(
            connection, JournalSql.EventSelect("WHERE source_id = @source AND chain_index > (SELECT head_index FROM journal_source WHERE id = @source) ORDER BY chain_index LIMIT 1"), ("source", sourceId));
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct) ? Broken(JournalReader.ReadEvent(rows), BreakReason.Inserted) : null;
    }

    private BrokenLink Broken(JournalledEvent item, BreakReason reason) => new(source, item.ChainIndex, item.Position, item.Id, reason);

    private bool Fits(JournalledEvent item, long index, ReadOnlySpan<byte> previous)
    {
        var boot = item.BootId is { } id ? _boots.GetValueOrDefault(id) : Guid.Empty;
        var header = new ChainHeader(
            source, index, boot, item.Sequence ?? 0, item.Id, item.Kind, item.ReceivedAt.ToUnixMicros(), item.Time.Earliest.ToUnixMicros(), item.Time.Best.ToUnixMicros(),
            item.Time.Latest.ToUnixMicros());
        Span<byte> hash = stackalloc byte[ChainHash.Length];
        ChainHash.Compute(previous, header, EvidenceAt(index), item.Body.Span, hash);
        return hash.SequenceEqual(item.Hash.Span);
    }

    private byte[] EvidenceAt(long index)
    {
        var (low, high) = (0, _evidence.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_evidence[middle].FromIndex <= index) low = middle + 1;
            else high = middle - 1;
        }
        return high < 0 ? [] : _evidence[high].Evidence;
    }

    private async Task LoadAsync(DbConnection connection, CancellationToken ct)
    {
        await using (var boots = Sql.Command(connection, "SELECT id, boot FROM journal_boot WHERE source_id = @source", ("source", sourceId)))
        {
            await using var rows = await boots.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct)) _boots[rows.GetInt32(0)] = Sql.ReadUuid(rows, 1);
        }
        await LoadEvidenceAsync(connection, 0, ct);
    }

    private async Task LoadEvidenceAsync(DbConnection connection, long afterIndex, CancellationToken ct)
    {
        await using var clocks = Sql.Command(
            connection, "SELECT from_index, evidence FROM journal_clock WHERE source_id = @source AND from_index > @after ORDER BY from_index", ("source", sourceId), ("after", afterIndex));
        await using var rows = await clocks.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) _evidence.Add((rows.GetInt64(0), (byte[])rows.GetValue(1)));
    }

    private async Task<(long Index, byte[] Hash)> HeadAsync(DbConnection connection, CancellationToken ct)
    {
        await using var command = Sql.Command(connection, "SELECT head_index, head_hash FROM journal_source WHERE id = @source", ("source", sourceId));
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct) ? (rows.GetInt64(0), (byte[])rows.GetValue(1)) : (0, []);
    }

    private async Task<JournalledEvent?> EventAtAsync(DbConnection connection, long index, CancellationToken ct)
    {
        await using var command = Sql.Command(connection, JournalSql.EventSelect("WHERE source_id = @source AND chain_index = @index"), ("source", sourceId), ("index", index));
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct) ? JournalReader.ReadEvent(rows) : null;
    }

    private async Task<List<JournalledEvent>> PageAsync(DbConnection connection, long from, long to, CancellationToken ct)
    {
        // Evidence first: what a later append adds belongs to events that are not in this page's range or were there before.
        await LoadEvidenceAsync(connection, _evidence.Count == 0 ? 0 : _evidence[^1].FromIndex, ct);
        await using var command = Sql.Command(
            connection, JournalSql.EventSelect("WHERE source_id = @source AND chain_index >= @from AND chain_index <= @to ORDER BY chain_index"), ("source", sourceId), ("from", from), ("to", to));
        await using var rows = await command.ExecuteReaderAsync(ct);
        var page = new List<JournalledEvent>();
        while (await rows.ReadAsync(ct)) page.Add(JournalReader.ReadEvent(rows));
        return page;
    }
}
