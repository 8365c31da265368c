using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>The station page's wire: who may call, what it is told, what it may do.</summary>
public sealed class StationFeedTests
{
    [Fact]
    public async Task Without_a_session_only_the_sign_in_panel_is_served()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)], attended: true);
        using var page = bench.Page();
        var stations = await page.CallAsync("ListStations", new ListStationsRequest(), ListStationsReply.Parser);
        (stations.Depot, stations.Agent, stations.Stations.Single().Name).ShouldBe((AgentBench.Depot, "agent-1", "Inbound 1"));
        var calls = new (string, Google.Protobuf.IMessage)[]
        {
            ("Watch", new WatchStationRequest { Station = AgentBench.Station }), ("SignOut", new StationSignOutRequest()),
            ("EnterByHand", new EnterByHandRequest()), ("ResolvePairing", new ResolvePairingRequest()), ("HoldParcel", new HoldParcelRequest()),
            ("ReportWaybillProblem", new ReportWaybillProblemRequest()), ("OpenHandover", new OpenHandoverRequest()), ("CheckLine", new CheckLineRequest()),
            ("CountHandover", new CountHandoverRequest()), ("ConfirmHandover", new ConfirmHandoverRequest()), ("AbandonHandover", new AbandonHandoverRequest()),
        };
        foreach (var token in new[] { null, "made-up" })
        {
            page.Token = token;
            foreach (var (method, request) in calls)
            {
                var refused = await Should.ThrowAsync<RpcException>(() => page.ActAsync(method, request), method);
                refused.StatusCode.ShouldBe(StatusCode.Unauthenticated, method);
            }
        }
    }

    [Fact]
    public async Task Nobody_signed_in_means_nothing_is_captured_and_the_page_says_so()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)], attended: true);
        (await bench.StateAsync()).Instruction.Code.ShouldBe("sign_in");
        await bench.Scanner.ScanAsync("ORDER-0001");
        await bench.UntilAsync(static s => s.Scan?.Text == "ORDER-0001", "the scan is shown");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(2m));
        await bench.UntilAsync(static s => s.Weight.State == "stable", "the weight is shown");
        await bench.ClearAsync();
        using var page = bench.Page();
        var session = await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        (session.Person, session.DisplayName, session.Language).ShouldBe(("p-li", "LI", "zh"));
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
        (await bench.WeighAsync("ORDER-0001", 2m)).Headline.ShouldBe("same_bill");
        await page.CallAsync("SignOut", new StationSignOutRequest(), StationSignOutReply.Parser);
        (await bench.UntilAsync(static s => s.Person.Length == 0, "signed out")).Instruction.Code.ShouldBe("sign_in");
        await bench.DrainedAsync();
        var facts = bench.Backend.Facts.Where(static f => f.Kind is not EventKind.DeviceState).ToList();
        facts.Select(static f => f.Kind).ShouldBe([EventKind.SignedIn, EventKind.Scanned, EventKind.Weighed, EventKind.SignedOut]);
        facts.ShouldAllBe(static f => f.Actor == "p-li");
    }

    [Fact]
    public async Task A_wrong_pin_is_a_refusal_with_the_attempts_left_and_a_scanned_badge_names_the_person()
    {
        await using var bench = await AgentBench.StartAsync([], attended: true);
        using var page = bench.Page();
        var wrong = await page.CallAsync("SignIn", new StationSignInRequest { Station = AgentBench.Station, NameOrBadge = "li", Pin = "000000" }, StationSignInReply.Parser);
        (wrong.Refused.Code, wrong.Refused.Figures["attempts_left"]).ShouldBe(("wrong_pin", "4"));
        await bench.Scanner.ScanAsync("STAFF-WANG");
        await bench.UntilAsync(static s => s.Scan?.Kind == "badge", "badge");
        (await page.SignInAsync(AgentBench.Station, "", AgentBench.Pin)).Person.ShouldBe("p-wang");
    }

    [Fact]
    public async Task The_stream_begins_with_the_whole_state_and_gives_at_most_ten_a_second_the_newest_winning()
    {
        await using var bench = await AgentBench.StartAsync([], attended: true);
        using var page = bench.Page();
        await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var states = new List<StationState>();
        await foreach (var state in page.WatchAsync(AgentBench.Station))
        {
            states.Add(state);
            if (clock.Elapsed > TimeSpan.FromSeconds(2)) break;
        }
        states[0].Person.ShouldBe("p-li");
        states[0].Devices.Count.ShouldBe(2);
        states.Count.ShouldBeInRange(3, 22);   // the scale alone changes twenty times a second
        states.Select(static s => s.Revision).ShouldBeInOrder(SortDirection.Ascending);
    }

    [Fact]
    public async Task A_revoked_person_is_signed_out_at_the_contact_and_their_stream_ends()
    {
        await using var bench = await AgentBench.StartAsync([], attended: true);
        using var page = bench.Page();
        await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        var watching = Task.Run(async () =>
        {
            await foreach (var _ in page.WatchAsync(AgentBench.Station))
            {
            }
        });
        bench.Backend.People = AgentBench.People("p-li");
        await bench.Backend.StopAsync();
        await bench.Backend.ResumeAsync();
        (await Should.ThrowAsync<RpcException>(() => watching.WaitAsync(TimeSpan.FromSeconds(20)))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        await bench.UntilAsync(static s => s.Person.Length == 0, "signed out");
        await bench.DrainedAsync();
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.SignedOut).ShouldHaveSingleItem().Actor.ShouldBe("p-li");
    }

    [Fact]
    public async Task By_hand_needs_a_reason_and_stays_marked_as_typed()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)], attended: true);
        using var page = bench.Page();
        await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        var enter = new EnterByHandRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, ParcelText = "order-0001", MassMg = 2_000_000 };
        (await page.ActAsync("EnterByHand", enter)).Refused.Code.ShouldBe("reason_missing");
        enter.Reason = "scale_broken";
        enter.CommandId = StationClient.NewCommand();
        var done = await page.ActAsync("EnterByHand", enter);
        done.Done.EventId.ShouldBe(new Guid(enter.CommandId.Span, bigEndian: true).ToString());
        (await page.ActAsync("EnterByHand", enter)).ShouldBe(done);
        var shown = await bench.UntilAsync(static s => s.Judged is not null, "judged");
        (shown.Judged.Typed, shown.Judged.Headline, shown.Today.Typed).ShouldBe((true, "typed", 1));
        await bench.DrainedAsync();
        var weighed = bench.Backend.Facts.Where(static f => f.Kind == EventKind.Weighed).ShouldHaveSingleItem();
        (weighed.Weight.Typed, weighed.Weight.TypedReason, weighed.Weight.Scale, weighed.Parcel).ShouldBe((true, "scale_broken", null, "ORDER-0001"));
    }

    [Fact]
    public async Task A_waybill_that_has_fallen_off_gets_a_temporary_code_and_is_held()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)], attended: true);
        using var page = bench.Page();
        await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        var report = new ReportWaybillProblemRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Problem = "missing", Place = "cage-2" };
        (await page.ActAsync("ReportWaybillProblem", report)).Done.ShouldNotBeNull();
        var slight = new ReportWaybillProblemRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Problem = "damaged_slight", Parcel = "ORDER-0001" };
        (await page.ActAsync("ReportWaybillProblem", slight)).Done.ShouldNotBeNull();
        await bench.DrainedAsync();
        var facts = bench.Backend.Facts;
        var held = facts.Where(static f => f.Kind == EventKind.Held).ShouldHaveSingleItem();
        (held.Reason, held.Place).ShouldBe(("waybill_missing", "cage-2"));
        held.Parcel.ShouldStartWith("TMP-");
        facts.Count(static f => f.Kind == EventKind.WaybillProblem).ShouldBe(2);
    }

    [Fact]
    public async Task The_feed_can_stand_on_another_hosts_port()
    {
        await using var bench = await AgentBench.StartAsync([], attended: true);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var other = builder.Build();
        KeyAccountLogistics.EdgeAgent.StationForwarding.MapStation(other, bench.Agent);
        await other.StartAsync();
        using var page = new StationClient(new Uri(other.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
        await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        var seen = 0;
        await foreach (var state in page.WatchAsync(AgentBench.Station))
        {
            state.Person.ShouldBe("p-li");
            if (++seen == 5) break;
        }
        page.Token = "made-up";
        (await Should.ThrowAsync<RpcException>(() => page.CallAsync("SignOut", new StationSignOutRequest(), StationSignOutReply.Parser))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }
}
