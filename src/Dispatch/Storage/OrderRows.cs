using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Dispatch.Storage;

/// <summary>An event of something that is folded from its events, found by what it is about as the journal finds events by the parcel.</summary>
internal sealed class FactRow
{
    public Guid EventId { get; set; }

    /// <summary>Kind and id: <c>order:PO-…</c>.</summary>
    public required string Subject { get; set; }

    public long EarliestUs { get; set; }

    public long BestUs { get; set; }

    public long LatestUs { get; set; }

    public required byte[] Body { get; set; }
}

/// <summary>A pickup order as its facts have left it; columns are for lists and for planning.</summary>
internal sealed class OrderRow : IAccountScoped, IDepotScoped
{
    public required string Id { get; set; }

    /// <summary>Empty while the order itself is still on the way.</summary>
    public required string Account { get; set; }

    public required string Site { get; set; }

    public required string Depot { get; set; }

    public long FromUs { get; set; }

    public long UntilUs { get; set; }

    public int Parcels { get; set; }

    public long MassMg { get; set; }

    public int LongitudeE5 { get; set; }

    public int LatitudeE5 { get; set; }

    public required string Standing { get; set; }

    /// <summary><see cref="Orders.OrderPhase"/>; 0 while the order itself is still on the way.</summary>
    public int Phase { get; set; }

    public long? DoneUs { get; set; }

    /// <summary><see cref="Verdicts.Promises.Punctuality"/>; 0 while nobody has been there.</summary>
    public int Punctuality { get; set; }

    public int Taken { get; set; }

    public bool WasMissed { get; set; }

    public required string Reason { get; set; }
}

/// <summary>A standing pickup (SEED-00-RM-FIXED): what orders are made of ahead.</summary>
internal sealed class StandingRow : IAccountScoped, IDepotScoped
{
    public required string Id { get; set; }

    public required string Account { get; set; }

    public required string Site { get; set; }

    public required string Depot { get; set; }

    /// <summary>Windows as text: day of the week (1 = Monday) and local times, <c>1 09:00 11:00;3 09:00 11:00</c>.</summary>
    public required string Windows { get; set; }

    public required string Zone { get; set; }

    public required string Region { get; set; }

    public bool MakeUpDays { get; set; }

    public NodaTime.LocalDate First { get; set; }

    public NodaTime.LocalDate? Last { get; set; }

    public int Parcels { get; set; }

    public int LongitudeE5 { get; set; }

    public int LatitudeE5 { get; set; }

    public long CreatedUs { get; set; }
}
