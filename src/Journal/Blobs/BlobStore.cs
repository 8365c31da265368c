using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Journal.Blobs;

/// <summary>
/// Photos and documents, named by the SHA-256 of their content, one directory per month of arrival beside the database. A blob is there whole or not at all: it is written
/// under another name, synced, then renamed. Sending it again finds it there. Personal ones are sealed with their shipment's key. Safe for concurrent use.
/// </summary>
public sealed class BlobStore
{
    internal const int HashLength = 32;
    private const int SealedAtOnceMax = 4;   // sealing holds a whole blob in memory
    private static readonly byte[] SealMark = "KALSEAL1"u8.ToArray();
    private readonly string _directory;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sealing = new(SealedAtOnceMax, SealedAtOnceMax);
    private long _serial;

    internal BlobStore(string directory, JournalOptions options, TimeProvider time) => (_directory, _options, _time) = (Path.Combine(directory, "blobs"), options, time);

    /// <summary>True when the blob of that hash has arrived.</summary>
    public bool Exists(ReadOnlySpan<byte> sha256) => Find(NameOf(sha256)) is not null;

    /// <summary>
    /// Stores a blob from its parts. The hash and length announced must be those of the content: else Invalid, and nothing is kept. Over the limit: Invalid.
    /// With a key the file is sealed for that shipment. Storing what is there already answers Ok at once, after reading nothing.
    /// </summary>
    public async Task<Outcome<string>> StoreAsync(ReadOnlyMemory<byte> sha256, long length, IAsyncEnumerable<ReadOnlyMemory<byte>> content, ShipmentKey? key = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (sha256.Length != HashLength) return new Fault.Invalid("sha256", "blob.hash", $"A blob is named by the 32 bytes of its SHA-256; {N(sha256.Length)} bytes were sent.");
        if (length is < 1 || length > _options.BlobBytesMax)
            return new Fault.Invalid("length", "blob.too_big", $"The blob has {N(length)} bytes; from 1 to {N(_options.BlobBytesMax)} are taken. Photograph with a lower resolution.");
        var name = NameOf(sha256.Span);
        if (Find(name) is not null) return name;
        var month = Path.Combine(_directory, _time.GetUtcNow().ToString("yyyy-MM", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(month);
        var temporary = Path.Combine(month, string.Create(CultureInfo.InvariantCulture, $".{name}.{Environment.ProcessId}.{Interlocked.Increment(ref _serial)}"));
        try
        {
            var refused = key is null
                ? await WriteAsync(temporary, sha256, length, content, ct)
                : await SealAsync(temporary, sha256, length, content, key, ct);
            if (refused is not null) return refused;
            File.Move(temporary, Path.Combine(month, name), overwrite: true);
            DirectorySync.Sync(month);
            return name;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>
    /// The content, verified against its name. NotFound when it has not arrived; Unavailable (blob.sealed) when it is sealed and the key is missing or destroyed;
    /// Conflict (blob.damaged) when the file is not what it was.
    /// </summary>
    public async Task<Outcome<byte[]>> ReadAsync(ReadOnlyMemory<byte> sha256, ShipmentKey? key = null, CancellationToken ct = default)
    {
        var name = NameOf(sha256.Span);
        if (Find(name) is not { } path) return new Fault.NotFound("blob.unknown", $"The blob {name} has not arrived. It is uploaded after its event; ask the depot whether its agent still holds it.");
        var bytes = await File.ReadAllBytesAsync(path, ct);
        if (bytes.AsSpan().StartsWith(SealMark))
        {
            if (key is null) return new Fault.Unavailable("blob.sealed", $"The blob {name} is sealed with its shipment's key, which was not given or is destroyed.");
            if (key.Open(bytes.AsMemory(SealMark.Length), sha256.Span) is not { } plain) return Damaged(name);
            bytes = plain;
        }
        return SHA256.HashData(bytes).AsSpan().SequenceEqual(sha256.Span) ? bytes : Damaged(name);
    }

    private static Fault.Conflict Damaged(string name) =>
        new("blob.damaged", $"The file of blob {name} is not what was stored, or the key is another shipment's. Restore it from a backup.");

    private static string NameOf(ReadOnlySpan<byte> sha256) => Convert.ToHexStringLower(sha256);

    private string? Find(string name)
    {
        if (!Directory.Exists(_directory)) return null;
        // Newest month first: what is asked for is nearly always recent.
        return Directory.GetDirectories(_directory).OrderDescending(StringComparer.Ordinal).Select(m => Path.Combine(m, name)).FirstOrDefault(File.Exists);
    }

    private static async Task<Fault?> WriteAsync(string path, ReadOnlyMemory<byte> sha256, long length, IAsyncEnumerable<ReadOnlyMemory<byte>> content, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024, FileOptions.Asynchronous);
        var written = 0L;
        await foreach (var part in content.WithCancellation(ct))
        {
            written += part.Length;
            if (written > length) return WrongLength(length);
            hash.AppendData(part.Span);
            await file.WriteAsync(part, ct);
        }
        if (written != length) return WrongLength(length);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(sha256.Span)) return WrongHash();
        await file.FlushAsync(ct);
        file.Flush(flushToDisk: true);
        return null;
    }

    private async Task<Fault?> SealAsync(string path, ReadOnlyMemory<byte> sha256, long length, IAsyncEnumerable<ReadOnlyMemory<byte>> content, ShipmentKey key, CancellationToken ct)
    {
        await _sealing.WaitAsync(ct);
        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var read = 0;
            await foreach (var part in content.WithCancellation(ct))
            {
                if (read + part.Length > length) return WrongLength(length);
                part.CopyTo(buffer.AsMemory(read));
                read += part.Length;
            }
            if (read != length) return WrongLength(length);
            if (!SHA256.HashData(buffer.AsSpan(0, read)).AsSpan().SequenceEqual(sha256.Span)) return WrongHash();
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await file.WriteAsync(SealMark, ct);
            await file.WriteAsync(key.Seal(buffer.AsSpan(0, read), sha256.Span), ct);
            file.Flush(flushToDisk: true);
            return null;
        }
        finally
        {
            // It held somebody's face or signature.
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, (int)length));
            ArrayPool<byte>.Shared.Return(buffer);
            _sealing.Release();
        }
    }

    private static Fault.Invalid WrongLength(long length) => new("length", "blob.length", $"The content does not have the {N(length)} bytes announced. Send it again from the beginning.");

    private static Fault.Invalid WrongHash() => new("sha256", "blob.hash_mismatch", "The content does not have the SHA-256 announced: it was damaged on the way. Send it again.");

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);
}
