using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;

namespace KeyAccountLogistics.Custody.Projections;

/// <summary>The projection's statements on parcels, both dialects side by side: one read and one update for all parcels of a transaction.</summary>
internal static class ParcelSql
{
    internal const string ChangeCounter = "change";
    private const string Lookup = "SELECT id, code, state FROM custody_parcel WHERE code = ";
    private const string StubColumns =
        "INSERT INTO custody_parcel(code, piece, shipment_id, account, origin, destination, stage, custodian_kind, custodian, node, next_node, exceptions, closed, "
        + "last_best_us, events, change, state) SELECT c.code, 0, s.id, s.account, s.origin, s.destination, 0, 0, '', '', '', 1, false, 0, 0, 0, ";
    private const string StubEnd = "LEFT JOIN custody_shipment s ON s.waybill = c.code WHERE true ";

    /// <summary>Locked in the order of ids, so that lanes which share parcels wait for each other and never in a circle.</summary>
    internal static readonly BulkSql Find = new(Lookup + "?1", Lookup + "ANY($1::text[]) ORDER BY id FOR UPDATE");

    /// <summary>
    /// Rows for codes that nobody registered. A shipment whose waybill is the code itself has several pieces: then the label did not say which. Answers the rows made by
    /// this statement only: a code that another lane made meanwhile is found by looking again.
    /// </summary>
    internal static readonly BulkSql AddStubs = new(
        StubColumns + "x'' FROM (SELECT ?1 AS code) c " + StubEnd + "ON CONFLICT(code) DO NOTHING RETURNING id, code",
        StubColumns + "''::bytea FROM unnest($1::text[]) AS c(code) " + StubEnd + "ORDER BY c.code ON CONFLICT(code) DO NOTHING RETURNING id, code");

    // A code that no shipment names (piece 0) is an exception of its own, whatever its events say.
    internal static readonly BulkSql Update = new(
        "UPDATE custody_parcel SET stage=?2, custodian_kind=?3, custodian=?4, node=?5, next_node=?6, held_since_us=?7, hold_reason=?8, hold_place=?9, hold_owner=?10, "
        + "hold_node=?11, exceptions=?12 + (piece = 0), closed=?13, last_best_us=?14, events=?15, change=?16, closed_change=CASE WHEN ?13 THEN ?16 END, state=?17 WHERE id=?1",
        "UPDATE custody_parcel p SET stage=u.stage, custodian_kind=u.ck, custodian=u.c, node=u.n, next_node=u.nn, held_since_us=u.hs, hold_reason=u.hr, hold_place=u.hp, "
        + "hold_owner=u.ho, hold_node=u.hn, exceptions=u.ex + CASE WHEN p.piece = 0 THEN 1 ELSE 0 END, closed=u.cl, last_best_us=u.lb, events=u.ev, "
        + "change=pg_current_xact_id()::text::bigint + u.ch, closed_change=CASE WHEN u.cl THEN pg_current_xact_id()::text::bigint + u.ch END, state=u.st "
        + "FROM unnest($1::bigint[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::text[], $12::int[], "
        + "$13::boolean[], $14::bigint[], $15::int[], $16::bigint[], $17::bytea[]) "
        + "AS u(id, stage, ck, c, n, nn, hs, hr, hp, ho, hn, ex, cl, lb, ev, ch, st) WHERE p.id = u.id");

    /// <summary>
    /// For an open parcel whose listed columns stay as they are: most scans and weighings. It names no column that stands in an index, so the row is rewritten and nothing
    /// else (on PostgreSQL within its page).
    /// </summary>
    internal static readonly BulkSql UpdateState = new(
        "UPDATE custody_parcel SET last_best_us=?2, events=?3, change=?4, state=?5 WHERE id=?1",
        "UPDATE custody_parcel p SET last_best_us=u.lb, events=u.ev, change=pg_current_xact_id()::text::bigint + u.ch, state=u.st "
        + "FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::bigint[], $5::bytea[]) AS u(id, lb, ev, ch, st) WHERE p.id = u.id");

    /// <summary>SQLite has one writer, so a counter orders its transactions; PostgreSQL has its transaction numbers.</summary>
    private static readonly BulkSql NextChange = new(
        "INSERT INTO custody_counter(name, last) VALUES (?1, 1) ON CONFLICT(name) DO UPDATE SET last = last + 1 RETURNING last",
        "SELECT 0::bigint FROM unnest($1::text[])");

    /// <summary>What to stamp changed rows with: the counter on SQLite, nothing on PostgreSQL, whose statements add their transaction's number themselves.</summary>
    internal static async ValueTask<long> NextChangeAsync(IJournalWrites writes, CancellationToken ct)
    {
        if (writes.Engine is not Engine.Sqlite) return 0;
        var change = 0L;
        await writes.QueryAsync(NextChange, new RowBlock(ColumnKind.Text).Text(ChangeCounter), row => change = row.Long(0), ct);
        return change;
    }

    internal static RowBlock UpdateBlock() => new(
        ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text,
        ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Bool, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes);

    internal static RowBlock UpdateStateBlock(int capacity) => new(capacity, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes);

    internal static void AddState(RowBlock rows, long id, ParcelColumns c, long change, byte[] state) =>
        rows.Long(id).Long(c.LastBestUs).Long(c.Events).Long(change).Bytes(state);

    internal static void Add(RowBlock rows, long id, ParcelColumns c, long change, byte[] state) => rows
        .Long(id).Long(c.Stage).Long(c.CustodianKind).Text(c.Custodian).Text(c.Node).Text(c.NextNode)
        .Long(c.HeldSinceUs).Text(c.HoldReason).Text(c.HoldPlace).Text(c.HoldOwner).Text(c.HoldNode)
        .Long(c.Exceptions).Bool(c.Closed).Long(c.LastBestUs).Long(c.Events).Long(change).Bytes(state);
}

/// <summary>What of a state stands in columns, so that lists and manifests need not open it. One function, used by the projection and by the rebuild.</summary>
internal readonly record struct ParcelColumns(
    int Stage, int CustodianKind, string Custodian, string Node, string NextNode, long? HeldSinceUs, string? HoldReason, string? HoldPlace, string? HoldOwner,
    string? HoldNode, int Exceptions, bool Closed, long LastBestUs, int Events)
{
    /// <summary>True when the two differ at most in what <see cref="ParcelSql.UpdateState"/> writes, and the parcel is open.</summary>
    internal bool ListsAs(in ParcelColumns before) => !Closed && this == before with { LastBestUs = LastBestUs, Events = Events };

    internal static ParcelColumns Of(ParcelState state)
    {
        var hold = HoldRules.Active(state);
        return new ParcelColumns(
            (int)state.Stage, (int)(state.Custody?.Party.Kind ?? Api.Custody.V1.PartyKind.Unspecified), state.Custody?.Party.Id ?? "", state.Node, state.NextNode,
            hold?.SinceUs, hold?.Reason, hold?.Place, hold?.Owner, hold?.Node,
            state.ExceptionsTotal, state.Closed is not null, state.LastBestUs, state.Events);
    }
}
