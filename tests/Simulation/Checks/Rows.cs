using System.Data.Common;
using KeyAccountLogistics.TestKit.Databases;

namespace KeyAccountLogistics.Simulation.Checks;

internal sealed record JournalRow(Guid Id, string Source, int Kind, long EarliestUs, long BestUs, long LatestUs, byte[] Body);

internal sealed record RefusedRow(Guid Id, string Courier, string Device, byte[] Body);

internal sealed record PostingLine(Guid Event, Guid Origin, int OriginKind, int Ledger, string Owner, long Minor, string Parcel, int Purpose);

internal sealed record SumRow(int Ledger, string Owner, string Parcel, int Purpose, long Minor);

internal sealed record ParcelState(string Code, int Stage, int CustodianKind, string Custodian);

internal sealed record OrderState(string Id, int Phase, int Taken);

internal sealed record PhoneState(string Courier, string Device, string Seen);

internal sealed record SheetRow(string Number, string Courier, int State, int Lines, int WentOut);

/// <summary>The tables as they stand, read by SQL: nothing of the code under test takes part.</summary>
internal sealed record Rows(
    List<JournalRow> Journal, List<RefusedRow> Refused, List<PostingLine> Postings, List<SumRow> Balances, List<SumRow> Open, List<ParcelState> Parcels, List<OrderState> Orders,
    List<PhoneState> Phones, List<SheetRow> Sheets, int Flawed)
{
    internal static async Task<Rows> ReadAsync(TestDatabase database) => new(
        await database.RowsAsync(
            "SELECT e.event_id, s.name, e.kind, e.earliest_us, e.best_us, e.latest_us, e.body FROM journal_event e JOIN journal_source s ON s.id = e.source_id ORDER BY e.position",
            r => new JournalRow(Id(r, 0), r.GetString(1), r.GetInt16(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), (byte[])r.GetValue(6))),
        await database.RowsAsync(
            "SELECT event_id, courier, device, body FROM dispatch_refused_fact ORDER BY event_id", r => new RefusedRow(Id(r, 0), r.GetString(1), r.GetString(2), (byte[])r.GetValue(3))),
        await database.RowsAsync(
            "SELECT p.event_id, p.origin, e.kind, p.ledger, p.owner, p.minor, p.parcel, p.purpose FROM dispatch_posting p LEFT JOIN dispatch_entry e ON e.event_id = p.origin ORDER BY 1, 2, p.line",
            r => new PostingLine(Id(r, 0), Id(r, 1), r.IsDBNull(2) ? 0 : r.GetInt32(2), r.GetInt32(3), r.GetString(4), r.GetInt64(5), r.GetString(6), r.GetInt32(7))),
        await database.RowsAsync("SELECT ledger, owner, SUM(minor) FROM dispatch_balance GROUP BY ledger, owner", r => new SumRow(r.GetInt32(0), r.GetString(1), "", 0, Number(r, 2))),
        await database.RowsAsync(
            "SELECT ledger, owner, parcel, purpose, SUM(minor) FROM dispatch_open_money GROUP BY ledger, owner, parcel, purpose",
            r => new SumRow(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetInt32(3), Number(r, 4))),
        await database.RowsAsync(
            "SELECT code, stage, custodian_kind, custodian FROM custody_parcel ORDER BY code", r => new ParcelState(r.GetString(0), r.GetInt32(1), r.GetInt32(2), r.GetString(3))),
        await database.RowsAsync("SELECT id, phase, taken FROM dispatch_order ORDER BY id", r => new OrderState(r.GetString(0), r.GetInt32(1), r.GetInt32(2))),
        await database.RowsAsync("SELECT courier, device, seen FROM dispatch_phone", r => new PhoneState(r.GetString(0), r.GetString(1), r.GetString(2))),
        await database.RowsAsync(
            "SELECT s.number, s.courier, s.state, COUNT(*), SUM(CASE WHEN l.went_out THEN 1 ELSE 0 END) FROM dispatch_sheet s JOIN dispatch_sheet_line l ON l.number = s.number "
            + "GROUP BY s.number, s.courier, s.state ORDER BY s.number",
            r => new SheetRow(r.GetString(0), r.GetString(1), r.GetInt32(2), (int)Number(r, 3), (int)Number(r, 4))),
        (int)await database.ScalarAsync("SELECT COUNT(*) FROM dispatch_entry WHERE flaw <> 0"));

    // 16 bytes in RFC order on SQLite, a type of its own on PostgreSQL.
    private static Guid Id(DbDataReader row, int column) => row.GetValue(column) switch
    {
        byte[] bytes => new Guid(bytes, bigEndian: true),
        var id => (Guid)id,
    };

    // A sum of bigint is numeric on PostgreSQL.
    private static long Number(DbDataReader row, int column) => Convert.ToInt64(row.GetValue(column), System.Globalization.CultureInfo.InvariantCulture);
}
