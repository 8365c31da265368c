using System.Runtime.InteropServices;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Scales;
using KeyAccountLogistics.Custody.Watching;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Projections;

internal sealed class CustodyRun(IJournalWrites writes, WaybillScheme waybills, CommittedFeed feed, ScaleFeed scales) : IProjectionRun
{
    // Fewer parcels are folded sooner than another thread begins.
    private const int FoldBesideMin = 64;
    private readonly Dictionary<string, Parcel> _parcels = new(StringComparer.Ordinal);
    private IReadOnlyList<AppendedEvent> _events = [];
    private Task _folding = Task.CompletedTask;
    private bool _scalesDoubted;

    public async ValueTask ResolveAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
    {
        var keys = new RowBlock(events.Count, ColumnKind.Text);
        var named = new Parcel?[events.Count];
        for (var i = 0; i < named.Length; i++)
        {
            if (CodeOf(events[i].Event.Parcel) is not { } code) continue;
            ref var parcel = ref CollectionsMarshal.GetValueRefOrAddDefault(_parcels, code, out var known);
            if (!known)
            {
                parcel = new Parcel();
                keys.Text(code);
            }
            named[i] = parcel;
            parcel!.Facts.Add(FactOf(events[i]));
        }
        if (keys.Count == 0) return;
        await FindAsync(keys, ct);
        await AddStubsAsync(ct);
        for (var i = 0; i < named.Length; i++)
        {
            if (named[i] is { } parcel) events[i].AssignParcel(parcel.Id);
        }
        // Folding needs no database: it goes on while the journal's rows are being written.
        if (_parcels.Count >= FoldBesideMin) _folding = Task.Run(FoldAll, CancellationToken.None);
        else FoldAll();
    }

    public async ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
    {
        _events = events;
        await FoldParcelsAsync(ct);
        await new HandoverRun(writes, waybills).ApplyAsync(events, ct);
        _scalesDoubted = ScaleRun.Apply(writes, events);
    }

    public void Committed()
    {
        feed.Publish(_events);
        if (_scalesDoubted) scales.Raise();
    }

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
        await _folding;
        if (_parcels.Count == 0) return;
        var late = _parcels.Values.Where(p => p.IsLate).ToDictionary(p => p.Id);
        if (late.Count > 0)
        {
            // The present events may be among them; the fold counts an event once.
            await writes.ReadParcelsAsync([.. late.Keys], e => late[e.ParcelId!.Value].Facts.Add(FactOf(e)), ct);
            foreach (var parcel in late.Values) parcel.FoldAnew();
        }
        var change = await ParcelSql.NextChangeAsync(writes, ct);
        var (rows, states) = (ParcelSql.UpdateBlock(), ParcelSql.UpdateStateBlock(_parcels.Count));
        // By id: neighbours in the table are written one after the other.
        foreach (var parcel in _parcels.Values.OrderBy(p => p.Id))
        {
            if (parcel.OnlyStateChanges) ParcelSql.AddState(states, parcel.Id, parcel.Columns, change, parcel.Folded);
            else ParcelSql.Add(rows, parcel.Id, parcel.Columns, change, parcel.Folded);
        }
        writes.Write(ParcelSql.Update, rows);
        writes.Write(ParcelSql.UpdateState, states);
    }

    private void FoldAll()
    {
        foreach (var parcel in _parcels.Values) parcel.Fold();
    }

    // Canonical where it can be; a text that is no code at all still names something, and its facts are kept under it as they came.
    private string? CodeOf(string text) => ParcelCodes.KeyOf(text, waybills);

    internal static LifeFact FactOf(AppendedEvent e) =>
        new(e.Event, e.Time.Earliest.ToUnixMicros(), e.Time.Best.ToUnixMicros(), e.Time.Latest.ToUnixMicros());

    internal static LifeFact FactOf(JournalledEvent e) =>
        new(e.Parse(), e.Time.Earliest.ToUnixMicros(), e.Time.Best.ToUnixMicros(), e.Time.Latest.ToUnixMicros(), e.ReceivedAt.ToUnixMicros(), e.Source);

    private sealed class Parcel
    {
        internal long Id { get; set; }

        internal byte[] Stored { get; set; } = [];

        internal List<LifeFact> Facts { get; } = new(1);

        internal ParcelColumns Columns { get; private set; }

        /// <summary>The new state as it is stored.</summary>
        internal byte[] Folded { get; private set; } = [];

        /// <summary>One of the events came late, and the whole must be folded.</summary>
        internal bool IsLate { get; private set; }

        internal bool OnlyStateChanges { get; private set; }

        internal void Fold()
        {
            var isNew = Stored.Length == 0;
            var state = isNew ? ParcelFold.Empty() : ParcelState.Parser.ParseFrom(Stored);
            var before = ParcelColumns.Of(state);
            if (Facts.Count > 1) Facts.Sort(LifeOrder.Instance);
            foreach (var fact in Facts)
            {
                if (ParcelFold.TryApply(state, fact)) continue;
                IsLate = true;
                return;
            }
            Keep(state);
            // A row without a state may have been made by anything; a state of another format was listed by other rules, and came late.
            OnlyStateChanges = !isNew && Columns.ListsAs(before);
        }

        internal void FoldAnew() => Keep(ParcelFold.Fold(Facts));

        private void Keep(ParcelState state) => (Columns, Folded) = (ParcelColumns.Of(state), state.ToByteArray());
    }
}
