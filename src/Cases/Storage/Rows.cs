using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Cases.Storage;

// Rows as EF reads them. Instants are microseconds since 1970 (Us), money minor units.

/// <summary>A case as its history has left it, as far as lists need it: a projection of <see cref="CaseEntryRow"/>, never written by anything else.</summary>
internal sealed class CaseRow : IAccountScoped, IDepotScoped
{
    public required string Id { get; set; }

    public required string Kind { get; set; }

    public required string Subject { get; set; }

    public string? Account { get; set; }

    public string? Depot { get; set; }

    public string Owner { get; set; } = "";

    public string Stage { get; set; } = "";

    /// <summary>open, proposed or closed.</summary>
    public string State { get; set; } = "";

    public long OpenedUs { get; set; }

    public long? ClosedUs { get; set; }

    /// <summary>When the nearest clock is due; null when none runs.</summary>
    public long? DueUs { get; set; }

    public string? DueClock { get; set; }

    /// <summary>When that clock began, with its pauses taken out.</summary>
    public long? DueStartedUs { get; set; }

    /// <summary>When time does something to it next; null = never of itself.</summary>
    public long? TickUs { get; set; }

    public int Escalated { get; set; }

    /// <summary>Null when the amount is not known, which <see cref="HoldUnknown"/> explains.</summary>
    public long? HoldMinor { get; set; }

    public string? Currency { get; set; }

    public string? HoldUnknown { get; set; }

    public string? Outcome { get; set; }

    public int Reopened { get; set; }

    public int Entries { get; set; }

    /// <summary>What a complaint is about.</summary>
    public string? About { get; set; }

    public bool Serious { get; set; }

    /// <summary>Nobody of the carrier's could have helped its cause.</summary>
    public bool Uncontrollable { get; set; }
}

/// <summary>One entry of a case's history: appended, never changed.</summary>
internal sealed class CaseEntryRow
{
    public required string CaseId { get; set; }

    public int Number { get; set; }

    public Guid EntryId { get; set; }

    public long AtUs { get; set; }

    /// <summary>As <see cref="Api.Cases.V1.CaseEntry"/>.</summary>
    public required byte[] Body { get; set; }

    /// <summary>SHA-256 over the hash of the entry before (32 zero bytes for the first) and the body.</summary>
    public required byte[] Hash { get; set; }
}

/// <summary>A scale's part in a case: how a drifted scale finds what it touched.</summary>
internal sealed class CaseScaleRow
{
    public required string CaseId { get; set; }

    public Guid EventId { get; set; }

    public long ParcelId { get; set; }

    public required string Depot { get; set; }

    public required string Device { get; set; }

    public long AtUs { get; set; }
}

/// <summary>A quarantine or release of a scale, kept so that a weight that arrives after it is found in doubt too.</summary>
internal sealed class ScaleChangeRow
{
    public Guid EventId { get; set; }

    public required string Depot { get; set; }

    public required string Device { get; set; }

    public bool Released { get; set; }

    public long AtUs { get; set; }

    /// <summary>As <see cref="Api.Custody.V1.ScaleBias"/>; empty when a person did it.</summary>
    public required byte[] Bias { get; set; }
}
