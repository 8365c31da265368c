using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.EdgeLink;
using KeyAccountLogistics.Server.SignIn;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.Server;

public sealed class EdgeLinkTests
{
    private const string CountEvents = "SELECT COUNT(*) FROM journal_event";

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Events_are_acknowledged_in_order_once_they_are_in_the_journal_and_again_when_they_come_again(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        link.Welcome.Depot.ShouldBe(BackendFixture.Depot);
        for (var i = 0; i < 20; i++) await link.SendScansAsync((i * 50) + 1, 50, backend.Time);
        var order = await link.AcknowledgedUpToAsync(1_000);
        order.SequenceEqual(order.Order()).ShouldBeTrue("acknowledgements come in the order of the batches");
        (await backend.Database.ScalarAsync(CountEvents)).ShouldBe(1_000);

        for (var i = 0; i < 20; i++) await link.SendScansAsync((i * 50) + 1, 50, backend.Time);
        await link.AcknowledgedUpToAsync(1_000);
        (await backend.Database.ScalarAsync(CountEvents)).ShouldBe(1_000, "sent twice, one effect");
        await link.CompleteAsync();
        (await link.EndAsync()).Status.StatusCode.ShouldBe(StatusCode.OK);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_welcome_says_up_to_where_each_boot_is_safe(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using (var first = await LinkClient.OpenAsync(agent))
        {
            await first.SendScansAsync(1, 30, backend.Time);
            await first.AcknowledgedUpToAsync(30);
            await first.SendScansAsync(41, 10, backend.Time);
            await first.AcknowledgedUpToAsync(50);
            var again = new UnsentBoot { Boot = first.Boot, FirstSequence = 1, LastSequence = 60 };
            var unknown = new UnsentBoot { Boot = BackendFixture.NewCommandId(), FirstSequence = 1, LastSequence = 5 };
            using var second = await LinkClient.OpenAsync(agent, with: hello => hello.Unsent.Add([again, unknown]));
            second.Welcome.Acknowledged.Select(a => (a.Boot, a.UpToSequence)).ShouldBe([(again.Boot, 30UL), (unknown.Boot, 0UL)], "31 to 40 are missing");
        }
        backend.Log.Lines.ShouldContain(line => line.EventId == 5203 && line.Text.Contains("31 to 40", StringComparison.Ordinal));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Batches_out_of_order_close_their_holes_and_it_is_still_so_after_a_restart(Engine engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        ByteString boot;
        TestAgent agent;
        await using (var backend = await BackendFixture.StartAsync(engine, database: database))
        {
            agent = await backend.EnrolAsync();
            using var link = await LinkClient.OpenAsync(agent);
            boot = link.Boot;
            foreach (var first in (int[])[11, 1, 31, 21, 61, 51, 71, 41]) await link.SendScansAsync(first, 10, backend.Time);
            await link.AcknowledgedUpToAsync(80);
            await link.CompleteAsync();
            (await link.EndAsync()).Status.StatusCode.ShouldBe(StatusCode.OK);
            (await backend.Database.ScalarAsync(CountEvents)).ShouldBe(80);
        }
        await using (var again = await BackendFixture.StartAsync(engine, database: database))
        {
            agent.Channel = again.With(agent.Token());
            using var link = await LinkClient.OpenAsync(agent, boot, hello => hello.Unsent.Add(new UnsentBoot { Boot = boot, FirstSequence = 1, LastSequence = 80 }));
            link.Welcome.Acknowledged.ShouldHaveSingleItem().UpToSequence.ShouldBe(80UL);
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_unreadable_event_is_kept_reported_and_acknowledged(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        var batch = link.Scans(1, 3, backend.Time);
        batch.Events[1] = ByteString.CopyFrom(0xFF, 0xFF, 0xFF);
        await link.SendAsync(new DepotMessage { Events = batch });
        var acknowledged = (await link.NextAsync(BackendMessage.BodyOneofCase.Acknowledged)).Acknowledged;
        acknowledged.UpToSequence.ShouldBe(3UL);
        acknowledged.Rejected.ShouldHaveSingleItem().Sequence.ShouldBe(2UL);
        (await backend.Database.ScalarAsync(CountEvents)).ShouldBe(3);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_time_probe_is_answered_with_the_servers_time(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        var before = backend.Time.Now().ToUnixMicros();
        await link.SendAsync(new DepotMessage { Probe = new TimeProbe { ClockUs = 17, MonotonicUs = 42 } });
        var answer = (await link.NextAsync(BackendMessage.BodyOneofCase.Time)).Time;
        (answer.ProbeClockUs, answer.ProbeMonotonicUs).ShouldBe((17, 42));
        answer.ServerUs.ShouldBeInRange(before, backend.Time.Now().ToUnixMicros());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_clock_set_back_a_day_is_put_right_by_the_counter(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        const long second = 1_000_000;
        const long day = 86_400 * second;
        var contact = backend.Time.Now().ToUnixMicros() - (60 * second);
        var batch = link.Scans(1, 2, backend.Time, "ORDER-0001");
        batch.Clock = new Api.Edge.V1.ClockEvidence { ContactInBoot = true, ContactServerUs = contact, ContactMonotonicUs = 5 * second, ContactUncertaintyUs = 1_000 };
        // Thirty and forty seconds after the contact; between the two somebody set the wall clock back.
        foreach (var (i, after, wall) in new[] { (0, 30 * second, 0L), (1, 40 * second, -day) })
        {
            var fact = Api.Custody.V1.ParcelEvent.Parser.ParseFrom(batch.Events[i]);
            (fact.CapturedAtUs, fact.MonotonicUs) = (contact + after + wall, (5 * second) + after);
            batch.Events[i] = fact.ToByteString();
        }
        await link.SendAsync(new DepotMessage { Events = batch });
        await link.AcknowledgedUpToAsync(2);
        var times = new List<long>();
        await foreach (var item in backend.Host.Services.GetRequiredService<IJournalReader>().ReadAsync(0, long.MaxValue))
        {
            times.Add(item.Time.Best.ToUnixMicros() - contact);
            (item.Time.Latest - item.Time.Earliest).TotalMilliseconds.ShouldBeLessThan(100);
        }
        times.Count.ShouldBe(2);
        times[0].ShouldBeInRange((30 * second) - 50_000, (30 * second) + 50_000);
        times[1].ShouldBeInRange((40 * second) - 50_000, (40 * second) + 50_000);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_depots_own_people_come_down_and_a_change_follows_at_once(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var elsewhere = await backend.EnrolAsync("PEK02");
        using var link = await LinkClient.OpenAsync(agent);
        var people = (await link.NextAsync(BackendMessage.BodyOneofCase.People)).People;
        people.People.Count(p => p.Id == backend.People[Roles.DepotClerk]).ShouldBe(1);
        (people.ValidUntilUs - backend.Time.Now().ToUnixMicros()).ShouldBeInRange(71L * 3_600_000_000, 72L * 3_600_000_000);
        var clerk = people.People.Single(p => p.Id == backend.People[Roles.DepotClerk]);
        new PinVerifier([.. clerk.PinSalt], [.. clerk.PinVerifier], clerk.PinIterations).Matches(BackendFixture.Pin).ShouldBeTrue();

        using (var other = await LinkClient.OpenAsync(elsewhere))
            (await other.NextAsync(BackendMessage.BodyOneofCase.People)).People.People.ShouldNotContain(p => p.Id == backend.People[Roles.DepotClerk]);

        await new People.PeopleClient(await backend.AsAdministratorAsync()).SetStateAsync(new SetPersonStateRequest { Person = clerk.Id, State = "disabled" });
        var after = (await link.NextAsync(BackendMessage.BodyOneofCase.People)).People;
        after.Version.ShouldBeGreaterThan(people.Version);
        after.People.ShouldNotContain(p => p.Id == clerk.Id);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Revoking_an_agent_ends_its_open_stream(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        await new Agents.AgentsClient(await backend.AsAdministratorAsync()).RevokeAsync(new RevokeAgentRequest { Agent = agent.Id, Reason = "the machine was stolen" });
        var (goodbye, status) = await link.EndAsync();
        goodbye!.Code.ShouldBe("revoked");
        status.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        using var again = LinkClient.Start(agent);
        (await again.EndAsync()).Status.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_revocation_by_another_server_ends_the_stream_too(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        await backend.Database.ExecuteAsync($"UPDATE identity_agent SET revoked_us = 1, revoked_because = 'elsewhere' WHERE id = '{agent.Id}'");
        (await link.EndAsync()).Goodbye!.Code.ShouldBe("revoked");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_newest_link_of_an_agent_wins(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var older = await LinkClient.OpenAsync(agent);
        using var newer = await LinkClient.OpenAsync(agent);
        (await older.EndAsync()).Goodbye!.Code.ShouldBe("replaced");
        await newer.SendScansAsync(1, 1, backend.Time);
        await newer.AcknowledgedUpToAsync(1);
        backend.Host.Services.GetRequiredService<OpenLinks>().Seen.ShouldHaveSingleItem().Connected.ShouldBeTrue();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_breaks_the_protocol_is_told_what(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        await ShouldBeRefusedAsync(agent, new DepotMessage { Probe = new TimeProbe() }, StatusCode.InvalidArgument, "begins with a hello");
        await ShouldBeRefusedAsync(agent, new DepotMessage { Hello = new Hello { Agent = "another", Boot = BackendFixture.NewCommandId() } }, StatusCode.PermissionDenied, "of another");
        await ShouldBeRefusedAsync(agent, new DepotMessage { Hello = new Hello { Agent = agent.Id, Boot = ByteString.CopyFrom(1) } }, StatusCode.InvalidArgument, "16 bytes");
        foreach (var (broken, message) in new (Action<EventBatch>, string)[]
        {
            (b => b.Boot = ByteString.Empty, "16 bytes"),
            (b => b.Events.Clear(), "1 to 1000 events"),
            (b => b.Events.Add(Enumerable.Repeat(b.Events[0], 1_000)), "1 to 1000 events"),
            (b => b.FirstSequence = 0, "count from 1"),
            (b => b.FirstSequence = ulong.MaxValue, "count from 1"),
        })
        {
            using var link = await LinkClient.OpenAsync(agent);
            var batch = link.Scans(1, 1, backend.Time);
            broken(batch);
            await link.SendAsync(new DepotMessage { Events = batch });
            var (goodbye, status) = await link.EndAsync();
            goodbye!.Code.ShouldBe("protocol");
            goodbye.Message.ShouldContain(message);
            status.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        }
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_stopping_server_says_goodbye_and_acknowledges_what_it_has(Engine engine)
    {
        // Time enough that a busy machine does not turn the stop in order into one by force.
        await using var backend = await BackendFixture.StartAsync(engine, options => options with { ShutdownTimeout = TimeSpan.FromSeconds(60) });
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        await link.SendScansAsync(1, 100, backend.Time);
        await link.AcknowledgedUpToAsync(100);
        // It reads on while the server stops, as an agent does.
        var ending = link.EndAsync();
        await backend.Host.StopAsync();
        var (goodbye, status) = await ending;
        goodbye.ShouldNotBeNull(status.ToString()).Code.ShouldBe("shutting_down");
        status.StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Twenty_thousand_events_pass_through_the_window(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        const int batches = 40;
        var reading = link.AcknowledgedUpToAsync(batches * 500);
        for (var i = 0; i < batches; i++) await link.SendScansAsync((i * 500L) + 1, 500, backend.Time);
        await reading;
        (await backend.Database.ScalarAsync(CountEvents)).ShouldBe(batches * 500);
    }

    private static async Task ShouldBeRefusedAsync(TestAgent agent, DepotMessage first, StatusCode code, string message)
    {
        using var link = LinkClient.Start(agent);
        await link.SendAsync(first);
        var (_, status) = await link.EndAsync();
        status.StatusCode.ShouldBe(code);
        status.Detail.ShouldContain(message);
    }
}
