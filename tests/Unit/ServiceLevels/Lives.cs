using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using PromiseGate = KeyAccountLogistics.Api.Custody.V1.PromiseGate;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>Lives of parcels as a test tells them: local times of 2026-10, Shanghai.</summary>
internal static class Lives
{
    internal const string Account = "KA-1";
    internal static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
    internal static readonly TermsSnapshot ByTimestamp = Snapshot(DecidedBy.Timestamp), ByDate = Snapshot(DecidedBy.Date);

    /// <summary>Promised for the 10th at 18:00.</summary>
    internal static readonly RegisteredShipment Promised = new("WB1", "STD", "310115", "330106", At(8, 10), At(10, 18), null, [], true, "K-1", 1);

    internal static long At(int day, int hour, int minute = 0) => new LocalDateTime(2026, 10, day, hour, minute).InZoneLeniently(Zone).ToInstant().ToUnixMicros();

    internal static int Day(int day) => AccountDays.NumberOf(new LocalDate(2026, 10, day));

    internal static LivedFact Fact(int id, EventKind kind, long at, long spread = 0, Action<ParcelEvent>? more = null)
    {
        var e = new ParcelEvent { Id = IdOf(id), Kind = kind, Node = "HGH01", Actor = "c-1" };
        more?.Invoke(e);
        return new LivedFact(e, at - spread, at, at + spread);
    }

    internal static ByteString IdOf(int id) => ByteString.CopyFrom(NamedId.From("lives", id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToByteArray(bigEndian: true));

    internal static WholeLife Of(RegisteredShipment? shipment, params IEnumerable<LivedFact> facts) => new(1, "WB1", shipment is null ? null : Account, shipment, ParcelLives.Counting(facts));

    internal static Tally? Tally(this Contribution contribution, string figure) => contribution.Tallies.SingleOrDefault(t => t.Figure == figure);

    internal static (long, long) Over(this Contribution contribution, string figure) => contribution.Tally(figure) is { } t ? (t.Numerator, t.Denominator) : (-1, -1);

    internal static PromiseGate Gate(string gate, long by) => new() { Gate = gate, ByUs = by };

    private static TermsSnapshot Snapshot(DecidedBy decided) => new(1,
    [
        new AccountTerms
        {
            Account = Account, NameZh = "甲", NameEn = "A", Contract = "K-1", Version = 1, EffectiveFrom = Instant.FromUtc(2020, 1, 1, 0, 0), Currency = "CNY", Chargeable = [],
            Weight = new WeightTerms(ClauseId.Parse("W-1"), Mass.Zero, 0), Handover = HandoverTerms.Strictest,
            Promise = new PromiseTerms(ClauseId.Parse("P-1"), new LocalTime(18, 0), "Asia/Shanghai", "none", [], null, decided),
        },
    ]);
}
