using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Hosting;
using NodaTime;

namespace KeyAccountLogistics.Server.BackUp;

/// <summary>
/// One backup as a file: gzipped tar with <c>manifest.json</c> first, then the database, then the data directory as it stands (secrets, keys, blobs, terms).
/// The database is taken first, so that every blob it names is there. It is as secret as the server itself.
/// </summary>
internal static class Archive
{
    internal const string ManifestEntry = "manifest.json";
    internal const string DatabaseEntry = "database";
    internal const string DataPrefix = "data/";
    internal const int FormatVersion = 1;

    /// <summary>What the archive says of itself.</summary>
    internal sealed record Manifest(int Format, string Engine, string Program, DateTimeOffset TakenAt);

    /// <summary>Writes an archive; what goes wrong with the database's own tools is a fault, and the archive then is not complete.</summary>
    internal static async Task<Fault?> WriteAsync(Database database, InstallationFolder data, Instant now, Stream to, CancellationToken ct)
    {
        var scratch = Path.Combine(data.Path, "backup-" + Access.SecretText.Random(5) + ".tmp");
        try
        {
            if (await DatabaseCopies.TakeAsync(database, scratch, ct) is { } fault) return fault;
            await using var gzip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true);
            await using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
            var manifest = new Manifest(FormatVersion, database.Engine.ToString(), Program, now.ToDateTimeOffset());
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, ManifestEntry) { DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest)) }, ct);
            await tar.WriteEntryAsync(scratch, DatabaseEntry, ct);
            foreach (var file in FilesOf(data, database).Where(File.Exists)) await tar.WriteEntryAsync(file, DataPrefix + Path.GetRelativePath(data.Path, file), ct);
            return null;
        }
        finally
        {
            File.Delete(scratch);
        }
    }

    internal static string Program => typeof(Archive).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Bytes before compression, for a progress bar.</summary>
    internal static long Estimate(Database database, InstallationFolder data) =>
        FilesOf(data, database).Sum(file => new FileInfo(file).Length) + (database.Path is { } path && File.Exists(path) ? new FileInfo(path).Length : 0);

    // A database inside its own data directory is taken through its engine, never as a file that is being written.
    private static IEnumerable<string> FilesOf(InstallationFolder data, Database database) => Directory.EnumerateFiles(data.Path, "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal) && (database.Path is null || !file.StartsWith(database.Path, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal);
}
