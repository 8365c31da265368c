using System.Collections.Immutable;
using KeyAccountLogistics.Verdicts.Holds;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Handovers;

/// <summary>How far a handover is (law 7).</summary>
public enum HandoverPhase
{
    /// <summary>Lines are being checked.</summary>
    Open = 1,

    /// <summary>The giver has counted.</summary>
    Counted = 2,

    /// <summary>The giver has confirmed.</summary>
    ConfirmedGiver = 3,

    /// <summary>Both have: custody has moved.</summary>
    Confirmed = 4,

    /// <summary>Given up: nothing has moved.</summary>
    Abandoned = 5,
}

/// <summary>Why a journalled step did not fit; the step is kept in the journal and listed here, never dropped.</summary>
public enum HandoverAnomaly
{
    /// <summary>Opened a second time.</summary>
    OpenedTwice = 1,

    /// <summary>A step after the handover was closed.</summary>
    AfterClose = 2,

    /// <summary>Counted or confirmed totals are not those of the lines.</summary>
    TotalsDiffer = 3,

    /// <summary>Confirmed before it was counted, or by the receiver before the giver.</summary>
    OutOfOrder = 4,

    /// <summary>The same side or the same person twice.</summary>
    SamePerson = 5,

    /// <summary>A line takes over a parcel that was not expected: it counts as over.</summary>
    AcceptedUnexpected = 6,
}

/// <summary>A step that did not fit.</summary>
public sealed record MisplacedStep(HandoverAnomaly Why, HandoverStep Step);

/// <summary>
/// A handover as it stands: the fold of its steps, as opposed to the rules that allow the next one (<see cref="HandoverRules"/>). The fold is total:
/// a step that does not fit changes nothing and is listed. Immutable.
/// </summary>
public sealed record HandoverState
{
    private HandoverState(HandoverStep.Opened opened)
    {
        Opened = opened;
        // The rules refuse a list that names a parcel twice; a journal written elsewhere may still hold one, and the fold is total.
        ExpectedByCode = opened.Expected.DistinctBy(e => e.Parcel, StringComparer.Ordinal).ToImmutableDictionary(e => e.Parcel, StringComparer.Ordinal);
    }

    /// <summary>How it began.</summary>
    public HandoverStep.Opened Opened { get; }

    /// <summary>The expected parcels by code.</summary>
    public ImmutableDictionary<string, ExpectedParcel> ExpectedByCode { get; }

    /// <summary>How far it is.</summary>
    public HandoverPhase Phase { get; private init; } = HandoverPhase.Open;

    /// <summary>The lines by parcel code, the latest of each.</summary>
    public ImmutableDictionary<string, HandoverLine> Lines { get; private init; } = ImmutableDictionary.Create<string, HandoverLine>(StringComparer.Ordinal);

    /// <summary>Totals as counted by the giver; null until then and again after a later line.</summary>
    public HandoverTotals? Counted { get; private init; }

    /// <summary>The giver's word; null until given and again after a later line.</summary>
    public Confirmation? GiverConfirmed { get; private init; }

    /// <summary>The receiver's word.</summary>
    public Confirmation? ReceiverConfirmed { get; private init; }

    /// <summary>When it was confirmed by both or abandoned.</summary>
    public Instant? ClosedAt { get; private init; }

    /// <summary>Why it was abandoned.</summary>
    public string? AbandonedFor { get; private init; }

    /// <summary>Steps that did not fit.</summary>
    public ImmutableArray<MisplacedStep> Misplaced { get; private init; } = [];

    /// <summary>True until it is confirmed by both or abandoned.</summary>
    public bool IsOpen => Phase is HandoverPhase.Open or HandoverPhase.Counted or HandoverPhase.ConfirmedGiver;

    /// <summary>Expected parcels without a line, in the order of the run sheet.</summary>
    public IEnumerable<ExpectedParcel> Outstanding => Opened.Expected.Where(e => !Lines.ContainsKey(e.Parcel)).DistinctBy(e => e.Parcel, StringComparer.Ordinal);

    /// <summary>The totals of the lines as they stand; lines not yet there count nothing.</summary>
    public HandoverTotals Totals
    {
        get
        {
            var accepted = Lines.Values.Where(IsTakenOver).Select(l => ExpectedByCode[l.Parcel]).ToList();
            var currency = accepted.Find(e => e.HasAmounts)?.Currency ?? "";
            return new(accepted.Count, Lines.Count - accepted.Count, accepted.Sum(e => e.CodMinor), accepted.Sum(e => e.FreightCollectMinor), currency);
        }
    }

    /// <summary>Begins.</summary>
    public static HandoverState Begin(HandoverStep.Opened opened) => new(opened);

    /// <summary>The state after all steps, in the order given (adjudged time, then id); null when none opens it.</summary>
    public static HandoverState? Fold(IEnumerable<HandoverStep> steps)
    {
        HandoverState? state = null;
        foreach (var step in steps)
        {
            state = state?.Apply(step) ?? (step is HandoverStep.Opened opened ? Begin(opened) : null);
        }
        return state;
    }

    /// <summary>The state after one more step.</summary>
    public HandoverState Apply(HandoverStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (step is HandoverStep.Opened) return Misplace(HandoverAnomaly.OpenedTwice, step);
        if (!IsOpen) return Misplace(HandoverAnomaly.AfterClose, step);
        return step switch
        {
            HandoverStep.LineChecked line => WithLine(line),
            HandoverStep.Counted counted => counted.Totals == Totals
                ? this with { Phase = HandoverPhase.Counted, Counted = counted.Totals, GiverConfirmed = null }
                : Misplace(HandoverAnomaly.TotalsDiffer, step),
            HandoverStep.Confirmed confirmed => WithConfirmation(confirmed),
            HandoverStep.Abandoned abandoned => this with { Phase = HandoverPhase.Abandoned, AbandonedFor = abandoned.Reason, ClosedAt = abandoned.At },
            _ => throw new Kernel.InvariantBrokenException("A handover has five kinds of steps.", step.GetType().Name),
        };
    }

    // Whatever was counted or confirmed was another set of parcels: a line after it opens the count again.
    private HandoverState WithLine(HandoverStep.LineChecked step)
    {
        var unexpected = step.Line.Result == LineResult.Accepted && !ExpectedByCode.ContainsKey(step.Line.Parcel);
        var line = unexpected ? step.Line with { Result = LineResult.Over } : step.Line;
        var next = this with { Phase = HandoverPhase.Open, Lines = Lines.SetItem(line.Parcel, line), Counted = null, GiverConfirmed = null };
        return unexpected ? next.Misplace(HandoverAnomaly.AcceptedUnexpected, step) : next;
    }

    private HandoverState WithConfirmation(HandoverStep.Confirmed step)
    {
        var word = step.Confirmation;
        if (word.Totals != Totals) return Misplace(HandoverAnomaly.TotalsDiffer, step);
        if (word.Side == Side.Giver)
        {
            if (GiverConfirmed is not null) return Misplace(HandoverAnomaly.SamePerson, step);
            return Phase == HandoverPhase.Counted
                ? this with { Phase = HandoverPhase.ConfirmedGiver, GiverConfirmed = word }
                : Misplace(HandoverAnomaly.OutOfOrder, step);
        }
        if (Phase != HandoverPhase.ConfirmedGiver) return Misplace(HandoverAnomaly.OutOfOrder, step);
        return string.Equals(word.Person, GiverConfirmed!.Person, StringComparison.Ordinal)
            ? Misplace(HandoverAnomaly.SamePerson, step)
            : this with { Phase = HandoverPhase.Confirmed, ReceiverConfirmed = word, ClosedAt = step.At };
    }

    private HandoverState Misplace(HandoverAnomaly why, HandoverStep step) => this with { Misplaced = Misplaced.Add(new(why, step)) };

    private bool IsTakenOver(HandoverLine line) => line.Result == LineResult.Accepted && ExpectedByCode.ContainsKey(line.Parcel);

    /// <summary>What the handover did; null unless both have confirmed.</summary>
    public HandoverOutcome? Outcome
    {
        get
        {
            if (Phase != HandoverPhase.Confirmed) return null;
            var ordered = Opened.Expected.DistinctBy(e => e.Parcel, StringComparer.Ordinal).Select(e => Lines.GetValueOrDefault(e.Parcel)).OfType<HandoverLine>()
                .Concat(Lines.Values.Where(l => !ExpectedByCode.ContainsKey(l.Parcel)).OrderBy(l => l.Parcel, StringComparer.Ordinal))
                .ToList();
            return new HandoverOutcome(
                [.. ordered.Where(IsTakenOver).Select(l => new CustodyMove(l.Parcel, Opened.Giver, Opened.Receiver))],
                [.. ordered.Where(l => !IsTakenOver(l)).Select(l => new StayingParcel(l.Parcel, l.Result, l.Reason, HoldReasonOf(l)))]);
        }
    }

    // A parcel that is missing, damaged or held is somebody's matter until it is decided; one that was over or refused simply stays with its giver.
    private static string? HoldReasonOf(HandoverLine line) => line.Result switch
    {
        LineResult.Short => HoldReasons.Short,
        LineResult.Damaged => HoldReasons.Damaged,
        LineResult.Held => line.Reason.Length > 0 ? line.Reason : HoldReasons.HeldAtHandover,
        _ => null,
    };
}

/// <summary>What a confirmed handover did.</summary>
/// <param name="Moves">Custody moves, in the order of the run sheet.</param>
/// <param name="Stays">What stays with the giver, each with its reason.</param>
public sealed record HandoverOutcome(ImmutableArray<CustodyMove> Moves, ImmutableArray<StayingParcel> Stays);

/// <summary>One parcel passes from one party to the other.</summary>
public sealed record CustodyMove(string Parcel, Party From, Party To);

/// <summary>One parcel that stays with the giver.</summary>
/// <param name="Parcel">Its code.</param>
/// <param name="Result">How it was found.</param>
/// <param name="Reason">The reason given; may be empty for short and over, which say it themselves.</param>
/// <param name="HoldReason">The reason of the hold it becomes; null when it becomes none.</param>
public sealed record StayingParcel(string Parcel, LineResult Result, string Reason, string? HoldReason);
