using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.Net.Compression;

/// <summary>A message encoding beside identity.</summary>
public interface ICompressionProvider
{
    /// <summary>The name in <c>grpc-encoding</c>.</summary>
    string EncodingName { get; }

    /// <summary>A stream that compresses into <paramref name="stream"/>; the caller disposes it and keeps the inner stream.</summary>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>A stream that decompresses from <paramref name="stream"/>; the caller disposes it and keeps the inner stream.</summary>
    Stream CreateDecompressionStream(Stream stream);
}

/// <summary>gzip (RFC 1952).</summary>
/// <param name="defaultCompressionLevel">The level when a call names none.</param>
public sealed class GzipCompressionProvider(CompressionLevel defaultCompressionLevel) : ICompressionProvider
{
    /// <inheritdoc/>
    public string EncodingName => "gzip";

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? defaultCompressionLevel, leaveOpen: true);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) => new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
}

/// <summary>Whole messages through a provider, within a limit.</summary>
internal static class MessageCompression
{
    internal static readonly IReadOnlyList<ICompressionProvider> Default = [new GzipCompressionProvider(CompressionLevel.Fastest)];

    internal static ICompressionProvider? Find(IEnumerable<ICompressionProvider> providers, string name)
    {
        foreach (var provider in providers)
        {
            if (provider.EncodingName.Equals(name, StringComparison.OrdinalIgnoreCase)) return provider;
        }

        return null;
    }

    internal static MemoryStream Compress(ICompressionProvider provider, CompressionLevel? level, ReadOnlySpan<byte> payload)
    {
        var compressed = new MemoryStream(Math.Max(64, payload.Length / 2));
        using (var stream = provider.CreateCompressionStream(compressed, level)) stream.Write(payload);
        return compressed;
    }

    /// <summary>
    /// Decompresses into a rented array, which the caller returns. The limit counts what comes out, so that a small message cannot become a
    /// huge one. Throws <see cref="RpcException"/>: RESOURCE_EXHAUSTED over the limit, INTERNAL for what does not decompress.
    /// </summary>
    internal static (byte[] Rented, int Length) Decompress(ICompressionProvider provider, ReadOnlySequence<byte> payload, int? lengthMax)
    {
        var compressed = payload.ToArray();
        var output = ArrayPool<byte>.Shared.Rent(Math.Max(256, compressed.Length));
        try
        {
            using var source = new MemoryStream(compressed, writable: false);
            using var stream = provider.CreateDecompressionStream(source);
            var length = 0;
            while (true)
            {
                if (length == output.Length) Grow(ref output, length);
                var read = stream.Read(output, length, output.Length - length);
                if (read == 0) return (output, length);
                length += read;
                if (length > lengthMax) throw new RpcException(new Status(StatusCode.ResourceExhausted, string.Create(CultureInfo.InvariantCulture, $"Received message exceeds the maximum configured message size of {lengthMax} bytes once decompressed.")));
            }
        }
        catch (Exception e)
        {
            ArrayPool<byte>.Shared.Return(output);
            if (e is InvalidDataException or IOException) throw new RpcException(new Status(StatusCode.Internal, $"The message does not decompress as '{provider.EncodingName}'.", e));
            throw;
        }
    }

    private static void Grow(ref byte[] array, int used)
    {
        var larger = ArrayPool<byte>.Shared.Rent(array.Length * 2);
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        array = larger;
    }
}
