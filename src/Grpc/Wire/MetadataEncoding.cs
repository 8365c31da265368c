using System.Buffers.Text;
using System.Text;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Metadata as header values: text as it is, bytes in base64 (written without padding, read with or without, comma-joined).</summary>
internal static class MetadataEncoding
{
    /// <summary>Adds a received header; false if a binary value is not base64.</summary>
    internal static bool TryAdd(Metadata metadata, string name, string value)
    {
        name = name.ToLowerInvariant();
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            if (IsValidName(name)) metadata.Add(name, value);
            return true;
        }

        if (!IsValidName(name)) return true;
        foreach (var part in value.Split(','))
        {
            if (!TryDecode(part.Trim(), out var bytes)) return false;
            metadata.Add(name, bytes);
        }

        return true;
    }

    /// <summary>The value to send; throws <see cref="RpcException"/> INTERNAL for text that no header can carry.</summary>
    internal static string ToHeaderValue(Metadata.Entry entry)
    {
        if (entry.IsBinary) return Convert.ToBase64String(entry.RawBytes).TrimEnd('=');
        if (entry.Value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The value of metadata '{entry.Key}' holds characters other than printable ASCII; send it under a key that ends in '-bin'."));
        }

        return entry.Value;
    }

    /// <summary>A binary value from base64 with or without padding.</summary>
    internal static bool TryDecode(string text, out byte[] bytes)
    {
        var unpadded = text.AsSpan().TrimEnd('=');
        if (text.Length - unpadded.Length > 2 || unpadded.Length % 4 == 1)
        {
            bytes = [];
            return false;
        }

        var padded = string.Concat(unpadded, "==".AsSpan(0, (4 - (unpadded.Length % 4)) % 4));
        bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        if (!Convert.TryFromBase64String(padded, bytes, out var length)) return false;
        if (length != bytes.Length) bytes = bytes[..length];
        return true;
    }

    /// <summary>The lines of a gRPC-Web trailers frame.</summary>
    internal static byte[] ToTrailerBlock(IEnumerable<KeyValuePair<string, string>> trailers)
    {
        var block = new StringBuilder();
        foreach (var (name, value) in trailers) block.Append(name).Append(':').Append(value).Append("\r\n");
        return Encoding.ASCII.GetBytes(block.ToString());
    }

    // A peer may send names that HTTP allows and gRPC does not; they are no metadata.
    private static bool IsValidName(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
