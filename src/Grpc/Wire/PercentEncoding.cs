using System.Text;

namespace Grpc.Wire;

/// <summary>The encoding of <c>grpc-message</c>: UTF-8, every byte but printable ASCII without '%' as %XX.</summary>
internal static class PercentEncoding
{
    /// <summary>The most that a status text may take on the wire: peers refuse headers of more than 8 KiB in all.</summary>
    internal const int LengthMax = 4096;

    private const string HexDigits = "0123456789ABCDEF";

    internal static string Encode(string text)
    {
        if (text.Length <= LengthMax && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%')) return text;
        var encoded = new StringBuilder(Math.Min(text.Length + 16, LengthMax));
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            var plain = length == 1 && utf8[0] is >= 0x20 and <= 0x7E and not (byte)'%';
            if (encoded.Length + (plain ? 1 : 3 * length) > LengthMax) break;
            if (plain) encoded.Append((char)utf8[0]);
            else AppendEscaped(encoded, utf8[..length]);
        }

        return encoded.ToString();
    }

    internal static string Decode(string text)
    {
        if (!text.Contains('%')) return text;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            // What is not a valid escape stays as it is: the text is for people, and half of it is better than none.
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[count++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                count += Encoding.UTF8.GetBytes(text.AsSpan(i, 1), bytes.AsSpan(count));
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    private static void AppendEscaped(StringBuilder encoded, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) encoded.Append('%').Append(HexDigits[b >> 4]).Append(HexDigits[b & 15]);
    }
}
