using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Cases.Life;

/// <summary>What a command adds to a case, entry by entry, each seen by the next. Filled by the pure rules, kept by the slice.</summary>
internal sealed class CaseDraft(CaseKind kind, string id, CaseState? state, Instant now)
{
    internal CaseKind Kind => kind;

    internal long NowUs { get; } = now.ToUnixMicros();

    internal CaseState? Now { get; private set; } = state;

    internal CaseState State => Now ?? throw new InvariantBrokenException("a case is opened before anything else is done to it", id);

    internal List<CaseEntry> Entries { get; } = [];

    /// <summary>Adds an entry. Without an id it gets one made from its place, so that the same draft made again is the same.</summary>
    internal void Add(Actor actor, CaseEntry entry)
    {
        (entry.CaseId, entry.Index, entry.AtUs, entry.Actor, entry.Side) = (id, (Now?.Entries ?? 0) + 1, NowUs, actor.Id, actor.Side);
        if (entry.Id.IsEmpty) entry.Id = IdOf(id + "|" + entry.Index.ToString(CultureInfo.InvariantCulture));
        Entries.Add(entry);
        Now = CaseFold.Apply(Now, entry);
    }

    internal static ByteString IdOf(string name) => ByteString.CopyFrom(NamedId.From("case-entry", name).ToByteArray(bigEndian: true));

    /// <summary>Leads the entry's case into a stage, with the clocks that end and begin there.</summary>
    /// <param name="entry">The entry that does it, not yet added.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="fromUs">When it is entered: the present, or the instant at which a clock ran out, however late that is noticed.</param>
    /// <param name="closed">True when the case is closed by it.</param>
    /// <param name="opened">The opening, while there is no state yet.</param>
    internal void Enter(CaseEntry entry, string stage, long fromUs, bool closed = false, CaseOpened? opened = null)
    {
        entry.Stage = stage;
        foreach (var rule in kind.Clocks.Where(c => !c.OnCall))
        {
            var running = Now?.Clocks.GetValueOrDefault(rule.Name) is { State: ClockState.Running or ClockState.Paused } clock ? clock : null;
            // The same stage again (a proposal replaced) goes on with its clock.
            if (rule.Runs(stage, closed) == running is not null) continue;
            entry.Clocks.Add(running is null ? Begun(rule, fromUs, opened ?? State.Opened) : Stopped(running));
        }
        if (!closed || Now is null) return;
        // What no stage ends ends with the case: a promise, an appeal.
        foreach (var clock in Now.Clocks.Values.Where(c => c.State is ClockState.Running or ClockState.Paused && entry.Clocks.All(e => e.Clock != c.Clock))) entry.Clocks.Add(Stopped(clock));
    }

    internal string OnDueOf(ClockRule rule, CaseOpened opened, bool inDoubt) =>
        inDoubt && rule.OnDueInDoubt is { } careful ? careful : rule.OnDue.GetValueOrDefault(opened.OnSilence, "");

    internal ClockChange Begun(ClockRule rule, long fromUs, CaseOpened opened) => new()
    {
        Clock = rule.Name, State = ClockState.Running, StartedUs = fromUs,
        DueUs = checked(fromUs + rule.LengthUs(opened)),
        OnDue = OnDueOf(rule, opened, Now is { Doubts.IsEmpty: false }),
    };

    internal static ClockChange Stopped(ClockChange clock)
    {
        var stopped = clock.Clone();
        (stopped.State, stopped.PausedUs, stopped.Reason) = (ClockState.Stopped, 0, "");
        return stopped;
    }
}
