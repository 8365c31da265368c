using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>Pickup orders in T1, and a signed contract's <c>service</c> clause as the plan of a scorecard.</summary>
public sealed class PickupAndPlanTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Pickups_in_time_late_missed_and_called_off(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.AppendAsync(JournalSource.Server, BatchClock.Server, bed.Backend.Time.Now(),
            Ordered(1, "PO-INTIME"), Done(2, "PO-INTIME", At(9, 11)), Ordered(3, "PO-LATE"), Done(4, "PO-LATE", At(9, 13)), Ordered(5, "PO-MISSED"), Told(6, EventKind.PickupMissed, "PO-MISSED", At(9, 12, 5)),
            Ordered(7, "PO-OFF"), Told(8, EventKind.PickupCancelled, "PO-OFF", At(9, 9)), Ordered(9, "PO-OPEN"));
        (await bed.FigureAsync("T1")).ShouldBe("1/3 excluded 1 in doubt 0 open 1");
        var missed = await bed.BehindAsync("T1");
        missed.Select(b => (b.Kind, b.Subject)).Order().ShouldBe([("order", "PO-LATE"), ("order", "PO-MISSED")]);
        missed.Single(b => b.Subject == "PO-LATE").Events.Count.ShouldBe(2);
        var day = (await (await bed.AsAsync(Roles.KeyAccountManager)).SqiAsync(new GetSqiRequest { Account = October.Account, From = "2026-10-09", To = "2026-10-09", Settled = true })).Days.Single();
        (day.ByComponent["missed_pickup"], day.Points).ShouldBe((2, "20"));
        // The courier of the missed one was there in time after all, and his phone had no network.
        await bed.AppendAsync(JournalSource.Server, BatchClock.Server, bed.Backend.Time.Now(), Done(10, "PO-MISSED", At(9, 11, 50)));
        (await bed.FigureAsync("T1")).ShouldBe("2/3 excluded 1 in doubt 0 open 1");
        await bed.AgreesAsync();
        var proved = await ProofTests.CheckAsync(await ProofTests.ProveAsync(await bed.AsAsync(Roles.ClientUser), BackendFixture.Account));
        proved.Findings.ShouldBeEmpty();
        (proved.Subjects, proved.Events).ShouldBe((5, 10));
        (await ServiceFactTests.RebuildAsync(bed, dryRun: true)).ShouldBe(0);
        await bed.Backend.Database.ExecuteAsync("UPDATE level_subject SET body = (SELECT body FROM level_subject WHERE subject = 'o:PO-OFF') WHERE subject = 'o:PO-LATE'");
        (await ServiceFactTests.RebuildAsync(bed, dryRun: false)).ShouldBeGreaterThan(0);
        (await ServiceFactTests.RebuildAsync(bed, dryRun: true)).ShouldBe(0);
        (await bed.FigureAsync("T1")).ShouldBe("2/3 excluded 1 in doubt 0 open 1");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_missed_window_stays_missed_on_its_own_day_whatever_comes_after(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.AppendAsync(JournalSource.Server, BatchClock.Server, bed.Backend.Time.Now(),
            Ordered(1, "PO-MOVED"), Told(2, EventKind.PickupMissed, "PO-MOVED", At(9, 12, 5)), Moved(3, "PO-MOVED", At(9, 13)),
            Ordered(4, "PO-GIVENUP"), Told(5, EventKind.PickupMissed, "PO-GIVENUP", At(9, 12, 5)), Told(6, EventKind.PickupCancelled, "PO-GIVENUP", At(9, 14)),
            Ordered(7, "PO-EARLIER"), Moved(8, "PO-EARLIER", At(9, 9)));
        (await bed.FigureAsync("T1")).ShouldBe("0/2 excluded 0 in doubt 0 open 1");
        (await MissedOnAsync(bed)).ShouldBe([2L, 0L]);
        await bed.AppendAsync(JournalSource.Server, BatchClock.Server, bed.Backend.Time.Now(), Done(9, "PO-MOVED", At(10, 11)), Done(10, "PO-EARLIER", At(10, 11)));
        (await bed.FigureAsync("T1")).ShouldBe("1/3 excluded 0 in doubt 0 open 0");
        (await MissedOnAsync(bed)).ShouldBe([2L, 0L]);
        (await bed.BehindAsync("T1")).Select(static b => (b.Subject, b.Day)).Order().ShouldBe([("PO-GIVENUP", "2026-10-09"), ("PO-MOVED", "2026-10-09")]);
        await bed.AgreesAsync();
        var proved = await ProofTests.CheckAsync(await ProofTests.ProveAsync(await bed.AsAsync(Roles.ClientUser), BackendFixture.Account));
        proved.Findings.ShouldBeEmpty();
        proved.Subjects.ShouldBe(3);
        (await ServiceFactTests.RebuildAsync(bed, dryRun: true)).ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_signed_contracts_service_clause_is_the_plan(Engine engine)
    {
        var time = new ShiftedTime();
        time.Advance((At(20, 12) - time.Now()).ToTimeSpan());
        await using var backend = await BackendFixture.StartAsync(engine, time: time);
        await backend.SignDemoContractsAsync();
        var scores = new Scorecards.ScorecardsClient(await backend.AsAsync(Roles.SalesManager));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Scorecard card;
        // Terms are in force within a second of their signature.
        while (true)
        {
            try
            {
                card = await scores.GetAsync(new GetScorecardRequest { Account = "HDDS-A", From = "2026-10-01", To = "2026-10-31", Settled = true }, cancellationToken: limit.Token);
                break;
            }
            catch (Grpc.Core.RpcException early) when (early.StatusCode is Grpc.Core.StatusCode.NotFound)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
        var pickup = card.Dimensions[0].Indicators[0];
        (card.Contract, card.ContractVersion, card.NameEn.Length > 0, pickup.Target, pickup.Threshold, pickup.Weight).ShouldBe(("KA-2026-0001", 1u, true, "98", "95", "25"));
        (card.Score, card.Grade, card.Reason, card.PlanHash.Length).ShouldBe(("", "", "No dimension with a weight has a score.", 64));
        var other = await scores.GetAsync(new GetScorecardRequest { Account = "YYSM-B", From = "2026-10-01", To = "2026-10-31" });
        (other.ContractVersion, other.Dimensions[1].Weight, other.PlanHash == card.PlanHash).ShouldBe((2u, "40", false));
        // The document goes with the extract, and what the figures read is held against it.
        var zip = await ProofTests.ProveAsync(scores, "HDDS-A");
        var proved = await ProofTests.CheckAsync(zip);
        proved.Findings.ShouldBeEmpty();
        proved.Documents.ShouldBe(1);
        (await ProofTests.CheckAsync(ProofTests.WithOtherDocument(zip, static text => text.Replace("HDDS-A", "HDDS-X", StringComparison.Ordinal)))).Findings.ShouldContain(f => f == "The document of KA-2026-0001 v1 is not the one whose hash was signed.");
    }

    private static ParcelEvent Ordered(int id, string order)
    {
        var e = Told(id, EventKind.PickupOrdered, order, At(8, 9));
        e.Pickup = new PickupOrder { Account = BackendFixture.Account, Site = "S1", Depot = "SHA01", Parcels = 3, FromUs = At(9, 10).ToUnixMicros(), UntilUs = At(9, 12).ToUnixMicros() };
        return e;
    }

    // On the 9th and the 10th.
    private static async Task<List<long>> MissedOnAsync(LevelsBed bed) =>
        [.. (await (await bed.AsAsync(Roles.KeyAccountManager)).SqiAsync(new GetSqiRequest { Account = October.Account, From = "2026-10-09", To = "2026-10-10", Settled = true }))
            .Days.Select(static d => d.ByComponent.TryGetValue("missed_pickup", out var missed) ? missed : 0L)];

    private static ParcelEvent Moved(int id, string order, Instant at)
    {
        var e = Told(id, EventKind.PickupChanged, order, at);
        e.Pickup = new PickupOrder { Account = BackendFixture.Account, Site = "S1", Depot = "SHA01", Parcels = 3, FromUs = At(10, 10).ToUnixMicros(), UntilUs = At(10, 12).ToUnixMicros() };
        return e;
    }

    private static ParcelEvent Done(int id, string order, Instant at)
    {
        var e = Told(id, EventKind.PickupDone, order, at);
        e.Door = new DoorVisit { Parcels = 3, Identity = "agreement", InspectionMark = true };
        return e;
    }

    private static ParcelEvent Told(int id, EventKind kind, string order, Instant at) => new() { Id = IdOf(id), Kind = kind, Reference = order, Node = "SHA01", Actor = "c-1", Reason = "x", CapturedAtUs = at.ToUnixMicros() };
}
