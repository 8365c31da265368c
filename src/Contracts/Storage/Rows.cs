using KeyAccountLogistics.Journal.Access;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Storage;

// Rows as EF reads them. Instants are microseconds since 1970 (Us), money minor units. Persons are ids of the identity module, never names (law 13).

/// <summary>A key account: what lists are made by, and its record as bytes (<see cref="Api.Contracts.V1.AccountRecord"/>).</summary>
internal sealed class AccountRow : IAccountScoped
{
    public required string? Account { get; set; }

    public required string NameZh { get; set; }

    public required string NameEn { get; set; }

    /// <summary>A, B or C.</summary>
    public required string Grade { get; set; }

    public required string Ownership { get; set; }

    public int Scope { get; set; }

    /// <summary>The wider scope that waits for approval; 0 = none.</summary>
    public int ScopeAsked { get; set; }

    public string? ScopeAskedBy { get; set; }

    public required string Owner { get; set; }

    /// <summary>Null = none agreed.</summary>
    public long? CreditLimitMinor { get; set; }

    public required string CreditCurrency { get; set; }

    public string? CreditCode { get; set; }

    /// <summary>What of the legal representative was seen; never its number.</summary>
    public string? RepresentativeDocument { get; set; }

    public long? IdentitySeenUs { get; set; }

    public string? IdentitySeenBy { get; set; }

    public required byte[] Record { get; set; }

    public long CreatedUs { get; set; }

    /// <summary>Rises with each change; whoever takes it up has the row until the transaction ends.</summary>
    public long Revision { get; set; }
}

internal sealed class SiteRow : IAccountScoped
{
    public required string? Account { get; set; }

    public required string Code { get; set; }

    public required string Name { get; set; }

    public required string Place { get; set; }

    public required string Address { get; set; }

    public required string Depot { get; set; }

    public bool Closed { get; set; }
}

/// <summary>When a site's parcels are picked up: minutes of the local day.</summary>
internal sealed class PickupWindowRow : IAccountScoped
{
    public required string? Account { get; set; }

    public required string Site { get; set; }

    /// <summary>1 = Monday to 7.</summary>
    public int Day { get; set; }

    public int FromMinute { get; set; }

    public int UntilMinute { get; set; }
}

/// <summary>A person of the client by level and position; name and numbers are in the vault, and only with a consent.</summary>
internal sealed class ContactRow : IAccountScoped
{
    public required string Id { get; set; }

    public required string? Account { get; set; }

    public required string Level { get; set; }

    public required string Position { get; set; }

    public bool Signs { get; set; }

    /// <summary>none, contact, personal or withdrawn.</summary>
    public required string Consent { get; set; }

    public required string ConsentHow { get; set; }

    public long? ConsentUs { get; set; }
}

internal sealed class OwnerRow : IAccountScoped
{
    public required string? Account { get; set; }

    public int Seq { get; set; }

    public required string Person { get; set; }

    public long SinceUs { get; set; }

    public required string Reason { get; set; }

    /// <summary>The handover checklist, words separated by commas.</summary>
    public required string HandedOver { get; set; }

    public required string ChangedBy { get; set; }
}

internal sealed class GroupMemberRow : IAccountScoped
{
    public required string? Account { get; set; }

    public int Level { get; set; }

    public required string Person { get; set; }

    public required string Duty { get; set; }

    public int Escalation { get; set; }
}

internal sealed class AgreementRow : IAccountScoped
{
    public required string? Account { get; set; }

    public required string Number { get; set; }

    public LocalDate SignedOn { get; set; }

    /// <summary>The last day it holds.</summary>
    public LocalDate LastDay { get; set; }

    public long RecordedUs { get; set; }

    public required string RecordedBy { get; set; }
}

/// <summary>What happened to an account's record: appended, never changed.</summary>
internal sealed class AccountEventRow : IAccountScoped
{
    public required string? Account { get; set; }

    public int Seq { get; set; }

    public long AtUs { get; set; }

    public required string Who { get; set; }

    public required string Kind { get; set; }

    public required string Note { get; set; }
}

internal sealed class ContractRow : IAccountScoped
{
    public required string Number { get; set; }

    public required string? Account { get; set; }

    public long CreatedUs { get; set; }

    /// <summary>Rises with each act on any of its versions; whoever takes it up has the contract until the transaction ends.</summary>
    public long Revision { get; set; }
}

/// <summary>A version: its document, and where its events leave it. Once signed, document, hash, dates and signature never change; the database refuses it too.</summary>
internal sealed class VersionRow : IAccountScoped
{
    public required string Contract { get; set; }

    public int Version { get; set; }

    public required string? Account { get; set; }

    /// <summary>Canonical YAML.</summary>
    public required string Document { get; set; }

    public required byte[] Hash { get; set; }

    public long? FromUs { get; set; }

    public long? UntilUs { get; set; }

    public bool Renews { get; set; }

    /// <summary>As its events leave it: no state that follows from dates.</summary>
    public int State { get; set; }

    public string? ProposedBy { get; set; }

    public string? Awaiting { get; set; }

    public long? AnnouncedUs { get; set; }

    public string? SignedBy { get; set; }

    public string? ClientContact { get; set; }

    public long? SignedUs { get; set; }

    /// <summary>When it was told to end; null = as the document says.</summary>
    public long? EndsUs { get; set; }
}

/// <summary>What happened to a version: appended, never changed; the version's own columns are its fold.</summary>
internal sealed class VersionEventRow : IAccountScoped
{
    public required string Contract { get; set; }

    public int Version { get; set; }

    public int Seq { get; set; }

    public required string? Account { get; set; }

    public int Act { get; set; }

    public required string Who { get; set; }

    public long AtUs { get; set; }

    /// <summary>What belongs to the kind of event, as <see cref="Api.Contracts.V1.VersionEvent"/>.</summary>
    public required byte[] Body { get; set; }
}

/// <summary>What a role may grant; null = no limit. Of rank 0: grants nothing in contracts, decides cases.</summary>
internal sealed class AuthorityRow
{
    public required string Role { get; set; }

    public int Rank { get; set; }

    public bool HeadOffice { get; set; }

    /// <summary>Hundredths of a percent.</summary>
    public int? DiscountBp { get; set; }

    public long? CompensationMinor { get; set; }

    public int? WaiverDays { get; set; }

    /// <summary>Decides a case alone up to that amount; null = without limit.</summary>
    public long? CaseMinor { get; set; }
}

internal sealed class AlertRow : IAccountScoped
{
    public long Id { get; set; }

    public required string Kind { get; set; }

    public required string? Account { get; set; }

    /// <summary>Empty for an agreement.</summary>
    public required string Contract { get; set; }

    public int Version { get; set; }

    /// <summary>The day it is about.</summary>
    public LocalDate Due { get; set; }

    public long RaisedUs { get; set; }

    /// <summary>When its reason went away; null = open.</summary>
    public long? ClosedUs { get; set; }
}

/// <summary>That something due was met, as a person said it; what is due follows from the contracts.</summary>
internal sealed class ObligationMetRow : IAccountScoped
{
    public required string? Account { get; set; }

    public required string Contract { get; set; }

    public required string Clause { get; set; }

    public LocalDate Due { get; set; }

    public LocalDate MetOn { get; set; }

    /// <summary>Where it can be seen.</summary>
    public required string Reference { get; set; }

    public required string Who { get; set; }

    public long AtUs { get; set; }
}

/// <summary>The number of the terms snapshot: rises with each change of what is in force, in the change's own transaction.</summary>
internal sealed class TermsCounterRow
{
    public required string Name { get; set; }

    public long Last { get; set; }
}
