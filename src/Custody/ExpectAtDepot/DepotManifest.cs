using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Custody.Expecting;

/// <summary>
/// What a depot expects: the parcels that start there, end there, are there or are on their way there, and whose life is not over. A copy is brought up to date by what
/// changed since its version: on PostgreSQL a version is the number below which every transaction is over, on SQLite the counter of changes; either way nothing that commits
/// later lies below it. A depot on the way between two others is not told when a parcel has gone on: its copy is renewed from time to time.
/// </summary>
internal sealed class DepotManifest(IServiceScopeFactory scopes, Database database) : IDepotFeed
{
    internal const int PartParcels = 500;

    // Depots take turns: many that look at once after a busy minute would keep every processor from the events themselves.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 4));

    /// <summary>Raised for what depots wait for at once, new shipments. What events change is found at the next look: the depot concerned made most of them itself.</summary>
    public event Action? Changed;

    /// <summary>How long a depot that parcels only pass may keep those that have gone on.</summary>
    public TimeSpan? RefreshAfter => TimeSpan.FromHours(12);

    internal void Raise() => Changed?.Invoke();

    public ulong HeldBy(Hello hello) => hello.ManifestVersion;

    public async Task<FeedUpdate> SinceAsync(string depot, ulong held, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ICallerScope>().Set(Caller.System);
        var db = scope.ServiceProvider.GetRequiredService<CustodyDb>();
        var (version, isQuiet) = await VersionAsync(db, ct);
        // A version from the future is that of another database: a restored backup begins anew.
        var whole = held == 0 || held > version;
        if (!whole && held == version && isQuiet) return new FeedUpdate(version, []);
        await _turns.WaitAsync(ct);
        try
        {
            return await SinceAsync(db, depot, whole ? null : checked((long)held), version, ct);
        }
        finally
        {
            _turns.Release();
        }
    }

    private static async Task<FeedUpdate> SinceAsync(CustodyDb db, string depot, long? held, ulong version, CancellationToken ct)
    {
        var (whole, since) = (held is null, held ?? 0);
        var here = db.Parcels.AsNoTracking().Where(p => p.Origin == depot || p.Destination == depot || p.Node == depot || p.NextNode == depot);
        var messages = await ExpectedAsync(db, here.Where(p => !p.Closed && p.Change >= since), ct);
        if (!whole) await AddRemovedAsync(here.Where(p => p.Closed && p.ClosedChange >= since), messages, ct);
        if (!whole && messages.Count == 0) return new FeedUpdate(version, []);
        if (messages.Count == 0) messages.Add(new ManifestUpdate());
        for (var i = 0; i < messages.Count; i++) (messages[i].Version, messages[i].Reset, messages[i].More) = (version, whole && i == 0, i < messages.Count - 1);
        return new FeedUpdate(version, messages.ConvertAll(m => new BackendMessage { Manifest = m }));
    }

    // Quiet: nothing that is still under way can have changed a row above the version.
    private async Task<(ulong Version, bool IsQuiet)> VersionAsync(CustodyDb db, CancellationToken ct)
    {
        if (database.Engine is Engine.Sqlite)
        {
            var last = await db.Counters.AsNoTracking().Where(c => c.Name == Projections.ParcelSql.ChangeCounter).Select(c => c.Last).SingleOrDefaultAsync(ct);
            return (checked((ulong)(last + 1)), true);
        }
        const string Snapshot = "SELECT ARRAY[pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint] AS \"Value\" FROM pg_current_snapshot() AS s";
        var bounds = await db.Database.SqlQueryRaw<long[]>(Snapshot).SingleAsync(ct);
        return (checked((ulong)bounds[0]), bounds[0] == bounds[1]);
    }

    private static async Task<List<ManifestUpdate>> ExpectedAsync(CustodyDb db, IQueryable<ParcelRow> parcels, CancellationToken ct)
    {
        var messages = new List<ManifestUpdate>();
        var after = 0L;
        while (true)
        {
            var from = after;
            var rows = await parcels.Where(p => p.Id > from).OrderBy(p => p.Id).Take(PartParcels)
                .GroupJoin(db.Shipments, p => p.ShipmentId, s => s.Id, (p, s) => new { Parcel = p, Shipments = s })
                .SelectMany(x => x.Shipments.DefaultIfEmpty(), (x, s) => new { x.Parcel, Shipment = s }).OrderBy(x => x.Parcel.Id)
                .Select(x => new Expected(
                    x.Parcel.Id, x.Parcel.Code, x.Parcel.Account, x.Parcel.Destination, x.Parcel.Stage, x.Parcel.HeldSinceUs != null, x.Parcel.HoldReason, x.Parcel.CustodianKind,
                    x.Parcel.Custodian, x.Parcel.State, x.Shipment == null ? null : new Announced(
                        x.Shipment.Product, x.Shipment.AcceptedUs, x.Shipment.Pieces == 1 ? x.Shipment.DeclaredMg : null, x.Shipment.LengthMm, x.Shipment.WidthMm, x.Shipment.HeightMm, x.Shipment.Insured,
                        x.Shipment.Fragile, x.Shipment.DeclaredValueMinor, x.Shipment.CodMinor, x.Shipment.FreightCollectMinor, x.Shipment.Currency, x.Shipment.Seal))).ToListAsync(ct);
            if (rows.Count == 0) return messages;
            messages.Add(new ManifestUpdate { Parcels = { rows.Select(Entry) } });
            after = rows[^1].Id;
        }
    }

    private static async Task AddRemovedAsync(IQueryable<ParcelRow> closed, List<ManifestUpdate> messages, CancellationToken ct)
    {
        var after = 0L;
        while (true)
        {
            var from = after;
            var rows = await closed.Where(p => p.Id > from).OrderBy(p => p.Id).Take(PartParcels).Select(p => new { p.Id, p.Code }).ToListAsync(ct);
            if (rows.Count == 0) return;
            messages.Add(new ManifestUpdate { Removed = { rows.Select(r => r.Code) } });
            after = rows[^1].Id;
        }
    }

    /// <summary>What a manifest needs of a row, and no more: a busy minute changes thousands.</summary>
    private sealed record Expected(
        long Id, string Code, string? Account, string? Destination, int Stage, bool Held, string? HoldReason, int CustodianKind, string Custodian, byte[] State, Announced? Shipment);

    private sealed record Announced(
        string Product, long? AcceptedUs, long? DeclaredMg, int? LengthMm, int? WidthMm, int? HeightMm, bool Insured, bool Fragile, long DeclaredValueMinor, long CodMinor,
        long FreightCollectMinor, string? Currency, string Seal);

    private static ManifestParcel Entry(Expected p)
    {
        var s = p.Shipment;
        var state = ParcelState.Parser.ParseFrom(p.State);
        return new ManifestParcel
        {
            Parcel = p.Code, Account = p.Account ?? "", Product = s?.Product ?? "", AcceptedAtUs = s?.AcceptedUs ?? 0, DeclaredMg = s?.DeclaredMg ?? 0, LengthMm = s?.LengthMm ?? 0,
            WidthMm = s?.WidthMm ?? 0, HeightMm = s?.HeightMm ?? 0, Insured = s?.Insured ?? false, Fragile = s?.Fragile ?? false, DeclaredValueMinor = s?.DeclaredValueMinor ?? 0,
            CodMinor = s?.CodMinor ?? 0, FreightCollectMinor = s?.FreightCollectMinor ?? 0, Currency = s?.Currency ?? "", Seal = s?.Seal ?? "", Destination = p.Destination ?? "",
            State = Stages.WordOf((ParcelStage)p.Stage), Held = p.Held, HoldReason = p.HoldReason ?? "", HandedOn = HandedOn(WeightChain.HandedOn(state)),
            CustodianKind = ParcelViews.WordOf((Api.Custody.V1.PartyKind)p.CustodianKind), Custodian = p.Custodian,
        };
    }

    private static PreviousWeight? HandedOn(WeightRecord? w) => w is null ? null : new PreviousWeight
    {
        MassMg = w.MassMg, Typed = w.Typed, Device = w.Scale?.Device ?? "", AccuracyClass = w.Scale?.AccuracyClass ?? "", IntervalMg = w.Scale?.IntervalMg ?? 0,
        CapacityMg = w.Scale?.CapacityMg ?? 0, MinimumMg = w.Scale?.MinimumMg ?? 0, Node = w.Node,
    };
}
