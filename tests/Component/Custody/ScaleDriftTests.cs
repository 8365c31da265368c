using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Custody.Scales;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Scale = KeyAccountLogistics.Api.Custody.V1.Scale;
using ScalesClient = KeyAccountLogistics.Api.Custody.V1.Scales.ScalesClient;

namespace KeyAccountLogistics.Component.Custody;

/// <summary>From weighings in the journal to a scale in quarantine, what depots are told, and its way back; over the wire, on both engines.</summary>
public sealed class ScaleDriftTests
{
    private static readonly (string Depot, string Device)[] Four = [(BackendFixture.Depot, "scale-1"), (BackendFixture.Depot, "scale-2"), ("HZ-01", "scale-1"), ("HZ-01", "scale-2")];

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_drifted_scale_goes_into_quarantine_with_its_figures_and_comes_back_after_a_passed_check(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        await WeighAsync(backend, parcels: 240, seed: 1, drifted: 1, perKilogram: 6);
        await RunJobAsync(backend);

        using var head = await backend.AsAsync(Roles.StationHead);
        var scales = new ScalesClient(head);
        var listed = (await scales.ListAsync(new ListScalesRequest())).Scales;
        listed.Select(static s => (s.Depot, s.Device, s.Standing, s.Answer)).ShouldBe(
            [(BackendFixture.Depot, "scale-1", "trusted", "within"), (BackendFixture.Depot, "scale-2", "quarantined", "beyond")], "of the caller's depot only");
        var bad = listed[1];
        bad.Doubt.ErrorMg.ShouldBeInRange(bad.Doubt.LowMg, bad.Doubt.HighMg);
        (bad.Doubt.LowMg > bad.Doubt.LimitMg, bad.Doubt.Parcels > 50, bad.Doubt.Scales).ShouldBe((true, true, 3));
        (bad.Registered.IntervalMg, bad.Registered.CapacityMg).ShouldBe((10_000, 30_000_000));
        backend.Log.Lines.Count(static line => line.EventId == 2003).ShouldBe(1);

        // Every depot is told, also those that have no such scale.
        using var agent = await backend.EnrolAsync("BJ-09");
        using var link = await LinkClient.OpenAsync(agent);
        var told = (await link.NextAsync(BackendMessage.BodyOneofCase.Scales)).Scales;
        told.Scales.ShouldHaveSingleItem().ShouldBe(new ScaleDoubt { Node = BackendFixture.Depot, Device = "scale-2", Quarantined = true });

        // Again changes nothing.
        await RunJobAsync(backend);
        (await backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.ScaleQuarantined}")).ShouldBe(1);

        var command = new ScaleCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Device = "scale-2", Reason = "adjusted" };
        var early = await Should.ThrowAsync<RpcException>(async () => await scales.ReleaseAsync(command));
        (early.StatusCode, early.Trailers.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason).ShouldBe((StatusCode.FailedPrecondition, "scale.not_checked"));
        backend.Time.Advance(TimeSpan.FromMinutes(5));
        await CheckAsync(backend, "scale-2", passed: true);
        head.Dispose();
        using var later = backend.With((await backend.SignInAsync(BackendFixture.NameOf(Roles.StationHead))).AccessToken);
        var released = (await new ScalesClient(later).ReleaseAsync(command)).Scale;
        (released.Standing, released.LastCheck.Passed).ShouldBe(("trusted", true));
        (await link.NextAsync(BackendMessage.BodyOneofCase.Scales)).Scales.Scales.ShouldBeEmpty();

        // What it weighed before it was adjusted is not held against it.
        await RunJobAsync(backend);
        (await new ScalesClient(later).ListAsync(new ListScalesRequest())).Scales[1].Standing.ShouldBe("trusted");
        await RebuildFindsNothingAsync(backend);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Two_scales_that_disagree_are_both_asked_for_their_test_weights_once_a_day(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        await WeighAsync(backend, parcels: 80, seed: 2, drifted: 1, perKilogram: 10, scales: 2);
        await RunJobAsync(backend);
        await RunJobAsync(backend);
        using var head = await backend.AsAsync(Roles.StationHead);
        var listed = (await new ScalesClient(head).ListAsync(new ListScalesRequest { Depot = BackendFixture.Depot })).Scales;
        listed.ShouldAllBe(static s => s.Standing == "check_asked" && s.Answer == "disagrees" && s.Doubt != null);
        (await backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.ScaleCheckAsked}")).ShouldBe(2);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        (await link.NextAsync(BackendMessage.BodyOneofCase.Scales)).Scales.Scales.ShouldAllBe(static s => !s.Quarantined && s.CheckAskedUs > 0);
        await CheckAsync(backend, "scale-2", passed: false);
        (await new ScalesClient(head).ListAsync(new ListScalesRequest())).Scales.Select(static s => s.Standing).ShouldBe(["check_asked", "check_failed"]);
        backend.Time.Advance(TimeSpan.FromHours(25));
        await RunJobAsync(backend);
        (await backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.ScaleCheckAsked}")).ShouldBe(4);
        await RebuildFindsNothingAsync(backend);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Only_the_server_itself_takes_a_scale_out_and_only_a_depots_agent_says_that_it_was_checked(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        var batch = link.Scans(1, 1, backend.Time);
        batch.Events[0] = new ParcelEvent { Id = BackendFixture.NewCommandId(), Kind = EventKind.ScaleQuarantined, Node = BackendFixture.Depot, Device = "scale-1", CapturedAtUs = 1_772_000_000_000_000 }.ToByteString();
        await link.SendAsync(new DepotMessage { Events = batch });
        (await link.NextAsync(BackendMessage.BodyOneofCase.Acknowledged)).Acknowledged.Rejected.ShouldHaveSingleItem().Code.ShouldBe("event.source");
        using var clerk = await backend.AsAsync(Roles.DepotClerk);
        var reply = await new Captures.CapturesClient(clerk).RecordAsync(new RecordEventsRequest
        {
            Device = "phone", Events = { new ParcelEvent { Id = BackendFixture.NewCommandId(), Kind = EventKind.ScaleChecked, Node = BackendFixture.Depot, Device = "scale-1", ScaleCheck = new ScaleCheck { Passed = true } }.ToByteString() },
        });
        reply.Results.ShouldHaveSingleItem().Code.ShouldBe("event.source");
        (await backend.Database.ScalarAsync("SELECT COUNT(*) FROM custody_scale")).ShouldBe(0);
        var refused = await Should.ThrowAsync<RpcException>(async () => await new ScalesClient(clerk).QuarantineAsync(
            new ScaleCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Device = "scale-1", Reason = "dropped" }));
        refused.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    // Each parcel on two scales, drawn from the seed; one of them shows so many grams a kilogram too much.
    private static async Task WeighAsync(BackendFixture backend, int parcels, int seed, int drifted, double perKilogram, int scales = 4)
    {
        var draw = new Random(seed);
        var facts = new List<ParcelEvent>();
        var at = (backend.Time.Now() - Duration.FromHours(6)).ToUnixMicros();
        for (var i = 0; i < parcels; i++)
        {
            var kilograms = 0.5 + (draw.NextDouble() * 12);
            var first = draw.Next(scales);
            var second = (first + 1 + draw.Next(scales - 1)) % scales;
            foreach (var scale in (int[])[first, second]) facts.Add(Weighed($"KAL-W-{i}", Four[scale], kilograms * (1000 + (scale == drifted ? perKilogram : 0)), at += 1_000_000));
        }
        foreach (var chunk in facts.Chunk(100))
        {
            var appended = await backend.Host.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
            {
                Source = JournalSource.Import("weighings"), Bodies = [.. chunk.Select(static f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.History, ReceivedAt = backend.Time.Now(),
            });
            appended.Value.Rejected.ShouldBeEmpty();
        }
    }

    private static ParcelEvent Weighed(string parcel, (string Depot, string Device) scale, double grams, long at) => new()
    {
        Id = BackendFixture.NewCommandId(), Kind = EventKind.Weighed, Parcel = parcel, Node = scale.Depot, Device = scale.Device, CapturedAtUs = at,
        Weight = new Weight { MassMg = (long)Math.Round(grams / 10) * 10_000, Scale = Registered(scale.Device) },
    };

    private static Scale Registered(string device) =>
        new() { Device = device, AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000, Serial = "B-" + device };

    private static async Task CheckAsync(BackendFixture backend, string device, bool passed)
    {
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        var batch = link.Scans(1, 1, backend.Time);
        batch.Events[0] = new ParcelEvent
        {
            Id = BackendFixture.NewCommandId(), Kind = EventKind.ScaleChecked, Node = BackendFixture.Depot, Device = device, CapturedAtUs = backend.Time.Now().ToUnixMicros(), MonotonicUs = 2,
            ScaleCheck = new ScaleCheck { Passed = passed, Scale = Registered(device) },
        }.ToByteString();
        await link.SendAsync(new DepotMessage { Events = batch });
        await link.AcknowledgedUpToAsync(1);
    }

    private static async Task RunJobAsync(BackendFixture backend)
    {
        await using var scope = backend.Host.Services.CreateScopeAs(Caller.System);
        await ActivatorUtilities.CreateInstance<ScaleDriftJob>(scope.ServiceProvider).RunAsync(CancellationToken.None);
    }

    private static async Task RebuildFindsNothingAsync(BackendFixture backend)
    {
        var call = new Operations.OperationsClient(backend.AsLocalAdministrator()).Rebuild(new RebuildRequest { DryRun = true });
        while (await call.ResponseStream.MoveNext(CancellationToken.None)) call.ResponseStream.Current.Differences.ShouldBe(0);
    }
}
