using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>
/// A promise whose day went by without an attempt. What a parcel adds knows no time of asking, so that the day is over is a fact of its journal, told by the server: a parcel that stands in a hub for ever is late, and not
/// open for ever. An attempt that comes to light later, by a phone that had no network, counts by its own time. Pure.
/// </summary>
internal static class PromiseLapse
{
    /// <summary>Nobody has attempted, and the promised day is over.</summary>
    internal const string Promise = "promise";

    /// <summary>彻底延误: so long after it that the consignee may treat the parcel as lost (domain.md 4.1).</summary>
    internal const string ThoroughDelay = "thorough_delay";

    // Calendar days after the promised one: within a city, and elsewhere (2011 series of standards, in force 2012-05-01).
    private const int SameCityDays = 3, OtherDays = 7;

    /// <summary>The word that counts: said after the day was over by what is known now; null while the clock stands still, and where the parcel went back before.</summary>
    internal static LivedFact? Of(ParcelWay way, Pauses pauses, AccountDays days, int promisedDay, long dueUs) =>
        way.Lapsed is { } said && IsOver(said.BestUs, pauses, days, promisedDay, dueUs) && !(way.ReturnedAt is { } returned && returned.BestUs <= said.BestUs) ? said : null;

    /// <summary>What is to be told of a parcel now: nothing, that its promise lapsed, that it is thoroughly late. The same words at every asking: their ids follow from parcel and day.</summary>
    internal static IReadOnlyList<ParcelEvent> Facts(WholeLife life, TermsSnapshot snapshot, long nowUs)
    {
        if (life.Account is not { } account || life.Shipment is not { PromisedUs: { } promised } shipment) return [];
        var way = ParcelWay.Of(life);
        if (way.Attempt is not null || way.Lost is { Event.Kind: EventKind.Lost } || way.Returned || way.Cancelled) return [];
        var days = AccountDays.Of(ContributeParcel.TermsOf(snapshot, account, shipment, way));
        var pauses = Pauses.Of(life.Facts, null);
        var (day, due) = days.Promise(promised, shipment.PromiseClause is not null, pauses);
        if (!IsOver(nowUs, pauses, days, day, due)) return [];
        var lapsed = Fact(life.Code, day, Promise);
        return nowUs < days.StartOf(day + 1 + (ContributeParcel.IsNonLocal(shipment) ? OtherDays : SameCityDays)) ? [lapsed] : [lapsed, Fact(life.Code, day, ThoroughDelay)];
    }

    private static bool IsOver(long us, Pauses pauses, AccountDays days, int day, long dueUs) => us > dueUs && us >= days.StartOf(day + 1) && !(pauses.HeldSinceUs <= dueUs);

    private static ParcelEvent Fact(string parcel, int day, string reason) => new()
    {
        Id = ByteString.CopyFrom(Uuid.Bytes(NamedId.From("promise lapsed", FormattableString.Invariant($"{parcel}|{day}|{reason}")))), Kind = EventKind.PromiseLapsed, Parcel = parcel, Reason = reason,
    };
}
