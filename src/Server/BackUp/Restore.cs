using System.Data.Common;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Hosting;

namespace KeyAccountLogistics.Server.BackUp;

/// <summary>Puts a backup where nothing is yet. Not an RPC: there is no server to ask.</summary>
public static class Restore
{
    private const int ManifestBytesMax = 64 * 1024;

    /// <summary>
    /// Reads an archive made by <c>Operations.Backup</c> into an empty database and an empty data directory, which must be the options' own. Refuses with a
    /// fault, and touches nothing, when either holds something, when the archive is of the other engine or of a newer format, or is not one.
    /// The caller disposes the stream.
    /// </summary>
    public static async Task<Outcome<RestoredBackup>> RunAsync(Stream archive, BackendOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(options);
        var directory = Path.GetFullPath(Composition.DirectoryFor(options));
        bool empty;
        try
        {
            empty = await DatabaseCopies.IsEmptyAsync(options.Database, ct);
        }
        catch (DbException e)
        {
            return new Fault.Unavailable("restore.database_unreachable", $"The database {options.Database} cannot be opened: {e.Message} Make it first (createdb), and check address and password.");
        }
        if (!empty)
            return new Fault.Conflict("restore.database_not_empty", $"The database {options.Database} is not empty. Restore into a new one; nothing is overwritten.");
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            return new Fault.Conflict("restore.data_not_empty", $"The data directory {directory} is not empty. Restore into a new one; nothing is overwritten.");
        try
        {
            await using var gzip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
            await using var tar = new TarReader(gzip);
            return await ReadAsync(tar, options.Database, directory, ct);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException or FormatException)
        {
            return new Fault.Invalid("archive", "restore.unreadable", $"The archive is not a whole backup: {e.Message} What was unpacked is in {directory}; remove it before the next try.");
        }
    }

    private static async Task<Outcome<RestoredBackup>> ReadAsync(TarReader tar, Database database, string directory, CancellationToken ct)
    {
        var manifest = await ReadManifestAsync(tar, ct);
        if (!manifest.IsOk) return manifest.Fault;
        if (!string.Equals(manifest.Value.Engine, database.Engine.ToString(), StringComparison.Ordinal))
            return new Fault.Conflict("restore.other_engine", $"The backup is of {manifest.Value.Engine}, the target is {database.Engine}. Restore into the same engine.");
        InstallationFolder.MakeDirectory(directory);
        var scratch = Path.Combine(directory, "restore.tmp");
        var files = 0;
        var sawDatabase = false;
        while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
        {
            if (entry.Name == Archive.DatabaseEntry)
            {
                await entry.ExtractToFileAsync(scratch, overwrite: true, ct);
                sawDatabase = true;
                continue;
            }
            if (TargetOf(entry, directory) is not { } target) return new Fault.Invalid("archive", "restore.foreign_entry", $"The archive holds '{entry.Name}', which no backup has. Nothing after it was unpacked.");
            InstallationFolder.MakeDirectory(Path.GetDirectoryName(target)!);
            await entry.ExtractToFileAsync(target, overwrite: false, ct);
            files++;
        }
        if (!sawDatabase) return new Fault.Invalid("archive", "restore.no_database", "The archive ends before its database.");
        var fault = await DatabaseCopies.PutBackAsync(database, scratch, ct);
        File.Delete(scratch);
        return fault is null ? new RestoredBackup(manifest.Value.TakenAt, manifest.Value.Program, files) : fault;
    }

    private static async Task<Outcome<Archive.Manifest>> ReadManifestAsync(TarReader tar, CancellationToken ct)
    {
        var entry = await tar.GetNextEntryAsync(copyData: true, ct);
        if (entry is not { Name: Archive.ManifestEntry, DataStream: { Length: <= ManifestBytesMax } content })
            return new Fault.Invalid("archive", "restore.no_manifest", "The archive does not begin with a backup's manifest.");
        var manifest = await JsonSerializer.DeserializeAsync<Archive.Manifest>(content, cancellationToken: ct);
        return manifest is { Format: > 0 and <= Archive.FormatVersion }
            ? manifest
            : new Fault.Invalid("archive", "restore.newer_format", "The archive was made by a newer program. Restore it with that one.");
    }

    private static string? TargetOf(TarEntry entry, string directory)
    {
        if (entry.EntryType != TarEntryType.RegularFile || !entry.Name.StartsWith(Archive.DataPrefix, StringComparison.Ordinal)) return null;
        var target = Path.GetFullPath(Path.Combine(directory, entry.Name[Archive.DataPrefix.Length..]));
        return target.StartsWith(directory + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? target : null;
    }
}

/// <summary>What was put back.</summary>
/// <param name="TakenAt">When the backup was taken.</param>
/// <param name="Program">The version of the program that took it.</param>
/// <param name="Files">How many files of the data directory it held.</param>
public sealed record RestoredBackup(DateTimeOffset TakenAt, string Program, int Files);
