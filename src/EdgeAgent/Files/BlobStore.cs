using System.Security.Cryptography;

namespace KeyAccountLogistics.EdgeAgent.Files;

/// <summary>
/// Signatures and photos waiting for their upload, by SHA-256: on the disk before the event that names them, gone when the backend has them.
/// </summary>
internal sealed class BlobStore(IDurableFiles files, string directory)
{
    /// <summary>As in the backend (design: storage).</summary>
    public const int BytesMax = 5 << 20;

    /// <summary>Keeps the content and gives its SHA-256. Throws <see cref="IOException"/> when the disk refuses.</summary>
    public byte[] Keep(ReadOnlySpan<byte> content, string mediaType)
    {
        Kernel.Invariant.Holds(content.Length is > 0 and <= BytesMax, "a blob's size is checked before it is kept");
        var hash = SHA256.HashData(content);
        files.CreateDirectory(directory);
        var path = Path.Combine(directory, Convert.ToHexStringLower(hash) + Extension(mediaType));
        if (!files.Exists(path)) files.Replace(path, content);
        return hash;
    }

    /// <summary>Paths of what waits; names are the hash and the kind.</summary>
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
