using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Handovers;
using Wire = KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Custody.Handovers;

/// <summary>From journalled events to the steps that the rules fold, and back. A handover is nothing but its steps in the order of (best time, id).</summary>
internal static class HandoverSteps
{
    internal static bool IsStep(ParcelEvent e) => e.Handover.Length > 0 && e.Kind is EventKind.HandoverOpened or EventKind.HandoverLine or EventKind.HandoverCounted
        or EventKind.HandoverConfirmed or EventKind.HandoverAbandoned;

    /// <summary>Null while no step opens it.</summary>
    internal static HandoverState? Fold(IEnumerable<LifeFact> facts) => HandoverState.Fold(ParcelFold.InOrder(facts).Select(StepOf).OfType<HandoverStep>());

    /// <summary>What the steps come to, for the columns of the list.</summary>
    internal static HandoverColumns ColumnsOf(IReadOnlyCollection<LifeFact> facts)
    {
        if (Fold(facts) is not { } state) return default;
        // Where it is, is the depot that reported it; a handover run by RPC names the depot among its parties at least.
        var node = facts.Where(f => f.Event.Kind is EventKind.HandoverOpened).Select(f => f.Event.Node).FirstOrDefault(n => n.Length > 0);
        var party = new[] { state.Opened.Giver, state.Opened.Receiver }.FirstOrDefault(p => p.Kind is Verdicts.Handovers.PartyKind.Depot or Verdicts.Handovers.PartyKind.Hub);
        return new HandoverColumns((int)state.Opened.Kind, (int)state.Phase, node ?? party.Id, state.Opened.At.ToUnixMicros(), state.ClosedAt?.ToUnixMicros());
    }

    /// <summary>Null for an event that lacks what its kind carries: kept, and no step.</summary>
    internal static HandoverStep? StepOf(LifeFact fact)
    {
        var (e, at) = (fact.Event, Clock.FromUnixMicros(fact.BestUs));
        return e.Kind switch
        {
            EventKind.HandoverOpened when e.HandoverOpened is { Giver: not null, Receiver: not null } opened => new HandoverStep.Opened(
                at, e.Actor, e.Handover, (Verdicts.Handovers.HandoverKind)(int)opened.Kind, PartyOf(opened.Giver), PartyOf(opened.Receiver), opened.Place,
                [.. opened.Expected.Select(ExpectedOf)], e.Reference),
            EventKind.HandoverLine when e.HandoverLine is not null && e.Parcel.Length > 0 => new HandoverStep.LineChecked(at, e.Actor, LineOf(e.Parcel, e.HandoverLine)),
            EventKind.HandoverCounted when e.HandoverCounted is not null => new HandoverStep.Counted(at, e.Actor, TotalsOf(e.HandoverCounted)),
            EventKind.HandoverConfirmed when e.HandoverConfirmed is { Totals: not null } word => new HandoverStep.Confirmed(at, e.Actor, WordOf(e.Actor, word)),
            EventKind.HandoverAbandoned => new HandoverStep.Abandoned(at, e.Actor, e.Reason),
            _ => null,
        };
    }

    internal static Verdicts.Handovers.Party PartyOf(Wire.Party party) => new((Verdicts.Handovers.PartyKind)(int)party.Kind, party.Id);

    internal static Wire.Party PartyOf(Verdicts.Handovers.Party party) => new() { Kind = (Wire.PartyKind)(int)party.Kind, Id = party.Id };

    internal static Verdicts.Handovers.ExpectedParcel ExpectedOf(Wire.ExpectedParcel e) =>
        new(e.Parcel, e.Insured, e.Fragile, e.CodMinor, e.FreightCollectMinor, e.Currency, e.Seal);

    internal static Wire.ExpectedParcel ExpectedOf(Verdicts.Handovers.ExpectedParcel e) => new()
    {
        Parcel = e.Parcel, Insured = e.Insured, Fragile = e.Fragile, CodMinor = e.CodMinor, FreightCollectMinor = e.FreightCollectMinor, Currency = e.Currency, Seal = e.Seal,
    };

    internal static Verdicts.Handovers.HandoverLine LineOf(string parcel, Wire.HandoverLine l) => new(
        parcel, (Verdicts.Handovers.LineResult)(int)l.Result, l.SealFound, l.PackagingOk, l.TouchOk, l.Reweighed, l.CodMinor, l.FreightCollectMinor, l.Currency, l.Reason);

    internal static Wire.HandoverLine LineOf(Verdicts.Handovers.HandoverLine l) => new()
    {
        Result = (Wire.LineResult)(int)l.Result, SealFound = l.SealFound, PackagingOk = l.PackagingOk, TouchOk = l.TouchOk, Reweighed = l.Reweighed,
        CodMinor = l.CodMinor, FreightCollectMinor = l.FreightCollectMinor, Currency = l.Currency, Reason = l.Reason,
    };

    internal static Verdicts.Handovers.HandoverTotals TotalsOf(Wire.HandoverTotals t) => new(t.Accepted, t.Excepted, t.CodMinor, t.FreightCollectMinor, t.Currency);

    internal static Wire.HandoverTotals TotalsOf(Verdicts.Handovers.HandoverTotals t) => new()
    {
        Accepted = t.Accepted, Excepted = t.Excepted, CodMinor = t.CodMinor, FreightCollectMinor = t.FreightCollectMinor, Currency = t.Currency,
    };

    internal static Confirmation WordOf(string person, HandoverConfirmation word) => new(
        (Verdicts.Handovers.Side)(int)word.Side, person, (Verdicts.Handovers.ConfirmationMethod)(int)word.Method, TotalsOf(word.Totals ?? new Wire.HandoverTotals()));

    /// <summary>The event that carries a step; the caller gives it id, time and place.</summary>
    internal static ParcelEvent EventOf(string handover, HandoverStep step, Google.Protobuf.ByteString signature)
    {
        var e = new ParcelEvent { Handover = handover, Actor = step.Actor };
        switch (step)
        {
            case HandoverStep.Opened opened:
                (e.Kind, e.Reference, e.Place) = (EventKind.HandoverOpened, opened.RunSheet, opened.Place);
                e.HandoverOpened = new HandoverOpened
                {
                    Kind = (Wire.HandoverKind)(int)opened.Kind, Giver = PartyOf(opened.Giver), Receiver = PartyOf(opened.Receiver), Place = opened.Place,
                    Expected = { opened.Expected.Select(ExpectedOf) },
                };
                break;
            case HandoverStep.LineChecked line: (e.Kind, e.Parcel, e.HandoverLine) = (EventKind.HandoverLine, line.Line.Parcel, LineOf(line.Line)); break;
            case HandoverStep.Counted counted: (e.Kind, e.HandoverCounted) = (EventKind.HandoverCounted, TotalsOf(counted.Totals)); break;
            case HandoverStep.Confirmed confirmed:
                e.Kind = EventKind.HandoverConfirmed;
                e.HandoverConfirmed = new HandoverConfirmation
                {
                    Side = (Wire.Side)(int)confirmed.Confirmation.Side, Method = (Wire.ConfirmationMethod)(int)confirmed.Confirmation.Method,
                    Totals = TotalsOf(confirmed.Confirmation.Totals), SignatureSha256 = signature,
                };
                break;
            case HandoverStep.Abandoned abandoned: (e.Kind, e.Reason) = (EventKind.HandoverAbandoned, abandoned.Reason); break;
            default: throw new InvariantBrokenException("a handover has five kinds of steps", step.GetType().Name);
        }
        return e;
    }
}
