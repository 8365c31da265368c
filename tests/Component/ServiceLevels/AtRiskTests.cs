using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>What is at risk, ranked by what it would cost, and the one budget that list, page and warning speak of.</summary>
public sealed class AtRiskTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_can_be_saved_comes_first_by_what_it_would_cost_and_what_is_past_hides_none_of_it(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        var (mine, other) = (BackendFixture.Account, BackendFixture.OtherAccount);
        await bed.RegisterAsync(
            (mine, "RISKLATER", At(20, 15)), (mine, "RISKSOON", At(20, 13)), (mine, "RISKYESTERDAY", At(19, 18)), (mine, "RISKEVENING", At(20, 18)), (other, "RISKDEAR", At(20, 15, 30)), (other, "RISKLONGAGO", At(10, 18)));
        // Its gate is missed, and its promise can still be kept.
        await new Shipments.ShipmentsClient(await bed.Backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest
        {
            Shipments =
            {
                new ShipmentLine
                {
                    Waybill = "RISKGATED", Account = other, Product = "STD", Origin = "310115", Destination = "330106", DeclaredMg = 1_000_000, AcceptedAtUs = At(8, 10).ToUnixMicros(), PromisedByUs = At(22, 18).ToUnixMicros(),
                    Gates = { new PromiseGate { Gate = "arrived_node", ByUs = At(19, 12).ToUnixMicros() } },
                },
            },
        });
        await bed.FollowedAsync();
        for (var day = new LocalDate(2026, 10, 1); day < new LocalDate(2026, 10, 20); day = day.PlusDays(1))
        {
            await bed.CountAsync(mine, day, FigureCodes.Punctual, 100, 100);
            await bed.CountAsync(other, day, FigureCodes.Punctual, 95, 100);
        }
        var all = await bed.AsAsync(Roles.Administrator);
        var first = await all.AtRiskAsync(new ListAtRiskRequest { PageSize = 3 });
        // Of the other account nothing is left: 95 of 93 allowed are late. Of this one 93 are.
        first.Parcels.Select(p => (p.Parcel, p.Share, p.NothingLeft, p.Overdue, p.Past)).ShouldBe([("RISKGATED", "", true, true, false), ("RISKDEAR", "", true, false, false), ("RISKSOON", "0.010753", false, false, false)]);
        (first.CanBeSaved, first.Past).ShouldBe((4, 2));
        var second = await all.AtRiskAsync(new ListAtRiskRequest { PageSize = 3, PageToken = first.NextPageToken });
        second.Parcels.Select(p => (p.Parcel, p.Past)).ShouldBe([("RISKLATER", false), ("RISKYESTERDAY", true), ("RISKLONGAGO", true)]);
        (second.NextPageToken, second.CanBeSaved, second.Past).ShouldBe(("", 4, 2));
        (await all.AtRiskAsync(new ListAtRiskRequest { PageSize = 200 })).Parcels.ShouldBe([.. first.Parcels, .. second.Parcels]);
        foreach (var (account, left) in new[] { (mine, 93L), (other, -2L) })
            (await all.BudgetsAsync(new GetBudgetsRequest { Account = account, From = October.From, To = October.To })).Budgets.Single(b => b.Indicator == "T2").Left.ShouldBe(left, account);

        // Whoever plans a depot's day is told what lateness costs, and no figure.
        (await bed.Backend.Services.GetRequiredService<ILatenessWeights>().OfAsync([mine, other], default)).ShouldBe(new Dictionary<string, int>(StringComparer.Ordinal) { [mine] = 1, [other] = 3 }, ignoreOrder: true);

        var own = await (await bed.AsAsync(Roles.KeyAccountManager)).AtRiskAsync(new ListAtRiskRequest());
        own.Parcels.Select(p => p.Parcel).ShouldBe(["RISKSOON", "RISKLATER", "RISKYESTERDAY"]);
        (own.CanBeSaved, own.Past).ShouldBe((2, 1));
        Should.Throw<RpcException>(async () => await all.AtRiskAsync(new ListAtRiskRequest { PageToken = "next" })).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task On_the_first_of_a_month_what_is_left_counts_the_volume_to_come(Engine engine)
    {
        await using var bed = await StartAsync(engine, now: At(31, 12) + Duration.FromHours(21));
        await bed.RegisterAsync((BackendFixture.Account, "RISKFIRST", At(31, 12) + Duration.FromHours(23)));
        await bed.FollowedAsync();
        for (var day = 4; day <= 31; day++) await bed.CountAsync(BackendFixture.Account, new LocalDate(2026, 10, day), FigureCodes.Punctual, 100, 100);
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        var budget = (await manager.BudgetsAsync(new GetBudgetsRequest { Account = BackendFixture.Account, From = "2026-11-01", To = "2026-11-30" })).Budgets.Single(b => b.Indicator == "T2");
        (budget.Expected, budget.Allowed, budget.Left, budget.HasForecast).ShouldBe((3_000, 90, 90, true));
        var risk = (await manager.AtRiskAsync(new ListAtRiskRequest())).Parcels.ShouldHaveSingleItem();
        (risk.Parcel, risk.Share, risk.NothingLeft).ShouldBe(("RISKFIRST", "0.011111", false));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Page_and_warning_say_the_same_budget_and_nothing_expected_is_no_forecast(Engine engine)
    {
        await using var bed = await WarningsBed.StartAsync(engine);
        // A week live at a hundred a day, ten of them late.
        for (var i = 0; i < 7; i++) await bed.CountAsync(WarningsBed.Yesterday.PlusDays(-i), FigureCodes.Punctual, 90, 100);
        await bed.ParcelsAsync(WarningsBed.Yesterday, 100);
        await bed.CountAsync(new LocalDate(2026, 9, 1), FigureCodes.Within72, 10, 10);
        await bed.NightAsync(WarningsBed.Yesterday);
        var overspent = await bed.StandingAsync("budget");
        (overspent.Reason, overspent.Evidence["allowed"], overspent.Evidence["failed"], overspent.Evidence["left"]).ShouldBe(("budget_overspent", "57", "70", "-13"));
        var manager = await bed.Bed.AsAsync(Roles.KeyAccountManager);
        var budgets = (await manager.BudgetsAsync(new GetBudgetsRequest { Account = WarningsBed.Account, From = October.From, To = October.To })).Budgets;
        var punctual = budgets.Single(b => b.Indicator == "T2");
        (punctual.Expected, punctual.Allowed, punctual.Failed, punctual.Left, punctual.HasForecast).ShouldBe((1_900, 57, 70, -13, true));
        punctual.ForecastLow.ShouldBeGreaterThanOrEqualTo(70);
        var nothing = budgets.Single(b => b.Indicator == "T3");
        (nothing.Expected, nothing.HasForecast, nothing.ForecastFailures, nothing.ForecastHigh).ShouldBe((0, false, 0, 0));
        // Of a month that is over the forecast is how it ended.
        var over = (await manager.BudgetsAsync(new GetBudgetsRequest { Account = WarningsBed.Account, From = "2026-09-01", To = "2026-09-30" })).Budgets.Single(b => b.Indicator == "T3");
        (over.Expected, over.HasForecast, over.ForecastFailures, over.ForecastHigh).ShouldBe((10, true, 0, 0));
    }
}
