using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Reading;

/// <summary>A parcel's whole life: folded from its events as it is read, with its shipment, weights, holds and exceptions.</summary>
internal sealed class ReadParcel(CustodyDb db, IJournalReader journal, SourceNames sources, ITermsInForce terms, PersonalVault vault, WaybillScheme waybills, TimeProvider time)
{
    /// <summary>Events of one parcel that are shown, at most; the newest.</summary>
    internal const int TimelineMax = 2_000;

    internal const string PersonalKind = "contact";

    internal static Fault.NotFound Unknown(string code) =>
        new("parcel.unknown", $"No parcel is known under '{(code.Length <= 60 ? code : code[..60])}'. Check the number, or that its account is one you may see.");

    /// <summary>The row of a code as scanned or typed: a parcel's own, or the first piece of that waybill. Null when there is none for this caller.</summary>
    internal async Task<(ParcelRow Parcel, ShipmentRow? Shipment)?> FindAsync(string text, CancellationToken ct)
    {
        if (ParcelCodes.KeyOf(text, waybills) is not { } code) return null;
        var parcel = await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Code == code, ct);
        var shipment = parcel is null
            ? await db.Shipments.AsNoTracking().SingleOrDefaultAsync(s => s.Waybill == code, ct)
            : await db.Shipments.AsNoTracking().SingleOrDefaultAsync(s => s.Id == parcel.ShipmentId, ct);
        if (parcel is null && shipment is not null) parcel = await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.ShipmentId == shipment.Id && p.Piece == 1, ct);
        return parcel is null ? null : (parcel, shipment);
    }

    internal async Task<Outcome<Api.Custody.V1.ParcelLife>> RunAsync(string text, CancellationToken ct)
    {
        if (await FindAsync(text, ct) is not var (parcel, shipment)) return Unknown(text);
        var events = new Dictionary<ByteString, JournalledEvent>();
        var facts = new List<LifeFact>();
        await foreach (var e in journal.ReadParcelAsync(parcel.Id, ct))
        {
            var fact = CustodyRun.FactOf(e);
            facts.Add(fact);
            events[fact.Id] = e;
        }
        var ordered = ParcelFold.InOrder(facts);
        var state = ParcelFold.Fold(ordered);
        var now = time.Now().ToUnixMicros();
        var life = new Api.Custody.V1.ParcelLife
        {
            Summary = ParcelViews.Summary(parcel, shipment), Shipment = ParcelViews.Shipment(shipment, parcel, NamesOf(shipment)),
            Weights = { ParcelViews.Weights(state, shipment) }, Holds = { state.Holds.Select(h => ParcelViews.Hold(h, now)) },
            Exceptions = { ParcelViews.Exceptions(state, parcel) }, Handovers = { ordered.Select(f => f.Event.Handover).Where(h => h.Length > 0).Distinct(StringComparer.Ordinal) },
            WaybillTrouble = ParcelViews.Trouble(state), Personal = await MaskedAsync(shipment, ct),
        };
        var corrected = Corrections.Of(ordered);
        foreach (var fact in ordered.TakeLast(TimelineMax))
        {
            var e = events[fact.Id];
            var entry = TimelineViews.Entry(fact, e.ReceivedAt.ToUnixMicros(), await sources.OfAsync(e, ct));
            TimelineViews.Mark(entry, fact.Id, state, corrected);
            life.Timeline.Add(entry);
        }
        if (shipment is { Pieces: > 1 })
            life.Pieces.AddRange(await db.Parcels.AsNoTracking().Where(p => p.ShipmentId == shipment.Id && p.Piece > 0).OrderBy(p => p.Piece).Select(p => p.Code).ToListAsync(ct));
        return life;
    }

    /// <summary>The personal details in full. Whoever calls holds the permission to reveal, and the act is audited.</summary>
    internal async Task<Outcome<PersonalDetails>> RevealAsync(string text, CancellationToken ct)
    {
        if (await FindAsync(text, ct) is not var (_, shipment) || shipment is null) return Unknown(text);
        var stored = await vault.GetAsync(shipment.Waybill, PersonalKind, ct);
        return stored.IsOk ? PersonalDetails.Parser.ParseFrom(stored.Value) : stored.Fault;
    }

    private Verdicts.Terms.AccountTerms? NamesOf(ShipmentRow? shipment) =>
        shipment is null ? null : terms.For(shipment.Account, Clock.FromUnixMicros(shipment.AcceptedUs ?? shipment.RegisteredUs));

    private async Task<MaskedPersonal?> MaskedAsync(ShipmentRow? shipment, CancellationToken ct)
    {
        if (shipment is null) return null;
        var stored = await vault.GetAsync(shipment.Waybill, PersonalKind, ct);
        if (!stored.IsOk) return null;
        var full = PersonalDetails.Parser.ParseFrom(stored.Value);
        return new MaskedPersonal
        {
            SenderName = Masking.Name(full.SenderName), SenderPhone = Masking.Phone(full.SenderPhone), SenderAddress = Masking.Address(full.SenderAddress),
            ConsigneeName = Masking.Name(full.ConsigneeName), ConsigneePhone = Masking.Phone(full.ConsigneePhone), ConsigneeAddress = Masking.Address(full.ConsigneeAddress),
        };
    }
}
