using System.Collections.Immutable;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Storage;

namespace KeyAccountLogistics.ServiceLevels.Declaring;

/// <summary>
/// Force majeure of some regions for a while, declared by one person and confirmed by another. It leaves a late parcel out the way two persons leave out a single one: by two facts of the parcel's own
/// journal in their names, so that figures, extracts and counting again need to know nothing of declarations. Pure.
/// </summary>
internal sealed record Declaration(string Id, ImmutableArray<string> Regions, long FromUs, long UntilUs, string AskedBy, string ConfirmedBy)
{
    internal const string Reason = "force_majeure";

    internal static Declaration Of(DeclaredRow row) => new(row.Id, [.. row.Regions.Split(',')], row.FromUs, row.UntilUs, row.AskedBy, row.ConfirmedBy ?? "");

    /// <summary>True for a parcel that comes from or goes to one of the regions (codes that begin alike) and was on its way at some moment of the period.</summary>
    internal bool Concerns(WholeLife life)
    {
        if (life.Shipment is not { } shipment || !(IsIn(shipment.Origin) || IsIn(shipment.Destination))) return false;
        var way = ParcelWay.Of(life);
        var ended = (way.Attempt ?? way.Lost)?.BestUs;
        return way.AcceptedUs is { } accepted && accepted <= UntilUs && (ended is null || ended >= FromUs);
    }

    /// <summary>The two facts that leave the parcel out; null when it is out already, or another person's request stands.</summary>
    internal (ParcelEvent Asked, ParcelEvent Confirmed)? FactsFor(WholeLife life)
    {
        if (Exclusion.Of(life.Facts) is not null || !Concerns(life)) return null;
        var asked = new ParcelEvent { Id = IdOf(life.Code, "asked"), Kind = EventKind.ParcelExcluded, Parcel = life.Code, Reason = Reason, Reference = Id, Actor = AskedBy };
        return (asked, new ParcelEvent { Id = IdOf(life.Code, "confirmed"), Kind = EventKind.ExclusionConfirmed, Parcel = life.Code, Reason = Reason, Reference = Exclusion.Name(asked.Id), Actor = ConfirmedBy });
    }

    /// <summary>What takes the parcel in again; null when the declaration did not leave it out.</summary>
    internal ParcelEvent? TakenBack(WholeLife life, string by) => Exclusion.Of(life.Facts) is { } standing && standing.Asked.Id == IdOf(life.Code, "asked")
        ? new ParcelEvent { Id = IdOf(life.Code, "withdrawn"), Kind = EventKind.Corrected, Parcel = life.Code, Corrects = standing.Asked.Id, Actor = by }
        : null;

    private bool IsIn(string place) => place.Length > 0 && Regions.Any(r => place.StartsWith(r, StringComparison.Ordinal));

    private ByteString IdOf(string parcel, string what) => ByteString.CopyFrom(Uuid.Bytes(NamedId.From("force majeure", $"{Id}|{parcel}|{what}")));
}
