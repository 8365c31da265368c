using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>
/// A promise whose day went by without an attempt. What a parcel adds knows no time of asking, so that the day is over is a fact of its journal, told by the server: a parcel that stands in a hub for ever is late, and not
/// open for ever. What was told counts while all that is known now says the same: an attempt that comes to light later, by a phone that had no network, counts by its own time. Pure.
/// </summary>
/// <param name="Way">Of a parcel that the carrier has got.</param>
/// <param name="Pauses">When its clock stood still.</param>
/// <param name="Days">Of its account.</param>
/// <param name="Day">The promised one.</param>
/// <param name="DueUs">The last instant in time.</param>
/// <param name="LimitDays">Calendar days after the promised one when it is thoroughly late.</param>
internal sealed record PromiseLapse(ParcelWay Way, Pauses Pauses, AccountDays Days, int Day, long DueUs, int LimitDays)
{
    /// <summary>Nobody has attempted, and the promised day is over.</summary>
    internal const string Promise = "promise";

    /// <summary>彻底延误: so long after it, and unseen for as long, that the consignee may treat the parcel as lost (domain.md 4.1).</summary>
    internal const string ThoroughDelay = "thorough_delay";

    // Within a city, and elsewhere (2011 series of standards, in force 2012-05-01).
    private const int SameCityDays = 3, OtherDays = 7;

    /// <summary>When the promised day was over.</summary>
    private long OverUs => Days.StartOf(Day + 1);

    /// <summary>When it was thoroughly late: by the standard's days after the promise, and as many after it was last seen, since what moves is not lost.</summary>
    private long LostUs => Days.StartOf(Math.Max(Day, Way.Sighted is { } seen ? Days.Day(seen.BestUs) : Day) + 1 + LimitDays);

    /// <summary>Null for one that the carrier never got, or without a promise.</summary>
    internal static PromiseLapse? Of(ParcelWay way, RegisteredShipment shipment, Pauses pauses, AccountDays days)
    {
        if (shipment.PromisedUs is not { } promised || way.AcceptedUs is null) return null;
        var (day, due) = days.Promise(promised, shipment.PromiseClause is not null, pauses);
        return new PromiseLapse(way, pauses, days, day, due, ContributeParcel.IsNonLocal(shipment) ? OtherDays : SameCityDays);
    }

    /// <summary>The word that it lapsed, as of the end of its day; null while none counts.</summary>
    internal LivedFact? Lapsed => Way.Lapsed is { } said && Counts(said, OverUs) ? At(said, OverUs) : null;

    /// <summary>The word that it is thoroughly late, as of when it was; null while none counts.</summary>
    internal LivedFact? Lost => Way.Attempt is null && Way.Thorough is { } said && Counts(said, LostUs) ? At(said, LostUs) : null;

    /// <summary>What is to be told of a parcel now: nothing, that its promise lapsed, that it is thoroughly late. The same words at every asking: their ids follow from parcel, day and last sight.</summary>
    internal static IReadOnlyList<ParcelEvent> Facts(WholeLife life, TermsSnapshot snapshot, long nowUs)
    {
        if (life.Account is not { } account || life.Shipment is not { } shipment) return [];
        var way = ParcelWay.Of(life);
        if (way.Attempt is not null || way.Lost is not null || way.Returned || way.Cancelled) return [];
        var days = AccountDays.Of(ContributeParcel.TermsOf(snapshot, account, shipment, way));
        if (Of(way, shipment, Pauses.Of(life.Facts, null), days) is not { } lapse || !lapse.IsOver(nowUs)) return [];
        var lapsed = lapse.Fact(life.Code, Promise, "");
        return nowUs < lapse.LostUs ? [lapsed] : [lapsed, lapse.Fact(life.Code, ThoroughDelay, way.Sighted is { } seen ? Convert.ToHexStringLower(seen.Id.Span) : "")];
    }

    private bool IsOver(long us) => us > DueUs && us >= OverUs && !(Pauses.HeldSinceUs <= DueUs);

    private bool Counts(LivedFact said, long fromUs) => IsOver(said.BestUs) && said.BestUs >= fromUs && !(Way.ReturnedAt is { } returned && returned.BestUs <= said.BestUs);

    // When it came to be so, and not when a program that may have stood still said so.
    private static LivedFact At(LivedFact said, long us) => said with { EarliestUs = us, BestUs = us, LatestUs = us };

    private ParcelEvent Fact(string parcel, string reason, string seen) => new()
    {
        Id = ByteString.CopyFrom(Uuid.Bytes(NamedId.From("promise lapsed", FormattableString.Invariant($"{parcel}|{Day}|{reason}|{seen}")))), Kind = EventKind.PromiseLapsed, Parcel = parcel, Reason = reason,
    };
}
