using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Blobs;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal;

/// <summary>Says which shipment a parcel's row belongs to; implemented by the module that owns parcels. Thread-safe.</summary>
public interface IShipmentNames
{
    /// <summary>The name under which the shipment's personal details are kept: its waybill, or the parcel's own code while no shipment is known.</summary>
    Task<string> OfParcelAsync(long parcelId, CancellationToken ct);
}

/// <summary>What somebody announces to send: the event that names the blob, the blob's SHA-256 and length.</summary>
public sealed record EvidenceHead(ReadOnlyMemory<byte> EventId, ReadOnlyMemory<byte> Sha256, long Length);

/// <summary>
/// Photos and signatures that journalled events name by their hash (law 13): taken in only for an event that is there, only from whoever made it, and sealed with the key of
/// its shipment, or of its handover where it is about many. Safe for concurrent use.
/// </summary>
public sealed class Evidence
{
    private readonly BlobStore _blobs;
    private readonly PersonalVault _vault;
    private readonly IJournalReader _journal;
    private readonly IWriteGate _gate;
    private readonly IShipmentNames? _names;

    internal Evidence(BlobStore blobs, PersonalVault vault, IJournalReader journal, IWriteGate gate, IShipmentNames? names) =>
        (_blobs, _vault, _journal, _gate, _names) = (blobs, vault, journal, gate, names);

    /// <summary>The SHA-256 that a fact names, the first where it names several; empty when it names none.</summary>
    public static ReadOnlyMemory<byte> HashOf(ParcelEvent fact) => HashesOf(fact).FirstOrDefault();

    /// <summary>Every SHA-256 that a fact names: a photo; a handover's signature; a delivery's signature, then its photo.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> HashesOf(ParcelEvent fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        var named = new[] { fact.Photo?.Sha256, fact.HandoverConfirmed?.SignatureSha256, fact.Proof?.SignatureSha256, fact.Proof?.PhotoSha256 };
        return [.. named.Where(static h => h is { Length: BlobStore.HashLength }).Select(static h => h!.Memory)];
    }

    /// <summary>Whether a fact of that kind may name a blob at all: what is asked before its bytes are read.</summary>
    internal static bool MayName(EventKind kind) => kind is EventKind.PhotoTaken or EventKind.HandoverConfirmed or EventKind.Delivered or EventKind.AtPickupPoint;

    /// <summary>
    /// Stores what an event names. <paramref name="made"/> says whether the sender made that event, by its source and fact. NotFound while the event has not arrived or is
    /// somebody else's (send the event first); Invalid when it names another hash, or the content is not what was announced; Conflict when retention has ended.
    /// </summary>
    public async Task<Outcome<string>> TakeAsync(EvidenceHead head, Func<string, ParcelEvent, bool> made, IAsyncEnumerable<ReadOnlyMemory<byte>> content, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(made);
        if (head.EventId.Length != 16) return new Fault.Invalid("event_id", "evidence.event_id", "Name the event by the 16 bytes of its id.");
        var id = new Guid(head.EventId.Span, bigEndian: true);
        var unknown = new Fault.NotFound("evidence.event_unknown", $"No event {id} of yours is in the journal. Send the event first, then what it names.");
        if (await _journal.FindAsync(id, ct) is not { Kind: not EventKind.Unspecified } item || await _journal.ProvenanceAsync(item, ct) is not { } from) return unknown;
        var fact = item.Parse();
        if (!made(from.Source, fact)) return unknown;
        if (!HashesOf(fact).Any(named => named.Span.SequenceEqual(head.Sha256.Span)))
            return new Fault.Invalid("sha256", "evidence.other_hash", $"The event {id} does not name a blob of that SHA-256.");
        var owner = await OwnerAsync(item, fact, ct);
        var key = await _gate.RunAsync<ShipmentKey>((transaction, cancel) => _vault.KeyForAsync(transaction, owner, cancel), ct);
        if (!key.IsOk) return key.Fault;
        using var opened = key.Value;
        return await _blobs.StoreAsync(head.Sha256, head.Length, content, opened, ct);
    }

    /// <summary>
    /// What an event names, opened: the blob of that SHA-256, or the first where <paramref name="sha256"/> is empty. NotFound when it names none such or the blob has not arrived;
    /// Unavailable when its key is destroyed. Asking is an audited act.
    /// </summary>
    public async Task<Outcome<byte[]>> ReadAsync(JournalledEvent item, ReadOnlyMemory<byte> sha256 = default, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        var fact = item.Parse();
        var named = HashesOf(fact).FirstOrDefault(h => sha256.IsEmpty || h.Span.SequenceEqual(sha256.Span));
        if (named.IsEmpty) return new Fault.NotFound("evidence.none", $"The event {item.Id} names no such photo or signature.");
        using var key = await _vault.FindKeyAsync(await OwnerAsync(item, fact, ct), ct);
        return await _blobs.ReadAsync(named, key, ct);
    }

    // A handover's signature is about all its parcels: it has a key of its own, which ends with the last of them.
    private async Task<string> OwnerAsync(JournalledEvent item, ParcelEvent fact, CancellationToken ct)
    {
        if (item.ParcelId is { } parcel && _names is not null) return await _names.OfParcelAsync(parcel, ct);
        return fact.Handover.Length > 0 ? "handover " + fact.Handover : "event " + item.Id;
    }
}
