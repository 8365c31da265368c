using System.Security.Cryptography;
using System.Text;

namespace KeyAccountLogistics.Server.Access;

/// <summary>Secrets and ids as people and headers carry them: Crockford's base 32 in lower case, no letter that is taken for another.</summary>
internal static class SecretText
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Fresh secret text of so many random bytes.</summary>
    internal static string Random(int bytes) => Encode(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>Five bits a character, the last one padded with zero bits.</summary>
    internal static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        int buffer = 0, bits = 0;
        foreach (var b in bytes)
        {
            buffer = ((buffer << 8) | b) & 0xFFFF;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Alphabet[(buffer >> bits) & 31]);
            }
        }
        if (bits > 0) text.Append(Alphabet[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }

    /// <summary>Eight characters from the random end of a UUID: ids that people read aloud.</summary>
    internal static string ShortId(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Encode(bytes[11..]).ToUpperInvariant();
    }

    /// <summary>What the database keeps of a secret that is itself random: SHA-256, no salt needed.</summary>
    internal static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>What a person typed, as it was made: lower case, without separators, with the letters that look alike put right.</summary>
    internal static string Normalise(string typed) => new([.. typed.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Select(c => c switch
    {
        'o' => '0',
        'i' or 'l' => '1',
        _ => c,
    })]);
}
