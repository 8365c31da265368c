using Grpc.Core;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>What stands behind figures, over the wire, on both engines: all that a figure counts, several figures together, and proposals to leave a parcel out.</summary>
public sealed class DrillDownTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_figure_lists_all_it_counts_a_dimension_all_it_missed_and_a_proposal_stands_until_another_confirms_it(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "DRILLONTIME", "DRILLLATE1", "DRILLLATE2", "DRILLOPEN");
        await bed.AppendAsync(Delivered(1, "DRILLONTIME", At(10, 12)), Delivered(2, "DRILLLATE1", At(11, 9)), Delivered(3, "DRILLLATE2", At(11, 9)));
        await bed.FollowedAsync();
        var service = await bed.AsAsync(Roles.CustomerService);
        var punctual = (await service.GetAsync(October)).Dimensions.SelectMany(static d => d.Indicators).Single(static i => i.Indicator == "T2");
        (punctual.Numerator, punctual.Denominator).ShouldBe(("1", "3"));
        (await service.GetAsync(October)).Zone.ShouldBe("Asia/Shanghai");
        var counted = await AskAsync(service, "T2", "counted");
        (counted.Items.Count, counted.Items.Sum(static i => i.Numerator), counted.Items.Sum(static i => i.Denominator), counted.Zone).ShouldBe((3, 1L, 3L, "Asia/Shanghai"));

        // Page by page a dimension's failures are those of its indicators, each once.
        var (missed, token) = (new List<string>(), "");
        do
        {
            var page = await AskAsync(service, "T", "missed", 1, token);
            missed.AddRange(page.Items.Select(static i => i.Indicator + " " + i.Subject));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        var single = new List<string>();
        foreach (var one in new[] { "T1", "T2", "T3", "T4" }) single.AddRange((await AskAsync(service, one, "missed")).Items.Select(static i => i.Indicator + " " + i.Subject));
        missed.Order(StringComparer.Ordinal).ShouldBe(single.Order(StringComparer.Ordinal));
        (await AskAsync(service, "failures", "missed")).Items.Count(static i => i.Indicator is "right_day_late" or "wrong_day_late").ShouldBe(2);
        (await Should.ThrowAsync<RpcException>(async () => await AskAsync(service, "T", "met"))).StatusCode.ShouldBe(StatusCode.InvalidArgument);

        await service.ExcludeAsync(new ExcludeCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "DRILLLATE1", Reason = "client" });
        await bed.FollowedAsync();
        var proposed = (await AskAsync(service, "T2", "missed")).Items.Single(static i => i.Proposed is not null);
        (proposed.Subject, proposed.Proposed.Reason, proposed.Proposed.By, proposed.Proposed.AtUs > 0).ShouldBe(("DRILLLATE1", "client", bed.Backend.People[Roles.CustomerService], true));
        await (await bed.AsAsync(Roles.AreaManager)).ExcludeAsync(new ExcludeCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "DRILLLATE1", Confirm = true });
        await bed.FollowedAsync();
        (await AskAsync(service, "T2", "missed")).Items.ShouldAllBe(static i => i.Proposed == null && i.Subject == "DRILLLATE2");

        // The client reads the same, but for who went.
        var client = await bed.AsAsync(Roles.ClientUser);
        var theirs = (await AskAsync(client, "T2", "missed")).Items.Single();
        (theirs.Subject, theirs.Courier).ShouldBe(("DRILLLATE2", ""));
        var courier = (await AskAsync(service, "T2", "missed")).Items.Single().Courier;
        courier.ShouldNotBeEmpty();

        // Nor by asking for one courier's figures: whether there is such a one is not told either.
        var of = October.Clone();
        (of.Dimension, of.Member) = ("courier", courier);
        (await service.GetAsync(of)).Dimensions.SelectMany(static d => d.Indicators).Single(static i => i.Indicator == "T2").Denominator.ShouldNotBe("0", StringComparer.Ordinal);
        (await service.DrillDownAsync(new DrillDownRequest { Of = of, Indicator = "T2" })).Items.ShouldHaveSingleItem();
        foreach (var member in new[] { courier, "nobody" })
        {
            of.Member = member;
            var asked = await Should.ThrowAsync<RpcException>(async () => await client.GetAsync(of));
            (asked.StatusCode, asked.Status.Detail.Contains("carrier's own", StringComparison.Ordinal)).ShouldBe((StatusCode.PermissionDenied, true));
            (await Should.ThrowAsync<RpcException>(async () => await client.DrillDownAsync(new DrillDownRequest { Of = of, Indicator = "T2" }))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
            (await Should.ThrowAsync<RpcException>(async () => await client.RecomputeAsync(of))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        }
        (of.Dimension, of.Member) = ("depot", "HGH01");
        (await client.GetAsync(of)).Account.ShouldBe(BackendFixture.Account);
    }

    private static async Task<DrillDownReply> AskAsync(Scorecards.ScorecardsClient scores, string indicator, string which, int size = 0, string token = "") =>
        await scores.DrillDownAsync(new DrillDownRequest { Of = October, Indicator = indicator, Which = which, PageSize = size, PageToken = token });
}
