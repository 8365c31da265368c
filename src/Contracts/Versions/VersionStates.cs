using System.Collections.Immutable;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Versions;

/// <summary>Where a version stands. What is signed is in force, superseded, suspended or ended by dates alone, so no job's timing decides it.</summary>
internal enum VersionState
{
    /// <summary>Being written.</summary>
    Draft = 1,

    /// <summary>Priced and put before somebody with authority.</summary>
    Proposed = 2,

    /// <summary>Approved; not signed yet.</summary>
    Approved = 3,

    /// <summary>Signed, and its first day not come.</summary>
    Signed = 4,

    /// <summary>Accepts parcels.</summary>
    InForce = 5,

    /// <summary>A later version has taken its place.</summary>
    Superseded = 6,

    /// <summary>Its term is over.</summary>
    Ended = 7,

    /// <summary>Refused by somebody with authority; may be drafted anew.</summary>
    Rejected = 8,

    /// <summary>Taken back; may be drafted anew.</summary>
    Withdrawn = 9,

    /// <summary>Would be in force, and may not: the account's security agreement has run out (Interim Regulation art. 32).</summary>
    Suspended = 10,
}

/// <summary>What can happen to a version.</summary>
internal enum VersionAct
{
    Drafted = 1,
    Proposed = 2,

    /// <summary>Agreed to by somebody whose authority does not reach; passed up.</summary>
    Endorsed = 3,
    Approved = 4,
    Rejected = 5,
    Withdrawn = 6,
    Announced = 7,
    Signed = 8,
    Ended = 9,
}

/// <summary>How far an account reaches (SEED-03-INTEG).</summary>
internal enum ContractScope
{
    Local = 1,
    Provincial = 2,

    /// <summary>Head office agrees at quote and signature.</summary>
    National = 3,
}

/// <summary>What is expected of a proposal a month.</summary>
/// <param name="Parcels">Parcels, above zero.</param>
/// <param name="RevenueMinor">Revenue in minor units, above zero.</param>
/// <param name="MarginPercent">Margin over cost; null = not known.</param>
internal sealed record Pricing(long Parcels, long RevenueMinor, decimal? MarginPercent);

/// <summary>Something that happened to a version: appended, never changed. What does not belong to its kind is null.</summary>
internal sealed record VersionEvent(VersionAct Act, string Who, Instant At)
{
    /// <summary>The role whose authority was used.</summary>
    public string? Role { get; init; }

    /// <summary>Whose approval is asked for after it.</summary>
    public string? Awaiting { get; init; }

    /// <summary>A reason or reference.</summary>
    public string Note { get; init; } = "";

    /// <summary>Of the document drafted or signed.</summary>
    public ImmutableArray<byte> Hash { get; init; } = [];

    /// <summary>Of a proposal.</summary>
    public Concessions? Concessions { get; init; }

    /// <summary>Of a proposal.</summary>
    public Pricing? Pricing { get; init; }

    /// <summary>When it was announced, signed, or ends.</summary>
    public Instant? Effective { get; init; }

    /// <summary>Who signed for the client: a contact of the account.</summary>
    public string? ClientContact { get; init; }
}

/// <summary>Where a version stands by what happened to it.</summary>
/// <param name="State">One of those that do not follow from dates: Signed stands for all that is signed.</param>
/// <param name="Hash">Of the document as last drafted or signed.</param>
internal sealed record VersionStanding(VersionState State, ImmutableArray<byte> Hash)
{
    public string? ProposedBy { get; init; }

    public string? Awaiting { get; init; }

    public Concessions Concessions { get; init; } = Concessions.None;

    /// <summary>Who agreed without having the authority.</summary>
    public ImmutableArray<string> EndorsedBy { get; init; } = [];

    public Instant? AnnouncedAt { get; init; }

    public string? SignedBy { get; init; }

    public string? ClientContact { get; init; }

    public Instant? SignedAt { get; init; }

    /// <summary>When it was told to end; null = as the document says.</summary>
    public Instant? EndsAt { get; init; }
}

/// <summary>What the decisions look at beside the version's own history.</summary>
internal sealed record VersionFacts
{
    public required string Contract { get; init; }

    public required uint Version { get; init; }

    /// <summary>Of the document as it is stored.</summary>
    public required ImmutableArray<byte> Hash { get; init; }

    public Instant? From { get; init; }

    public Instant? Until { get; init; }

    /// <summary>True when the term renews by itself, so that only an act ends it.</summary>
    public bool Renews { get; init; }

    public ContractScope Scope { get; init; } = ContractScope.Local;

    /// <summary>The organisation's identity is recorded.</summary>
    public bool HasIdentity { get; init; }

    /// <summary>The first instant that the account's security agreement does not cover; null = there is none.</summary>
    public Instant? AgreementUntil { get; init; }

    /// <summary>A lower version is still being drafted, proposed or approved.</summary>
    public bool EarlierIsOpen { get; init; }

    /// <summary>The signed version that this one amends: from when it holds; null for the first.</summary>
    public Instant? AmendsFrom { get; init; }

    /// <summary>The clauses whose prices rise against it.</summary>
    public ImmutableArray<string> RaisedClauses { get; init; } = [];

    /// <summary>Until when that version locks its prices.</summary>
    public LocalDate? PriceLockUntil { get; init; }

    /// <summary>What the document gives away: discounts and rebates, percent.</summary>
    public decimal DiscountPercent { get; init; }

    /// <summary>The contract's own limits; null = none.</summary>
    public decimal? GuardDiscountMost { get; init; }

    public decimal? GuardMarginLeast { get; init; }

    /// <summary>The contact named in a signature is one of the account who signs for it.</summary>
    public bool ClientContactSigns { get; init; }

    public required AuthorityLadder Authority { get; init; }
}

/// <summary>What somebody wants done. A closed set.</summary>
internal abstract record VersionWish
{
    private VersionWish()
    {
    }

    internal sealed record Draft : VersionWish;

    internal sealed record Propose(Pricing Pricing, long CompensationMinor, int WaiverDays, string Note) : VersionWish;

    internal sealed record Approve(string Note) : VersionWish;

    internal sealed record Reject(string Reason) : VersionWish;

    internal sealed record Withdraw(string Reason) : VersionWish;

    /// <param name="At">When it was announced; null = now.</param>
    /// <param name="Reference">Where it stands.</param>
    internal sealed record Announce(Instant? At, string Reference) : VersionWish;

    /// <param name="Hash">Of what was read.</param>
    /// <param name="ClientContact">Who signed for the client.</param>
    /// <param name="At">When it was signed; null = now.</param>
    internal sealed record Sign(ImmutableArray<byte> Hash, string ClientContact, Instant? At) : VersionWish;

    /// <param name="At">When it ends; null = now.</param>
    /// <param name="Reason">Why.</param>
    internal sealed record End(Instant? At, string Reason) : VersionWish;
}

/// <summary>What is to be recorded, or why nothing is.</summary>
internal abstract record VersionDecision
{
    private VersionDecision()
    {
    }

    internal sealed record Done(VersionEvent Event) : VersionDecision;

    /// <param name="Code">For programs.</param>
    /// <param name="Message">For people.</param>
    /// <param name="Field">The field at fault; empty when it is the state.</param>
    internal sealed record Refused(string Code, string Message, string Field = "") : VersionDecision;
}
