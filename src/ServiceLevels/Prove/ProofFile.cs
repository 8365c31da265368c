using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using KeyAccountLogistics.Api.Levels.V1;

namespace KeyAccountLogistics.ServiceLevels.Proving;

/// <summary>An extract as a zip file of texts: anybody can read it without this program. Written and read as a stream; what is read is bounded, since a file may come from anywhere.</summary>
internal static class ProofFile
{
    internal const string Head = "head.json", Terms = "terms.json", Subjects = "subjects.jsonl", Result = "result.json", Manifest = "manifest.json", ReadMe = "README.txt", Documents = "contracts/";
    private const int EntriesMax = 500;
    private const int LineBytesMax = 16 * 1024 * 1024;
    private const long SubjectsBytesMax = 64L * 1024 * 1024 * 1024;
    private static readonly DateTimeOffset Undated = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    internal static async Task WriteAsync(IAsyncEnumerable<ProofPart> parts, Stream target, CancellationToken ct)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var (subjects, events, whole) = (0L, 0L, false);
        await using var zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, ct);
        Entry? lines = null;
        await foreach (var part in parts.WithCancellation(ct))
        {
            switch (part.PartCase)
            {
                case ProofPart.PartOneofCase.Head: await WholeAsync(Head, JsonFormatter.Default.Format(part.Head)); break;
                case ProofPart.PartOneofCase.Terms: await WholeAsync(Terms, JsonFormatter.Default.Format(part.Terms)); break;
                case ProofPart.PartOneofCase.Document: await WholeAsync(FormattableString.Invariant($"{Documents}{SafeName(part.Document.Contract)}-v{part.Document.Version}.json"), JsonFormatter.Default.Format(part.Document)); break;
                case ProofPart.PartOneofCase.Subject:
                    lines ??= await Entry.OpenAsync(zip, Subjects, ct);
                    await lines.WriteAsync(JsonFormatter.Default.Format(part.Subject) + "\n", ct);
                    (subjects, events) = (subjects + 1, events + part.Subject.Events.Count);
                    break;
                case ProofPart.PartOneofCase.Result:
                    lines ??= await Entry.OpenAsync(zip, Subjects, ct);
                    hashes[Subjects] = await lines.CloseAsync();
                    await WholeAsync(Result, part.Result.Scorecard + "\n");
                    whole = true;
                    break;
                default: throw new InvalidDataException("The backend sends a part that this program does not know: install the version of the backend.");
            }
        }
        if (!whole) throw new InvalidDataException("The backend ended before the result.");
        await WholeAsync(ReadMe, ProofWords.ReadMe);
        await using var manifest = await Entry.OpenAsync(zip, Manifest, ct);
        await manifest.WriteAsync(JsonSerializer.Serialize(new ProofManifest(MakeProof.Layout, subjects, events, hashes)) + "\n", ct);
        await manifest.CloseAsync();

        async Task WholeAsync(string name, string text)
        {
            await using var entry = await Entry.OpenAsync(zip, name, ct);
            await entry.WriteAsync(text, ct);
            hashes[name] = await entry.CloseAsync();
        }
    }

    internal static async Task<ZipArchive> OpenAsync(Stream file, CancellationToken ct)
    {
        var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8, ct);
        if (zip.Entries.Count > EntriesMax) throw new InvalidDataException($"It holds {zip.Entries.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)} files, which is no extract.");
        return zip;
    }

    internal static async Task<ProofManifest> ManifestAsync(ZipArchive zip, CancellationToken ct) =>
        JsonSerializer.Deserialize<ProofManifest>(await TextAsync(zip, Manifest, ct)) is { Files: not null } manifest ? manifest : throw new InvalidDataException($"{Manifest} says nothing.");

    internal static async Task<T> MessageAsync<T>(ZipArchive zip, string name, CancellationToken ct) where T : IMessage, new() => Parser.Parse<T>(await TextAsync(zip, name, ct));

    internal static async IAsyncEnumerable<ProofSubject> SubjectsAsync(ZipArchive zip, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var stream = await Named(zip, Subjects).OpenAsync(ct);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = new StringBuilder();
        var buffer = new char[64 * 1024];
        var total = 0L;
        int read;
        while ((read = await reader.ReadAsync(buffer, ct)) > 0)
        {
            if ((total += read) > SubjectsBytesMax) throw new InvalidDataException($"{Subjects} is longer than any extract.");
            for (var start = 0; start < read;)
            {
                var end = Array.IndexOf(buffer, '\n', start, read - start);
                line.Append(buffer, start, (end < 0 ? read : end) - start);
                if (line.Length > LineBytesMax) throw new InvalidDataException($"A line of {Subjects} is longer than any subject.");
                if (end < 0) break;
                yield return Parser.Parse<ProofSubject>(line.ToString());
                line.Clear();
                start = end + 1;
            }
        }
        if (line.Length > 0) yield return Parser.Parse<ProofSubject>(line.ToString());
    }

    /// <summary>SHA-256 of a file of the extract, hexadecimal; null when it is not there.</summary>
    internal static async Task<string?> HashAsync(ZipArchive zip, string name, CancellationToken ct)
    {
        if (zip.GetEntry(name) is not { } entry) return null;
        await using var stream = await entry.OpenAsync(ct);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var total = 0L;
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if ((total += read) > SubjectsBytesMax) throw new InvalidDataException($"{name} is longer than any extract.");
            hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<string> TextAsync(ZipArchive zip, string name, CancellationToken ct)
    {
        await using var stream = await Named(zip, name).OpenAsync(ct);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new StringBuilder();
        var buffer = new char[64 * 1024];
        int read;
        while ((read = await reader.ReadAsync(buffer, ct)) > 0)
        {
            text.Append(buffer, 0, read);
            if (text.Length > LineBytesMax) throw new InvalidDataException($"{name} is longer than any extract has it.");
        }
        return text.ToString();
    }

    private static ZipArchiveEntry Named(ZipArchive zip, string name) => zip.GetEntry(name) ?? throw new InvalidDataException($"{name} is missing.");

    private static string SafeName(string contract) => string.Concat(contract.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' ? c : '_'));

    /// <summary>A file being written, its hash taken on the way.</summary>
    private sealed class Entry(Stream stream) : IAsyncDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        internal static async Task<Entry> OpenAsync(ZipArchive zip, string name, CancellationToken ct)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
            entry.LastWriteTime = Undated;
            return new Entry(await entry.OpenAsync(ct));
        }

        internal async Task WriteAsync(string text, CancellationToken ct)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            _hash.AppendData(bytes);
            await stream.WriteAsync(bytes, ct);
        }

        internal async Task<string> CloseAsync()
        {
            await stream.DisposeAsync();
            return Convert.ToHexStringLower(_hash.GetCurrentHash());
        }

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            _hash.Dispose();
        }
    }
}

/// <summary>What an extract says it holds.</summary>
internal sealed record ProofManifest(int Layout, long Subjects, long Events, SortedDictionary<string, string> Files);
