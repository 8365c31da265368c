using System.Security.Cryptography;
using System.Text;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Personal;

/// <summary>
/// Names, phones and addresses, beside the journal and never in it (law 13): sealed with a key per shipment, which is wrapped by the installation's master key. Destroying the
/// shipment's key makes its details and photos unreadable for ever, in backups too once they have turned over, while every chain still verifies. Safe for concurrent use.
/// </summary>
public sealed class PersonalVault
{
    private const int ManyMax = 5_000;
    private const int PartMax = 400;
    private readonly MasterKey _master;
    private readonly JournalReader _reader;
    private readonly TimeProvider _time;

    internal PersonalVault(MasterKey master, JournalReader reader, TimeProvider time) => (_master, _reader, _time) = (master, reader, time);

    /// <summary>32 secret bytes that are always the same for a kind and a subject of this installation, and kept nowhere: a delivery code is made of them.</summary>
    public byte[] Derive(string kind, string subject) => _master.Derive(kind, subject);

    /// <summary>Stores details of a kind (say <c>contact</c>) for a shipment, replacing those of that kind. Conflict when the shipment's key is destroyed: details never come back.</summary>
    public async Task<Outcome<bool>> PutAsync(WriteTransaction transaction, string shipment, string kind, ReadOnlyMemory<byte> details, CancellationToken ct = default)
    {
        var key = await KeyForAsync(transaction, shipment, ct);
        if (!key.IsOk) return key.Fault;
        using var opened = key.Value;
        await Sql.ExecuteAsync(
            transaction,
            "INSERT INTO journal_personal(shipment, kind, sealed, stored_us) VALUES (@shipment, @kind, @sealed, @now) "
            + "ON CONFLICT(shipment, kind) DO UPDATE SET sealed = excluded.sealed, stored_us = excluded.stored_us",
            ct, ("shipment", shipment), ("kind", kind), ("sealed", opened.Seal(details.Span, BoundTo(shipment, kind))), ("now", _time.Now().ToUnixMicros()));
        return true;
    }

    /// <summary>The shipment's key, made on first use: for fingerprints and for sealing blobs. Dispose it. Conflict when it is destroyed.</summary>
    public async Task<Outcome<ShipmentKey>> KeyForAsync(WriteTransaction transaction, string shipment, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentException.ThrowIfNullOrWhiteSpace(shipment);
        var fresh = RandomNumberGenerator.GetBytes(ShipmentKey.KeyLength);
        await Sql.ExecuteAsync(
            transaction, "INSERT INTO journal_shipment_key(shipment, wrapped_key, created_us) VALUES (@shipment, @key, @now) ON CONFLICT(shipment) DO NOTHING", ct,
            ("shipment", shipment), ("key", _master.Wrap(fresh, BoundTo(shipment, "key"))), ("now", _time.Now().ToUnixMicros()));
        CryptographicOperations.ZeroMemory(fresh);
        await using var command = Sql.Command(transaction, "SELECT wrapped_key FROM journal_shipment_key WHERE shipment = @shipment", ("shipment", shipment));
        return await command.ExecuteScalarAsync(ct) is byte[] wrapped ? new ShipmentKey(shipment, _master.Unwrap(wrapped, BoundTo(shipment, "key"))) : Destroyed(shipment);
    }

    /// <summary>The shipment's key for reading; null when there is none (never made, or destroyed). Dispose it.</summary>
    public async Task<ShipmentKey?> FindKeyAsync(string shipment, CancellationToken ct = default)
    {
        await using var connection = await _reader.OpenAsync(ct);
        await using var command = Sql.Command(connection, "SELECT wrapped_key FROM journal_shipment_key WHERE shipment = @shipment", ("shipment", shipment));
        return await command.ExecuteScalarAsync(ct) is byte[] wrapped ? new ShipmentKey(shipment, _master.Unwrap(wrapped, BoundTo(shipment, "key"))) : null;
    }

    /// <summary>
    /// The details as they were put. NotFound when none were stored; Unavailable (personal.destroyed) when retention has destroyed the key. Who may ask is the caller's
    /// business, and asking is an audited act.
    /// </summary>
    public async Task<Outcome<byte[]>> GetAsync(string shipment, string kind, CancellationToken ct = default)
    {
        await using var connection = await _reader.OpenAsync(ct);
        await using var command = Sql.Command(
            connection, "SELECT k.wrapped_key, p.sealed FROM journal_personal p JOIN journal_shipment_key k ON k.shipment = p.shipment WHERE p.shipment = @shipment AND p.kind = @kind",
            ("shipment", shipment), ("kind", kind));
        await using var rows = await command.ExecuteReaderAsync(ct);
        if (!await rows.ReadAsync(ct)) return new Fault.NotFound("personal.none", $"No details of kind {kind} are stored for shipment {shipment}.");
        if (await rows.IsDBNullAsync(0, ct)) return new Fault.Unavailable("personal.destroyed", $"The details of shipment {shipment} were destroyed when their retention ended.");
        using var key = new ShipmentKey(shipment, _master.Unwrap((byte[])rows.GetValue(0), BoundTo(shipment, "key")));
        return key.Open((byte[])rows.GetValue(1), BoundTo(shipment, kind)) is { } details
            ? details
            : new Fault.Conflict("personal.damaged", $"The stored details of shipment {shipment} were changed outside the product. Restore them from a backup.");
    }

    /// <summary>
    /// The details of many shipments at once, by shipment; those that have none, whose key is destroyed, or that were changed outside the product are not there. At most 5,000 a call.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> GetManyAsync(IReadOnlyCollection<string> shipments, string kind, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(shipments);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shipments.Count, ManyMax, nameof(shipments));
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var connection = await _reader.OpenAsync(ct);
        foreach (var part in shipments.Distinct(StringComparer.Ordinal).Chunk(PartMax))
        {
            var (list, values) = Sql.In("s", part);
            await using var command = Sql.Command(
                connection, $"SELECT p.shipment, k.wrapped_key, p.sealed FROM journal_personal p JOIN journal_shipment_key k ON k.shipment = p.shipment WHERE p.kind = @kind AND p.shipment IN ({list})", [("kind", kind), .. values]);
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                if (await rows.IsDBNullAsync(1, ct)) continue;
                var shipment = rows.GetString(0);
                using var key = new ShipmentKey(shipment, _master.Unwrap((byte[])rows.GetValue(1), BoundTo(shipment, "key")));
                if (key.Open((byte[])rows.GetValue(2), BoundTo(shipment, kind)) is { } details) found[shipment] = details;
            }
        }
        return found;
    }

    /// <summary>Destroys the shipment's key, for ever. False when there was none to destroy.</summary>
    public async Task<bool> DestroyAsync(WriteTransaction transaction, string shipment, CancellationToken ct = default)
    {
        var changed = await Sql.ExecuteAsync(
            transaction, "UPDATE journal_shipment_key SET wrapped_key = NULL, destroyed_us = @now WHERE shipment = @shipment AND wrapped_key IS NOT NULL", ct,
            ("now", _time.Now().ToUnixMicros()), ("shipment", shipment));
        return changed == 1;
    }

    // What was sealed for one shipment and kind opens for no other, wherever somebody copies the row.
    private static byte[] BoundTo(string shipment, string kind) => Encoding.UTF8.GetBytes(shipment + "\0" + kind);

    private static Fault.Conflict Destroyed(string shipment) =>
        new("personal.destroyed", $"The key of shipment {shipment} was destroyed when its retention ended; no details can be stored for it any more.");
}
