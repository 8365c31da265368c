using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;

namespace KeyAccountLogistics.Component.Server;

/// <summary>What the people who run the system ask of it, over the wire: is the journal whole, do the projections follow from it, how much is there.</summary>
public sealed class OperationsTests
{
    private const string Seen = "KAL-SEEN-1";
    private const string Foreign = "KAL-FOREIGN-1";

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_changed_event_is_named_as_the_first_broken_link_of_its_source(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        await link.SendScansAsync(1, 30, backend.Time);
        await link.SendScansAsync(41, 10, backend.Time);
        await link.AcknowledgedUpToAsync(30);
        await EventuallyAsync(async () => await backend.Database.ScalarAsync("SELECT COUNT(*) FROM journal_event") == 40, "both batches are in");
        var whole = await VerifyAsync(backend);
        (whole.Events, whole.Broken.Count, whole.MissingBlobs.Count).ShouldBe((40, 0, 0));
        var gap = whole.Gaps.ShouldHaveSingleItem();
        (gap.FirstMissing, gap.LastMissing).ShouldBe((31ul, 40ul));

        await backend.Database.ExecuteAsync("UPDATE journal_event SET best_us = best_us + 1 WHERE chain_index = 17");
        var broken = (await VerifyAsync(backend)).Broken.ShouldHaveSingleItem();
        (broken.Source, broken.ChainIndex, broken.Reason).ShouldBe(("agent:" + agent.Id, 17, "changed"));
        Guid.Parse(broken.EventId).ShouldNotBe(Guid.Empty);

        var unknown = await Should.ThrowAsync<RpcException>(() => VerifyAsync(backend, "agent:NOBODY"));
        unknown.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_rebuild_names_every_field_that_differs_and_puts_it_right(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        await MakeParcelsAsync(backend);
        (await RebuildAsync(backend, dryRun: false)).Last.Differences.ShouldBe(0);

        await backend.Database.ExecuteAsync($"UPDATE custody_parcel SET stage = 10, node = 'NOWHERE' WHERE code = '{Seen}'");
        await backend.Database.ExecuteAsync("DELETE FROM custody_parcel WHERE code = 'KAL-STRANGER'");
        await backend.Database.ExecuteAsync("DELETE FROM custody_handover_parcel");
        await backend.Database.ExecuteAsync("DELETE FROM custody_handover_step");
        await backend.Database.ExecuteAsync("UPDATE custody_handover SET phase = 3");

        var (dry, _) = await RebuildAsync(backend, dryRun: true);
        dry.ShouldContain(d => d.Key == Seen && d.Field == "Stage" && d.Live == "10");
        dry.ShouldContain(d => d.Key == Seen && d.Field == "Node" && d.Live == "NOWHERE" && d.Rebuilt == BackendFixture.Depot);
        dry.ShouldContain(d => d.Key == "KAL-STRANGER" && d.Live == "missing");
        dry.ShouldContain(d => d.Projection == "handover" && d.Field == "expected " + Seen);
        dry.Count(d => d.Projection == "handover" && d.Field.StartsWith("step ", StringComparison.Ordinal)).ShouldBe(1);
        (await backend.Database.ScalarAsync($"SELECT stage FROM custody_parcel WHERE code = '{Seen}'")).ShouldBe(10, "a dry run only reports");

        (await RebuildAsync(backend, dryRun: false)).Last.Differences.ShouldBeGreaterThan(4);
        (await RebuildAsync(backend, dryRun: true)).Last.Differences.ShouldBe(0);
        (await backend.Database.ScalarAsync("SELECT COUNT(*) FROM custody_parcel WHERE code = 'KAL-STRANGER' AND exceptions = 1")).ShouldBe(1);
        (await backend.Database.ScalarAsync("SELECT phase FROM custody_handover")).ShouldBe((int)Verdicts.Handovers.HandoverPhase.Open);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_overview_counts_what_its_caller_may_see_and_leaves_the_rest_absent(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        await MakeParcelsAsync(backend);
        var all = await new Operations.OperationsClient(await backend.AsAdministratorAsync()).OverviewAsync(new OverviewRequest());
        (all.Parcels, all.Delivered, all.Exceptions, all.Held).ShouldBe((3, 0, 1, 0));
        (all.JournalEvents, all.HasOutboxWaiting, all.OutboxParked).ShouldBe((4, true, 0));
        var own = await new Operations.OperationsClient(await backend.AsAsync(Roles.KeyAccountManager)).OverviewAsync(new OverviewRequest());
        (own.Parcels, own.HasJournalEvents, own.HasOutboxWaiting).ShouldBe((1, false, false));
    }

    // One parcel of each account, one that nobody registered, and a handover that expects the first.
    private static async Task MakeParcelsAsync(BackendFixture backend)
    {
        var administrator = await backend.AsAdministratorAsync();
        var register = new RegisterShipmentsRequest { CommandId = BackendFixture.NewCommandId() };
        foreach (var (code, account) in new[] { (Seen, BackendFixture.Account), (Foreign, BackendFixture.OtherAccount) })
            register.Shipments.Add(new ShipmentLine { Waybill = code, Account = account, Product = "standard", Origin = BackendFixture.Depot, Destination = "HZ01", DeclaredMg = 2_000_000 });
        (await new Shipments.ShipmentsClient(administrator).RegisterAsync(register)).Refused.ShouldBeEmpty();
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        await link.SendScansAsync(1, 1, backend.Time, Seen);
        await link.SendScansAsync(2, 1, backend.Time, Foreign);
        await link.SendScansAsync(3, 1, backend.Time, "KAL-STRANGER");
        var batch = link.Scans(4, 1, backend.Time);
        var opened = ParcelEvent.Parser.ParseFrom(batch.Events[0]);
        (opened.Kind, opened.Handover, opened.Actor) = (EventKind.HandoverOpened, "HO-TEST-1", backend.People[Roles.DepotClerk]);
        opened.HandoverOpened = new HandoverOpened
        {
            Kind = HandoverKind.DepotToCourier, Giver = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot },
            Receiver = new Party { Kind = PartyKind.Courier, Id = backend.People[Roles.Courier] }, Expected = { new ExpectedParcel { Parcel = Seen } },
        };
        batch.Events[0] = Google.Protobuf.MessageExtensions.ToByteString(opened);
        await link.SendAsync(new Api.Edge.V1.DepotMessage { Events = batch });
        await link.AcknowledgedUpToAsync(4);
    }

    private static async Task<VerifyJournalProgress> VerifyAsync(BackendFixture backend, string source = "")
    {
        using var call = new Operations.OperationsClient(await backend.AsAdministratorAsync()).VerifyJournal(new VerifyJournalRequest { Source = source });
        var last = new VerifyJournalProgress();
        await foreach (var step in call.ResponseStream.ReadAllAsync()) last = step;
        last.Done.ShouldBeTrue();
        return last;
    }

    private static async Task<(IReadOnlyList<Difference> Shown, RebuildProgress Last)> RebuildAsync(BackendFixture backend, bool dryRun)
    {
        using var call = new Operations.OperationsClient(await backend.AsAdministratorAsync()).Rebuild(new RebuildRequest { DryRun = dryRun });
        var (shown, last) = (new List<Difference>(), new RebuildProgress());
        await foreach (var step in call.ResponseStream.ReadAllAsync())
        {
            shown.AddRange(step.Shown);
            last = step;
        }
        last.Done.ShouldBeTrue();
        return (shown, last);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(limit).ShouldBeLessThan(TimeSpan.FromSeconds(20), what);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
