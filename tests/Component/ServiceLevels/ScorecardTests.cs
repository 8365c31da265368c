using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>From facts in the journal to the score, its parcels and back, over the wire, on both engines.</summary>
public sealed class ScorecardTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_parcel_on_time_late_in_doubt_excluded_and_corrected(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        // Facts before the shipment for one of them: it counts once it is known whose it is.
        await bed.AppendAsync(Delivered(1, "LEVELPUNCTUAL", At(10, 12)));
        await bed.RegisterAsync(BackendFixture.Account, "LEVELPUNCTUAL", "LEVELLATE", "LEVELDOUBT", "LEVELEXCLUDED", "LEVELCORRECTED", "LEVELOPEN");
        await bed.AppendAsync(Delivered(2, "LEVELLATE", At(11, 9)), Delivered(3, "LEVELEXCLUDED", At(11, 9)), Delivered(4, "LEVELCORRECTED", At(11, 9)));
        await InDoubtAsync(bed);
        (await bed.FigureAsync("T2")).ShouldBe("1/5 excluded 0 in doubt 1 open 1");
        (await bed.BehindAsync("T2")).Select(b => (b.Subject, b.InDoubt)).Order().ShouldBe([("LEVELCORRECTED", false), ("LEVELDOUBT", true), ("LEVELEXCLUDED", false), ("LEVELLATE", false)]);
        var late = (await bed.BehindAsync("T2")).Single(b => b.Subject == "LEVELLATE");
        (late.Day, late.DueUs, late.BestUs, late.Lane, late.Depot, late.Courier).ShouldBe(("2026-10-10", At(10, 18).ToUnixTimeTicks() / 10, At(11, 9).ToUnixTimeTicks() / 10, "310115-330106", "HGH01", "c-1"));
        late.Events.ShouldBe([Uuid.From(IdOf(2).Span).ToString()]);
        (await bed.BehindAsync("T2", "met")).ShouldHaveSingleItem().Subject.ShouldBe("LEVELPUNCTUAL");
        (await bed.BehindAsync("T2", "open")).ShouldHaveSingleItem().Subject.ShouldBe("LEVELOPEN");

        // Two persons leave one out; the first alone does not.
        var (manager, head) = (await bed.AsAsync(Roles.KeyAccountManager), await bed.AsAsync(Roles.AreaManager));
        var service = await bed.AsAsync(Roles.CustomerService);
        var exclude = new ExcludeCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "LEVELEXCLUDED", Reason = "force_majeure", Note = "typhoon" };
        (await service.ExcludeAsync(exclude)).State.ShouldBe("proposed");
        (await service.ExcludeAsync(exclude)).State.ShouldBe("proposed", "the same command again");
        (await bed.FigureAsync("T2")).ShouldBe("1/5 excluded 0 in doubt 1 open 1");
        (await service.ExcludeAsync(new ExcludeCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "LEVELEXCLUDED", Confirm = true })).Refused.ShouldBe("exclusion.same_person");
        (await head.ExcludeAsync(new ExcludeCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "LEVELEXCLUDED", Confirm = true })).State.ShouldBe("confirmed");
        (await bed.FigureAsync("T2")).ShouldBe("1/4 excluded 1 in doubt 1 open 1");
        (await bed.BehindAsync("T2", "excluded")).ShouldHaveSingleItem().Reason.ShouldBe("force_majeure");

        // A correction names the wrong one, and another says what was.
        await bed.AppendAsync(new ParcelEvent { Id = IdOf(50), Kind = EventKind.Corrected, Parcel = "LEVELCORRECTED", Corrects = IdOf(4), CapturedAtUs = At(12, 9).ToUnixTimeTicks() / 10 }, Delivered(51, "LEVELCORRECTED", At(10, 9)));
        (await bed.FigureAsync("T2")).ShouldBe("2/4 excluded 1 in doubt 1 open 1");
        await bed.AgreesAsync();

        var card = await manager.GetAsync(October);
        (card.Parcels, card.Excluded, card.InDoubt, card.Contract, card.ContractVersion).ShouldBe((6, 1, 1, "K-" + BackendFixture.Account, 1u));
        card.Dimensions.SelectMany(d => d.Indicators).Single(i => i.Indicator == "T5").ReasonCode.ShouldBe("no_queries");
        var lane = October.Clone();
        (lane.Dimension, lane.Member) = ("lane", "310115-330106");
        (await manager.GetAsync(lane)).Parcels.ShouldBe(6);
        (await manager.RecomputeAsync(lane)).Agrees.ShouldBeTrue();
        await bed.Backend.Database.ExecuteAsync("UPDATE level_counter SET numerator = numerator + 1 WHERE figure = 'T2' AND kind = 0");
        var differs = await manager.RecomputeAsync(October);
        (differs.Agrees, differs.Differences.Single()).ShouldBe((false, "2026-10-10 T2 3/4 (excluded 1, in doubt 1, open 1), counted again 2/4 (excluded 1, in doubt 1, open 1)"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Another_accounts_scores_are_as_if_they_did_not_exist(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.OtherAccount, "LEVELOTHER");
        await bed.AppendAsync(Delivered(1, "LEVELOTHER", At(11, 9)));
        await bed.FollowedAsync();
        var (client, others, nobodys) = (await bed.AsAsync(Roles.ClientUser), October.Clone(), October.Clone());
        (others.Account, nobodys.Account) = (BackendFixture.OtherAccount, "KA-NOBODY");
        foreach (var asked in new[] { others, nobodys })
        {
            var unknown = Should.Throw<RpcException>(async () => await client.GetAsync(asked));
            (unknown.StatusCode, unknown.Status.Detail).ShouldBe((StatusCode.NotFound, $"The account {asked.Account} is not known."));
            Should.Throw<RpcException>(async () => await client.RecomputeAsync(asked)).StatusCode.ShouldBe(StatusCode.NotFound);
            Should.Throw<RpcException>(async () => await client.DrillDownAsync(new DrillDownRequest { Of = asked, Indicator = "T2" })).StatusCode.ShouldBe(StatusCode.NotFound);
            Should.Throw<RpcException>(async () => await client.BudgetsAsync(new GetBudgetsRequest { Account = asked.Account, From = asked.From, To = asked.To })).StatusCode.ShouldBe(StatusCode.NotFound);
            Should.Throw<RpcException>(async () => await client.SqiAsync(new GetSqiRequest { Account = asked.Account, From = asked.From, To = asked.To })).StatusCode.ShouldBe(StatusCode.NotFound);
            (await client.AtRiskAsync(new ListAtRiskRequest { Account = asked.Account })).Parcels.ShouldBeEmpty();
        }
        (await client.ListAsync(new ListScoresRequest { From = "2026-10-01", To = "2026-10-31" })).Scores.ShouldBeEmpty();
        (await client.SqiAsync(new GetSqiRequest { From = "2026-10-10", To = "2026-10-10" })).Days.Single().Failures.ShouldBe(0);
        var seen = await (await bed.AsAsync(Roles.Administrator)).ListAsync(new ListScoresRequest { From = "2026-10-01", To = "2026-10-31" });
        seen.Scores.ShouldHaveSingleItem().Account.ShouldBe(BackendFixture.OtherAccount);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Budgets_the_index_and_parcels_at_risk_come_from_the_same_facts(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "LEVELONE", "LEVELTWO", "LEVELTHREE");
        await bed.AppendAsync(Delivered(1, "LEVELONE", At(10, 12)), Delivered(2, "LEVELTWO", At(11, 9)), Fact(3, EventKind.ArrivedNode, "LEVELTHREE", At(9, 9)));
        await bed.FollowedAsync();
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        var budget = (await manager.BudgetsAsync(new GetBudgetsRequest { Account = October.Account, From = October.From, To = October.To })).Budgets.Single(b => b.Indicator == "T2");
        (budget.Failed, budget.Allowed, budget.Left, budget.Days.Single().Day, budget.Days.Single().Denominator).ShouldBe((1, 0, -1, "2026-10-10", 2));
        var day = (await manager.SqiAsync(new GetSqiRequest { Account = October.Account, From = "2026-10-08", To = "2026-10-11" })).Days;
        (day[0].Shipments, day[2].ByComponent["wrong_day_late"], day[2].ByComponent["missing_pod"], day[2].Points, day[3].Sum7).ShouldBe((3, 1, 1, "6", "7"));
        var risk = (await manager.AtRiskAsync(new ListAtRiskRequest())).Parcels.ShouldHaveSingleItem();
        (risk.Parcel, risk.Gate, risk.Missing, risk.LastSeen, risk.Overdue).ShouldBe(("LEVELTHREE", "delivery", "attempt", "HGH01", true));
        await bed.AppendAsync(Delivered(4, "LEVELTHREE", At(12, 9)));
        await bed.FollowedAsync();
        (await manager.AtRiskAsync(new ListAtRiskRequest())).Parcels.ShouldBeEmpty();
        await bed.AgreesAsync();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_morning_that_burns_the_budget_is_told_within_minutes_and_ends_by_itself(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        var waybills = Enumerable.Range(1, 12).Select(n => $"BURN{n:0000}").ToArray();
        await bed.RegisterAsync(BackendFixture.Account, waybills);
        // Four in time long ago, eight ten days late this morning: eight of twelve where three of a hundred are allowed.
        await bed.AppendAsync([.. waybills.Take(4).Select((w, i) => Delivered(i + 1, w, At(10, 12))), .. waybills.Skip(4).Select((w, i) => Delivered(i + 5, w, At(20, 9, i * 5)))]);
        await bed.FollowedAsync();
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        var warnings = new Warnings.WarningsClient(await bed.Backend.AsAsync(Roles.KeyAccountManager));
        async Task<Budget> BudgetAsync() => (await manager.BudgetsAsync(new GetBudgetsRequest { Account = October.Account, From = October.From, To = October.To })).Budgets.Single(b => b.Indicator == "T2");
        var burning = await BudgetAsync();
        (burning.Alert, burning.FastBurn, burning.SlowBurn).ShouldBe(("page", "33.3333", "33.3333"));
        for (var again = 0; again < 2; again++) await bed.WatchBurnAsync();
        var told = (await warnings.ListAsync(new ListWarningsRequest { Account = October.Account })).Warnings.Where(w => w.Family == "budget").ToList();
        told.ShouldAllBe(w => w.Reason == "fast_burn");
        told.Single(w => w.Id.Contains("burn.T2", StringComparison.Ordinal)).Evidence.ShouldContainKeyAndValue("failed", "8");
        // They had come in time, and were told wrongly.
        await bed.AppendAsync([.. waybills.Skip(4).Select((w, i) => new ParcelEvent { Id = IdOf(i + 50), Kind = EventKind.Corrected, Parcel = w, Corrects = IdOf(i + 5), CapturedAtUs = At(20, 11).ToUnixTimeTicks() / 10 })]);
        await bed.FollowedAsync();
        await bed.WatchBurnAsync();
        ((await BudgetAsync()).Alert, (await BudgetAsync()).FastBurn).ShouldBe(("", ""));
        (await warnings.ListAsync(new ListWarningsRequest { Account = October.Account })).Warnings.ShouldBeEmpty();
        (await warnings.ListAsync(new ListWarningsRequest { Account = October.Account, ClosedToo = true })).Warnings.ShouldContain(w => w.ClosedBecause == "cause_gone" && w.Reason == "fast_burn");
        // Nothing of an hour that no window reaches stays after the night.
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM level_hour WHERE hour < " + (At(11, 0).ToUnixTimeSeconds() / 3600).ToString(System.Globalization.CultureInfo.InvariantCulture))).ShouldBe(0L);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_was_first_published_stays_beside_what_it_came_to_be(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "LEVELONE", "LEVELTWO");
        await bed.AppendAsync(Delivered(1, "LEVELONE", At(10, 12)), Delivered(2, "LEVELTWO", At(11, 9)));
        await bed.FollowedAsync();
        foreach (var day in new[] { 9, 10, 11 }) await bed.CloseAsync(new LocalDate(2026, 10, day));
        var period = new GetScorecardRequest { Account = BackendFixture.Account, From = "2026-10-09", To = "2026-10-10" };
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        var card = await manager.GetAsync(period);
        (card.PublishedUs > 0, card.Restated.Count, card.Dimensions[0].Indicators[1].FirstValue).ShouldBe((true, 0, "0.500000"));
        // The delivery of the late one was told wrongly.
        await bed.AppendAsync(new ParcelEvent { Id = IdOf(50), Kind = EventKind.Corrected, Parcel = "LEVELTWO", Corrects = IdOf(2), CapturedAtUs = At(12, 9).ToUnixTimeTicks() / 10 }, Delivered(51, "LEVELTWO", At(10, 9)));
        await bed.FollowedAsync();
        foreach (var day in new[] { 12, 12, 13 }) await bed.CloseAsync(new LocalDate(2026, 10, day));
        card = await manager.GetAsync(period);
        var punctual = card.Dimensions[0].Indicators[1];
        (punctual.Value, punctual.FirstValue).ShouldBe(("1.000000", "0.500000"));
        var restated = card.Restated.Single(r => r.Indicator == "T2");
        (restated.Was, restated.Is, restated.Because).ShouldBe(("1/2", "2/2", "late_fact"));
        var sqi = (await manager.SqiAsync(new GetSqiRequest { Account = BackendFixture.Account, From = "2026-10-10", To = "2026-10-10" })).Days.Single();
        (sqi.FirstPoints, sqi.ByComponent.ContainsKey("wrong_day_late")).ShouldBe(("6", false));
        (await manager.GetAsync(October)).FirstScore.ShouldBe("", "not every day of it was closed");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_warning_stands_until_its_cause_is_gone(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "LEVELONE", "LEVELTWO");
        await bed.AppendAsync(Delivered(1, "LEVELONE", At(10, 12)), Delivered(2, "LEVELTWO", At(11, 9)));
        await bed.FollowedAsync();
        foreach (var day in new[] { 11, 11, 12 }) await bed.WarnAsync(new LocalDate(2026, 10, day));
        var warnings = new Warnings.WarningsClient(await bed.Backend.AsAsync(Roles.KeyAccountManager));
        var standing = (await warnings.ListAsync(new ListWarningsRequest())).Warnings.ShouldHaveSingleItem();
        (standing.Account, standing.Family, standing.Reason, standing.Evidence["left"], standing.ClosedUs).ShouldBe((BackendFixture.Account, "budget", "budget_overspent", "-1", 0));
        var act = new ActOnWarningCommand { CommandId = BackendFixture.NewCommandId(), Id = standing.Id, Done = "second tour to 330106" };
        (await warnings.ActAsync(act)).Done.ShouldBe(act.Done);
        (await warnings.ActAsync(act)).ShouldBe(await warnings.ActAsync(act), "the same command again");
        (await new Warnings.WarningsClient(await bed.Backend.AsAsync(Roles.ClientUser)).ListAsync(new ListWarningsRequest { Account = BackendFixture.OtherAccount })).Warnings.ShouldBeEmpty();
        (await new Warnings.WarningsClient(await bed.Backend.AsAsync(Roles.ClientUser)).ListAsync(new ListWarningsRequest())).Warnings.ShouldBeEmpty("what the carrier is warned of is its own");

        await bed.AppendAsync(new ParcelEvent { Id = IdOf(50), Kind = EventKind.Corrected, Parcel = "LEVELTWO", Corrects = IdOf(2), CapturedAtUs = At(12, 9).ToUnixTimeTicks() / 10 }, Delivered(51, "LEVELTWO", At(10, 9)));
        await bed.FollowedAsync();
        await bed.WarnAsync(new LocalDate(2026, 10, 13));
        (await warnings.ListAsync(new ListWarningsRequest())).Warnings.ShouldBeEmpty();
        (await warnings.ListAsync(new ListWarningsRequest { ClosedToo = true })).Warnings.Single().ClosedBecause.ShouldBe("cause_gone");
    }

    // A phone nobody vouches for: it was somewhere between its last contact and now.
    private static async Task InDoubtAsync(LevelsBed bed)
    {
        var phone = JournalSource.Device("phone-levels");
        await bed.AppendAsync(phone, BatchClock.Unproven, At(10, 9), Fact(10, EventKind.OutForDelivery, "LEVELDOUBT", At(10, 9)));
        await bed.AppendAsync(phone, BatchClock.Unproven, At(11, 9), Delivered(11, "LEVELDOUBT", At(10, 17)));
    }
}
