using System.Formats.Tar;
using System.IO.Compression;
using Grpc.Core;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.BackUp;
using KeyAccountLogistics.Server.Hosting;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Server;

public sealed class BackupTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_backup_restored_elsewhere_is_the_same_installation(Engine engine)
    {
        using var archive = new MemoryStream();
        string token;
        await using (var backend = await BackendFixture.StartAsync(engine))
        {
            using var agent = await backend.EnrolAsync();
            using var link = await LinkClient.OpenAsync(agent);
            await link.SendScansAsync(1, 200, backend.Time);
            await link.AcknowledgedUpToAsync(200);
            token = (await backend.SignInAsync(BackendFixture.NameOf(Roles.Finance))).AccessToken;
            await TakeAsync(backend, archive);
        }
        archive.Position = 0;
        await using var target = await TestDatabase.CreateAsync(engine);
        var options = Options(target);
        var restored = await Restore.RunAsync(archive, options);
        restored.IsOk.ShouldBeTrue(restored.IsOk ? "" : restored.Fault.Message);
        await using (var again = await BackendFixture.StartAsync(engine, o => o with { DataDirectory = options.DataDirectory }, target))
        {
            (await target.ScalarAsync("SELECT COUNT(*) FROM journal_event")).ShouldBe(200);
            (await new Api.Identity.V1.SignIn.SignInClient(again.With(token)).WhoAmIAsync(new Api.Identity.V1.WhoAmIRequest())).Roles.ShouldBe([Roles.Finance], "the secrets came along");
        }
        archive.Position = 0;
        (await Restore.RunAsync(archive, options)).Fault.Code.ShouldBe("restore.database_not_empty");
    }

    [Theory]
    [OnSqlite]
    public async Task What_is_no_backup_or_only_half_of_one_is_refused(Engine engine)
    {
        using var archive = new MemoryStream();
        await using (var backend = await BackendFixture.StartAsync(engine)) await TakeAsync(backend, archive);
        var whole = archive.ToArray();
        (await RestoreAsync([])).ShouldBe("restore.unreadable");
        (await RestoreAsync([1, 2, 3, 4])).ShouldBe("restore.unreadable");
        (await RestoreAsync(whole[..(whole.Length / 2)])).ShouldBe("restore.unreadable");
        (await RestoreAsync(Tar(("data/x", "x")))).ShouldBe("restore.no_manifest");
        (await RestoreAsync(Tar(("manifest.json", "{\"Format\":1,\"Engine\":\"Sqlite\",\"Program\":\"1\",\"TakenAt\":\"2026-01-01T00:00:00Z\"}"), ("data/../../escaped", "x")))).ShouldBe("restore.foreign_entry");
        (await RestoreAsync(Tar(("manifest.json", "{\"Format\":1,\"Engine\":\"Postgres\",\"Program\":\"1\",\"TakenAt\":\"2026-01-01T00:00:00Z\"}")))).ShouldBe("restore.other_engine");
        (await RestoreAsync(Tar(("manifest.json", "{\"Format\":9,\"Engine\":\"Sqlite\",\"Program\":\"1\",\"TakenAt\":\"2026-01-01T00:00:00Z\"}")))).ShouldBe("restore.newer_format");
    }

    private static async Task<string> RestoreAsync(byte[] archive)
    {
        await using var target = await TestDatabase.CreateAsync(Engine.Sqlite);
        return (await Restore.RunAsync(new MemoryStream(archive), Options(target))).Fault.Code;
    }

    private static BackendOptions Options(TestDatabase target) => new() { Database = target.Database, DataDirectory = Path.Combine(target.Directory, "restored") };

    private static async Task TakeAsync(BackendFixture backend, Stream to)
    {
        using var call = new Operations.OperationsClient(await backend.AsAdministratorAsync()).Backup(new BackupRequest());
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            call.ResponseStream.Current.Content.Length.ShouldBeInRange(1, 256 * 1024);
            call.ResponseStream.Current.Content.WriteTo(to);
        }
    }

    private static byte[] Tar(params (string Name, string Content)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
        {
            foreach (var (name, content) in entries)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)) });
        }
        return bytes.ToArray();
    }
}
