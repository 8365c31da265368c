using System.Security.Cryptography;

namespace KeyAccountLogistics.EdgeAgent.Files;

/// <summary>
/// Signatures and photos waiting for their upload, by SHA-256: on the disk before the event that names them, gone when the backend has them.
/// </summary>
internal sealed class BlobStore(IDurableFiles files, string directory)
{
    /// <summary>As in the backend (design: storage).</summary>
    public const int BytesMax = 5 << 20;

    /// <summary>Keeps the content for the event that will name it and gives its SHA-256. Throws <see cref="IOException"/> when the disk refuses.</summary>
    public byte[] Keep(ReadOnlySpan<byte> content, string mediaType, ReadOnlySpan<byte> eventId)
    {
        Kernel.Invariant.Holds(content.Length is > 0 and <= BytesMax, "a blob's size is checked before it is kept");
        var hash = SHA256.HashData(content);
        files.CreateDirectory(directory);
        var path = PathOf(hash, eventId, mediaType);
        if (!files.Exists(path)) files.Replace(path, content);
        return hash;
    }

    /// <summary>Takes back what was kept for an event that did not come about.</summary>
    public void Forget(ReadOnlySpan<byte> hash, string mediaType, ReadOnlySpan<byte> eventId)
    {
        if (PathOf(hash, eventId, mediaType) is var path && files.Exists(path)) files.Delete(path);
    }

    /// <summary>Hash and event of a path; null for a file that is not one of these.</summary>
    public static (byte[] Hash, byte[] EventId)? NamedBy(string path)
    {
        var parts = Path.GetFileName(path).Split('.');
        return parts is [{ Length: 64 } hash, { Length: 32 } id, _] && hash.All(char.IsAsciiHexDigit) && id.All(char.IsAsciiHexDigit) ? (Convert.FromHexString(hash), Convert.FromHexString(id)) : null;
    }

    private string PathOf(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> eventId, string mediaType) =>
        Path.Combine(directory, Convert.ToHexStringLower(hash) + "." + Convert.ToHexStringLower(eventId) + Extension(mediaType));

    /// <summary>Paths of what waits; names are the hash, the event and the kind.</summary>
    public IReadOnlyList<string> Waiting() => [.. files.List(directory).Where(static path => !path.EndsWith(".partial", StringComparison.Ordinal))];

    public byte[]? Read(string path) => files.Read(path, BytesMax);

    public void Done(string path) => files.Delete(path);

    public static string MediaType(string path) => Path.GetExtension(path) switch
    {
        ".png" => "image/png",
        ".jpg" => "image/jpeg",
        _ => "application/octet-stream",
    };

    private static string Extension(string mediaType) => mediaType switch
    {
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        _ => ".bin",
    };
}
