using KeyAccountLogistics.Journal.Access;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Storage;

/// <summary>A courier of a depot: areas, shift, vehicle, what he can carry.</summary>
internal sealed class CourierRow : IDepotScoped
{
    public required string Depot { get; set; }

    /// <summary>Person id.</summary>
    public required string Courier { get; set; }

    /// <summary>Separated by blanks; empty: everywhere.</summary>
    public required string Areas { get; set; }

    /// <summary>Minutes of the depot's day.</summary>
    public int ShiftFrom { get; set; }

    public int ShiftUntil { get; set; }

    public required string Vehicle { get; set; }

    public int LongitudeE5 { get; set; }

    public int LatitudeE5 { get; set; }

    public int ParcelsMax { get; set; }

    public long GramsMax { get; set; }

    public int PointsMax { get; set; }

    /// <summary>Money he may carry, in minor units; null: any.</summary>
    public long? CashMaxMinor { get; set; }

    public bool Active { get; set; }
}

/// <summary>A courier who is not there on a day.</summary>
internal sealed class AbsenceRow : IDepotScoped
{
    public required string Depot { get; set; }

    public LocalDate Day { get; set; }

    public required string Courier { get; set; }
}

/// <summary>A depot's day: the sequences as planned. Times are predicted anew whenever the day is read.</summary>
internal sealed class DayRow : IDepotScoped
{
    public required string Depot { get; set; }

    public LocalDate Day { get; set; }

    /// <summary>Grows with every change: a plan that was computed meanwhile is not written over another.</summary>
    public long Version { get; set; }

    /// <summary><see cref="Api.Dispatch.V1.KeptDay"/>.</summary>
    public required byte[] Body { get; set; }

    public long PlannedUs { get; set; }

    public required string PlannedBy { get; set; }
}

/// <summary>A run sheet: what was given to a courier for one run, until it is closed.</summary>
internal sealed class SheetRow : IDepotScoped
{
    public required string Number { get; set; }

    public required string Depot { get; set; }

    public LocalDate Day { get; set; }

    public required string Courier { get; set; }

    public required string Vehicle { get; set; }

    /// <summary><see cref="Sheets.SheetState"/>.</summary>
    public int State { get; set; }

    public required string Handover { get; set; }

    public long DrawnUs { get; set; }

    public long? ReleasedUs { get; set; }

    public long? ClosedUs { get; set; }

    /// <summary>Who drew it up, released and closed it, separated by blanks.</summary>
    public required string By { get; set; }
}

/// <summary>A line of a run sheet, as it was drawn up.</summary>
internal sealed class SheetLineRow
{
    public required string Number { get; set; }

    public int Position { get; set; }

    public required string Parcel { get; set; }

    public required string Waybill { get; set; }

    public required string Account { get; set; }

    public bool Insured { get; set; }

    public bool Fragile { get; set; }

    public long CodMinor { get; set; }

    public long FreightCollectMinor { get; set; }

    public required string Currency { get; set; }

    public required string Seal { get; set; }

    /// <summary>The handover moved it; false before release.</summary>
    public bool WentOut { get; set; }
}

/// <summary>How much longer a depot's ways are than straight lines, learned from what its couriers drove.</summary>
internal sealed class TravelRow : IDepotScoped
{
    public required string Depot { get; set; }

    public long DetourPerMille { get; set; }

    /// <summary>Legs it was learned from.</summary>
    public long Legs { get; set; }

    public long LearnedUs { get; set; }
}
