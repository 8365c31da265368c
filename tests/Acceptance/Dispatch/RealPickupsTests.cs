using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody;
using KeyAccountLogistics.Dispatch;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.Verdicts.Promises;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Acceptance.Dispatch;

/// <summary>Real couriers' pickups (LaDe) as orders and what was confirmed at the doors: stored once, judged by the promise clock.</summary>
public sealed class RealPickupsTests
{
    private const int BatchMax = 1_000;
    private static readonly LocalDateTimePattern Time = LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd HH:mm:ss");
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    [AcceptanceTheory("routing/lade_pickup")]
    [OnSqlite]
    [OnPostgres]
    public async Task Real_pickups_are_stored_and_late_where_the_window_was_over(Engine engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using var services = SchemaTest.Services(database, s =>
        {
            s.AddSingleton<Microsoft.Extensions.Hosting.IHostApplicationLifetime, Microsoft.Extensions.Hosting.Internal.ApplicationLifetime>();
            s.AddSingleton<ITermsInForce, NoTerms>();
            s.AddSingleton<IRemittancesInForce, NoTerms>();
            s.AddCustody().AddDispatch();
        });
        await services.MigrateDatabasesAsync();
        var rows = File.ReadLines(AcceptanceFolder.At("routing", "lade_pickup", "pickups.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        // The doors are heard first and twice: neither order nor repetition matters.
        await AppendAsync(services, JournalSource.Device("phones"), rows.Select(DoorOf));
        await AppendAsync(services, JournalSource.Server, rows.Select(OrderOf));
        await AppendAsync(services, JournalSource.Device("phones"), rows.Select(DoorOf));

        (await database.ScalarAsync("SELECT COUNT(*) FROM dispatch_order WHERE phase = 2")).ShouldBe(3_749);
        (await database.ScalarAsync("SELECT COUNT(*) FROM dispatch_order")).ShouldBe(3_749);
        (await LateAsync("", Punctuality.Late)).ShouldBe(38);
        foreach (var (city, late) in new[] { ("Chongqing", 26), ("Yantai", 10), ("Jilin", 2) }) (await LateAsync($" AND depot = '{city}'", Punctuality.Late)).ShouldBe(late, city);
        (await LateAsync("", Punctuality.InDoubt)).ShouldBe(0);
        (await LateAsync("", Punctuality.OnTime)).ShouldBe(3_749 - 38);

        Task<long> LateAsync(string where, Punctuality how) => database.ScalarAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT COUNT(*) FROM dispatch_order WHERE punctuality = {(int)how}{where}"));
    }

    private static ParcelEvent OrderOf(string[] cells) => new()
    {
        Id = IdOf("order", cells[0]), Kind = EventKind.PickupOrdered, Reference = "PO-" + cells[0], CapturedAtUs = MicrosOf(cells[4]),
        Pickup = new PickupOrder
        {
            Account = "LADE", Site = cells[9], Depot = cells[2], Parcels = 1, FromUs = MicrosOf(cells[5]), UntilUs = MicrosOf(cells[6]), LongitudeE5 = DegreesOf(cells[7]), LatitudeE5 = DegreesOf(cells[8]),
        },
    };

    private static ParcelEvent DoorOf(string[] cells) => new()
    {
        Id = IdOf("door", cells[0]), Kind = EventKind.PickupDone, Reference = "PO-" + cells[0], CapturedAtUs = MicrosOf(cells[11]), Actor = "courier-" + cells[3],
        Door = new DoorVisit { Parcels = 1, Identity = "agreement", InspectionMark = true },
    };

    private static async Task AppendAsync(ServiceProvider services, JournalSource source, IEnumerable<ParcelEvent> facts)
    {
        foreach (var chunk in facts.Chunk(BatchMax))
        {
            var appended = await services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
            {
                Source = source, Bodies = [.. chunk.Select(f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.History, ReceivedAt = Instant.FromUtc(2026, 1, 1, 0, 0),
            });
            appended.Value.Rejected.ShouldBeEmpty();
        }
    }

    // The data set has no year.
    private static long MicrosOf(string cell) => Time.Parse("2025-" + cell).Value.InZoneLeniently(Zone).ToInstant().ToUnixMicros();

    private static int DegreesOf(string cell) => decimal.ToInt32(decimal.Parse(cell, CultureInfo.InvariantCulture) * 100_000m);

    private static ByteString IdOf(string space, string name) => ByteString.CopyFrom(Uuid.Bytes(NamedId.From(space, name)));

    private sealed class NoTerms : ITermsInForce, IRemittancesInForce
    {
        public RemittanceDue? DueOf(string account, Instant collected) => null;

        public TermsSnapshot Now => TermsSnapshot.Empty;

        public Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ContinueWith(_ => Now, TaskScheduler.Default);
    }
}
