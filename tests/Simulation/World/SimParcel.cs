using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>What truly becomes of a parcel in this day.</summary>
internal enum Ending
{
    Delivered,
    ToAgent,
    Locker,
    AbsentThenDelivered,
    Absent,
    Refused,

    /// <summary>Pays, looks into it, does not want it, gets the money back: finance reverses what the phone said.</summary>
    PaidThenRefused,

    /// <summary>Does not pay the freight, and so does not get the parcel.</summary>
    FreightRefused,

    /// <summary>Five wrong codes.</summary>
    CodesLocked,

    /// <summary>Not there any more in the evening.</summary>
    Missing,
}

/// <summary>What the courier does wrong on the phone at first; the refusal tells him, and he puts it right.</summary>
internal enum Slip
{
    None,
    WrongAmount,
    NoSignature,
    NoInspection,
    NoConsent,
    NoReason,
    NoAction,
    ReturnTooEarly,
    WrongCodeFirst,
}

/// <summary>Where a parcel lies, whatever any system says.</summary>
internal enum Place
{
    Depot,
    Courier,
    Consignee,
    Locker,
    Gone,
}

/// <summary>A parcel of the day: what is on its ticket, what is to happen, and what has happened. Amounts in fen.</summary>
internal sealed class SimParcel
{
    internal required string Code { get; init; }

    internal required string Account { get; init; }

    internal required int Courier { get; init; }

    internal long Cod { get; set; }

    internal long Freight { get; set; }

    internal bool Insured { get; set; }

    /// <summary>The consignee's one-time code; empty where none is asked for.</summary>
    internal string DeliveryCode { get; set; } = "";

    internal PaymentMeans Means { get; set; }

    internal Ending Ending { get; set; }

    internal Slip Slip { get; set; }

    /// <summary>The refusal has come: from now on it is done rightly.</summary>
    internal bool Corrected { get; set; }

    /// <summary>Visits made so far.</summary>
    internal int Visits { get; set; }

    internal Place Place { get; set; } = Place.Depot;

    /// <summary>Money that the consignee gave, and did not get back.</summary>
    internal bool Paid { get; set; }

    internal bool Disturbed { get; set; }

    internal bool HasMoney => Cod > 0 || Freight > 0;
}

/// <summary>A pickup order of the day.</summary>
internal sealed class SimOrder
{
    internal required string Id { get; set; }

    internal required int Courier { get; init; }

    internal required int Parcels { get; init; }

    internal bool Done { get; set; }
}
