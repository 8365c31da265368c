namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>Reads the numbers scales print: digits, at most one point, nothing that a culture could turn around, nothing allocated.</summary>
internal static class AsciiNumber
{
    /// <summary>More digits than this is no scale (and would not fit a long).</summary>
    internal const int DigitsMax = 15;

    /// <summary>
    /// Reads <c>[+-]digits[.digits]</c> filling the whole span. At least one digit; a point needs a digit after it. False otherwise.
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, out decimal number, out int decimals)
    {
        number = 0;
        decimals = 0;
        var negative = text is [(byte)'-', ..];
        if (text is [(byte)'-' or (byte)'+', ..]) text = text[1..];
        return TryReadUnsigned(text, negative, out number, out decimals);
    }

    /// <summary>Reads <c>digits[.digits]</c> filling the whole span, with the sign told apart.</summary>
    internal static bool TryReadUnsigned(ReadOnlySpan<byte> text, bool negative, out decimal number, out int decimals)
    {
        number = 0;
        decimals = 0;
        long digits = 0;
        var count = 0;
        var point = -1;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'.')
            {
                if (point >= 0) return false;
                point = i;
                continue;
            }
            if (!IsDigit(text[i]) || ++count > DigitsMax) return false;
            digits = (digits * 10) + (text[i] - '0');
        }
        if (count == 0 || point == text.Length - 1) return false;
        decimals = point < 0 ? 0 : text.Length - 1 - point;
        number = Scaled(digits, negative, decimals);
        return true;
    }

    /// <summary>Whole digits with the point put <paramref name="decimals"/> places from the right. A negative zero becomes zero.</summary>
    internal static decimal Scaled(long digits, bool negative, int decimals) =>
        new(unchecked((int)digits), (int)(digits >> 32), 0, negative && digits != 0, (byte)decimals);

    internal static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    /// <summary>Ten to the power of minus <paramref name="decimals"/>, the last digit shown.</summary>
    internal static decimal LastDigit(int decimals) => new(1, 0, 0, isNegative: false, (byte)decimals);
}
