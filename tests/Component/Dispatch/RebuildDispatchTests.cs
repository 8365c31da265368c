using System.Text.Json;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.Dispatch;

/// <summary>Law 1 for dispatch: what follows from the journal is the same when it is made anew, and what was damaged is found and put right to the last field.</summary>
public sealed class RebuildDispatchTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task After_a_day_a_rebuild_finds_nothing_and_what_is_damaged_is_told_and_put_right(Engine engine)
    {
        await using var bed = await DayAsync(engine);
        var sound = await RowsAsync(bed.Backend);
        (await RebuildAsync(bed, dryRun: true)).ShouldBeEmpty();
        (await RebuildAsync(bed, dryRun: false)).ShouldBeEmpty();
        (await RowsAsync(bed.Backend)).ShouldBe(sound);

        var count = Literal(engine, CashLedgerTests.IdOf(1));
        foreach (var (sql, rows) in new[]
        {
            ("DELETE FROM dispatch_fact WHERE subject = 'door:ORDER-P1'", 1),
            ("DELETE FROM dispatch_fact WHERE subject = (SELECT id FROM (SELECT MAX(subject) AS id FROM dispatch_fact WHERE subject LIKE 'order:%') AS x)", 1),
            ("UPDATE dispatch_fact SET best_us = best_us + 1 WHERE subject = 'door:ORDER-P2'", 1),
            ($"INSERT INTO dispatch_fact SELECT {Literal(engine, CashLedgerTests.IdOf(901))}, subject, earliest_us, best_us, latest_us, body FROM dispatch_fact WHERE subject = 'vehicle:E-BIKE-7'", 1),
            ("UPDATE dispatch_order SET phase = 4 WHERE phase = 2", 1),
            ("INSERT INTO dispatch_order SELECT 'PO-NOBODYS', account, site, depot, from_us, until_us, parcels, mass_mg, longitude_e5, latitude_e5, standing, phase, done_us, punctuality, taken, was_missed, reason "
                + "FROM dispatch_order WHERE phase = 1", 1),
            ("UPDATE dispatch_posting SET minor = minor + 7, at_us = at_us + 1 WHERE parcel = 'ORDER-P2' AND ledger = 2", 1),
            ("UPDATE dispatch_balance SET minor = minor + 1 WHERE ledger = 6", 1),
            ("DELETE FROM dispatch_open_money WHERE parcel = 'P2' AND ledger = 6", 1),
            ("UPDATE dispatch_open_money SET since_us = since_us - 1 WHERE parcel = 'P3' AND ledger = 6", 1),
            ($"DELETE FROM dispatch_posting WHERE event_id = {count}", 2),
            ($"DELETE FROM dispatch_entry WHERE event_id = {count}", 1),
            ($"UPDATE dispatch_entry SET corrected_by = NULL WHERE event_id = {Literal(engine, CashLedgerTests.IdOf(2))}", 1),
            ($"UPDATE dispatch_entry SET corrected_by = event_id WHERE event_id = {Literal(engine, CashLedgerTests.IdOf(3))}", 1),
            ($"UPDATE dispatch_entry SET flaw = 0 WHERE event_id = {Literal(engine, CashLedgerTests.IdOf(10))}", 1),
            ($"INSERT INTO dispatch_entry(event_id, kind, flaw, at_us) VALUES ({Literal(engine, CashLedgerTests.IdOf(902))}, 120, 0, 5)", 1),
            ($"INSERT INTO dispatch_posting SELECT {Literal(engine, CashLedgerTests.IdOf(903))}, origin, line, ledger, 'nobody', depot, account, minor, currency, parcel, purpose, at_us FROM dispatch_posting WHERE parcel = 'ORDER-P2' AND ledger = 6", 1),
            ("INSERT INTO dispatch_balance(ledger, owner, depot, currency, account, minor) VALUES (9, 'nobody', 'HZ01', 'CNY', '', 5)", 1),
        }) (await bed.Backend.Database.ExecuteAsync(sql)).ShouldBe(rows, sql);
        var damaged = await RowsAsync(bed.Backend);

        var dry = await RebuildAsync(bed, dryRun: true);
        (await RowsAsync(bed.Backend)).ShouldBe(damaged, "a dry run only reports");
        dry.ShouldContain(d => d.Projection == "order" && d.Field == "Phase" && d.Live == "4" && d.Rebuilt == "2");
        dry.Count(d => d is { Projection: "fact", Live: "missing" }).ShouldBe(2);
        dry.Count(d => d is { Projection: "fact", Live: "present" }).ShouldBe(1);
        dry.Count(d => d is { Projection: "fact", Live: "changed" }).ShouldBe(1);
        FieldsOf(dry, "order").ShouldBe(["Phase", "row"]);
        FieldsOf(dry, "entry").ShouldBe(["CorrectedBy", "CorrectedBy", "Flaw", "row", "row"]);
        FieldsOf(dry, "posting").ShouldBe(["AtUs", "Minor", "row", "row", "row"]);
        FieldsOf(dry, "balance").ShouldBe(["Minor", "row"]);
        FieldsOf(dry, "open money").ShouldBe(["SinceUs", "row"]);

        (await RebuildAsync(bed, dryRun: false)).ShouldBe(dry, ignoreOrder: true, "what a run puts right is what a dry run has told");
        (await RowsAsync(bed.Backend)).ShouldBe(sound);
        (await RebuildAsync(bed, dryRun: true)).ShouldBeEmpty();
        await CashLedgerTests.BalancesAsync(bed.Backend);
    }

    /// <summary>The tables as an upgrade or a hand that meant well may leave them: empty.</summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Tables_that_were_emptied_are_filled_from_the_journal_alone(Engine engine)
    {
        await using var bed = await DayAsync(engine);
        var sound = await RowsAsync(bed.Backend);
        var entered = await EnteredAsync(bed.Backend);
        foreach (var table in new[] { "fact", "order", "entry", "posting", "balance", "open_money" }) await bed.Backend.Database.ExecuteAsync("DELETE FROM dispatch_" + table);
        (await RebuildAsync(bed, dryRun: true)).ShouldAllBe(d => d.Live == "missing");
        (await RebuildAsync(bed, dryRun: false)).ShouldAllBe(d => d.Live == "missing");
        (await RowsAsync(bed.Backend)).ShouldBe(sound);
        (await EnteredAsync(bed.Backend)).ShouldBe(entered, "what people entered is not derived");
        (await RebuildAsync(bed, dryRun: true)).ShouldBeEmpty();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_rebuild_beside_live_work_finds_nothing_and_loses_nothing(Engine engine)
    {
        await using var bed = await DispatchBed.StartAsync(engine);
        await CashLedgerTests.CollectAsync(bed.Backend, [.. Enumerable.Range(1, 300).Select(i => CashLedgerTests.Collected(i, $"P{i % 7}", bed.Courier, 100, corrects: i % 5 == 0 ? i - 3 : null))]);
        var working = Task.WhenAll(Enumerable.Range(0, 3).Select(async lane =>
        {
            for (var i = 0; i < 40; i++)
            {
                var id = 1_000 + (lane * 1_000) + i;
                // Of the other lane's facts, before or after they come.
                int? corrects = i % 2 == 0 ? null : 1_000 + ((lane + 1) % 3 * 1_000) + (i - 1);
                await CashLedgerTests.CollectAsync(bed.Backend, lane, CashLedgerTests.Collected(id, $"P{i % 7}", bed.Courier, 100 + i, corrects: corrects));
            }
        }));
        do (await RebuildAsync(bed, dryRun: false)).ShouldBeEmpty();
        while (!working.IsCompleted);
        await working;
        (await RebuildAsync(bed, dryRun: true)).ShouldBeEmpty();
        await CashLedgerTests.BalancesAsync(bed.Backend);
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM dispatch_entry WHERE kind = 120")).ShouldBe(420);
    }

    // Orders, a run that goes out, deliveries, an attempt, the evening's count; and money told twice, flawed, and put right in every order.
    private static async Task<DispatchBed> DayAsync(Engine engine)
    {
        var bed = await DispatchBed.StartAsync(engine);
        await bed.RegisterAsync(("ORDER-P1", 0, 100), ("ORDER-P2", 5_000, 200), ("ORDER-P3", 0, 300));
        await bed.OrderAsync();
        await bed.OrderAsync();
        await (await bed.RunsAsync()).PlanAsync(new PlanCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot });
        var sheets = await bed.SheetsAsync();
        var number = (await sheets.DrawUpAsync(new DrawUpSheetCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Courier = bed.Courier })).Sheet.Number;
        await bed.SyncAsync(bed.Checked(1, batteryIsGood: true));
        var handover = await bed.HandOverAsync(number, true, "ORDER-P1", "ORDER-P2", "ORDER-P3");
        (await sheets.ReleaseAsync(new ReleaseSheetCommand { CommandId = BackendFixture.NewCommandId(), Number = number, Handover = handover })).Refused.ShouldBeNull();
        var collected = bed.Fact(3, EventKind.MoneyCollected, "ORDER-P2");
        collected.Money = new MoneyMove
        {
            Courier = bed.Courier, Depot = BackendFixture.Depot, Currency = "CNY", Means = PaymentMeans.Cash,
            Items = { new MoneyItem { Parcel = "ORDER-P2", Purpose = MoneyPurpose.Cod, Minor = 5_000, Account = BackendFixture.Account } },
        };
        var failed = bed.Fact(6, EventKind.AttemptFailed, "ORDER-P3");
        (failed.Reason, failed.Action) = ("nobody_there", "try_again");
        (await bed.SyncAsync(bed.Delivered(4, "ORDER-P1"), collected, failed)).Results.ShouldAllBe(r => r.Result == "recorded");
        // The goods are paid, and the parcel is told as delivered by another call.
        (await bed.SyncAsync(bed.Fact(7, EventKind.Scanned, "ORDER-P2"))).Results.ShouldAllBe(r => r.Result == "recorded");
        (await bed.SyncAsync(bed.Delivered(5, "ORDER-P2"))).Results.ShouldAllBe(r => r.Result == "recorded");
        var clerk = new PickupOrders.PickupOrdersClient(await bed.Backend.AsAsync(Roles.DepotClerk));
        var order = (await clerk.ListAsync(new ListOrdersRequest())).Orders.MinBy(o => o.Id, StringComparer.Ordinal)!;
        var found = new DoorFindings { Parcels = 10, Labelled = 10, Identity = "agreement", Inspected = true };
        (await clerk.ReportAsync(new ReportPickupCommand { CommandId = BackendFixture.NewCommandId(), Id = order.Id, Found = found })).Order.Phase.ShouldBe("done");

        ParcelEvent Collected(int id, string parcel, long cod, int? corrects = null) => CashLedgerTests.Collected(id, parcel, bed.Courier, cod, corrects: corrects);
        var flawed = Collected(10, "P5", 100);
        flawed.Money.Currency = "yuan";
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(1, "P1", 10_000), flawed);
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(3, "P2", 700, corrects: 2));
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(2, "P2", 7_000));
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(4, "P3", 9_000), Collected(5, "P3", 900, corrects: 4), Collected(6, "P3", 90, corrects: 5));
        // A correction of one that is corrected, before both; a second one, which does not count; two that name each other.
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(13, "P6", 3, corrects: 12));
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(12, "P6", 30, corrects: 11));
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(11, "P6", 300), Collected(14, "P6", 4, corrects: 12));
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(15, "P7", 50, corrects: 16));
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(16, "P7", 60, corrects: 15));
        await CashLedgerTests.CollectAsync(bed.Backend, Collected(17, "P8", 70, corrects: 17), Collected(18, "P8", 80, corrects: 999));
        (await new Cash.CashClient(await bed.Backend.AsAsync(Roles.StationHead)).CountAsync(new CountCashCommand
        {
            CommandId = BackendFixture.NewCommandId(), Courier = bed.Courier, Depot = BackendFixture.Depot, Currency = "CNY", CountedMinor = 15_000, RunSheet = number,
        })).Done.ShouldNotBeNull();
        await CashLedgerTests.BalancesAsync(bed.Backend);
        return bed;
    }

    private static IEnumerable<string> FieldsOf(IEnumerable<ProjectionDifference> found, string projection) =>
        found.Where(d => d.Projection == projection).Select(d => d.Field).Order(StringComparer.Ordinal);

    private static string Literal(Engine engine, Guid id) => engine == Engine.Sqlite ? $"x'{Convert.ToHexString(Uuid.Bytes(id))}'" : $"'{id:D}'::uuid";

    private static async Task<List<ProjectionDifference>> RebuildAsync(DispatchBed bed, bool dryRun)
    {
        var found = new List<ProjectionDifference>();
        var last = new RebuildStep(0, 0, 0, [], Done: false);
        await foreach (var step in bed.Backend.Services.GetServices<IRebuildProjections>().Single(p => p.Name == "dispatch").RebuildAsync(dryRun))
        {
            found.AddRange(step.Found);
            last = step;
        }
        (last.Done, last.Differences).ShouldBe((true, found.Count));
        last.Events.ShouldBeGreaterThan(20);
        return found;
    }

    private static Task<List<string>> RowsAsync(BackendFixture backend) => ReadAsync(backend, async db =>
    [
        .. Texts(await db.Facts.AsNoTracking().ToListAsync()), .. Texts(await db.Orders.AsNoTracking().ToListAsync()), .. Texts(await db.Entries.AsNoTracking().ToListAsync()),
        .. Texts(await db.Postings.AsNoTracking().ToListAsync()), .. Texts(await db.Balances.AsNoTracking().ToListAsync()), .. Texts(await db.OpenMoney.AsNoTracking().ToListAsync()),
    ]);

    private static Task<List<string>> EnteredAsync(BackendFixture backend) => ReadAsync(backend, async db =>
    [
        .. Texts(await db.Couriers.AsNoTracking().ToListAsync()), .. Texts(await db.Days.AsNoTracking().Select(d => new { d.Depot, d.Version, d.Body }).ToListAsync()),
        .. Texts(await db.SheetLines.AsNoTracking().ToListAsync()), .. Texts(await db.Phones.AsNoTracking().ToListAsync()),
    ]);

    private static async Task<List<string>> ReadAsync(BackendFixture backend, Func<DispatchDb, Task<List<string>>> read)
    {
        await using var scope = backend.Host.Services.CreateScopeAs(Caller.System);
        return await read(scope.ServiceProvider.GetRequiredService<DispatchDb>());
    }

    private static IEnumerable<string> Texts<T>(IEnumerable<T> rows) => rows.Select(r => typeof(T).Name + " " + JsonSerializer.Serialize(r)).Order(StringComparer.Ordinal);
}
