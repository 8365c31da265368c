using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Handovers;
using Wire = KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.EdgeAgent.Handovers;

/// <summary>Handover facts between the words of the journal and those of the rules; the numbers of the enumerations are the same by design.</summary>
internal static class HandoverWire
{
    /// <summary>The step a journalled fact stands for; null when it is none of a handover.</summary>
    public static HandoverStep? ToStep(Wire.ParcelEvent fact)
    {
        var at = Clock.FromUnixMicros(fact.CapturedAtUs);
        return fact.Kind switch
        {
            Wire.EventKind.HandoverOpened when fact.HandoverOpened is { } o => new HandoverStep.Opened(
                at, fact.Actor, fact.Handover, (HandoverKind)o.Kind, ToParty(o.Giver), ToParty(o.Receiver), o.Place, [.. o.Expected.Select(ToExpected)], fact.Reference),
            Wire.EventKind.HandoverLine when fact.HandoverLine is { } line => new HandoverStep.LineChecked(at, fact.Actor, ToLine(fact.Parcel, line)),
            Wire.EventKind.HandoverCounted when fact.HandoverCounted is { } totals => new HandoverStep.Counted(at, fact.Actor, ToTotals(totals)),
            Wire.EventKind.HandoverConfirmed when fact.HandoverConfirmed is { } word => new HandoverStep.Confirmed(
                at, fact.Actor, new Confirmation((Side)word.Side, fact.Actor, (ConfirmationMethod)word.Method, ToTotals(word.Totals))),
            Wire.EventKind.HandoverAbandoned => new HandoverStep.Abandoned(at, fact.Actor, fact.Reason),
            _ => null,
        };
    }

    public static Party ToParty(Wire.Party? party) => party is null ? default : new Party((PartyKind)party.Kind, party.Id);

    public static Wire.Party ToWire(Party party) => new() { Kind = (Wire.PartyKind)party.Kind, Id = party.Id };

    public static HandoverLine ToLine(string parcel, Wire.HandoverLine line) => new(
        parcel, (LineResult)line.Result, line.SealFound, line.PackagingOk, line.TouchOk, line.Reweighed, line.CodMinor, line.FreightCollectMinor, line.Currency, line.Reason);

    public static Wire.HandoverLine ToWire(HandoverLine line) => new()
    {
        Result = (Wire.LineResult)line.Result,
        SealFound = line.SealFound,
        PackagingOk = line.PackagingOk,
        TouchOk = line.TouchOk,
        Reweighed = line.Reweighed,
        CodMinor = line.CodMinor,
        FreightCollectMinor = line.FreightCollectMinor,
        Currency = line.Currency,
        Reason = line.Reason,
    };

    public static HandoverTotals ToTotals(Wire.HandoverTotals? totals) => totals is null
        ? new HandoverTotals(0, 0, 0, 0, "")
        : new HandoverTotals(totals.Accepted, totals.Excepted, totals.CodMinor, totals.FreightCollectMinor, totals.Currency);

    public static Wire.HandoverTotals ToWire(HandoverTotals totals) => new()
    {
        Accepted = totals.Accepted,
        Excepted = totals.Excepted,
        CodMinor = totals.CodMinor,
        FreightCollectMinor = totals.FreightCollectMinor,
        Currency = totals.Currency,
    };

    public static Wire.HandoverOpened ToWire(HandoverStep.Opened opened)
    {
        var wire = new Wire.HandoverOpened { Kind = (Wire.HandoverKind)opened.Kind, Giver = ToWire(opened.Giver), Receiver = ToWire(opened.Receiver), Place = opened.Place };
        wire.Expected.AddRange(opened.Expected.Select(static e => new Wire.ExpectedParcel
        {
            Parcel = e.Parcel,
            Insured = e.Insured,
            Fragile = e.Fragile,
            CodMinor = e.CodMinor,
            FreightCollectMinor = e.FreightCollectMinor,
            Currency = e.Currency,
            Seal = e.Seal,
        }));
        return wire;
    }

    private static ExpectedParcel ToExpected(Wire.ExpectedParcel e) =>
        new(e.Parcel, e.Insured, e.Fragile, e.CodMinor, e.FreightCollectMinor, e.Currency, e.Seal);

    /// <summary>The phase as the station's feed names it.</summary>
    public static string PhaseOf(HandoverState state) => state.Phase switch
    {
        HandoverPhase.Open => "open",
        HandoverPhase.Counted => "counted",
        HandoverPhase.ConfirmedGiver => "confirmed_giver",
        HandoverPhase.Confirmed => "confirmed",
        _ => "abandoned",
    };
}
