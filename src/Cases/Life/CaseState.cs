using System.Collections.Immutable;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Life;

/// <summary>A case as its history has left it: only ever made by <see cref="CaseFold"/>. Immutable; instants are microseconds, 0 = never.</summary>
internal sealed record CaseState
{
    public required string Id { get; init; }

    public required CaseOpened Opened { get; init; }

    public required long OpenedUs { get; init; }

    public string Owner { get; init; } = "";

    public string Stage { get; init; } = "";

    public bool Closed { get; init; }

    public long ClosedUs { get; init; }

    /// <summary>Who opened or reopened it by hand: none of them decides it.</summary>
    public ImmutableHashSet<string> OpenedByHand { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, ClockChange> Clocks { get; init; } = ImmutableSortedDictionary.Create<string, ClockChange>(StringComparer.Ordinal);

    /// <summary>What a weight case is about.</summary>
    public WeightFigures? Weights { get; init; }

    /// <summary>What a cash case is about.</summary>
    public CashFigures? Cash { get; init; }

    /// <summary>The amount in question, or why it is not known; null where the kind has none.</summary>
    internal Amount? OnHold => Weights?.OnHold ?? Cash?.OnHold ?? Claim?.Payable;

    /// <summary>What a claim is about.</summary>
    public ClaimFigures? Claim { get; init; }

    /// <summary>What was promised, by its clock.</summary>
    public ImmutableSortedDictionary<string, Promise> Promises { get; init; } = ImmutableSortedDictionary.Create<string, Promise>(StringComparer.Ordinal);

    /// <summary>By what it is about, marked, or reopened.</summary>
    public bool Serious { get; init; }

    /// <summary>The root cause; empty = not said, or not since it was reopened: what was said then did not hold.</summary>
    public string Cause { get; init; } = "";

    /// <summary>Nobody of the carrier's could have helped the cause.</summary>
    public bool Uncontrollable { get; init; }

    /// <summary>Of a regress: what shows that the account is slipping, as it came.</summary>
    public ImmutableArray<RegressSign> Signs { get; init; } = [];

    /// <summary>A corrective action stands in the history, since it was last reopened.</summary>
    public bool Corrected { get; init; }

    /// <summary>What service levels count.</summary>
    public Punctuality Punctuality { get; init; }

    public ImmutableArray<EvidenceItem> Evidence { get; init; } = [];

    public ImmutableArray<ScaleDoubted> Doubts { get; init; } = [];

    /// <summary>A decision over its decider's limit, with the decider; null = none waits.</summary>
    public OutcomeTaken? Proposal { get; init; }

    public string ProposedBy { get; init; } = "";

    /// <summary>What was decided: null until then, and again once reopened.</summary>
    public OutcomeTaken? Outcome { get; init; }

    /// <summary>The reason of the decision that stands; empty while there is none, and for what was taken back.</summary>
    public string Found { get; init; } = "";

    public long ShownUs { get; init; }

    public int Reopened { get; init; }

    public int Entries { get; init; }

    /// <summary>The ids of all entries: a command whose id is among them has had its effect.</summary>
    public ImmutableHashSet<ByteString> Ids { get; init; } = [];

    internal string Word => Closed ? "closed" : Proposal is null ? "open" : "proposed";

    internal bool HasSay => Opened.AnsweredBy.Length > 0;

    /// <summary>The running clock that is due first; null when none runs.</summary>
    internal ClockChange? Nearest => Clocks.Values.Where(c => c.State == ClockState.Running).OrderBy(c => c.DueUs).ThenBy(c => c.Clock, StringComparer.Ordinal).FirstOrDefault();
}

/// <summary>When the first answer and the closing were due, and when they came; 0 = not at all. Of the first receipt: what happens after a reopening counts as reopened.</summary>
internal readonly record struct Punctuality(long AnswerDueUs, long AnsweredUs, long StatuteDueUs, long ClosedUs, long ReopenedUs)
{
    internal const string FirstAnswer = "first_answer";
    internal const string Statute = "statute";

    /// <summary>It was first closed with nobody having answered it, which only the client does, by withdrawing it.</summary>
    internal bool GivenUp => ClosedUs > 0 && AnswerDueUs > 0 && AnsweredUs == 0;

    internal Punctuality After(CaseEntry e)
    {
        var p = this;
        foreach (var clock in e.Clocks)
        {
            if (string.Equals(clock.Clock, Statute, StringComparison.Ordinal) && p.StatuteDueUs == 0) p = p with { StatuteDueUs = clock.DueUs };
            if (!string.Equals(clock.Clock, FirstAnswer, StringComparison.Ordinal)) continue;
            if (p.AnswerDueUs == 0) p = p with { AnswerDueUs = clock.DueUs };
            // A clock that ends with its case has been answered by nobody: the client gave up.
            if (p.AnsweredUs == 0 && clock.State == ClockState.Stopped && !e.Closes) p = p with { AnsweredUs = e.AtUs };
        }
        if (e.Closes && p.ClosedUs == 0) p = p with { ClosedUs = e.AtUs };
        return e.Reopens && p.ReopenedUs == 0 ? p with { ReopenedUs = e.AtUs } : p;
    }
}

/// <summary>From entries to a state. Pure and total; it knows no kinds, so an old history folds the same for ever.</summary>
internal static class CaseFold
{
    internal static CaseState? Of(IEnumerable<CaseEntry> entries)
    {
        CaseState? state = null;
        foreach (var entry in entries) state = Apply(state, entry);
        return state;
    }

    internal static CaseState Apply(CaseState? before, CaseEntry e)
    {
        Invariant.Holds(before is null == (e.Kind == EntryKind.Opened), "a case's history begins with its opening and holds no other");
        var s = before ?? new CaseState { Id = e.CaseId, Opened = e.Opened, OpenedUs = e.AtUs };
        Invariant.Holds(e.Index == s.Entries + 1, "a case's entries are numbered without a hole");
        s = s with { Entries = e.Index, Ids = s.Ids.Add(e.Id) };
        if (e.Clocks.Count > 0) s = s with { Clocks = s.Clocks.SetItems(e.Clocks.Select(c => KeyValuePair.Create(c.Clock, c))) };
        if (e.Stage.Length > 0) s = s with { Stage = e.Stage };
        if (e.Owner.Length > 0) s = s with { Owner = e.Owner };
        if (e.Weights is not null) s = s with { Weights = e.Weights };
        if (e.Cash is not null) s = s with { Cash = e.Cash };
        if (e.Claim is not null) s = s with { Claim = e.Claim };
        if (e.Promise is not null) s = s with { Promises = s.Promises.SetItem(e.Promise.Clock, e.Promise) };
        s = s with { Punctuality = s.Punctuality.After(e), Serious = s.Serious || e.Serious || e.Reopens || e.Opened is { Serious: true } };
        if (e.Cause.Length > 0) s = s with { Cause = e.Cause, Uncontrollable = e.Uncontrollable };
        if (e.Signs.Count > 0) s = s with { Signs = s.Signs.AddRange(e.Signs) };
        if (e.Corrective) s = s with { Corrected = true };
        if (e.Evidence.Count > 0) s = s with { Evidence = s.Evidence.AddRange(e.Evidence) };
        if (e.Doubt is not null) s = s with { Doubts = s.Doubts.Add(e.Doubt) };
        if (e.Kind is EntryKind.Opened or EntryKind.Reopened && e.Side is not Side.Product) s = s with { OpenedByHand = s.OpenedByHand.Add(e.Actor) };
        return Moved(s, e);
    }

    private static CaseState Moved(CaseState s, CaseEntry e)
    {
        if (e.Kind == EntryKind.Proposed) return s with { Proposal = e.Outcome, ProposedBy = e.Actor };
        // Whatever leads on from a proposal ends it: it was made of what was known then.
        if (e.Stage.Length > 0) s = s with { Proposal = null, ProposedBy = "" };
        if (e.Kind == EntryKind.Decided) s = s with { Found = e.Reason };
        // Closed with what was decided before, or with something else: then that decision stands no more.
        else if (e.Closes && !Equals(e.Outcome, s.Outcome)) s = s with { Found = "" };
        if (e.Closes) return s with { Closed = true, ClosedUs = e.AtUs, Outcome = e.Outcome };
        if (e.Kind == EntryKind.Decided) return s with { Outcome = e.Outcome };
        if (e.Reopens) return s with { Closed = false, ClosedUs = 0, Outcome = null, Found = "", Reopened = s.Reopened + 1, Cause = "", Uncontrollable = false, Corrected = false };
        return e.Kind == EntryKind.Step && s.ShownUs == 0 && string.Equals(e.Reason, CaseLife.ShownReason, StringComparison.Ordinal) ? s with { ShownUs = e.AtUs } : s;
    }
}
