using KeyAccountLogistics.Kernel;
using NodaTime;
using ClockEvidence = KeyAccountLogistics.Api.Edge.V1.ClockEvidence;

namespace KeyAccountLogistics.Journal;

/// <summary>What a chain of events comes from. The number is stored.</summary>
public enum SourceKind
{
    /// <summary>A depot's agent.</summary>
    Agent = 1,

    /// <summary>A phone or a client's system.</summary>
    Device = 2,

    /// <summary>Files taken in.</summary>
    Import = 3,

    /// <summary>Acts by RPC, minted by the server itself.</summary>
    Server = 4,
}

/// <summary>
/// A source of events: one hash chain, one order. Named <c>agent:ID</c>, <c>device:ID</c>, <c>import:NAME</c> or <c>server</c>. Immutable.
/// </summary>
public sealed record JournalSource
{
    private const int NameLengthMax = 120;

    private JournalSource(SourceKind kind, string name)
    {
        if (name.Length > NameLengthMax || name.Any(char.IsControl))
            throw new ArgumentException($"A source's name has at most {NameLengthMax} characters and no control characters.", nameof(name));
        (Kind, Name) = (kind, name);
    }

    /// <summary>What it is.</summary>
    public SourceKind Kind { get; }

    /// <summary>The name with its prefix, unique in the installation.</summary>
    public string Name { get; }

    /// <summary>Acts by RPC; one chain per installation.</summary>
    public static JournalSource Server { get; } = new(SourceKind.Server, "server");

    /// <summary>A depot's agent, by its id.</summary>
    public static JournalSource Agent(string id) => new(SourceKind.Agent, "agent:" + Given(id));

    /// <summary>A phone or client system, by its id: its journal never mixes with another's.</summary>
    public static JournalSource Device(string id) => new(SourceKind.Device, "device:" + Given(id));

    /// <summary>Events taken in from files, by the name the importer gave.</summary>
    public static JournalSource Import(string name) => new(SourceKind.Import, "import:" + Given(name));

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Given(string id) => string.IsNullOrWhiteSpace(id) ? throw new ArgumentException("A source has an id.", nameof(id)) : id;
}

/// <summary>How far the clock behind a batch is believed (law 2).</summary>
public enum ClockTrust
{
    /// <summary>The server's own clock made the instants: exact.</summary>
    Server = 1,

    /// <summary>History taken in from a file: the instants are what they are, exact, never after receipt.</summary>
    History = 2,

    /// <summary>An agent's clock with the evidence of its last contact.</summary>
    Agent = 3,

    /// <summary>A phone's or system's wall clock without evidence: anywhere between the source's last contact and receipt.</summary>
    Unproven = 4,
}

/// <summary>What a batch's instants are judged from; hashed into the chain and stored.</summary>
public readonly record struct BatchClock(ClockTrust Trust, ClockEvidence? Evidence)
{
    /// <summary>Instants made by this server.</summary>
    public static BatchClock Server { get; } = new(ClockTrust.Server, null);

    /// <summary>Instants from an imported file.</summary>
    public static BatchClock History { get; } = new(ClockTrust.History, null);

    /// <summary>A wall clock nobody vouches for.</summary>
    public static BatchClock Unproven { get; } = new(ClockTrust.Unproven, null);

    /// <summary>An agent's clock, with what is known of it.</summary>
    public static BatchClock Agent(ClockEvidence evidence) => new(ClockTrust.Agent, evidence ?? throw new ArgumentNullException(nameof(evidence)));
}

/// <summary>
/// Events of one source, as they came. With <see cref="Boot"/>: contiguous, event i has sequence <see cref="FirstSequence"/> + i, duplicates are told by
/// (source, boot, sequence). Without: duplicates are told by event id. The bodies must stay unchanged until the append has answered.
/// </summary>
public sealed record AppendBatch
{
    /// <summary>Whose chain.</summary>
    public required JournalSource Source { get; init; }

    /// <summary>The start of the source's program that numbered the events; null for sources that do not number.</summary>
    public Guid? Boot { get; init; }

    /// <summary>Sequence of the first event, from 1; 0 without a boot.</summary>
    public long FirstSequence { get; init; }

    /// <summary>Serialised <c>kal.custody.v1.ParcelEvent</c> messages, verbatim. At least one, at most <see cref="JournalOptions.BatchEventsMax"/>.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Bodies { get; init; }

    /// <summary>What the instants are judged from.</summary>
    public required BatchClock Clock { get; init; }

    /// <summary>When the server got the batch.</summary>
    public required Instant ReceivedAt { get; init; }
}

/// <summary>What became of one event of a batch.</summary>
public enum EventFate
{
    /// <summary>Journalled by this call.</summary>
    Recorded = 1,

    /// <summary>Was journalled before: no effect, acknowledged again.</summary>
    Known = 2,

    /// <summary>Cannot be read as a fact: kept as bytes in the chain, with no effect on any parcel.</summary>
    Rejected = 3,
}

/// <summary>The answer for one event; position 0 where it was known already.</summary>
public readonly record struct EventAnswer(EventFate Fate, long Position);

/// <summary>Why an event was rejected; the index counts the batch's bodies from 0, the sequence is 0 without a boot.</summary>
public sealed record RejectedFact(int Index, long Sequence, string Code, string Message);

/// <summary>The answer to a batch, given after commit: everything in it is safe.</summary>
public sealed record AppendResult(IReadOnlyList<EventAnswer> Answers, IReadOnlyList<RejectedFact> Rejected)
{
    /// <summary>How many events this call added to the chain, rejected ones included.</summary>
    public int Added { get; init; }
}

/// <summary>The event journal: appended, never changed (law 1).</summary>
public interface IJournal
{
    /// <summary>
    /// Appends and answers after commit. Sending the same batch again, in any order, across any crash, has one effect and gives the same rejections (law 5).
    /// Batches of one source are appended in the order of the calls. Waits while the bounded queue is full.
    /// Faults: Invalid (the batch is over a limit; field names it), Exhausted (the disk is full: nothing is accepted), Unavailable (the database is; send again).
    /// </summary>
    Task<Outcome<AppendResult>> AppendAsync(AppendBatch batch, CancellationToken ct = default);

    /// <summary>The last sequence up to which every event of the boot is safe; 0 when nothing is.</summary>
    Task<long> SafeUpToAsync(JournalSource source, Guid boot, CancellationToken ct = default);
}
