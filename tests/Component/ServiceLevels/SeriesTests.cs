using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Component.Custody;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>Two versions within a month, days of two zones, and a first month: over the wire and in the tables, on both engines.</summary>
public sealed class SeriesTests
{
    private const string Contract = "K-" + BackendFixture.Account;

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Each_version_is_scored_by_its_own_targets_and_each_day_weighed_by_its_own_profile(Engine engine)
    {
        await using var bed = await StartAsync(engine, more: TwoVersions);
        await bed.RegisterAsync(BackendFixture.Account, "SERIESONE", "SERIESTWO");
        await bed.RegisterAsync(BackendFixture.Account, At(12, 10), At(14, 18), "SERIESTHREE", "SERIESFOUR");
        await bed.AppendAsync(Delivered(1, "SERIESONE", At(10, 12)), Delivered(2, "SERIESTWO", At(11, 9)), Delivered(3, "SERIESTHREE", At(14, 12)), Delivered(4, "SERIESFOUR", At(15, 9)));
        await bed.FollowedAsync();
        await bed.CloseAsync(new LocalDate(2026, 10, 10));
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        foreach (var (version, target, score) in new[] { (1u, "97", "0.0000"), (2u, "50", "100.0000") })
        {
            var slice = October.Clone();
            (slice.Dimension, slice.Member) = ("contract", $"{Contract} v{version.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
            var again = await manager.RecomputeAsync(slice);
            again.Agrees.ShouldBeTrue();
            foreach (var card in new[] { await manager.GetAsync(slice), again.Counted })
            {
                var punctual = card.Dimensions.SelectMany(d => d.Indicators).Single(i => i.Indicator == "T2");
                (card.ContractVersion, punctual.Numerator, punctual.Denominator, punctual.Target, punctual.Score).ShouldBe((version, "1", "2", target, score));
            }
        }
        var unknown = October.Clone();
        (unknown.Dimension, unknown.Member) = ("contract", Contract + " v3");
        var none = await manager.GetAsync(unknown);
        (none.Score, none.Reason, none.Dimensions.Count).ShouldBe(("", ScoreViews.NoVersion, 0));
        (await manager.GetAsync(October)).ContractVersion.ShouldBe(2u);

        var sqi = await manager.SqiAsync(new GetSqiRequest { Account = BackendFixture.Account, From = "2026-10-10", To = "2026-10-15" });
        (sqi.Profile, sqi.Unverified).ShouldBe(("C/1", true));
        sqi.Days.Select(d => d.Profile).ShouldBe(["A/1", "A/1", "C/1", "C/1", "C/1", "C/1"]);
        sqi.Days.Where(d => d.BeginsSeries).Select(d => d.Day).ShouldBe(["2026-10-12"]);
        (sqi.Days[0].Points, sqi.Days[0].FirstPoints, sqi.Days[1].Sum7, sqi.Days[4].Points, sqi.Days[5].Sum7, sqi.Days[5].Sum28).ShouldBe(("6", "6", "7", "11", "12", "12"));
        (await manager.SqiAsync(new GetSqiRequest { Account = BackendFixture.Account, From = "2026-10-12", To = "2026-10-12" })).Days.Single().BeginsSeries.ShouldBeTrue("what was before the days asked for is looked at too");
        // Of many accounts there is one series, by the default.
        var network = await (await bed.AsAsync(Roles.Administrator)).SqiAsync(new GetSqiRequest { From = "2026-10-10", To = "2026-10-15" });
        (network.Profile, network.Days.Any(d => d.BeginsSeries), network.Days[5].Sum7).ShouldBe(("A/1", false, "14"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_day_is_closed_at_two_in_the_morning_where_the_account_is(Engine engine)
    {
        await using var bed = await StartAsync(engine, more: static services => services.AddTerms(Terms(BackendFixture.Account), Terms(BackendFixture.OtherAccount, zone: "America/New_York")));
        await bed.RegisterAsync(BackendFixture.Account, "ZONEHERE");
        await bed.RegisterAsync(BackendFixture.OtherAccount, "ZONETHERE");
        await bed.FollowedAsync();
        // Noon here is midnight there: the 19th is over here, and there not before two.
        await bed.CloseDueAsync();
        (await LastAsync(bed, BackendFixture.Account)).ShouldBe(AccountDays.NumberOf(new LocalDate(2026, 10, 19)));
        (await LastAsync(bed, BackendFixture.OtherAccount)).ShouldBe(AccountDays.NumberOf(new LocalDate(2026, 10, 18)));
        bed.Backend.Time.Advance(TimeSpan.FromMinutes(110));
        await bed.CloseDueAsync();
        (await LastAsync(bed, BackendFixture.OtherAccount)).ShouldBe(AccountDays.NumberOf(new LocalDate(2026, 10, 18)));
        bed.Backend.Time.Advance(TimeSpan.FromMinutes(11));
        for (var again = 0; again < 2; again++) await bed.CloseDueAsync();
        (await LastAsync(bed, BackendFixture.OtherAccount)).ShouldBe(AccountDays.NumberOf(new LocalDate(2026, 10, 19)));
        (await LastAsync(bed, BackendFixture.Account)).ShouldBe(AccountDays.NumberOf(new LocalDate(2026, 10, 19)));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_first_month_is_published_from_its_first_parcel_on_and_restated_in_the_cards_units(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "LEVELONE", "LEVELTWO");
        await bed.AppendAsync(Delivered(1, "LEVELONE", At(10, 12)), Delivered(2, "LEVELTWO", At(11, 9)));
        await bed.FollowedAsync();
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        for (var day = 8; day <= 30; day++) await bed.CloseAsync(new LocalDate(2026, 10, day));
        (await manager.GetAsync(October)).PublishedUs.ShouldBe(0, "one day is still to be closed");
        await bed.CloseAsync(new LocalDate(2026, 10, 31));
        var card = await manager.GetAsync(October);
        (card.PublishedUs > 0, card.Restated.Count, card.Dimensions[0].Indicators[1].FirstValue).ShouldBe((true, 0, "0.500000"));

        // The delivery of the late one was told wrongly.
        await bed.AppendAsync(new ParcelEvent { Id = IdOf(50), Kind = EventKind.Corrected, Parcel = "LEVELTWO", Corrects = IdOf(2), CapturedAtUs = At(12, 9).ToUnixTimeTicks() / 10 }, Delivered(51, "LEVELTWO", At(10, 9)));
        await bed.FollowedAsync();
        await bed.CloseAsync(new LocalDate(2026, 10, 31));
        card = await manager.GetAsync(October);
        string Restated(string figure) => card.Restated.Where(r => r.Indicator == figure).Select(r => $"{r.Was} = {r.WasValue}, {r.Is} = {r.IsValue} {r.Unit}").Single();
        Restated("T2").ShouldBe("1/2 = 0.500000, 2/2 = 1.000000 percent");
        Restated("T4").ShouldBe("121.000000/2 = 60.500000, 97.000000/2 = 48.500000 hours");
        Restated("wrong_day_late").ShouldBe("1 = , 0 =  count");
        var report = (await (await bed.AsAsync(Roles.ClientUser)).ReportAsync(new ReportRequest { Account = October.Account, From = October.From, To = October.To, Language = "en", Format = "html" })).Content.ToStringUtf8();
        foreach (var line in new[] { "T4 Mean end-to-end hours: 60.50 h (121/2) → 48.50 h (97/2)", "Late by a day or more: 1 → 0" }) report.ShouldContain(line);
    }

    private static Task<long> LastAsync(LevelsBed bed, string account) => bed.Backend.Database.ScalarAsync($"SELECT MAX(day) FROM level_published WHERE account = '{account}'");

    // Until the 12th by the first version, from then on by the second, which asks for less and weighs otherwise.
    private static void TwoVersions(IServiceCollection services)
    {
        var change = At(12, 0);
        AccountTerms[] terms = [Terms(BackendFixture.Account, until: change), Terms(BackendFixture.Account, 2, change), Terms(BackendFixture.OtherAccount)];
        services.AddTerms(terms);
        services.AddSingleton<IServiceTermsInForce>(new GivenService(
            new TermsSnapshot(1, terms), Service(1, "A", new ServiceTarget("T2", 97, 93, 80, 40, 1)), Service(2, "C", new ServiceTarget("T2", 50, 40, 30, 40, 1))));
    }

    private static ServiceTerms Service(uint version, string profile, ServiceTarget target) => new(BackendFixture.Account, "甲", "A", Contract, version, null, profile, [target]);
}
