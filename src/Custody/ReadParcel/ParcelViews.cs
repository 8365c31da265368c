using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Holds;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;

namespace KeyAccountLogistics.Custody.Reading;

/// <summary>From rows and states to what the API shows. Pure.</summary>
internal static class ParcelViews
{
    private const long MicrosPerMinute = 60_000_000;

    internal static ParcelSummary Summary(ParcelRow parcel, ShipmentRow? shipment) => new()
    {
        Parcel = parcel.Code, Waybill = shipment?.Waybill ?? parcel.Code, Account = parcel.Account ?? "", Product = shipment?.Product ?? "",
        State = Stages.WordOf((ParcelStage)parcel.Stage), Held = parcel.HeldSinceUs is not null, HoldReason = parcel.HoldReason ?? "",
        CustodianKind = WordOf(CustodianOf(parcel)), Custodian = parcel.CustodianKind == 0 ? parcel.Account ?? "" : parcel.Custodian, Place = parcel.Node,
        LastEventAtUs = parcel.LastBestUs, Exceptions = parcel.Exceptions, Origin = parcel.Origin ?? "", Destination = parcel.Destination ?? "",
        PromisedByUs = shipment?.PromisedUs ?? 0,
    };

    internal static ShipmentView Shipment(ShipmentRow? s, ParcelRow parcel, AccountTerms? names) => s is null
        ? new ShipmentView { Waybill = parcel.Code, Registered = false }
        : new ShipmentView
        {
            Waybill = s.Waybill, Account = s.Account, AccountName = names?.NameZh ?? "", AccountNameEn = names?.NameEn ?? "", Product = s.Product, Origin = s.Origin,
            Destination = s.Destination, AcceptedAtUs = s.AcceptedUs ?? 0, PromisedByUs = s.PromisedUs ?? 0, DeclaredMg = s.DeclaredMg ?? 0,
            LengthMm = s.LengthMm ?? 0, WidthMm = s.WidthMm ?? 0, HeightMm = s.HeightMm ?? 0, DeclaredValueMinor = s.DeclaredValueMinor, CodMinor = s.CodMinor,
            FreightCollectMinor = s.FreightCollectMinor, Currency = s.Currency ?? "", Insured = s.Insured, Fragile = s.Fragile, Seal = s.Seal, Pieces = s.Pieces,
            Contract = s.Contract ?? "", ContractVersion = checked((uint)(s.ContractVersion ?? 0)), Registered = true, Gates = { s.Gates is { } gates ? PromiseGates.Parser.ParseFrom(gates).Gates : [] },
        };

    /// <summary>The chain of weights, the declared one first.</summary>
    internal static IEnumerable<WeightLink> Weights(ParcelState state, ShipmentRow? shipment)
    {
        if (shipment?.DeclaredOfPiece is { } declared)
            yield return new WeightLink { Purpose = WeightPurpose.Declared, MassMg = declared, Typed = true, AtUs = shipment.AcceptedUs ?? shipment.RegisteredUs };
        foreach (var w in state.Weights)
        {
            yield return new WeightLink
            {
                Purpose = w.Purpose, MassMg = w.MassMg, Typed = w.Typed, TypedReason = w.TypedReason, Actor = w.Actor, Node = w.Node, Station = w.Station, Scale = w.Scale,
                AtUs = w.AtUs, EventId = IdOf(w.Event), Verdict = w.Verdict, ErrorMg = ErrorOf(w), Frames = w.Frames,
            };
        }
    }

    internal static HoldView Hold(HoldRecord hold, long nowUs) => new()
    {
        Reason = hold.Reason, Place = hold.Place, Owner = hold.Owner, SinceUs = hold.SinceUs, ReleasedAtUs = hold.ReleasedUs, EventId = IdOf(hold.Event),
        AgeMinutes = Math.Max(0, EndOf(hold, nowUs) - hold.SinceUs) / MicrosPerMinute,
        Age = HoldAgeing.Usual.Of(Clock.FromUnixMicros(hold.SinceUs), Clock.FromUnixMicros(EndOf(hold, nowUs))) switch { HoldAge.Overdue => "overdue", HoldAge.Ageing => "ageing", _ => "fresh" },
    };

    private static long EndOf(HoldRecord hold, long nowUs) => hold.ReleasedUs == 0 ? nowUs : hold.ReleasedUs;

    internal static IEnumerable<ParcelException> Exceptions(ParcelState state, ParcelRow parcel)
    {
        if (parcel.Piece == 0)
        {
            yield return parcel.ShipmentId is null
                ? new ParcelException { Code = ExceptionCodes.UnknownParcel, Message = "Events are known of this number, and no shipment." }
                : new ParcelException { Code = ExceptionCodes.PieceUnknown, Message = "The waybill of several pieces was scanned: which piece it was is not known." };
        }
        foreach (var e in state.Exceptions) yield return new ParcelException { Code = e.Code, EventId = IdOf(e.Event), OtherEventId = IdOf(e.OtherEvent), Message = MessageOf(e) };
        if (state.ExceptionsTotal > state.Exceptions.Count)
            yield return new ParcelException { Code = "more", Message = string.Create(CultureInfo.InvariantCulture, $"{state.ExceptionsTotal - state.Exceptions.Count} more.") };
    }

    internal static WaybillTrouble? Trouble(ParcelState state) => state.WaybillProblem.Length == 0 ? null : new WaybillTrouble
    {
        Problem = WaybillTroubles.Next(state).Length == 0 ? "" : state.WaybillProblem, NextStep = WaybillTroubles.Next(state), Certificate = state.Certificate,
        PreviousNode = state.Custody?.Party.Kind is PartyKind.Depot or PartyKind.Hub && state.Custody.Party.Id != state.Node ? state.Custody.Party.Id : "",
    };

    internal static string IdOf(ByteString id) => id.Length == 16 ? new Guid(id.Span, bigEndian: true).ToString() : "";

    internal static string WordOf(PartyKind kind) => kind switch
    {
        PartyKind.Client => "client",
        PartyKind.Courier => "courier",
        PartyKind.Depot => "depot",
        PartyKind.Hub => "hub",
        PartyKind.Consignee => "consignee",
        PartyKind.AgentReceiver => "agent_receiver",
        _ => "",
    };

    // Before the first move a registered parcel is its sender's.
    private static PartyKind CustodianOf(ParcelRow parcel) => parcel.CustodianKind != 0 ? (PartyKind)parcel.CustodianKind : parcel.Account is null ? PartyKind.Unspecified : PartyKind.Client;

    // OIML R 76-1: what the scale may err in service at that mass; a typed weight has no scale.
    private static long ErrorOf(WeightRecord w) => w.Typed || ScaleOf(w.Scale) is not { } scale ? 0 : scale.InServiceError(Mass.FromMilligrams(w.MassMg)).Milligrams;

    internal static ScaleFacts? ScaleOf(Scale? scale)
    {
        if (scale is null || scale.IntervalMg <= 0 || !Enum.TryParse<AccuracyClass>(scale.AccuracyClass, out var accuracy) || !Enum.IsDefined(accuracy)) return null;
        return new ScaleFacts(
            scale.Device, scale.Serial, accuracy, Mass.FromMilligrams(scale.IntervalMg), Mass.FromMilligrams(scale.CapacityMg), Mass.FromMilligrams(scale.MinimumMg), null);
    }

    private static string MessageOf(ExceptionRecord e) => e.Code switch
    {
        ExceptionCodes.OutOfOrder => "It lies before an event of an earlier stage.",
        ExceptionCodes.AfterDelivery or ExceptionCodes.AfterClosed => $"It lies after the parcel was {e.Detail}.",
        ExceptionCodes.CustodyConflict => $"The giver was not who had the parcel ({e.Detail}); custody follows the later handover and the parcel is held.",
        ExceptionCodes.CustodyGap => $"Handed on by a node that did not record receiving it ({e.Detail}).",
        ExceptionCodes.DuplicateWaybill => $"Seen at two nodes faster than any vehicle ({e.Detail}): two labels with one number, or a clock far off.",
        ExceptionCodes.MovedWhileHeld => $"Moved while held ({e.Detail}).",
        ExceptionCodes.Incomplete => $"Recorded without its {e.Detail}; it stops no clock.",
        _ => e.Detail,
    };
}
