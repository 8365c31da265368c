using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Promises;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Custody.Register;

/// <summary>A shipment as it will be registered: read, checked, with the terms that its acceptance picked.</summary>
internal sealed record NewShipment(long Line, ShipmentLine Said, string Waybill, int Pieces, byte[] Content, PickedTerms Picked)
{
    internal IEnumerable<string> ParcelCodes => Enumerable.Range(1, Pieces).Select(piece => Custody.ParcelCodes.PieceOf(Waybill, piece, Pieces));
}

/// <summary>What the contract version in force at acceptance says of the shipment; all empty when it was not accepted yet or no terms are in force.</summary>
internal sealed record PickedTerms(string? Contract, int? Version, long? PromisedUs, string? PromiseClause, byte[]? Gates, bool Insured);

/// <summary>Why a line is refused: its field, a code for programs, a sentence for people.</summary>
internal sealed record LineFlaw(string Field, string Code, string Message);

/// <summary>From what a client says of a shipment to what is registered. Pure.</summary>
internal static class ReadShipment
{
    internal const int TextMax = 120;
    private const int GatesMax = 32;
    private static readonly long FarFutureUs = Instant.FromUtc(2200, 1, 1, 0, 0).ToUnixMicros();

    internal static LineFlaw? TryRead(long line, ShipmentLine said, WaybillScheme waybills, TermsSnapshot terms, out NewShipment? shipment)
    {
        shipment = null;
        if (!ParcelCode.TryRead(said.Waybill, waybills, out var code, out var flaw))
            return new LineFlaw("waybill", "waybill.unreadable", $"'{Shown(said.Waybill)}' is no waybill number ({flaw}): give 6 to 40 letters and digits.");
        var pieces = said.Pieces == 0 ? 1 : said.Pieces;
        if (Check(said, pieces, code.Text) is { } wrong) return wrong;
        shipment = new NewShipment(line, said, code.Text, pieces, ContentOf(said, code.Text, pieces), Pick(said, terms));
        return null;
    }

    private static LineFlaw? Check(ShipmentLine s, int pieces, string waybill)
    {
        foreach (var (field, text, needed) in new[]
        {
            ("account", s.Account, true), ("product", s.Product, false), ("origin", s.Origin, false), ("destination", s.Destination, false), ("seal", s.Seal, false),
        })
        {
            if (needed && text.Length == 0) return new LineFlaw(field, "field.missing", $"The {field} is missing.");
            if (text.Length > TextMax || text.Any(char.IsControl)) return new LineFlaw(field, "field.malformed", $"The {field} is longer than {TextMax} characters or holds control characters.");
        }
        if (pieces is < 1 or > ParcelCode.PieceMax) return new LineFlaw("pieces", "pieces.range", $"A shipment has 1 to {ParcelCode.PieceMax} pieces.");
        if (pieces > 1 && waybill.Length + 4 > ParcelCode.LengthMax) return new LineFlaw("waybill", "waybill.too_long", "The waybill leaves no room for piece numbers.");
        if (s.DeclaredMg < 0) return new LineFlaw("declared_mg", "mass.negative", "The declared weight is below zero.");
        var sides = new[] { s.LengthMm, s.WidthMm, s.HeightMm };
        if (sides.Any(side => side != 0) && Dimensions.TryFromMillimetres(s.LengthMm, s.WidthMm, s.HeightMm) is null)
            return new LineFlaw("length_mm", "sides.range", $"Give all three sides, each 1 to {Dimensions.SideMaxMm} mm, or none.");
        if (s.AcceptedAtUs < 0 || s.AcceptedAtUs > FarFutureUs) return new LineFlaw("accepted_at", "instant.range", "The acceptance lies before 1970 or after 2200.");
        if (s.PromisedByUs < 0 || s.PromisedByUs > FarFutureUs) return new LineFlaw("promised_by", "instant.range", "The promise lies before 1970 or after 2200.");
        if (s.LongitudeE5 is < -180_00000 or > 180_00000) return new LineFlaw("longitude", "place.range", "A longitude lies between -180 and 180 degrees.");
        if (s.LatitudeE5 is < -90_00000 or > 90_00000) return new LineFlaw("latitude", "place.range", "A latitude lies between -90 and 90 degrees.");
        return CheckGates(s) ?? CheckMoney(s);
    }

    // Their order is the way's: a gate may have lost what the one before it had gained, but no plan goes back in time.
    private static LineFlaw? CheckGates(ShipmentLine s)
    {
        if (s.Gates.Count == 0) return null;
        if (s.Gates.Count > GatesMax) return new LineFlaw("gates", "gates.many", $"A shipment brings at most {GatesMax} milestones.");
        if (s.AcceptedAtUs == 0) return new LineFlaw("gates", "gates.no_start", "Milestones need accepted_at: the first step begins there.");
        var (before, names) = (s.AcceptedAtUs, new HashSet<string>(StringComparer.Ordinal));
        foreach (var gate in s.Gates)
        {
            if (!IsGate(gate.Gate)) return new LineFlaw("gates", "gates.unknown", $"'{Shown(gate.Gate)}' is no milestone: name pickup, depot_out, hub, out_for_delivery, or a kind of event such as arrived_node, arrived_node#2.");
            if (!names.Add(gate.Gate)) return new LineFlaw("gates", "gates.twice", $"The milestone {gate.Gate} is there twice: number the second one {gate.Gate}#2.");
            if (gate.ByUs < before || gate.ByUs > FarFutureUs) return new LineFlaw("gates", "gates.order", $"The milestone {gate.Gate} is planned before the one ahead of it, or after 2200.");
            before = gate.ByUs;
        }
        return null;
    }

    private static bool IsGate(string gate)
    {
        if (gate is "pickup" or "depot_out" or "hub") return true;
        var (word, number) = gate.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? (gate[..at], gate[(at + 1)..]) : (gate, "1");
        return EventWords.TryRead(word, out var kind) && string.Equals(EventWords.Of(kind), word, StringComparison.Ordinal) && number is [>= '1' and <= '9'] or [>= '1' and <= '9', >= '0' and <= '9'];
    }

    private static LineFlaw? CheckMoney(ShipmentLine s)
    {
        if (s.DeclaredValueMinor < 0) return new LineFlaw("declared_value", "money.negative", "The declared value is below zero.");
        if (s.CodMinor < 0) return new LineFlaw("cod_amount", "money.negative", "The amount to collect is below zero.");
        if (s.FreightCollectMinor < 0) return new LineFlaw("freight_collect", "money.negative", "The freight to collect is below zero.");
        var hasMoney = s.DeclaredValueMinor > 0 || s.CodMinor > 0 || s.FreightCollectMinor > 0;
        if ((hasMoney || s.Currency.Length > 0) && !Money.IsCurrency(s.Currency))
            return new LineFlaw("currency", "currency.unknown", $"'{Shown(s.Currency)}' is no currency: an amount needs an ISO 4217 code of three capital letters.");
        return null;
    }

    // The version is picked once, at acceptance; a later amendment does not reach back.
    private static PickedTerms Pick(ShipmentLine s, TermsSnapshot snapshot)
    {
        AccountTerms? terms = null;
        Promise? promise = null;
        ImmutableArray<PromisedGate> gates = [];
        if (s.AcceptedAtUs > 0)
        {
            var accepted = Clock.FromUnixMicros(s.AcceptedAtUs);
            terms = snapshot.InForce(s.Account, accepted);
            if (s.PromisedByUs > 0) gates = PromiseClock.GatesTo(terms?.Promise, accepted, Clock.FromUnixMicros(s.PromisedByUs), PromiseClock.KnownCalendar);
            else if (PromiseClock.Of(terms?.Promise, accepted, s.Origin, s.Destination, PromiseClock.KnownCalendar) is PromiseAnswer.Promised made) (promise, gates) = (made.Promise, made.Promise.Gates);
        }
        var insured = s.Seal.Length > 0 || (terms?.Handover ?? HandoverTerms.Strictest).IsInsured(s.DeclaredValueMinor);
        var promisedUs = s.PromisedByUs > 0 ? s.PromisedByUs : promise?.By.ToUnixMicros();
        return new PickedTerms(terms?.Contract, terms is null ? null : checked((int)terms.Version), promisedUs, promise?.Clause.Value, s.Gates.Count > 0 ? new PromiseGates { Gates = { s.Gates } }.ToByteArray() : Kept(gates), insured);
    }

    private static byte[]? Kept(ImmutableArray<PromisedGate> gates) => gates.IsEmpty
        ? null
        : new PromiseGates { Gates = { gates.Select(static g => new Api.Custody.V1.PromiseGate { Gate = ReasonCode.Of(g.Kind), ByUs = g.By.ToUnixMicros() }) } }.ToByteArray();

    // What makes two registrations the same. Personal details are not in it: a hash of a name is the name to whoever can guess it (law 13).
    private static byte[] ContentOf(ShipmentLine said, string waybill, int pieces)
    {
        var content = said.Clone();
        (content.Waybill, content.Pieces, content.Personal) = (waybill, pieces, null);
        return SHA256.HashData(content.ToByteArray());
    }

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
