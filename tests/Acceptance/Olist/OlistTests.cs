using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Acceptance.Olist;

/// <summary>The main job on real input: ten thousand orders of a marketplace, taken in through the wire of a whole backend.</summary>
public sealed class OlistTests(ITestOutputHelper output)
{
    private const string Folder = "olist_2017_10k";

    [AcceptanceTheory(Folder)]
    [OnSqlite]
    [OnPostgres]
    public async Task Ten_thousand_orders_go_in_twice_and_are_once_there(Engine engine)
    {
        var (shipments, events) = OlistFiles.Convert(AcceptanceFolder.At(Folder));
        await using var backend = await BackendFixture.StartAsync(engine);
        var client = new Shipments.ShipmentsClient(await backend.AsAdministratorAsync());

        // Events first for once: whichever file comes first, the result is the same.
        var eventCount = events.Count(c => c == '\n') - 1;
        var taken = await ImportAsync(client, "events", events);
        (taken.Taken, taken.Unchanged, taken.Rejected, taken.Done).ShouldBe((eventCount, 0, 0, true));
        taken = await ImportAsync(client, "shipments", shipments);
        (taken.Taken, taken.Unchanged, taken.Rejected, taken.Done).ShouldBe((10_000, 0, 0, true));
        await VerifyAsync(backend);

        var again = await ImportAsync(client, "shipments", shipments);
        (again.Taken, again.Unchanged, again.Rejected).ShouldBe((0, 10_000, 0));
        again = await ImportAsync(client, "events", events);
        (again.Taken, again.Unchanged, again.Rejected).ShouldBe((0, eventCount, 0));
        await VerifyAsync(backend);

        var rebuilt = await RebuildAsync(backend);
        (rebuilt.Keys, rebuilt.Differences).ShouldBe((10_000, 0));
    }

    private static async Task VerifyAsync(BackendFixture backend)
    {
        (await backend.Database.ScalarAsync("SELECT count(*) FROM custody_shipment")).ShouldBe(10_000);
        (await backend.Database.ScalarAsync("SELECT count(*) FROM custody_parcel")).ShouldBe(10_000);
        (await backend.Database.ScalarAsync("SELECT count(*) FROM custody_parcel WHERE exceptions > 0")).ShouldBe(21);
        (await backend.Database.ScalarAsync("SELECT count(*) FROM custody_parcel WHERE stage = 10")).ShouldBe(9_648);
        (await backend.Database.ScalarAsync("SELECT count(*) FROM custody_shipment WHERE account = 'UNASSIGNED'")).ShouldBe(111);
    }

    private static async Task<RebuildStep> RebuildAsync(BackendFixture backend)
    {
        RebuildStep? last = null;
        await foreach (var step in backend.Host.Services.GetServices<IRebuildProjections>().Single(p => p.Name == "custody").RebuildAsync(dryRun: false))
        {
            step.Found.ShouldBeEmpty();
            last = step;
        }
        return last.ShouldNotBeNull();
    }

    private async Task<ImportProgress> ImportAsync(Shipments.ShipmentsClient client, string kind, string csv)
    {
        var watch = Stopwatch.StartNew();
        var bytes = Encoding.UTF8.GetBytes(csv);
        using var call = client.Import();
        var header = new ImportHeader { Kind = kind, Source = "olist", FileSha256 = ByteString.CopyFrom(SHA256.HashData(bytes)) };
        await call.RequestStream.WriteAsync(new ImportPart { Header = header });
        var reading = Task.Run(async () =>
        {
            ImportProgress last = new();
            await foreach (var progress in call.ResponseStream.ReadAllAsync())
            {
                progress.Lines.ShouldBeGreaterThanOrEqualTo(last.Lines);
                last = progress;
            }
            return last;
        });
        for (var at = 0; at < bytes.Length; at += 256 * 1024)
            await call.RequestStream.WriteAsync(new ImportPart { Content = ByteString.CopyFrom(bytes.AsSpan(at, Math.Min(256 * 1024, bytes.Length - at))) });
        await call.RequestStream.CompleteAsync();
        var done = await reading;
        output.WriteLine($"{kind}: {done.Lines} lines in {watch.Elapsed.TotalSeconds:0.0} s");
        return done;
    }
}
