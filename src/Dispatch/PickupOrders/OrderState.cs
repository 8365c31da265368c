using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Promises;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Orders;

/// <summary>How far a pickup order is. Numbers are stored.</summary>
internal enum OrderPhase
{
    /// <summary>A courier is to come.</summary>
    Open = 1,

    /// <summary>Collected.</summary>
    Done = 2,

    /// <summary>The window is over and nobody has been there; it may still be collected, late.</summary>
    Missed = 3,

    Cancelled = 4,

    /// <summary>The carrier did not take it.</summary>
    Refused = 5,
}

/// <summary>A fact of an order or run with the time it has by the evidence.</summary>
internal sealed record DispatchFact(Guid Id, ParcelEvent Event, AdjudgedInterval Time);

/// <summary>A pickup order as its facts leave it, in the order of (best time, id): arrival order changes nothing. Immutable.</summary>
internal sealed record OrderState
{
    private OrderState(PickupOrder asked) => Asked = asked;

    /// <summary>What is asked for, by the latest change.</summary>
    internal PickupOrder Asked { get; private init; }

    internal OrderPhase Phase { get; private init; } = OrderPhase.Open;

    /// <summary>When the courier was there; null while he was not.</summary>
    internal AdjudgedInterval? Collected { get; private init; }

    /// <summary>Parcels taken, of all visits.</summary>
    internal int Taken { get; private init; }

    /// <summary>Why it was cancelled, missed or refused.</summary>
    internal string Reason { get; private init; } = "";

    /// <summary>The first window that ended with nobody there, as it was asked for then; null while none has. A new window does not make it good.</summary>
    internal PickupOrder? FirstMissed { get; private init; }

    /// <summary>It was missed at some time, whatever became of it.</summary>
    internal bool WasMissed => FirstMissed is not null;

    /// <summary>Facts that did not fit; kept, and shown.</summary>
    internal int Misplaced { get; private init; }

    /// <summary>
    /// The window is the promise: collected by its end is on time (law 2: the whole interval). Null while nobody has been there; what was missed and never collected is late by nature
    /// and is listed as missed.
    /// </summary>
    internal Punctuality? Punctuality => JudgedBy(Asked);

    /// <summary>
    /// The window that the service is counted by: the first that was missed, else the latest that was asked for. One order is one stop due and counts once, so a miss stays on its own day whatever
    /// comes after it - a new window, a collection in it, a cancellation - and never moves to a day that is still to come. A window that the client moved before it ended was not missed.
    /// </summary>
    internal PickupOrder Due => FirstMissed ?? Asked;

    /// <summary>How the collection stands to the end of a window; null while nobody has been there.</summary>
    internal Punctuality? JudgedBy(PickupOrder window) => Collected is { } at ? PromiseOf(window).Judge(at.Earliest, at.Latest) : null;

    /// <summary>A window's end as a promise.</summary>
    internal static Promise PromiseOf(PickupOrder asked)
    {
        var until = Clock.FromUnixMicros(asked.UntilUs);
        return new Promise(until, until.InUtc().Date, until, DecidedBy.Timestamp, false, Window);
    }

    private static readonly ClauseId Window = ClauseId.Parse("window");

    /// <summary>Null while nothing has ordered it: what came before waits.</summary>
    internal static OrderState? Fold(IEnumerable<DispatchFact> facts)
    {
        var ordered = facts.DistinctBy(f => f.Id).OrderBy(f => f.Time.Best).ThenBy(f => f.Id).ToList();
        var corrected = ordered.Where(f => f.Event.Corrects.Length == 16).Select(f => Journal.Databases.Uuid.From(f.Event.Corrects.Span)).ToHashSet();
        OrderState? state = null;
        var early = new List<DispatchFact>();
        foreach (var fact in ordered.Where(f => !corrected.Contains(f.Id)))
        {
            if (state is null && fact.Event.Kind is EventKind.PickupOrdered && fact.Event.Pickup is { } asked)
            {
                state = early.Aggregate(new OrderState(asked), Apply);
            }
            else if (state is null) early.Add(fact);   // a phone's clock ran ahead of the order
            else state = Apply(state, fact);
        }
        return state;
    }

    private static OrderState Apply(OrderState state, DispatchFact fact)
    {
        var isOpen = state.Phase is OrderPhase.Open or OrderPhase.Missed;
        return fact.Event.Kind switch
        {
            EventKind.PickupChanged when isOpen && fact.Event.Pickup is { } asked => state with { Asked = asked, Phase = OrderPhase.Open, Reason = "", FirstMissed = MissedBefore(state, fact) },
            EventKind.PickupCancelled when isOpen => state with { Phase = OrderPhase.Cancelled, Reason = fact.Event.Reason },
            EventKind.PickupMissed when state.Phase is OrderPhase.Open => state with { Phase = OrderPhase.Missed, Reason = fact.Event.Reason, FirstMissed = state.FirstMissed ?? state.Asked },
            EventKind.PickupRefused when isOpen => state with { Phase = OrderPhase.Refused, Reason = fact.Event.Reason },
            // The parcels are in the courier's hands, whatever was said of the order: the first visit's time counts, further ones bring more parcels.
            EventKind.PickupDone => state with
            {
                Phase = OrderPhase.Done, Collected = state.Collected ?? fact.Time, Taken = state.Taken + Math.Max(0, fact.Event.Door?.Parcels ?? 0), Reason = "",
                Misplaced = state.Misplaced + (isOpen || state.Phase is OrderPhase.Done ? 0 : 1),
            },
            _ => state with { Misplaced = state.Misplaced + 1 },
        };
    }

    // A change that is told when the window is over comes too late to make it none, whether or not somebody has told the miss.
    private static PickupOrder? MissedBefore(OrderState state, DispatchFact change) =>
        state.FirstMissed ?? (change.Time.Earliest > Clock.FromUnixMicros(state.Asked.UntilUs) ? state.Asked : null);
}
