using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Expecting;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Register;

/// <summary>What became of a batch of shipments; refusals by line, the rest went in.</summary>
internal sealed record Registered(int New, int Unchanged, IReadOnlyList<LineRefusal> Refused);

/// <summary>Registers shipments: all good lines of a batch in one transaction, the same again changes nothing, another content under a known waybill is refused.</summary>
internal sealed class RegisterShipments(
    IWriteGate gate, ITermsInForce terms, PersonalVault vault, DepotManifest manifest, WaybillScheme waybills, TimeProvider time, IEnumerable<Published.IFollowShipments> followers)
{
    internal const int BatchMax = 1_000;

    /// <param name="lines">The lines with their numbers in the request or file.</param>
    /// <param name="caller">Whose accounts the lines must name.</param>
    /// <param name="ct">Stops before the transaction.</param>
    internal async Task<Outcome<Registered>> RunAsync(IReadOnlyList<(long Line, ShipmentLine Said)> lines, Caller caller, CancellationToken ct)
    {
        Invariant.Holds(lines.Count <= BatchMax, "a batch of shipments is bounded");
        var batch = new Batch();
        foreach (var (line, said) in lines) Read(line, said, caller, batch);
        if (batch.Good.Count == 0) return new Registered(0, 0, batch.Refused);
        var done = await gate.RunAsync<Registered>((transaction, cancel) => RunAsync(transaction, batch, cancel), ct);
        if (done.IsOk && done.Value.New > 0) manifest.Raise();
        return done;
    }

    /// <summary>The same in a transaction that is open already: a command's.</summary>
    internal async Task<Outcome<Registered>> RunAsync(WriteTransaction transaction, IReadOnlyList<(long Line, ShipmentLine Said)> lines, Caller caller, CancellationToken ct)
    {
        var batch = new Batch();
        foreach (var (line, said) in lines) Read(line, said, caller, batch);
        return await RunAsync(transaction, batch, ct);
    }

    private async Task<Outcome<Registered>> RunAsync(WriteTransaction transaction, Batch batch, CancellationToken ct)
    {
        var attempt = batch.Copy();
        await WriteAsync(transaction.Statements, attempt, ct);
        foreach (var shipment in attempt.InOrder)
        {
            if (shipment.Said.Personal is not { } personal) continue;
            var stored = await vault.PutAsync(transaction, shipment.Waybill, ReadParcel.PersonalKind, personal.ToByteArray(), ct);
            if (!stored.IsOk) return stored.Fault;
        }
        attempt.Refused.Sort((a, b) => a.Line.CompareTo(b.Line));
        return new Registered(attempt.New, attempt.Unchanged, attempt.Refused);
    }

    private void Read(long line, ShipmentLine said, Caller caller, Batch batch)
    {
        var flaw = ReadShipment.TryRead(line, said, waybills, terms.Now, out var shipment);
        if (flaw is null && caller.Accounts is { } own && !own.Contains(said.Account, StringComparer.Ordinal))
            flaw = new LineFlaw("account", "account.unknown", $"The account {said.Account} is not one of yours.");
        if (flaw is not null) batch.Refuse(line, flaw);
        else if (!batch.Good.TryAdd(shipment!.Waybill, shipment)) batch.Repeat(shipment);
    }

    private async Task WriteAsync(IJournalWrites writes, Batch batch, CancellationToken ct)
    {
        await SortOutKnownAsync(writes, batch, ct);
        await SortOutTakenAsync(writes, batch, ct);
        if (batch.Good.Count == 0) return;
        var rows = ShipmentSql.ShipmentBlock();
        var now = time.Now().ToUnixMicros();
        foreach (var shipment in batch.InOrder) ShipmentSql.Add(rows, shipment, now);
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        await writes.QueryAsync(ShipmentSql.AddShipments, rows, row => ids[row.Text(1)] = row.Long(0), ct);
        // Registered by somebody else in this very moment: the same questions once more.
        if (ids.Count < batch.Good.Count) await SortOutKnownAsync(writes, batch, ct, ids);
        await AddParcelsAsync(writes, batch, ids, ct);
        foreach (var follower in followers) follower.Registered(writes, ids.Values);
        batch.New = ids.Count;
    }

    private static async Task SortOutKnownAsync(IJournalWrites writes, Batch batch, CancellationToken ct, Dictionary<string, long>? justMade = null)
    {
        var keys = new RowBlock(ColumnKind.Text);
        foreach (var shipment in batch.InOrder)
        {
            if (justMade?.ContainsKey(shipment.Waybill) is not true) keys.Text(shipment.Waybill);
        }
        await writes.QueryAsync(
            ShipmentSql.FindShipments, keys,
            row =>
            {
                batch.Good.Remove(row.Text(0), out var shipment);
                if (shipment!.Content.AsSpan().SequenceEqual(row.Bytes(2))) batch.Unchanged++;
                else batch.Refuse(shipment.Line, Differs(shipment.Waybill));
            },
            ct);
    }

    private static async Task SortOutTakenAsync(IJournalWrites writes, Batch batch, CancellationToken ct)
    {
        var owners = new Dictionary<string, NewShipment>(StringComparer.Ordinal);
        foreach (var shipment in batch.InOrder.ToList())
        {
            foreach (var code in shipment.ParcelCodes)
            {
                if (owners.TryAdd(code, shipment)) continue;
                batch.Refuse(shipment.Line, Taken(code));
                batch.Good.Remove(shipment.Waybill);
            }
        }
        var keys = new RowBlock(ColumnKind.Text);
        foreach (var code in owners.Keys.Order(StringComparer.Ordinal)) keys.Text(code);
        await writes.QueryAsync(
            ShipmentSql.FindTaken, keys,
            row =>
            {
                var code = row.Text(0);
                // Its own shipment, registered by somebody else since the question before: found out when it is added.
                if (string.Equals(row.Text(1), owners[code].Waybill, StringComparison.Ordinal)) return;
                if (batch.Good.Remove(owners[code].Waybill)) batch.Refuse(owners[code].Line, Taken(code));
            },
            ct);
    }

    private static async Task AddParcelsAsync(IJournalWrites writes, Batch batch, Dictionary<string, long> ids, CancellationToken ct)
    {
        var change = await ParcelSql.NextChangeAsync(writes, ct);
        var parcels = ShipmentSql.ParcelBlock();
        var bare = new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text);
        foreach (var s in batch.InOrder)
        {
            var id = ids[s.Waybill];
            var piece = 0;
            foreach (var code in s.ParcelCodes) parcels.Text(code).Long(++piece).Long(id).Text(s.Said.Account).Text(s.Said.Origin).Text(s.Said.Destination).Long(change);
            if (s.Pieces > 1) bare.Text(s.Waybill).Long(id).Text(s.Said.Account).Text(s.Said.Origin).Text(s.Said.Destination);
        }
        writes.Write(ShipmentSql.AddParcels, parcels);
        writes.Write(ShipmentSql.ClaimBareWaybill, bare);
    }

    private static LineFlaw Differs(string waybill) =>
        new("waybill", "shipment.differs", $"The waybill {waybill} is registered with other content; a registered shipment does not change. Use a new waybill number.");

    private static LineFlaw Taken(string code) => new("waybill", "parcel.taken", $"The parcel number {code} belongs to another shipment.");

    private sealed class Batch
    {
        internal Dictionary<string, NewShipment> Good { get; private init; } = new(StringComparer.Ordinal);

        internal List<LineRefusal> Refused { get; private init; } = [];

        internal int New { get; set; }

        internal int Unchanged { get; set; }

        /// <summary>By waybill: two registrations that share shipments meet them in one order.</summary>
        internal IEnumerable<NewShipment> InOrder => Good.Values.OrderBy(s => s.Waybill, StringComparer.Ordinal);

        internal Batch Copy() => new() { Good = new(Good, StringComparer.Ordinal), Refused = [.. Refused], Unchanged = Unchanged };

        internal void Refuse(long line, LineFlaw flaw) =>
            Refused.Add(new LineRefusal { Line = line, Field = flaw.Field, Code = flaw.Code, Message = flaw.Message });

        /// <summary>The same waybill twice in one batch: the same content is the same shipment.</summary>
        internal void Repeat(NewShipment shipment)
        {
            if (Good[shipment.Waybill].Content.AsSpan().SequenceEqual(shipment.Content)) Unchanged++;
            else Refuse(shipment.Line, Differs(shipment.Waybill));
        }
    }
}
