using System.Text;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>
/// The text of a QR Code that does not say how its bytes are to be read. libzbar takes Big5 for everything that could be it, UTF-8 included; here they are
/// UTF-8 where they are valid UTF-8, half-width katakana where they look like it, else the Chinese standard's GB 18030.
/// </summary>
internal static class QrText
{
    private static readonly Encoding Big5 = CodePagesEncodingProvider.Instance.GetEncoding(950, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback)!;
    private static readonly Encoding ShiftJis = CodePagesEncodingProvider.Instance.GetEncoding(932)!;
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding(54936, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The text of <paramref name="bytes"/>, for which libzbar gives <paramref name="guess"/>: its word stands where the symbol itself named the encoding.</summary>
    internal static string Of(byte[] bytes, string guess)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        if (!Big5.GetBytes(guess).AsSpan().SequenceEqual(bytes)) return guess;
        if (IsHalfWidthKatakana(bytes)) return ShiftJis.GetString(bytes);
        try
        {
            return Gb18030.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return guess;
        }
    }

    /// <summary>Katakana of JIS X 0201 (A1 to DF), and among them a voicing mark behind a syllable that takes one (デ is ﾃ and ﾞ): no other encoding's pairs fall so.</summary>
    private static bool IsHalfWidthKatakana(ReadOnlySpan<byte> bytes)
    {
        var voiced = false;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80) continue;
            if (bytes[i] is < 0xA1 or > 0xDF) return false;
            if (i > 0 && bytes[i] is 0xDE or 0xDF) voiced |= bytes[i - 1] is (>= 0xB6 and <= 0xC4) or (>= 0xCA and <= 0xCE);
        }
        return voiced;
    }
}
