using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Custody.Scales;

/// <summary>
/// Goes along the journal's new weighings and keeps, of each parcel that came from another scale, what both showed. Away from the append path: a weighing costs nothing more
/// for it. Going over the same events again changes nothing.
/// </summary>
internal sealed class CollectWeighedTwice(CustodyDb db, IJournalReader journal, IWriteGate gate, TimeProvider time)
{
    internal static readonly Duration KeptFor = Duration.FromDays(30);

    // Positions are drawn before they are committed: looking back over a few groups finds those that came late.
    private const long LookBack = 16_384;
    private const int PageEvents = 500;

    internal async Task RunAsync(CancellationToken ct)
    {
        var from = await db.Counters.AsNoTracking().Where(c => c.Name == ScaleTables.Counter).Select(c => c.Last).SingleOrDefaultAsync(ct);
        var last = await journal.LastPositionAsync(ct);
        var oldest = (time.Now() - KeptFor).ToUnixMicros();
        var page = new Page();
        await foreach (var e in journal.ReadAsync(Math.Max(0, from - LookBack), last, ct))
        {
            if (e.Kind is not EventKind.Weighed || e.ParcelId is not { } parcel || e.Time.Best.ToUnixMicros() < oldest) continue;
            var fact = e.Parse();
            if (fact.Weight?.Scale is not { } scale || fact.Node.Length == 0 || ParcelViews.ScaleOf(scale) is null) continue;
            page.Add(e.Id, parcel, LifeLimits.Clip(fact.Node), scale);
            if (page.Events.Count < PageEvents) continue;
            await StoreAsync(page, e.Position, ct);
            page = new Page();
        }
        await StoreAsync(page, last, ct);
        await gate.RunAsync<bool>((t, _) =>
        {
            t.Statements.Write(ScaleTables.Forget, new RowBlock(ColumnKind.Long).Long(oldest));
            return Task.FromResult<Outcome<bool>>(true);
        }, ct);
    }

    private async Task StoreAsync(Page page, long position, CancellationToken ct)
    {
        var parcels = page.Parcels.ToList();
        var states = await db.Parcels.AsNoTracking().Where(p => parcels.Contains(p.Id)).OrderBy(p => p.Id).Select(p => p.State).ToListAsync(ct);
        var twice = new RowBlock(ColumnKind.Uuid, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long);
        foreach (var state in states) Add(twice, ParcelState.Parser.ParseFrom(state), page.Events);
        var scales = new RowBlock(ColumnKind.Text, ColumnKind.Text, ColumnKind.Bytes);
        foreach (var ((node, device), registered) in page.Scales.OrderBy(static s => s.Key)) scales.Text(node).Text(device).Bytes(registered.ToByteArray());
        await gate.RunAsync<bool>((t, _) =>
        {
            t.Statements.Write(ScaleTables.AddTwice, twice);
            t.Statements.Write(ScaleTables.Register, scales);
            t.Statements.Write(ScaleTables.MoveOn, new RowBlock(ColumnKind.Text, ColumnKind.Long).Text(ScaleTables.Counter).Long(position));
            return Task.FromResult<Outcome<bool>>(true);
        }, ct);
    }

    private static void Add(RowBlock rows, ParcelState state, HashSet<Guid> events)
    {
        var weights = state.Weights;
        for (var i = 1; i < weights.Count; i++)
        {
            var (first, second) = (weights[i - 1], weights[i]);
            var id = new Guid(second.Event.Span, bigEndian: true);
            if (!events.Contains(id) || !Compares(first) || !Compares(second)) continue;
            if (string.Equals(first.Node, second.Node, StringComparison.Ordinal) && string.Equals(first.Scale.Device, second.Scale.Device, StringComparison.Ordinal)) continue;
            rows.Uuid(id).Long(second.AtUs).Text(first.Node).Text(first.Scale.Device).Long(first.MassMg).Text(second.Node).Text(second.Scale.Device).Long(second.MassMg);
        }
    }

    // Below its Min a scale only says that the load is light.
    private static bool Compares(WeightRecord weight) => !weight.Typed && weight.Node.Length > 0 && weight.Scale is { IntervalMg: > 0 } scale && scale.Device.Length > 0 && weight.MassMg >= scale.MinimumMg;

    private sealed class Page
    {
        internal HashSet<Guid> Events { get; } = [];

        internal HashSet<long> Parcels { get; } = [];

        internal Dictionary<(string Node, string Device), Scale> Scales { get; } = [];

        internal void Add(Guid id, long parcel, string node, Scale scale)
        {
            Events.Add(id);
            Parcels.Add(parcel);
            Scales[(node, LifeLimits.Clip(scale.Device))] = scale;
        }
    }
}
