using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>A row of <c>level_fact</c>: what of an event is kept there, and nothing that is not in it.</summary>
internal sealed record KeptFact(Guid EventId, FactKey? Key, int Kind, uint Revision, long EarliestUs, long BestUs, long LatestUs, Guid? Corrects, ReadOnlyMemory<byte> Body)
{
    internal string Subject => Key?.Subject ?? "";

    /// <summary>Null for an event of which nothing is kept here.</summary>
    internal static KeptFact? Of(Guid id, ParcelEvent e, AdjudgedInterval time, SourceKind source, ReadOnlyMemory<byte> body)
    {
        var key = FactKey.Of(e);
        // A parcel's agent or phone may correct what it told; of an account's service it never told anything.
        var corrects = key is null && source is SourceKind.Server or SourceKind.Import && FactHistory.IsCorrection(e) ? Uuid.From(e.Corrects.Span) : (Guid?)null;
        if (key is null && corrects is null) return null;
        return new KeptFact(id, key, (int)e.Kind, e.Service?.Revision ?? 0, time.Earliest.ToUnixMicros(), time.Best.ToUnixMicros(), time.Latest.ToUnixMicros(), corrects, body);
    }

    internal static KeptFact? Of(AppendedEvent e) => Of(e.Id, e.Event, e.Time, e.Source, e.Body);

    internal static KeptFact? Of(JournalledEvent e) => e.Kind is EventKind.Corrected || FactKey.IsOfService(e.Kind) ? Of(e.Id, e.Parse(), e.Time, e.Source, e.Body) : null;

    internal static KeptFact Read(IRow row) => new(
        row.Uuid(0), FactKey.Read(row.Text(3)), checked((int)row.Long(2)), checked((uint)row.Long(5)), row.Long(6), row.Long(7), row.Long(8), row.IsNull(9) ? null : row.Uuid(9), row.Bytes(10));

    internal void Write(RowBlock rows) => rows.Uuid(EventId).Text(Key?.Account ?? "").Long(Kind).Text(Subject).Text(Key?.Reference ?? "").Long(Revision)
        .Long(EarliestUs).Long(BestUs).Long(LatestUs).Uuid(Corrects).Bytes(Body);

    internal LivedFact Lived() => new(ParcelEvent.Parser.ParseFrom(Body.Span), EarliestUs, BestUs, LatestUs);

    public bool Equals(KeptFact? other) => other is not null && EventId == other.EventId && Key == other.Key && Kind == other.Kind && Revision == other.Revision && EarliestUs == other.EarliestUs && BestUs == other.BestUs
        && LatestUs == other.LatestUs && Corrects == other.Corrects && Body.Span.SequenceEqual(other.Body.Span);

    public override int GetHashCode() => EventId.GetHashCode();
}
