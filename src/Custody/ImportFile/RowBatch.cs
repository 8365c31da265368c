using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Register;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Import;

/// <summary>Rows on their way in, of one of the kinds of files: read one by one, written many at once.</summary>
internal abstract class RowBatch
{
    internal const int RowsMax = 1_000;

    internal abstract string[] Needed { get; }

    internal abstract string[] Optional { get; }

    internal abstract int Count { get; }

    internal abstract bool IsFull { get; }

    /// <summary>Reads a row; throws <see cref="BadValueException"/>.</summary>
    internal abstract void Add(SourceRow row);

    /// <summary>Writes what was added and forgets it.</summary>
    internal abstract Task<Outcome<BatchWritten>> WriteAsync(CancellationToken ct);

    internal static RejectedLine Reject(long line, string column, string code, string message, string content) =>
        new() { Line = line, Column = column, Code = code, Message = message, Content = content };
}

internal sealed record BatchWritten(long Taken, long Unchanged, IReadOnlyList<RejectedLine> Rejected);

internal sealed class ShipmentRows(RegisterShipments register, Caller caller) : RowBatch
{
    private readonly List<(long Line, ShipmentLine Said)> _lines = [];
    private readonly Dictionary<long, string> _contents = [];

    internal override string[] Needed => Columns.Shipments;

    internal override string[] Optional => Columns.ShipmentsOptional;

    internal override int Count => _lines.Count;

    internal override bool IsFull => _lines.Count >= RowsMax;

    internal override void Add(SourceRow row)
    {
        _lines.Add((row.Line, ReadRows.Shipment(row)));
        _contents[row.Line] = row.Content;
    }

    internal override async Task<Outcome<BatchWritten>> WriteAsync(CancellationToken ct)
    {
        var written = await register.RunAsync(_lines, caller, ct);
        if (!written.IsOk) return written.Fault;
        var rejected = written.Value.Refused.Select(r => Reject(r.Line, r.Field, r.Code, r.Message, _contents[r.Line])).ToList();
        _lines.Clear();
        _contents.Clear();
        return new BatchWritten(written.Value.New, written.Value.Unchanged, rejected);
    }
}

/// <param name="service">True for facts of accounts' service, false for events of parcels.</param>
internal sealed class EventRows(IJournal journal, ImportMap map, string source, WaybillScheme waybills, TimeProvider time, bool service) : RowBatch
{
    private const int BytesMax = 2 << 20;
    private readonly List<ReadOnlyMemory<byte>> _bodies = [];
    private readonly List<(long Line, string Content)> _rows = [];
    private int _bytes;

    internal override string[] Needed => service ? Columns.Service : Columns.Events;

    internal override string[] Optional => service ? Columns.ServiceOptional : Columns.EventsOptional;

    internal override int Count => _bodies.Count;

    internal override bool IsFull => _bodies.Count >= RowsMax || _bytes >= BytesMax;

    internal override void Add(SourceRow row)
    {
        var body = (service ? ReadRows.Service(row, map, source, waybills, time.Now()) : ReadRows.Event(row, map, source, waybills, time.Now())).ToByteArray();
        _bodies.Add(body);
        _rows.Add((row.Line, row.Content));
        _bytes += body.Length;
    }

    internal override async Task<Outcome<BatchWritten>> WriteAsync(CancellationToken ct)
    {
        var batch = new AppendBatch { Source = JournalSource.Import(source), Bodies = _bodies.ToArray(), Clock = BatchClock.History, ReceivedAt = time.Now() };
        var appended = await journal.AppendAsync(batch, ct);
        if (!appended.IsOk) return appended.Fault;
        var rejected = appended.Value.Rejected.Select(r => Reject(_rows[r.Index].Line, service ? "reference" : "event_id", r.Code, r.Message, _rows[r.Index].Content)).ToList();
        var unchanged = appended.Value.Answers.LongCount(a => a.Fate is EventFate.Known);
        var taken = appended.Value.Answers.LongCount(a => a.Fate is EventFate.Recorded);
        _bodies.Clear();
        _rows.Clear();
        _bytes = 0;
        return new BatchWritten(taken, unchanged, rejected);
    }
}
