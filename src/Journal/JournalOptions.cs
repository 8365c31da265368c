using NodaTime;

namespace KeyAccountLogistics.Journal;

/// <summary>The limits of the journal (law 10) and where its files stand.</summary>
public sealed record JournalOptions
{
    /// <summary>Directory of blobs and of the master key; beside the database file by default on SQLite, required on PostgreSQL.</summary>
    public string? FilesDirectory { get; init; }

    /// <summary>Events in one batch, at most.</summary>
    public int BatchEventsMax { get; init; } = 1_000;

    /// <summary>Bytes of one event's body, at most.</summary>
    public int BodyBytesMax { get; init; } = 64 * 1024;

    /// <summary>Bytes of one batch's bodies together, at most.</summary>
    public int BatchBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Events committed together, at most; must not exceed <see cref="PositionsPerGroup"/>.</summary>
    public int GroupEventsMax { get; init; } = 2_000;

    /// <summary>Batches waiting for one writer, at most; further ones wait outside.</summary>
    public int QueueBatchesMax { get; init; } = 256;

    /// <summary>Writers side by side on PostgreSQL; a source always goes to the same one. More than processors: most of a writer's time is waiting for a commit.</summary>
    public int Lanes { get; init; } = 6;

    /// <summary>Free bytes below which nothing is accepted any more, loudly (law 6).</summary>
    public long FreeDiskBytesMin { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long a command's answer is kept for the command that comes again (law 5: "a month later", and then some).</summary>
    public Duration CommandRetention { get; init; } = Duration.FromDays(100);

    /// <summary>Bytes of one blob, at most.</summary>
    public int BlobBytesMax { get; init; } = 5 * 1024 * 1024;

    /// <summary>Attempts to deliver an outbox entry before it is parked and reported.</summary>
    public int OutboxAttemptsMax { get; init; } = 12;

    /// <summary>Outbox entries taken at once by one taker.</summary>
    public int OutboxTake { get; init; } = 32;

    /// <summary>A group's block of positions on PostgreSQL: the increment of the sequence journal_position.</summary>
    internal const int PositionsPerGroup = 4_096;
}
