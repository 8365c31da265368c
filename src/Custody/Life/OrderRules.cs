using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Custody.Life;

/// <summary>How an event stands to the way the parcel has gone so far.</summary>
internal enum OrderJudgement
{
    /// <summary>As parcels go.</summary>
    Fits,

    /// <summary>Of an earlier stage than what is already known, and the clocks do not decide or the time is the same: it does not lead back.</summary>
    Behind,

    /// <summary>Of an earlier stage, and certainly later than an event of a later one.</summary>
    OutOfOrder,

    /// <summary>After the end of the parcel's life.</summary>
    AfterClosed,
}

/// <summary>Impossible orders are raised and do not move the stage back: a parcel that was signed for stays so, whatever comes in with an older stage.</summary>
internal static class OrderRules
{
    /// <summary>No vehicle goes from one node to another in less. Shorter means two labels with one number, or a clock far off.</summary>
    internal const long TravelMinUs = 10L * 60 * 1_000_000;

    internal static OrderJudgement Judge(ParcelState state, in LifeFact fact)
    {
        JudgeSighting(state, fact);
        var rank = Stages.RankOf(fact.Event.Kind);
        if (rank is > 0 and <= Stages.OnceRankMax) return JudgeOnce(state, fact, rank);
        if (state.Closed is not { } closed || !Stages.NeedsTheParcel(fact.Event)) return OrderJudgement.Fits;
        if (fact.EarliestUs <= closed.LatestUs) return OrderJudgement.Behind;
        var code = closed.Stage == ParcelStage.Delivered ? ExceptionCodes.AfterDelivery : ExceptionCodes.AfterClosed;
        ParcelFold.Raise(state, code, fact, closed.Event, Stages.WordOf(closed.Stage));
        return OrderJudgement.AfterClosed;
    }

    internal static void Advance(ParcelState state, in LifeFact fact, OrderJudgement order)
    {
        var e = fact.Event;
        Mark(state, fact);
        if (order is OrderJudgement.Fits)
        {
            if (e.Node.Length > 0) state.Node = LifeLimits.Clip(e.Node);
            if (e.NextNode.Length > 0 || e.Kind is EventKind.ArrivedNode) state.NextNode = LifeLimits.Clip(e.NextNode);
            if (e.Size is not null && Stages.IsSighting(e.Kind)) state.Size = e.Size;
            Lead(state, fact);
        }
        if (Stages.IsSighting(e.Kind) && e.Node.Length > 0)
            state.Sighting = new Sighting { Node = LifeLimits.Clip(e.Node), EarliestUs = fact.EarliestUs, Event = e.Id };
    }

    // The exception is the later stage's event: that it lies before an earlier stage's is what cannot be.
    private static OrderJudgement JudgeOnce(ParcelState state, in LifeFact fact, int rank)
    {
        var judged = OrderJudgement.Fits;
        OrderMark? first = null;
        foreach (var mark in state.Marks)
        {
            if (mark.Rank <= rank) continue;
            judged = OrderJudgement.Behind;
            if (mark.LatestUs < fact.EarliestUs && (first is null || mark.LatestUs < first.LatestUs)) first = mark;
        }
        if (first is null) return judged;
        state.ExceptionsTotal++;
        if (state.Exceptions.Count < LifeLimits.ExceptionsKept)
            state.Exceptions.Add(new ExceptionRecord { Code = ExceptionCodes.OutOfOrder, Event = first.Event, OtherEvent = fact.Id, AtUs = first.LatestUs });
        return OrderJudgement.OutOfOrder;
    }

    private static void JudgeSighting(ParcelState state, in LifeFact fact)
    {
        if (!Stages.IsSighting(fact.Event.Kind) || fact.Event.Node.Length == 0 || state.Sighting is not { } last) return;
        if (string.Equals(last.Node, LifeLimits.Clip(fact.Event.Node), StringComparison.Ordinal)) return;
        // The longest time that may lie between them, by both intervals, is still too short.
        if (fact.LatestUs - last.EarliestUs >= TravelMinUs) return;
        ParcelFold.Raise(state, ExceptionCodes.DuplicateWaybill, fact, last.Event, $"{last.Node}, {LifeLimits.Clip(fact.Event.Node)}");
    }

    private static void Mark(ParcelState state, in LifeFact fact)
    {
        var rank = Stages.RankOf(fact.Event.Kind);
        if (rank == 0) return;
        foreach (var mark in state.Marks)
        {
            if (mark.Rank != rank) continue;
            if (fact.LatestUs >= mark.LatestUs) return;
            (mark.LatestUs, mark.Event) = (fact.LatestUs, fact.Id);
            return;
        }
        state.Marks.Add(new OrderMark { Rank = rank, LatestUs = fact.LatestUs, Event = fact.Id });
    }

    private static void Lead(ParcelState state, in LifeFact fact)
    {
        var stage = fact.Event.Kind is EventKind.Found && state.Stage is ParcelStage.Lost ? state.StageBeforeLoss : Stages.StageOf(fact.Event.Kind);
        if (stage is not { } next) return;
        if (next is ParcelStage.Lost && state.Stage is not ParcelStage.Lost) state.StageBeforeLoss = state.Stage;
        if (next != state.Stage) state.StageSinceUs = fact.BestUs;
        state.Stage = next;
        if (Stages.IsClosed(next)) state.Closed = new ClosedRecord { Stage = next, LatestUs = fact.LatestUs, Event = fact.Id };
    }
}
