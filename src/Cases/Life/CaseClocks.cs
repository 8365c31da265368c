using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Kinds;

namespace KeyAccountLogistics.Cases.Life;

/// <summary>
/// What time does to a case: escalations at 50, 80 and 100 % of each clock, and the step that silence takes. All of it follows from stored instants, so that it comes out the
/// same however late somebody looks.
/// </summary>
internal static class CaseClocks
{
    /// <summary>When something is to be done next; null = never of itself.</summary>
    internal static long? NextUs(CaseState state)
    {
        long? next = null;
        foreach (var clock in state.Clocks.Values)
        {
            if (NextMark(clock) is { } mark && (next is null || mark.AtUs < next)) next = mark.AtUs;
        }
        return next;
    }

    /// <summary>Does everything that was due until now, in the order in which it was.</summary>
    internal static void Lapse(CaseDraft draft)
    {
        while (Earliest(draft.State) is var (clock, mark) && mark.AtUs <= draft.NowUs)
        {
            var changed = clock.Clone();
            changed.EscalatedPercent = mark.Percent;
            draft.Add(Actor.Product, new CaseEntry
            {
                Kind = EntryKind.Escalated, Escalation = new Escalation { Clock = clock.Clock, Percent = mark.Percent, DueUs = mark.AtUs }, Clocks = { changed },
            });
            if (mark.Percent == 100 && clock.OnDue.Length > 0) TakeSilentStep(draft, clock);
        }
    }

    internal static ClockChange Paused(ClockChange clock, long nowUs, string reason)
    {
        var paused = clock.Clone();
        (paused.State, paused.PausedUs, paused.Reason) = (ClockState.Paused, nowUs, reason);
        return paused;
    }

    /// <summary>The clock goes on with what was left of it.</summary>
    internal static ClockChange Resumed(ClockChange clock, long nowUs)
    {
        var resumed = clock.Clone();
        var rested = nowUs - clock.PausedUs;
        (resumed.State, resumed.StartedUs, resumed.DueUs, resumed.PausedUs, resumed.Reason) = (ClockState.Running, clock.StartedUs + rested, clock.DueUs + rested, 0, "");
        return resumed;
    }

    private static void TakeSilentStep(CaseDraft draft, ClockChange clock)
    {
        if (draft.State.Promises.GetValueOrDefault(clock.Clock) is { } promise)
        {
            CasePromises.Break(draft, promise);
            return;
        }
        // A kind of a newer program may name a step that this one does not know: then a person must look.
        if (draft.Kind.Step(clock.OnDue) is not { } step) return;
        var entry = new CaseEntry { Kind = EntryKind.Lapsed, Step = step.Name, Escalation = new Escalation { Clock = clock.Clock, Percent = 100, DueUs = clock.DueUs } };
        CaseLife.Take(draft, entry, step, clock.DueUs);
        draft.Add(Actor.Product, entry);
    }

    private static (ClockChange Clock, Mark Mark)? Earliest(CaseState state)
    {
        (ClockChange, Mark)? first = null;
        foreach (var clock in state.Clocks.Values)
        {
            if (NextMark(clock) is { } mark && (first is not var (_, earlier) || mark.AtUs < earlier.AtUs)) first = (clock, mark);
        }
        return first;
    }

    private static Mark? NextMark(ClockChange clock)
    {
        if (clock.State != ClockState.Running) return null;
        foreach (var percent in ClockRule.Escalations)
        {
            // Exact: at 100 % it is the due instant itself.
            if (percent > clock.EscalatedPercent) return new Mark(percent, clock.StartedUs + (long)((Int128)(clock.DueUs - clock.StartedUs) * percent / 100));
        }
        return null;
    }

    private readonly record struct Mark(int Percent, long AtUs);
}

/// <summary>Lengths of time as histories hold them.</summary>
internal static class Micros
{
    /// <summary>Whole microseconds, floored.</summary>
    internal static long Of(NodaTime.Duration length) => length.BclCompatibleTicks / 10;
}
