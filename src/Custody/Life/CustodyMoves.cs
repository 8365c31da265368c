using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Verdicts.Holds;

namespace KeyAccountLogistics.Custody.Life;

/// <summary>
/// Who answers for the parcel (law 7). A move that names giver and receiver was confirmed by two parties: it always counts, and contradicts when its giver was not the
/// custodian. A move that names no giver is one side's word (an import, a phone): it moves custody only where the order allows.
/// </summary>
internal static class CustodyMoves
{
    internal static void Apply(ParcelState state, in LifeFact fact, OrderJudgement order)
    {
        var e = fact.Event;
        WarnWhenHeld(state, fact);
        if (Receiver(e) is not { } to) return;
        var twoSided = e.From is not null && e.To is not null;
        if (!twoSided && order is not OrderJudgement.Fits) return;
        var present = state.Custody;
        if (present is not null && SaidBefore(present, e, to)) return;
        if (e.From is not null && present is not null && !Same(e.From, present.Party)) Contradict(state, fact, present);
        state.Custody = new CustodyRecord
        {
            Party = to, SinceUs = fact.BestUs, Event = fact.Id, Handover = twoSided ? LifeLimits.Clip(e.Handover) : "",
            Place = LifeLimits.Clip(e.Place.Length > 0 ? e.Place : e.Node),
        };
    }

    /// <summary>The same kind and id; a hub is a depot here, an agent receiver a consignee, and a party without id is any of its kind.</summary>
    internal static bool Same(Party a, Party b) =>
        Family(a.Kind) == Family(b.Kind) && (a.Id.Length == 0 || b.Id.Length == 0 || string.Equals(a.Id, b.Id, StringComparison.Ordinal));

    private static PartyKind Family(PartyKind kind) => kind switch
    {
        PartyKind.Hub => PartyKind.Depot,
        PartyKind.AgentReceiver => PartyKind.Consignee,
        _ => kind,
    };

    private static void Contradict(ParcelState state, in LifeFact fact, CustodyRecord present)
    {
        var from = fact.Event.From;
        // Sent on by one node and handed on by another: an arrival was not recorded, nobody contradicts anybody.
        if (state.Stage is ParcelStage.InTransit && Family(from.Kind) is PartyKind.Depot && Family(present.Party.Kind) is PartyKind.Depot)
        {
            ParcelFold.Raise(state, ExceptionCodes.CustodyGap, fact, present.Event, $"{present.Party.Id} > {from.Id}");
            return;
        }
        ParcelFold.Raise(state, ExceptionCodes.CustodyConflict, fact, present.Event, $"{present.Party.Kind} {present.Party.Id} / {from.Kind} {from.Id}");
        HoldRules.Begin(state, fact, HoldReasons.CustodyConflict);
    }

    // Both sides' systems may tell the same handover.
    private static bool SaidBefore(CustodyRecord present, ParcelEvent e, Party to) =>
        e.Handover.Length > 0 && string.Equals(present.Handover, LifeLimits.Clip(e.Handover), StringComparison.Ordinal) && Same(present.Party, to);

    private static void WarnWhenHeld(ParcelState state, in LifeFact fact)
    {
        if (fact.Event.Kind is not (EventKind.Loaded or EventKind.DepartedNode or EventKind.OutForDelivery or EventKind.Delivered)) return;
        if (HoldRules.Active(state) is { } hold) ParcelFold.Raise(state, ExceptionCodes.MovedWhileHeld, fact, hold.Event, hold.Reason);
    }

    private static Party? Receiver(ParcelEvent e) => e.Kind switch
    {
        EventKind.Collected or EventKind.OutForDelivery => e.To ?? Implied(PartyKind.Courier, e.Actor),
        EventKind.AcceptedAtDepot or EventKind.ReturnedToCustody or EventKind.ArrivedNode => e.To ?? Implied(PartyKind.Depot, e.Node),
        EventKind.Delivered => e.To ?? Implied(PartyKind.Consignee, ""),
        EventKind.Returned => e.To ?? Implied(PartyKind.Client, ""),
        EventKind.AtPickupPoint => e.To,
        _ => null,
    };

    private static Party Implied(PartyKind kind, string id) => new() { Kind = kind, Id = LifeLimits.Clip(id) };
}
