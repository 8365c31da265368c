using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Journal.Tables;

/// <summary>The tables that modules share. Events are written by the append path, never through this context; nothing here has an account, so it stays inside this assembly.</summary>
internal sealed class JournalDb(DbContextOptions<JournalDb> options, ICallerScope callers, IWriteGate gate) : ScopedDbContext(options, callers, gate)
{
    internal DbSet<SourceRow> Sources => Set<SourceRow>();

    internal DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    internal DbSet<CommandRow> Commands => Set<CommandRow>();

    internal DbSet<JobRow> Jobs => Set<JobRow>();

    internal DbSet<ShipmentKeyRow> ShipmentKeys => Set<ShipmentKeyRow>();

    internal DbSet<PersonalRow> Personal => Set<PersonalRow>();

    protected override void BuildModel(ModelBuilder model)
    {
        if (Database.IsNpgsql()) model.HasSequence<long>("journal_position").IncrementsBy(JournalOptions.PositionsPerGroup);
        model.Entity<SourceRow>(e =>
        {
            e.ToTable("journal_source");
            e.HasIndex(s => s.Name).IsUnique();
        });
        model.Entity<BootRow>(e =>
        {
            e.ToTable("journal_boot");
            e.HasIndex(b => new { b.SourceId, b.Boot }).IsUnique();
        });
        model.Entity<EventRow>(e =>
        {
            e.ToTable("journal_event");
            e.HasKey(r => r.Position);
            e.Property(r => r.Position).ValueGeneratedNever();
            e.HasIndex(r => new { r.SourceId, r.ChainIndex }).IsUnique();
            e.HasIndex(r => r.EventId).IsUnique();
            e.HasIndex(r => new { r.ParcelId, r.Position }).HasFilter("parcel_id IS NOT NULL");
        });
        model.Entity<RangeRow>(e =>
        {
            e.ToTable("journal_range");
            e.HasKey(r => new { r.BootId, r.FirstSequence });
        });
        model.Entity<ClockRow>(e =>
        {
            e.ToTable("journal_clock");
            e.HasKey(r => new { r.SourceId, r.FromIndex });
        });
        model.Entity<OutboxRow>(e =>
        {
            e.ToTable("journal_outbox");
            e.HasIndex(r => r.NextTryAt).HasFilter("parked_us IS NULL");
        });
        model.Entity<CommandRow>(e =>
        {
            e.ToTable("journal_command");
            e.HasKey(r => r.CommandId);
            e.HasIndex(r => r.DoneAt);
        });
        model.Entity<JobRow>(e =>
        {
            e.ToTable("journal_job");
            e.HasKey(r => r.Name);
        });
        model.Entity<ShipmentKeyRow>(e =>
        {
            e.ToTable("journal_shipment_key");
            e.HasKey(r => r.Shipment);
        });
        model.Entity<PersonalRow>(e =>
        {
            e.ToTable("journal_personal");
            e.HasKey(r => new { r.Shipment, r.Kind });
        });
    }
}

internal sealed class SourceRow
{
    public int Id { get; set; }

    public required string Name { get; set; }

    public SourceKind Kind { get; set; }

    public long HeadIndex { get; set; }

    public required byte[] HeadHash { get; set; }

    public Instant LastContactAt { get; set; }
}

internal sealed class BootRow
{
    public int Id { get; set; }

    public int SourceId { get; set; }

    public Guid Boot { get; set; }
}

internal sealed class EventRow
{
    public long Position { get; set; }

    public int SourceId { get; set; }

    public long ChainIndex { get; set; }

    public int? BootId { get; set; }

    public long? Sequence { get; set; }

    public Guid EventId { get; set; }

    public short Kind { get; set; }

    public long? ParcelId { get; set; }

    public Instant ReceivedAt { get; set; }

    public Instant EarliestAt { get; set; }

    public Instant BestAt { get; set; }

    public Instant LatestAt { get; set; }

    public required byte[] Body { get; set; }

    public required byte[] Hash { get; set; }
}

/// <summary>Sequences of a boot that are known: the small duplicate table; its holes are the gap report.</summary>
internal sealed class RangeRow
{
    public int BootId { get; set; }

    public long FirstSequence { get; set; }

    public long LastSequence { get; set; }
}

/// <summary>The clock evidence from this chain index on, until the next row: hashed with every event, stored once.</summary>
internal sealed class ClockRow
{
    public int SourceId { get; set; }

    public long FromIndex { get; set; }

    public required byte[] Evidence { get; set; }
}

internal sealed class OutboxRow
{
    public long Id { get; set; }

    public required string Topic { get; set; }

    public long FirstPosition { get; set; }

    public long LastPosition { get; set; }

    public byte[]? Payload { get; set; }

    public Instant CreatedAt { get; set; }

    public int Attempts { get; set; }

    public Instant NextTryAt { get; set; }

    public Instant? ParkedAt { get; set; }

    public string? LastError { get; set; }
}

internal sealed class CommandRow
{
    public Guid CommandId { get; set; }

    public required string Caller { get; set; }

    public required string Rpc { get; set; }

    public required byte[] ContentHash { get; set; }

    public required byte[] Reply { get; set; }

    public Instant DoneAt { get; set; }
}

internal sealed class JobRow
{
    public required string Name { get; set; }

    /// <summary>The last period the job has closed, as the job writes it; periods sort as text.</summary>
    public required string LastClosed { get; set; }

    public Instant ClosedAt { get; set; }
}

/// <summary>A shipment's data key, wrapped by the installation's master key. Destroyed: the row stays, the key does not.</summary>
internal sealed class ShipmentKeyRow
{
    public required string Shipment { get; set; }

    public byte[]? WrappedKey { get; set; }

    public Instant CreatedAt { get; set; }

    public Instant? DestroyedAt { get; set; }
}

internal sealed class PersonalRow
{
    public required string Shipment { get; set; }

    public required string Kind { get; set; }

    public required byte[] Sealed { get; set; }

    public Instant StoredAt { get; set; }
}
