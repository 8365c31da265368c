using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.TermsFolder;

/// <summary>
/// What is kept over restarts: the snapshot's number and the last good terms per file, so that a file broken while the program was down does not take
/// its account's terms away.
/// </summary>
internal sealed record TermsState(ulong Version, ImmutableArray<TermsFile> Files)
{
    private const int BytesMax = 64 * 1_048_576;

    internal static TermsState Nothing { get; } = new(0, []);

    internal string Hash => TermsFile.HashOf(Files);

    /// <summary>
    /// The state that follows when the folder gives these files: the same number when the terms are the same, else a higher one. It counts in seconds
    /// since 1970, so that a lost state file, too, is followed by a higher number than agents and journals have seen.
    /// </summary>
    internal TermsState Next(ImmutableArray<TermsFile> files, long unixSeconds) =>
        string.Equals(Hash, TermsFile.HashOf(files), StringComparison.Ordinal)
            ? this with { Files = files }
            : new TermsState(Math.Max(Version + 1, (ulong)Math.Max(1, unixSeconds)), files);

    /// <summary>Reads the file; nothing when there is none, a reason when it cannot be read.</summary>
    internal static (TermsState State, string? Flaw) Load(string path)
    {
        try
        {
            if (!File.Exists(path)) return (Nothing, null);
            if (new FileInfo(path).Length > BytesMax) return (Nothing, "it is larger than any that was written");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            var files = ImmutableArray.CreateBuilder<TermsFile>();
            foreach (var file in root.GetProperty("files").EnumerateArray())
            {
                var readings = file.GetProperty("terms").EnumerateArray()
                    .Select(t => AccountTermsJson.Read(Encoding.UTF8.GetBytes(t.GetRawText())))
                    .ToList();
                if (readings.Find(r => r.Terms is null) is { } unread) return (Nothing, unread.Mistakes[0].ToString());
                files.Add(new TermsFile(file.GetProperty("name").GetString()!, [.. readings.Select(r => r.Terms!)], []));
            }
            return (new TermsState(root.GetProperty("version").GetUInt64(), files.ToImmutable()), null);
        }
        catch (Exception flaw) when (flaw is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            return (Nothing, flaw.Message);
        }
    }

    /// <summary>Replaces the file as a whole: written beside it, synced, renamed.</summary>
    internal void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var beside = path + ".new";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            {
                json.WriteStartObject();
                json.WriteNumber("version", Version);
                json.WriteStartArray("files");
                foreach (var file in Files.Where(f => !f.Terms.IsEmpty))
                {
                    json.WriteStartObject();
                    json.WriteString("name", file.Name);
                    json.WriteStartArray("terms");
                    foreach (var terms in file.Terms) json.WriteRawValue(AccountTermsJson.Write(terms));
                    json.WriteEndArray();
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            stream.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
    }
}
