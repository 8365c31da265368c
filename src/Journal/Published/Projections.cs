using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Journal;

/// <summary>When something happened, as far as the evidence carries (law 2): an interval and the best single answer inside it. Whole microseconds.</summary>
public readonly record struct AdjudgedInterval(Instant Earliest, Instant Best, Instant Latest)
{
    /// <summary>A moment known exactly.</summary>
    public static AdjudgedInterval Exactly(Instant instant) => new(instant, instant, instant);
}

/// <summary>An event on its way into the journal, as opposed to <see cref="JournalledEvent"/>, which was read back. Valid until the append's transaction ends.</summary>
public sealed class AppendedEvent
{
    private readonly Guid _claimedId;

    internal AppendedEvent(Guid id, ParcelEvent fact, ReadOnlyMemory<byte> body, SourceKind source) => (_claimedId, Id, Event, Body, Source) = (id, id, fact, body, source);

    /// <summary>The id minted where the fact was made.</summary>
    public Guid Id { get; internal set; }

    /// <summary>The fact. Do not change it.</summary>
    public ParcelEvent Event { get; }

    /// <summary>Its bytes as they came.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Its place in the journal, known before it is written.</summary>
    public long Position { get; internal set; }

    /// <summary>The source's row.</summary>
    public int SourceId { get; internal set; }

    /// <summary>What kind of source told it.</summary>
    public SourceKind Source { get; }

    /// <summary>When it happened, adjudged.</summary>
    public AdjudgedInterval Time { get; internal set; }

    /// <summary>When the server got it.</summary>
    public Instant ReceivedAt { get; internal set; }

    /// <summary>The parcel's row, once <see cref="AssignParcel"/> has been called.</summary>
    public long? ParcelId { get; private set; }

    internal Rejection? Rejected { get; set; }

    internal Rejection? RejectedWhenRead { get; set; }

    internal ReadOnlyMemory<byte> Hash { get; set; }

    internal long ChainIndex { get; set; }

    internal int? BootId { get; set; }

    internal long Sequence { get; set; }

    /// <summary>Ties the event to its parcel's row; once per event, by the projection that owns parcels.</summary>
    public void AssignParcel(long parcelId)
    {
        Invariant.Holds(ParcelId is null || ParcelId == parcelId, "an event belongs to one parcel");
        ParcelId = parcelId;
    }

    // A second attempt starts from what was read, not from what the first attempt made of it.
    internal void Reset()
    {
        Rejected = RejectedWhenRead;
        if (Rejected is null) Id = _claimedId;
        ParcelId = null;
        Position = 0;
    }
}

internal sealed record Rejection(string Code, string Message);

/// <summary>
/// Derives something from every event, in the event's own transaction (law 1: rebuildable). Registered as a singleton; called by several lanes at once on PostgreSQL.
/// </summary>
public interface IEventProjection
{
    /// <summary>For logs and reports.</summary>
    string Name { get; }

    /// <summary>Starts the work for one transaction. What was loaded in it lives in the run.</summary>
    IProjectionRun Begin(IJournalWrites writes);
}

/// <summary>
/// A projection's part of one append transaction: first every projection resolves, then the journal's rows are queued, then every projection applies, then commit.
/// The events are the new, readable ones of the whole group, in journal order; they may come from several sources. When the transaction fails the run is dropped and a
/// new one begun, so a run keeps no effect outside itself before <see cref="Committed"/>.
/// </summary>
public interface IProjectionRun
{
    /// <summary>Gives each event with a parcel code its parcel (<see cref="AppendedEvent.AssignParcel"/>), making rows for unknown codes, and loads what Apply needs, locked.</summary>
    ValueTask ResolveAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>Folds the events and queues the writes. May veto nothing; what it throws stops the batch and is reported.</summary>
    ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct);

    /// <summary>The transaction is committed: caches may be brought up to date. Must not throw.</summary>
    void Committed()
    {
    }
}

/// <summary>
/// What may be done inside an append transaction: hand-written statements, one text per engine, many rows at once. Not thread-safe; valid until the transaction ends.
/// </summary>
public interface IJournalWrites
{
    /// <summary>The engine, for the rare decision that needs it.</summary>
    Engine Engine { get; }

    /// <summary>
    /// Queues a statement for every row; queued statements run in order, at the latest before commit (on PostgreSQL all in one round trip, each with its columns as arrays).
    /// The block belongs to the transaction from here on. Blocks without rows are skipped.
    /// </summary>
    void Write(BulkSql sql, RowBlock rows);

    /// <summary>Runs a statement for every row of keys at once and calls back for each row of the answer. Does not see what is queued and not yet run.</summary>
    ValueTask QueryAsync(BulkSql sql, RowBlock keys, Action<IRow> onRow, CancellationToken ct);

    /// <summary>Runs what is queued now, for the rare projection that must read its own writes.</summary>
    ValueTask FlushAsync(CancellationToken ct);

    /// <summary>
    /// The events of these parcels as they stand in the journal, by parcel and position: what a fold starts anew from. Those of the present transaction may be among them.
    /// </summary>
    ValueTask ReadParcelsAsync(IReadOnlyCollection<long> parcelIds, Action<JournalledEvent> onEvent, CancellationToken ct);

    /// <summary>These events as they stand in the journal, in no order, those that are there: what a rebuild holds a projection's rows against.</summary>
    ValueTask ReadEventsAsync(IReadOnlyCollection<Guid> eventIds, Action<JournalledEvent> onEvent, CancellationToken ct);

    /// <summary>A message to a topic of the outbox, delivered at least once after commit.</summary>
    void Publish(string topic, ReadOnlyMemory<byte> payload);
}

/// <summary>One row of an answer; columns count from 0. Reading a null column as a value throws; values are copies.</summary>
public interface IRow
{
    /// <summary>True when the column is null.</summary>
    bool IsNull(int column);

    /// <summary>Any integer column.</summary>
    long Long(int column);

    /// <summary>A text column.</summary>
    string Text(int column);

    /// <summary>A bytes column.</summary>
    byte[] Bytes(int column);

    /// <summary>A uuid column (16 bytes on SQLite).</summary>
    Guid Uuid(int column);

    /// <summary>A boolean column.</summary>
    bool Bool(int column);
}

/// <summary>An event as it stands in the journal.</summary>
public sealed record JournalledEvent(
    long Position, int SourceId, long ChainIndex, int? BootId, long? Sequence, Guid Id, EventKind Kind, long? ParcelId,
    Instant ReceivedAt, AdjudgedInterval Time, ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Hash, SourceKind Source)
{
    /// <summary>The fact, parsed now. Throws for a rejected event (kind 0), which has none.</summary>
    public ParcelEvent Parse()
    {
        Invariant.Holds(Kind != EventKind.Unspecified, "a rejected event has no fact to read");
        return ParcelEvent.Parser.ParseFrom(Body.Span);
    }
}
