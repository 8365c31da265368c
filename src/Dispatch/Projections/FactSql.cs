using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Projections;

/// <summary>Statements on the facts of what is folded from its facts.</summary>
internal static class FactSql
{
    internal static readonly BulkSql Add = new(
        "INSERT INTO dispatch_fact(event_id, subject, earliest_us, best_us, latest_us, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(event_id) DO NOTHING",
        "INSERT INTO dispatch_fact(event_id, subject, earliest_us, best_us, latest_us, body) SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[]) "
        + "ON CONFLICT(event_id) DO NOTHING");

    internal static readonly BulkSql OfSubjects = new(
        "SELECT subject, event_id, earliest_us, best_us, latest_us, body FROM dispatch_fact WHERE subject = ?1",
        "SELECT subject, event_id, earliest_us, best_us, latest_us, body FROM dispatch_fact WHERE subject = ANY($1::text[])");

    internal static RowBlock Block() => new(ColumnKind.Uuid, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bytes);

    internal static void Write(RowBlock rows, string subject, AppendedEvent e) => rows
        .Uuid(e.Id).Text(subject).Long(e.Time.Earliest.ToUnixMicros()).Long(e.Time.Best.ToUnixMicros()).Long(e.Time.Latest.ToUnixMicros()).Bytes(e.Body);

    internal static void Write(RowBlock rows, string subject, JournalledEvent e) => rows
        .Uuid(e.Id).Text(subject).Long(e.Time.Earliest.ToUnixMicros()).Long(e.Time.Best.ToUnixMicros()).Long(e.Time.Latest.ToUnixMicros()).Bytes(e.Body);

    /// <summary>What a fact is folded with; null: nothing here is folded from it.</summary>
    internal static string? SubjectOf(ParcelEvent e) => OrderRun.IsOfAnOrder(e) ? OrderRun.Prefix + e.Reference : DoorRun.SubjectOf(e);

    internal static DispatchFact FactOf(AppendedEvent e) => new(e.Id, e.Event, e.Time);

    internal static (string Subject, DispatchFact Fact) Read(IRow row) => (row.Text(0), new DispatchFact(
        row.Uuid(1), ParcelEvent.Parser.ParseFrom(row.Bytes(5)),
        new AdjudgedInterval(Clock.FromUnixMicros(row.Long(2)), Clock.FromUnixMicros(row.Long(3)), Clock.FromUnixMicros(row.Long(4)))));

    internal static RowBlock Keys(IEnumerable<string> texts)
    {
        var keys = new RowBlock(ColumnKind.Text);
        foreach (var text in texts.Order(StringComparer.Ordinal)) keys.Text(text);
        return keys;
    }
}
