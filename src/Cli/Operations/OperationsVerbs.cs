using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Server.Hosting;

namespace KeyAccountLogistics.Cli.Operations;

/// <summary>The verbs with which people check and keep an installation: verify-journal, rebuild, backup, restore.</summary>
internal static class OperationsVerbs
{
    public static Command VerifyJournal()
    {
        var verb = new Command("verify-journal", "Walks every source's hash chain and every blob; names the first broken link of each.");
        var connection = ConnectionOptions.AddTo(verb);
        var source = new Option<string?>("--source") { Description = "Only this source, such as agent:…" };
        verb.Options.Add(source);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            using var call = new Api.Operations.V1.Operations.OperationsClient(backend.Calls).VerifyJournal(new VerifyJournalRequest { Source = parsed.GetValue(source) ?? "" }, cancellationToken: ct);
            var said = parsed.InvocationConfiguration;
            var last = new VerifyJournalProgress();
            await foreach (var step in call.ResponseStream.ReadAllAsync(ct))
            {
                last = step;
                if (!step.Done) await said.Error.WriteAsync($"\r{step.Events:N0} events ");
            }
            await said.Error.WriteLineAsync();
            foreach (var one in last.Broken)
                await said.Output.WriteLineAsync($"BROKEN  {one.Source}: link {one.ChainIndex} {one.Reason}{(one.EventId.Length > 0 ? $", event {one.EventId}" : "")}");
            foreach (var gap in last.Gaps)
                await said.Output.WriteLineAsync($"GAP     {gap.Source}: boot {gap.Boot} lacks {gap.FirstMissing} to {gap.LastMissing}");
            foreach (var blob in last.MissingBlobs) await said.Output.WriteLineAsync($"MISSING blob {blob}");
            await said.Output.WriteLineAsync($"{last.Events:N0} events of {last.Sources} sources: {(last.Broken.Count == 0 ? "every link holds" : $"{last.Broken.Count} sources broken")}.");
            return last.Broken.Count == 0 && last.MissingBlobs.Count == 0 ? ExitCode.Ok : ExitCode.Bad;
        });
        return verb;
    }

    public static Command Rebuild()
    {
        var verb = new Command("rebuild", "Builds every projection anew from the journal, reports what the live ones have otherwise, and puts it right.");
        var connection = ConnectionOptions.AddTo(verb);
        var dry = new Option<bool>("--dry-run") { Description = "Report only." };
        verb.Options.Add(dry);
        verb.Runs(async (parsed, ct) =>
        {
            await using var backend = await connection.OpenAsync(parsed, ct);
            using var call = new Api.Operations.V1.Operations.OperationsClient(backend.Calls).Rebuild(new RebuildRequest { DryRun = parsed.GetValue(dry) }, cancellationToken: ct);
            var said = parsed.InvocationConfiguration;
            var last = new RebuildProgress();
            await foreach (var step in call.ResponseStream.ReadAllAsync(ct))
            {
                foreach (var one in step.Shown) await said.Output.WriteLineAsync($"DIFFERS {one.Projection} {one.Key} {one.Field}: live {one.Live}, rebuilt {one.Rebuilt}");
                last = step;
                if (!step.Done) await said.Error.WriteAsync($"\r{step.Parcels:N0} parcels, {step.Events:N0} events ");
            }
            await said.Error.WriteLineAsync();
            await said.Output.WriteLineAsync($"{last.Parcels:N0} parcels from {last.Events:N0} events: {(last.Differences == 0 ? "no difference" : $"{last.Differences:N0} differences{(parsed.GetValue(dry) ? "" : ", put right")}")}.");
            return last.Differences == 0 ? ExitCode.Ok : ExitCode.Bad;
        });
        return verb;
    }

    public static Command Backup()
    {
        var verb = new Command("backup", "Writes database and blobs into one archive while the backend runs.");
        var connection = ConnectionOptions.AddTo(verb);
        var file = new Argument<FileInfo>("FILE") { Description = "The archive; must not exist yet." };
        verb.Arguments.Add(file);
        verb.Runs(async (parsed, ct) =>
        {
            var target = parsed.GetRequiredValue(file);
            if (target.Exists) throw new UsageException($"{target.FullName} exists already; backups are not overwritten.");
            await using var backend = await connection.OpenAsync(parsed, ct);
            using var call = new Api.Operations.V1.Operations.OperationsClient(backend.Calls).Backup(new BackupRequest(), cancellationToken: ct);
            var draft = target.FullName + ".part";
            long written = 0;
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            // It holds the installation's secrets.
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var stream = new FileStream(draft, options))
            {
                await foreach (var part in call.ResponseStream.ReadAllAsync(ct))
                {
                    await stream.WriteAsync(part.Content.Memory, ct);
                    written += part.Content.Length;
                }
                stream.Flush(flushToDisk: true);
            }
            File.Move(draft, target.FullName);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{target.FullName}: {written / 1048576m:N1} MiB.");
            return ExitCode.Ok;
        });
        return verb;
    }

    public static Command Restore()
    {
        var verb = new Command("restore", "Puts a backup into an empty database and an empty data directory; nothing is overwritten. The backend must not run on them.");
        var file = new Argument<FileInfo>("FILE") { Description = "The archive that kal backup wrote." };
        var database = new Option<string>("--database") { Description = "Where to: sqlite:PATH of a file that does not exist, or postgres://… of an empty database.", Required = true, HelpName = "DATABASE" };
        var data = new Option<string?>("--data") { Description = "Data directory to fill; default: beside the SQLite file.", HelpName = "DIR" };
        verb.Arguments.Add(file);
        verb.Options.Add(database);
        verb.Options.Add(data);
        verb.Runs(async (parsed, ct) =>
        {
            var archive = parsed.GetRequiredValue(file);
            if (!archive.Exists) throw new UsageException($"{archive.FullName} does not exist.");
            await using var stream = archive.OpenRead();
            var target = BackendOptions.ForLocalVerb(DatabaseOption.Read(parsed.GetRequiredValue(database)), parsed.GetValue(data));
            var restored = (await Server.BackUp.Restore.RunAsync(stream, target, ct)).Match(done => done, fault => throw new UsageException(fault.Message));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"Restored the backup of {restored.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z (kal {restored.Program}): database and {restored.Files} files. Check it with: kal verify-journal --database {parsed.GetValue(database)}"));
            return ExitCode.Ok;
        });
        return verb;
    }
}
