namespace KeyAccountLogistics.Dispatch.Storage;

/// <summary>A courier's phone as it was last met: what puts its clock right, and which numbers of its journal have come.</summary>
internal sealed class PhoneRow
{
    public required string Courier { get; set; }

    public required string Device { get; set; }

    public Guid Journal { get; set; }

    /// <summary>Ranges as text, <c>1-20,25-30</c>.</summary>
    public required string Seen { get; set; }

    public Guid Boot { get; set; }

    /// <summary>0 = never met.</summary>
    public long ContactUs { get; set; }

    public long ContactMonotonicUs { get; set; }
}

/// <summary>A fact that was refused: kept with its answer, so that the same fact gets the same answer, and nothing is lost.</summary>
internal sealed class RefusedFactRow
{
    public Guid EventId { get; set; }

    public required string Courier { get; set; }

    public required string Device { get; set; }

    public long AtUs { get; set; }

    public required byte[] Body { get; set; }

    /// <summary>As <see cref="Api.Dispatch.V1.SyncedFact"/>.</summary>
    public required byte[] Answer { get; set; }
}
