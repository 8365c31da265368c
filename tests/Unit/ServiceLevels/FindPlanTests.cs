using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>Which version scores, whose weights hold on a day, and when a day is over where the account is.</summary>
public sealed class FindPlanTests
{
    private static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"], NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    private static readonly LocalDate From = new(2026, 10, 1), Change = new(2026, 10, 12), To = new(2026, 10, 31);

    [Fact]
    public void A_versions_own_figures_are_scored_by_its_own_plan_and_by_no_others()
    {
        var plans = Plans();
        var asked = new AskedPeriod("KA-1", From, To, CounterKind.Contract, "K-1 v1");
        (plans.For(asked).Version, plans.For(asked).Plan!.Find("T2")!.Levels.Target).ShouldBe((1u, 97m));
        (plans.For(asked with { Member = "K-1 v2" }).Version, plans.For(asked with { Member = "K-1 v2" }).Plan!.Find("T2")!.Levels.Target).ShouldBe((2u, 50m));
        plans.For(asked with { Kind = CounterKind.All, Member = "" }).Version.ShouldBe(2u);
        foreach (var member in new[] { "K-1 v3", "K-2 v1", "K-1", "K-1 v", " v1", "K-1 v-1" })
        {
            var unknown = plans.For(asked with { Member = member });
            (unknown.Plan, unknown.IsUnknown, unknown.Hash).ShouldBe((null, true, ""), member);
            var card = ScoreViews.Of(asked with { Member = member }, unknown, new Dictionary<string, CounterSums>(StringComparer.Ordinal) { ["T2"] = new(100, 100, 0, 0, 0) });
            (card.Score, card.Grade, card.Reason, card.Dimensions.Count).ShouldBe(("", "", ScoreViews.NoVersion, 0), member);
        }
        (plans.DaysOf(asked).Zone.Id, plans.DaysOf(asked with { Member = "K-1 v2" }).Zone.Id).ShouldBe(("Asia/Shanghai", "America/New_York"));
    }

    [Fact]
    public void Each_day_is_weighed_by_the_version_in_force_on_it()
    {
        var profiles = Plans().ProfilesOf("KA-1", From, To);
        profiles.Count.ShouldBe(31);
        profiles.Where(p => p.Value.Code == "A").Select(p => p.Key).ShouldBe(Enumerable.Range(0, 11).Select(d => From.PlusDays(d)), ignoreOrder: true);
        profiles.Where(p => p.Key >= Change).ShouldAllBe(p => p.Value.Code == "C");
        Plans().ProfilesOf("KA-NOBODY", From, To).Values.Select(p => p.Key).Distinct(StringComparer.Ordinal).ShouldBe(["A/1"]);
    }

    [Fact]
    public void The_zones_in_use_are_those_of_versions_and_the_carriers_own() =>
        Plans().Zones.Select(z => z.Id).Order(StringComparer.Ordinal).ShouldBe(["America/New_York", "Asia/Shanghai"]);

    [Theory]
    [InlineData("2026-10-20T01:59:59", -2)]
    [InlineData("2026-10-20T02:00:00", -1)]
    [InlineData("2026-10-20T23:00:00", -1)]
    [InlineData("2026-11-01T01:30:00", -2)]
    [InlineData("2027-03-14T03:00:00", -1)]
    public void A_day_is_over_when_the_clocks_there_show_two(string local, int days)
    {
        var time = NodaTime.Text.LocalDateTimePattern.GeneralIso.Parse(local).Value;
        // Of an hour that comes twice the later one: it is past one again, and still not two.
        foreach (var zone in new[] { Shanghai, NewYork })
            ClosedPeriods.LastOver(zone.MapLocal(time).Last().ToInstant(), zone, new LocalTime(2, 0)).ShouldBe(time.Date.PlusDays(days), zone.Id);
    }

    private static FindPlan Plans()
    {
        var change = Shanghai.AtStartOfDay(Change).ToInstant();
        var snapshot = new TermsSnapshot(1, [Terms(1, Instant.FromUtc(2020, 1, 1, 0, 0), change, "Asia/Shanghai"), Terms(2, change, null, "America/New_York")]);
        return new FindPlan(new GivenService(snapshot, Service(1, "A", new ServiceTarget("T2", 97, 93, 80, 40, 1)), Service(2, "C", new ServiceTarget("T2", 50, 40, 30, 40, 1))), new Given(snapshot));
    }

    private static ServiceTerms Service(uint version, string profile, ServiceTarget target) => new("KA-1", "甲", "A", "K-1", version, null, profile, [target]);

    private static AccountTerms Terms(uint version, Instant from, Instant? until, string zone) => new()
    {
        Account = "KA-1", NameZh = "甲", NameEn = "A", Contract = "K-1", Version = version, EffectiveFrom = from, EffectiveUntil = until, Currency = "CNY", Chargeable = [],
        Weight = new WeightTerms(ClauseId.Parse("W-1"), Mass.Zero, 0), Handover = HandoverTerms.Strictest,
        Promise = new PromiseTerms(ClauseId.Parse("P-1"), new LocalTime(18, 0), zone, "none", [], null, DecidedBy.Timestamp),
    };

    private sealed class Given(TermsSnapshot snapshot) : ITermsInForce
    {
        public TermsSnapshot Now => snapshot;

        public Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct) => Task.FromResult(snapshot);
    }
}
