using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Custody.Storage;

// Rows as EF reads them. Instants are microseconds since 1970 (Us), masses milligrams (Mg), money minor units.

/// <summary>The document: what the client said of the parcels under one waybill. Never changed once registered.</summary>
internal sealed class ShipmentRow : IAccountScoped
{
    public long Id { get; set; }

    /// <summary>Canonical text.</summary>
    public required string Waybill { get; set; }

    public required string Account { get; set; }

    public required string Product { get; set; }

    public required string Origin { get; set; }

    public required string Destination { get; set; }

    public long? AcceptedUs { get; set; }

    public long? PromisedUs { get; set; }

    /// <summary>The clause that gave the promise; null when the client named it.</summary>
    public string? PromiseClause { get; set; }

    /// <summary>The gates on the way to the promise, as <see cref="Api.Custody.V1.PromiseGates"/>; null when none were agreed.</summary>
    public byte[]? Gates { get; set; }

    public long? DeclaredMg { get; set; }

    public int? LengthMm { get; set; }

    public int? WidthMm { get; set; }

    public int? HeightMm { get; set; }

    public long DeclaredValueMinor { get; set; }

    public long CodMinor { get; set; }

    public long FreightCollectMinor { get; set; }

    public string? Currency { get; set; }

    public int Pieces { get; set; }

    /// <summary>What was declared of the one piece there is; null with several: the declared weight is the shipment's and says nothing of each.</summary>
    public long? DeclaredOfPiece => Pieces == 1 ? DeclaredMg : null;

    public bool Insured { get; set; }

    public bool Fragile { get; set; }

    public string Seal { get; set; } = "";

    public string? Contract { get; set; }

    public int? ContractVersion { get; set; }

    public long RegisteredUs { get; set; }

    /// <summary>Of the consignee's street door, 1e-5 degrees; null when nobody said.</summary>
    public int? LongitudeE5 { get; set; }

    public int? LatitudeE5 { get; set; }

    /// <summary>SHA-256 of what was registered: the same again changes nothing.</summary>
    public required byte[] Content { get; set; }
}

/// <summary>One physical item: its state as folded (bytes), and beside it the columns that lists are made by.</summary>
internal sealed class ParcelRow : IAccountScoped
{
    public long Id { get; set; }

    /// <summary>Canonical text.</summary>
    public required string Code { get; set; }

    /// <summary>1 to n of its shipment; 0 when no shipment names this code.</summary>
    public int Piece { get; set; }

    public long? ShipmentId { get; set; }

    public string? Account { get; set; }

    public string? Origin { get; set; }

    public string? Destination { get; set; }

    public int Stage { get; set; }

    public int CustodianKind { get; set; }

    public string Custodian { get; set; } = "";

    public string Node { get; set; } = "";

    public string NextNode { get; set; } = "";

    public long? HeldSinceUs { get; set; }

    public string? HoldReason { get; set; }

    public string? HoldPlace { get; set; }

    public string? HoldOwner { get; set; }

    public string? HoldNode { get; set; }

    public int Exceptions { get; set; }

    public bool Closed { get; set; }

    public long LastBestUs { get; set; }

    public int Events { get; set; }

    /// <summary>Which transaction changed it last: on PostgreSQL its number, on SQLite a counter. Manifests are cut by it.</summary>
    public long Change { get; set; }

    /// <summary>The same once its life is over, else null: what stands in an index must not change with every event.</summary>
    public long? ClosedChange { get; set; }

    public required byte[] State { get; set; }
}

/// <summary>A handover as its steps have left it; the steps themselves are <see cref="HandoverStepRow"/>.</summary>
internal sealed class HandoverRow : IDepotScoped
{
    public required string Id { get; set; }

    public int Kind { get; set; }

    /// <summary>0 while its opening is still on the way, else <see cref="Verdicts.Handovers.HandoverPhase"/>.</summary>
    public int Phase { get; set; }

    public string? Depot { get; set; }

    public long OpenedUs { get; set; }

    public long? ClosedUs { get; set; }
}

/// <summary>One event of a handover, found by the handover as the journal finds events by the parcel.</summary>
internal sealed class HandoverStepRow
{
    public Guid EventId { get; set; }

    public required string Handover { get; set; }

    public long BestUs { get; set; }

    public required byte[] Body { get; set; }
}

/// <summary>A parcel that a handover expects: what says that a parcel is in one open handover at most.</summary>
internal sealed class HandoverParcelRow
{
    public required string Handover { get; set; }

    public required string Parcel { get; set; }
}

/// <summary>What the facts say of a scale: its last check, and what stands against it. Times in microseconds, 0 = never.</summary>
internal sealed class ScaleRow : IDepotScoped
{
    public required string? Depot { get; set; }

    public required string Device { get; set; }

    public long CheckedUs { get; set; }

    public bool CheckPassed { get; set; }

    /// <summary>The check's figures, as <see cref="Api.Custody.V1.ScaleCheck"/>; empty when never.</summary>
    public required byte[] CheckBody { get; set; }

    public long QuarantinedUs { get; set; }

    public long ReleasedUs { get; set; }

    public long AskedUs { get; set; }

    /// <summary>The later of quarantined and asked: what <see cref="BiasBody"/> belongs to.</summary>
    public long DoubtUs { get; set; }

    public required byte[] BiasBody { get; set; }
}

/// <summary>A scale as it last weighed, and the newest estimate of its bias: made by the hourly job, not by the facts' own transaction.</summary>
internal sealed class ScaleEstimateRow : IDepotScoped
{
    public required string? Depot { get; set; }

    public required string Device { get; set; }

    /// <summary>As <see cref="Api.Custody.V1.Scale"/>.</summary>
    public required byte[] Registered { get; set; }

    /// <summary><see cref="Verdicts.Scales.BiasAnswer"/>; 0 before the first estimate.</summary>
    public int Answer { get; set; }

    /// <summary>As <see cref="Api.Custody.V1.ScaleBias"/>; empty when too few.</summary>
    public required byte[] Bias { get; set; }

    public long EstimatedUs { get; set; }
}

/// <summary>A parcel on two scales one after the other: what drift is found by. Kept for a month.</summary>
internal sealed class WeighedTwiceRow
{
    /// <summary>The later weighing.</summary>
    public Guid EventId { get; set; }

    public long AtUs { get; set; }

    public required string FirstNode { get; set; }

    public required string FirstDevice { get; set; }

    public long FirstMg { get; set; }

    public required string SecondNode { get; set; }

    public required string SecondDevice { get; set; }

    public long SecondMg { get; set; }
}

/// <summary>A file on its way in: where it may be taken up again.</summary>
internal sealed class ImportRow
{
    /// <summary>Kind, source and SHA-256 of the file.</summary>
    public required string Id { get; set; }

    public long Lines { get; set; }

    public long Taken { get; set; }

    public long Unchanged { get; set; }

    public long Rejected { get; set; }

    public long UpdatedUs { get; set; }

    public bool Done { get; set; }
}

/// <summary>The paper that stands for a lost or spoiled waybill (SEED-03-STUBLOST).</summary>
internal sealed class CertificateRow : IAccountScoped
{
    public required string Serial { get; set; }

    public required string Parcel { get; set; }

    public string? Account { get; set; }

    public required string Node { get; set; }

    public required string Reason { get; set; }

    public required string IssuedBy { get; set; }

    public long IssuedUs { get; set; }
}

/// <summary>Numbers given out one after the other: certificates of a node and day, changes on SQLite.</summary>
internal sealed class CounterRow
{
    public required string Name { get; set; }

    public long Last { get; set; }
}
