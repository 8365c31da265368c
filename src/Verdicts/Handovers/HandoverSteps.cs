using System.Collections.Immutable;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Handovers;

/// <summary>How a parcel of a handover was found. Numbers as in kal.custody.v1.LineResult.</summary>
public enum LineResult
{
    /// <summary>Taken over.</summary>
    Accepted = 1,

    /// <summary>Expected and not there.</summary>
    Short = 2,

    /// <summary>There and not expected.</summary>
    Over = 3,

    /// <summary>There and damaged.</summary>
    Damaged = 4,

    /// <summary>There and kept apart.</summary>
    Held = 5,

    /// <summary>The receiver does not take it.</summary>
    Refused = 6,
}

/// <summary>A side of a handover. Numbers as in kal.custody.v1.Side.</summary>
public enum Side
{
    /// <summary>Who gives.</summary>
    Giver = 1,

    /// <summary>Who takes.</summary>
    Receiver = 2,
}

/// <summary>How a side confirmed. Numbers as in kal.custody.v1.ConfirmationMethod.</summary>
public enum ConfirmationMethod
{
    /// <summary>A personal number; of a consignee, the delivery code.</summary>
    Pin = 1,

    /// <summary>A badge.</summary>
    Badge = 2,

    /// <summary>A signature.</summary>
    Signature = 3,
}

/// <summary>A parcel that a handover is to pass, as the run sheet or manifest lists it (SEED-03-RUNSHEET, SEED-03-COD-FC).</summary>
/// <param name="Parcel">Canonical parcel code.</param>
/// <param name="Insured">Insured: checked singly.</param>
/// <param name="Fragile">Fragile: touch check.</param>
/// <param name="CodMinor">Goods money to collect, minor units; 0 = none.</param>
/// <param name="FreightCollectMinor">Freight to collect, minor units; 0 = none.</param>
/// <param name="Currency">Currency of the amounts; empty when there are none.</param>
/// <param name="Seal">Registered seal number; empty when none is registered yet.</param>
public sealed record ExpectedParcel(
    string Parcel,
    bool Insured = false,
    bool Fragile = false,
    long CodMinor = 0,
    long FreightCollectMinor = 0,
    string Currency = "",
    string Seal = "")
{
    /// <summary>True when money is to be collected.</summary>
    public bool HasAmounts => CodMinor != 0 || FreightCollectMinor != 0;
}

/// <summary>One parcel as it was found. A later line of the same parcel replaces the earlier one.</summary>
/// <param name="Parcel">Canonical parcel code.</param>
/// <param name="Result">How it was found.</param>
/// <param name="SealFound">The seal number on it; empty when not looked at.</param>
/// <param name="PackagingOk">The packaging was looked at and is sound.</param>
/// <param name="TouchOk">Shaken and touched, nothing loose.</param>
/// <param name="Reweighed">Weighed again in this handover.</param>
/// <param name="CodMinor">The goods money as the ticket was confirmed.</param>
/// <param name="FreightCollectMinor">The freight as the ticket was confirmed.</param>
/// <param name="Currency">Currency of the amounts.</param>
/// <param name="Reason">Reason code; needed for damaged, held and refused.</param>
public sealed record HandoverLine(
    string Parcel,
    LineResult Result,
    string SealFound = "",
    bool PackagingOk = false,
    bool TouchOk = false,
    bool Reweighed = false,
    long CodMinor = 0,
    long FreightCollectMinor = 0,
    string Currency = "",
    string Reason = "");

/// <summary>The control totals both sides confirm: counts, and the money of the accepted lines.</summary>
/// <param name="Accepted">Parcels taken over.</param>
/// <param name="Excepted">Parcels listed with a reason.</param>
/// <param name="CodMinor">Goods money, minor units.</param>
/// <param name="FreightCollectMinor">Freight, minor units.</param>
/// <param name="Currency">Their currency; empty when there is no money.</param>
public sealed record HandoverTotals(int Accepted, int Excepted, long CodMinor, long FreightCollectMinor, string Currency);

/// <summary>One side's word.</summary>
/// <param name="Side">Which side.</param>
/// <param name="Person">The person, by id.</param>
/// <param name="Method">How.</param>
/// <param name="Totals">The totals that side saw.</param>
/// <param name="Proofs">What proves a delivery; none elsewhere.</param>
public sealed record Confirmation(Side Side, string Person, ConfirmationMethod Method, HandoverTotals Totals, DeliveryProofs Proofs = DeliveryProofs.None);

/// <summary>One fact of a handover, as journalled. A closed set, one case per event kind 60 to 64.</summary>
/// <param name="At">When, by the best time known.</param>
/// <param name="Actor">The person who acted, by id.</param>
public abstract record HandoverStep(Instant At, string Actor)
{
    /// <summary>Begun, with the set that is expected.</summary>
    /// <param name="At">When.</param>
    /// <param name="Actor">Who.</param>
    /// <param name="Id">The handover's id.</param>
    /// <param name="Kind">Between whom.</param>
    /// <param name="Giver">Who gives.</param>
    /// <param name="Receiver">Who takes.</param>
    /// <param name="Place">Where.</param>
    /// <param name="Expected">The parcels to pass.</param>
    /// <param name="RunSheet">Run sheet or manifest number; empty when none.</param>
    public sealed record Opened(
        Instant At,
        string Actor,
        string Id,
        HandoverKind Kind,
        Party Giver,
        Party Receiver,
        string Place,
        ImmutableArray<ExpectedParcel> Expected,
        string RunSheet = "") : HandoverStep(At, Actor);

    /// <summary>A parcel found, or not.</summary>
    public sealed record LineChecked(Instant At, string Actor, HandoverLine Line) : HandoverStep(At, Actor);

    /// <summary>The giver has counted.</summary>
    public sealed record Counted(Instant At, string Actor, HandoverTotals Totals) : HandoverStep(At, Actor);

    /// <summary>A side has confirmed.</summary>
    public sealed record Confirmed(Instant At, string Actor, Confirmation Confirmation) : HandoverStep(At, Actor);

    /// <summary>Given up; nothing moves.</summary>
    public sealed record Abandoned(Instant At, string Actor, string Reason) : HandoverStep(At, Actor);
}
