using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Handovers;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Holds;
using Verdict = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;
using Wire = KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>The parcel in hand of a handover: scanned, its checks asked for one by one, accepted when nothing is open; and how the handover is shown.</summary>
internal sealed partial class Station
{
    private async ValueTask HandoverScannedAsync(string parcel)
    {
        var handover = _handover!;
        handover.Scanned(parcel);
        if (handover.Expects(parcel)) await AcceptIfCompleteAsync();
        else ShowRefusal(await RecordLineAsync(new HandoverLine(parcel, LineResult.Over), null));
    }

    private async ValueTask HandoverWeighedAsync(string parcel, Verdict verdict)
    {
        _handover!.Weighed(parcel, verdict);
        await AcceptIfCompleteAsync();
    }

    private async ValueTask SealScannedAsync(string number)
    {
        if (_handover is not { } handover || !handover.SealFound(number))
        {
            Warn("scan_parcel");
            return;
        }
        await AcceptIfCompleteAsync();
    }

    /// <summary>The operator confirms what the station asks: sound packaging, nothing loose, the ticket's amounts.</summary>
    private async ValueTask ConfirmCheckAsync()
    {
        if (_handover is not { InHand: { } parcel } handover || handover.Open(NowOf(parcel)) is not [var asked, ..] || !handover.Confirm(asked)) return;
        await AcceptIfCompleteAsync();
    }

    private async ValueTask AcceptIfCompleteAsync()
    {
        if (_handover is not { InHand: { } parcel, Draft: { } draft } handover || !handover.Expects(parcel)) return;
        if (handover.Open(NowOf(parcel)).IsEmpty) ShowRefusal(await RecordLineAsync(draft, null));
    }

    /// <summary>What the handover asks for next; null when it asks for nothing the scale's cycle does not say better.</summary>
    private Instruction? HandoverInstruction()
    {
        if (_handover is not { } handover) return null;
        if (handover.State.Phase == HandoverPhase.ConfirmedGiver) return Say("confirm_receiver");
        if (handover.State.Phase == HandoverPhase.Counted) return Say("confirm_giver");
        if (handover is not { InHand: { } parcel, Draft: { } draft } || handover.Open(NowOf(parcel)) is not [var check, ..])
            return handover.State.Outstanding.Any() ? Say("scan_parcel") : Say("count_handover");
        var expected = handover.State.ExpectedByCode[parcel];
        var instruction = check == LineCheck.Reweigh ? Say("place_parcel") : Say("check_" + ReasonCode.Of(check));
        instruction.Figures["parcel"] = parcel;
        if (check == LineCheck.Seal) (instruction.Figures["expected"], instruction.Figures["found"]) = (expected.Seal, draft.SealFound);
        if (check == LineCheck.Amount)
        {
            instruction.Figures["cod_minor"] = expected.CodMinor.ToString(System.Globalization.CultureInfo.InvariantCulture);
            instruction.Figures["freight_collect_minor"] = expected.FreightCollectMinor.ToString(System.Globalization.CultureInfo.InvariantCulture);
            instruction.Figures["currency"] = expected.Currency;
        }
        return instruction;
    }

    private HandoverProgress? RenderHandover()
    {
        if (_handover is not { } handover) return null;
        var state = handover.State;
        var totals = state.Totals;
        var progress = new HandoverProgress
        {
            Id = handover.Id,
            Kind = (Wire.HandoverKind)state.Opened.Kind,
            State = HandoverWire.PhaseOf(state),
            Giver = HandoverWire.ToWire(state.Opened.Giver),
            Receiver = HandoverWire.ToWire(state.Opened.Receiver),
            GiverName = NameOf(state.Opened.Giver),
            ReceiverName = NameOf(state.Opened.Receiver),
            Expected = state.Opened.Expected.Length,
            Accepted = totals.Accepted,
            Excepted = totals.Excepted,
            Outstanding = state.Outstanding.Count(),
            CodMinor = totals.CodMinor,
            FreightCollectMinor = totals.FreightCollectMinor,
            Currency = totals.Currency,
        };
        foreach (var expected in state.Opened.Expected) progress.Lines.Add(LineOf(handover, expected));
        foreach (var line in state.Lines.Values.Where(l => !handover.Expects(l.Parcel)))
            progress.Lines.Add(new HandoverLineState { Parcel = line.Parcel, Result = (Wire.LineResult)line.Result, Reason = line.Reason });
        return progress;
    }

    private HandoverLineState LineOf(StationHandover handover, ExpectedParcel expected)
    {
        var line = handover.State.Lines.GetValueOrDefault(expected.Parcel);
        var shown = new HandoverLineState
        {
            Parcel = expected.Parcel,
            Insured = expected.Insured,
            Fragile = expected.Fragile,
            SealExpected = expected.Seal,
            CodMinor = expected.CodMinor,
            FreightCollectMinor = expected.FreightCollectMinor,
            Currency = expected.Currency,
        };
        if (line is not null)
        {
            (shown.Result, shown.Reason, shown.SealFound) = ((Wire.LineResult)line.Result, line.Reason, line.SealFound);
            return shown;
        }
        var draft = handover.Draft is { } d && string.Equals(d.Parcel, expected.Parcel, StringComparison.Ordinal) ? d : new HandoverLine(expected.Parcel, LineResult.Accepted);
        shown.SealFound = draft.SealFound;
        shown.Missing.AddRange(HandoverRules.Missing(handover.State.Opened.Kind, expected, draft, NowOf(expected.Parcel)).Select(static c => ReasonCode.Of(c)));
        return shown;
    }

    private string NameOf(Party party) => party.Kind == PartyKind.Courier ? _services.People.ById(party.Id)?.DisplayName ?? "" : "";
}
