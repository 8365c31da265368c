using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.ServiceLevels.Storage;

// Rows as EF reads them; the follower writes them by statements of its own. Days count from 1970-01-01, instants are microseconds since then.

/// <summary>Whose facts changed and wait to be followed: appended with the facts, deleted with what was made of them.</summary>
internal sealed class ChangedRow
{
    public long Id { get; set; }

    /// <summary>When the server got the facts.</summary>
    public long AtUs { get; set; }

    /// <summary><see cref="Following.Changed"/>.</summary>
    public required byte[] Body { get; set; }
}

/// <summary>One parcel, pickup order or fact of an account's service with what it adds to the figures now.</summary>
internal sealed class SubjectRow : IAccountScoped
{
    /// <summary><c>p:</c> and the parcel's row, <c>o:</c> and the order's number, or <see cref="Contributing.FactKey.Subject"/>.</summary>
    public required string Subject { get; set; }

    /// <summary>What people call it.</summary>
    public required string Code { get; set; }

    public string? Account { get; set; }

    public required string Contract { get; set; }

    public required string Lane { get; set; }

    public required string Product { get; set; }

    public required string Depot { get; set; }

    public required string Courier { get; set; }

    /// <summary>The days its figures lie in; null when it has none.</summary>
    public int? FirstDay { get; set; }

    public int? LastDay { get; set; }

    /// <summary>The next gate of a parcel still to be attempted; null otherwise.</summary>
    public long? GateUs { get; set; }

    /// <summary>The last instant in time of such a parcel; null also where it was judged before this was kept.</summary>
    public long? DueUs { get; set; }

    /// <summary><see cref="Contributing.Contribution"/>; empty before the first.</summary>
    public required byte[] Body { get; set; }
}

/// <summary>One event that tells of an account's service, or one that takes such an event out: a copy of the journal, found by account, kind and name.</summary>
internal sealed class FactRow : IAccountScoped
{
    public Guid EventId { get; set; }

    /// <summary>Empty for a correction.</summary>
    public required string Account { get; set; }

    /// <summary><see cref="Api.Custody.V1.EventKind"/>.</summary>
    public int Kind { get; set; }

    /// <summary><see cref="Contributing.FactKey.Subject"/>; empty for a correction.</summary>
    public required string Subject { get; set; }

    /// <summary>Its own name; empty for a correction.</summary>
    public required string Reference { get; set; }

    public long Revision { get; set; }

    public long EarliestUs { get; set; }

    public long BestUs { get; set; }

    public long LatestUs { get; set; }

    /// <summary>The event that a correction takes out, whichever came first; null for a fact.</summary>
    public Guid? Corrects { get; set; }

    public required byte[] Body { get; set; }
}

/// <summary>A figure of a subject that is not simply met: what a drill-down begins with. Few of many.</summary>
internal sealed class MarkRow : IAccountScoped
{
    public required string Subject { get; set; }

    public required string Figure { get; set; }

    public required string Account { get; set; }

    public int Day { get; set; }

    /// <summary><see cref="Contributing.TallyOutcome"/>.</summary>
    public int Outcome { get; set; }

    public bool InDoubt { get; set; }
}

/// <summary>A figure added up: <see cref="Contributing.CounterSums"/> as columns.</summary>
internal abstract class SummedRow
{
    public long Numerator { get; set; }

    public long Denominator { get; set; }

    public long LeftOut { get; set; }

    public long InDoubt { get; set; }

    public long Open { get; set; }
}

/// <summary>One figure of one day, added up for an account as a whole or one of its lanes, products, depots, couriers, contracts.</summary>
internal sealed class CounterRow : SummedRow, IAccountScoped
{
    public required string Account { get; set; }

    public int Day { get; set; }

    /// <summary><see cref="Contributing.CounterKind"/>.</summary>
    public int Kind { get; set; }

    public required string Member { get; set; }

    public required string Figure { get; set; }
}

/// <summary>One figure of one month of an account as a whole: the sum of its days, so that a month is read by a row a figure. Pages, reports and lists ask for months.</summary>
internal sealed class MonthRow : SummedRow, IAccountScoped
{
    /// <summary><see cref="Contributing.AccountDays.MonthOf"/>.</summary>
    public int Month { get; set; }

    public required string Account { get; set; }

    public required string Figure { get; set; }
}

/// <summary>What of a figure was decided within an hour, of an account as a whole; kept for as long as burn rates look back (<see cref="Contributing.HourCounts"/>).</summary>
internal sealed class HourRow : IAccountScoped
{
    public required string Account { get; set; }

    public required string Figure { get; set; }

    /// <summary>Hours since 1970-01-01T00:00Z.</summary>
    public int Hour { get; set; }

    public long Units { get; set; }

    public long Failures { get; set; }
}

/// <summary>What was said of a figure when its day was closed, and what it has come to be since. The first never changes.</summary>
internal sealed class PublishedRow : IAccountScoped
{
    public required string Account { get; set; }

    public int Day { get; set; }

    public required string Figure { get; set; }

    public long FirstNumerator { get; set; }

    public long FirstDenominator { get; set; }

    public long FirstLeftOut { get; set; }

    public long PublishedUs { get; set; }

    public long Numerator { get; set; }

    public long Denominator { get; set; }

    public long LeftOut { get; set; }

    /// <summary>Null while it is as first published.</summary>
    public long? RestatedUs { get; set; }

    /// <summary>late_fact or exclusion; null while it is as first published.</summary>
    public string? Because { get; set; }
}

/// <summary>By which terms an account's parcels were noted last.</summary>
internal sealed class TermsRow : IAccountScoped
{
    public required string Account { get; set; }

    public required byte[] Digest { get; set; }
}

/// <summary>A warning of one rule for one account, from the day it was raised until its cause was gone.</summary>
internal sealed class WarningRow : IAccountScoped
{
    /// <summary>Account, rule and the day that opened it.</summary>
    public required string Id { get; set; }

    public required string Account { get; set; }

    /// <summary><see cref="Warnings.WarningRules"/>: one stands for each.</summary>
    public required string Rule { get; set; }

    public required string Family { get; set; }

    public required string Reason { get; set; }

    /// <summary><see cref="Warnings.WarningLevel"/>.</summary>
    public int Level { get; set; }

    /// <summary>Names and figures, JSON.</summary>
    public required string Evidence { get; set; }

    /// <summary>Names of what it is about, JSON; their kind follows from the reason.</summary>
    public required string Subjects { get; set; }

    /// <summary>Who answers for the account, as it was last asked; empty = nobody by name.</summary>
    public required string Owner { get; set; }

    /// <summary>The case it opened.</summary>
    public string? CaseId { get; set; }

    public long SinceUs { get; set; }

    public long DueUs { get; set; }

    /// <summary>The words of the last act.</summary>
    public required string Done { get; set; }

    public required string DoneBy { get; set; }

    public long? ClosedUs { get; set; }

    public string? ClosedBecause { get; set; }
}

/// <summary>Force majeure of some regions for a while. Of every account: nobody's own.</summary>
internal sealed class DeclaredRow
{
    public required string Id { get; set; }

    /// <summary>Beginnings of place codes, commas between.</summary>
    public required string Regions { get; set; }

    public long FromUs { get; set; }

    public long UntilUs { get; set; }

    public required string Why { get; set; }

    public required string AskedBy { get; set; }

    public long AskedUs { get; set; }

    public string? ConfirmedBy { get; set; }

    public long? ConfirmedUs { get; set; }

    public string? WithdrawnBy { get; set; }

    public long? WithdrawnUs { get; set; }

    /// <summary>Parcels it leaves out now.</summary>
    public long Parcels { get; set; }
}

/// <summary>What somebody did about a warning: appended, never changed.</summary>
internal sealed class WarningActRow : IAccountScoped
{
    public required string WarningId { get; set; }

    /// <summary>From 1.</summary>
    public int Seq { get; set; }

    public required string Account { get; set; }

    public long AtUs { get; set; }

    public required string Who { get; set; }

    /// <summary>True when it was who answered for the account then: so a change is noted.</summary>
    public bool AsOwner { get; set; }

    public required string Words { get; set; }
}
