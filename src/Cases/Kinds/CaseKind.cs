using System.Collections.Immutable;
using KeyAccountLogistics.Api.Cases.V1;
using NodaTime;

namespace KeyAccountLogistics.Cases.Kinds;

/// <summary>
/// What a kind of case is made of, as opposed to one case: its stages, who may take which step, its clocks, what may be decided. Data; the machine that runs it
/// (<see cref="Life.CaseLife"/>) knows no kind. Changing a kind changes no history: entries carry what they did.
/// </summary>
internal sealed record CaseKind
{
    /// <summary>The word in the API and in rows.</summary>
    public required string Name { get; init; }

    /// <summary>Begins every case id of the kind.</summary>
    public required string Prefix { get; init; }

    /// <summary>Who answers for a new case until a person has taken it: a role.</summary>
    public required string FirstOwner { get; init; }

    /// <summary>Where a case begins.</summary>
    public required Beginnings Begins { get; init; }

    /// <summary>The stage in which a decision over its decider's limit waits.</summary>
    public required string ProposedStage { get; init; }

    /// <summary>The stage of a closed case.</summary>
    public required string ClosedStage { get; init; }

    /// <summary>The stage that a reopened case takes up again.</summary>
    public required string ReopenedStage { get; init; }

    public required ImmutableArray<StepRule> Steps { get; init; }

    public required ImmutableArray<ClockRule> Clocks { get; init; }

    public required ImmutableArray<OutcomeRule> Outcomes { get; init; }

    /// <summary>The stages in which a decision is taken; an outcome in the client's favour may come earlier.</summary>
    public required ImmutableArray<string> DecidedIn { get; init; }

    /// <summary>The codes with which a person may open one; empty = nobody opens it by hand.</summary>
    public required ImmutableArray<string> OpenReasons { get; init; }

    public required ImmutableArray<string> ReopenReasons { get; init; }

    public required ImmutableArray<string> DecideReasons { get; init; }

    /// <summary>Where a decided case is while somebody does what was decided; null = deciding closes it.</summary>
    public string? DecidedStage { get; init; }

    /// <summary>Whoever opened one for the client may decide what gives nothing away: an apology for what they took down on the telephone.</summary>
    public bool OpenerMayGiveNothing { get; init; }

    /// <summary>The client takes a closed one up again itself.</summary>
    public bool ClientReopens { get; init; }

    /// <summary>The codes of what may be promised; empty = nothing is.</summary>
    public ImmutableArray<string> PromiseKinds { get; init; } = [];

    /// <summary>The codes of root causes, without one of which a serious case is not closed; empty = none is asked for.</summary>
    public ImmutableArray<string> RootCauses { get; init; } = [];

    /// <summary>Those of the root causes that nobody of the carrier's could have helped: they count against nobody.</summary>
    public ImmutableArray<string> Uncontrollable { get; init; } = [];

    /// <summary>The carrier's own matter, though it is of a client's account: the client neither opens nor sees one.</summary>
    public bool CarriersOwn { get; init; }

    internal StepRule? Step(string name) => Steps.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal));

    internal ClockRule? Clock(string name) => Clocks.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));

    internal OutcomeRule? Outcome(string name) => Outcomes.FirstOrDefault(o => string.Equals(o.Name, name, StringComparison.Ordinal));
}

/// <summary>The stages in which cases begin.</summary>
/// <param name="ByRule">Opened by the product, and the client has a say.</param>
/// <param name="WithoutSay">Opened by the product or the carrier, and no say was agreed.</param>
/// <param name="ByCarrier">Opened by hand of the carrier, and the client has a say.</param>
/// <param name="ByClient">Opened by hand of the client, who has thereby said it.</param>
internal sealed record Beginnings(string ByRule, string WithoutSay, string ByCarrier, string ByClient);

/// <summary>A step from one of some stages to another.</summary>
/// <param name="Name">The word in the API.</param>
/// <param name="From">The stages from which it is taken.</param>
/// <param name="To">The stage it leads to; empty = it stays where it is.</param>
/// <param name="By">Who takes it; the product's steps follow from clocks.</param>
internal sealed record StepRule(string Name, ImmutableArray<string> From, string To, ImmutableArray<Side> By)
{
    /// <summary>One of these codes is required; empty = none is.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>The outcome with which it closes the case; null = it does not.</summary>
    public string? ClosesWith { get; init; }

    /// <summary>It is the client's answer: only where a say was agreed, and for whom it was.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>It is the moment at which the client has seen the evidence.</summary>
    public bool Shows { get; init; }

    /// <summary>The client says it by <c>Answer</c>, whatever the contract says of answers.</summary>
    public bool IsClientsWord { get; init; }

    /// <summary>It closes the case with what was decided before.</summary>
    public bool Verifies { get; init; }

    /// <summary>The words it needs.</summary>
    public Words Words { get; init; }

    /// <summary>The clock on call that it begins; null = none.</summary>
    public string? Begins { get; init; }

    /// <summary>The clock on call that it ends; null = none.</summary>
    public string? Ends { get; init; }

    /// <summary>What it says of the case, beside its stage.</summary>
    public Says Says { get; init; }

    /// <summary>While no person has taken the case, whoever takes the step does.</summary>
    public bool Takes { get; init; }

    /// <summary>Only once the root cause has been said.</summary>
    public bool NeedsCause { get; init; }

    /// <summary>Only once this has been promised, a code of the kind; null = nothing needs to be.</summary>
    public string? NeedsPromise { get; init; }

    internal bool Closes => ClosesWith is not null || Verifies;
}

/// <summary>The words that a step needs.</summary>
internal enum Words
{
    /// <summary>None.</summary>
    Free,

    /// <summary>A note.</summary>
    Noted,

    /// <summary>A note that the client reads: an answer that nobody can read is none.</summary>
    Shared,
}

/// <summary>What a step says of its case.</summary>
internal enum Says
{
    /// <summary>Nothing more.</summary>
    Nothing,

    /// <summary>Its reason is the root cause.</summary>
    RootCause,

    /// <summary>Its note is what was done so that it does not happen again.</summary>
    Corrective,

    /// <summary>The case is serious.</summary>
    Serious,
}

/// <summary>A clock of a case: whose time, how long, what follows.</summary>
/// <param name="Name">The word in the API.</param>
/// <param name="Of">Whose time it is.</param>
/// <param name="RunsIn">The stages in which it runs: begun on entering, ended on leaving them; empty = while the case is open.</param>
/// <param name="Within">How long; null = as the case's opening says (<c>answer_within</c>, or <c>first_answer</c>).</param>
internal sealed record ClockRule(string Name, Side Of, ImmutableArray<string> RunsIn, Duration? Within)
{
    /// <summary>At which percent of its time it is escalated.</summary>
    internal static readonly ImmutableArray<int> Escalations = [50, 80, 100];

    /// <summary>The codes with which it may be paused; empty = never.</summary>
    public ImmutableArray<string> PauseReasons { get; init; } = [];

    /// <summary>The step that silence takes, by what the contract says of silence (the key "" where it says nothing); none = it is only escalated.</summary>
    public ImmutableDictionary<string, string> OnDue { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>It is begun and ended by steps, in whatever stage; the case is not closed while it runs.</summary>
    public bool OnCall { get; init; }

    /// <summary>How long is the opening's <c>first_answer</c>.</summary>
    public bool IsFirstAnswer { get; init; }

    /// <summary>The step that silence takes while evidence is in doubt.</summary>
    public string? OnDueInDoubt { get; init; }

    internal long LengthUs(CaseOpened opened) => Within is { } within ? Life.Micros.Of(within) : IsFirstAnswer ? opened.FirstAnswerUs : opened.AnswerWithinUs;

    internal bool Runs(string stage, bool closed) => !closed && (RunsIn.IsEmpty || RunsIn.Contains(stage, StringComparer.Ordinal));
}

/// <summary>What a decision gives away, which is what the decider's limit is held against.</summary>
internal enum Gives
{
    /// <summary>Nothing: it is what the contract says.</summary>
    Nothing,

    /// <summary>The amount on hold, where it is the carrier's.</summary>
    Held,

    /// <summary>The charge on hold minus the charge at the weight that is stated.</summary>
    Difference,

    /// <summary>The amount that is stated.</summary>
    Stated,
}

/// <summary>Which weight bills after a decision.</summary>
internal enum Bills
{
    /// <summary>The one that billed before.</summary>
    First,

    /// <summary>The new one.</summary>
    New,

    /// <summary>The one that is stated.</summary>
    Stated,
}

/// <summary>One way to decide.</summary>
/// <param name="Name">The word in the API.</param>
/// <param name="Gives">What it gives away.</param>
/// <param name="Bills">What it sets.</param>
internal sealed record OutcomeRule(string Name, Gives Gives, Bills Bills)
{
    /// <summary>In the client's favour it needs no waiting for the client's answer.</summary>
    public bool Early { get; init; }

    /// <summary>The amount that is stated is what it costs the carrier, and is not paid to the client.</summary>
    public bool IsCost { get; init; }

    /// <summary>Only where the amount in question is known.</summary>
    public bool NeedsKnown { get; init; }

    /// <summary>Never more than the loss that is claimed.</summary>
    public bool WithinLoss { get; init; }

    /// <summary>Only the product gives it.</summary>
    public bool ByRuleOnly { get; init; }
}
