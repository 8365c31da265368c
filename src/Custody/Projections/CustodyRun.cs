using System.Runtime.InteropServices;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Watching;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Projections;

internal sealed class CustodyRun(IJournalWrites writes, WaybillScheme waybills, CommittedFeed feed) : IProjectionRun
{
    private readonly Dictionary<string, Parcel> _parcels = new(StringComparer.Ordinal);
    private IReadOnlyList<AppendedEvent> _events = [];

    public async ValueTask ResolveAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
    {
        var keys = new RowBlock(ColumnKind.Text);
        foreach (var e in events)
        {
            if (CodeOf(e.Event.Parcel) is not { } code) continue;
            ref var parcel = ref CollectionsMarshal.GetValueRefOrAddDefault(_parcels, code, out var known);
            if (known) continue;
            parcel = new Parcel();
            keys.Text(code);
        }
        if (keys.Count == 0) return;
        await FindAsync(keys, ct);
        await AddStubsAsync(ct);
        foreach (var e in events)
        {
            if (CodeOf(e.Event.Parcel) is not { } code) continue;
            var parcel = _parcels[code];
            e.AssignParcel(parcel.Id);
            parcel.Facts.Add(FactOf(e));
        }
    }

    public async ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
    {
        _events = events;
        await FoldParcelsAsync(ct);
        await new HandoverRun(writes, waybills).ApplyAsync(events, ct);
    }

    public void Committed() => feed.Publish(_events);

    private async ValueTask FindAsync(RowBlock keys, CancellationToken ct) => await writes.QueryAsync(
        ParcelSql.Find, keys,
        row =>
        {
            var parcel = _parcels[row.Text(1)];
            (parcel.Id, parcel.Stored) = (row.Long(0), row.Bytes(2));
        },
        ct);

    private async ValueTask AddStubsAsync(CancellationToken ct)
    {
        if (Missing() is not { } unknown) return;
        await writes.QueryAsync(ParcelSql.AddStubs, unknown, row => _parcels[row.Text(1)].Id = row.Long(0), ct);
        // Another lane may have made some of them in this very moment: then they are there now.
        if (Missing() is { } raced) await FindAsync(raced, ct);
        Invariant.Holds(_parcels.Values.All(p => p.Id != 0), "every parcel code of a batch has its row");
    }

    private RowBlock? Missing()
    {
        RowBlock? missing = null;
        foreach (var (code, parcel) in _parcels)
        {
            if (parcel.Id == 0) (missing ??= new RowBlock(ColumnKind.Text)).Text(code);
        }
        return missing;
    }

    private async ValueTask FoldParcelsAsync(CancellationToken ct)
    {
        if (_parcels.Count == 0) return;
        var late = new Dictionary<long, Parcel>();
        foreach (var parcel in _parcels.Values)
        {
            if (!parcel.TryApplyAll()) late.Add(parcel.Id, parcel);
        }
        if (late.Count > 0)
        {
            await writes.ReadParcelsAsync([.. late.Keys], e => late[e.ParcelId!.Value].Facts.Add(FactOf(e)), ct);
            foreach (var parcel in late.Values) parcel.State = ParcelFold.Fold(parcel.Facts);
        }
        var change = await ParcelSql.NextChangeAsync(writes, ct);
        var rows = ParcelSql.UpdateBlock();
        // By id: lanes that share parcels meet their rows in one order.
        foreach (var parcel in _parcels.Values.OrderBy(p => p.Id)) ParcelSql.Add(rows, parcel.Id, ParcelColumns.Of(parcel.State!), change, parcel.State!.ToByteArray());
        writes.Write(ParcelSql.Update, rows);
    }

    // Canonical where it can be; a text that is no code at all still names something, and its facts are kept under it as they came.
    private string? CodeOf(string text) => ParcelCodes.KeyOf(text, waybills);

    internal static LifeFact FactOf(AppendedEvent e) =>
        new(e.Event, e.Time.Earliest.ToUnixMicros(), e.Time.Best.ToUnixMicros(), e.Time.Latest.ToUnixMicros());

    internal static LifeFact FactOf(JournalledEvent e) =>
        new(e.Parse(), e.Time.Earliest.ToUnixMicros(), e.Time.Best.ToUnixMicros(), e.Time.Latest.ToUnixMicros());

    private sealed class Parcel
    {
        internal long Id { get; set; }

        internal byte[] Stored { get; set; } = [];

        internal List<LifeFact> Facts { get; } = [];

        internal ParcelState? State { get; set; }

        /// <summary>False: one of the events came late, and the whole must be folded.</summary>
        internal bool TryApplyAll()
        {
            State = Stored.Length == 0 ? ParcelFold.Empty() : ParcelState.Parser.ParseFrom(Stored);
            if (Facts.Count > 1) Facts.Sort(LifeOrder.Instance);
            foreach (var fact in Facts)
            {
                if (!ParcelFold.TryApply(State, fact)) return false;
            }
            return true;
        }
    }
}
