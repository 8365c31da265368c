namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>A number as a display shows it, with the places after its point. Immutable value.</summary>
/// <param name="Value">The number; a minus before zero is gone.</param>
/// <param name="Decimals">Digits after the point.</param>
internal readonly record struct ShownNumber(decimal Value, int Decimals)
{
    /// <summary>
    /// Reads a right-aligned field to its end: blanks, a sign, blanks, digits with at most one point. <paramref name="comma"/> where an indicator may be
    /// set to a decimal comma and no comma separates fields.
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<byte> field, out ShownNumber number, bool comma = false)
    {
        number = default;
        scoped var digits = WithoutSign(field, out var negative);
        Span<byte> pointed = stackalloc byte[AsciiNumber.DigitsMax + 1];
        if (digits.Length > pointed.Length) return false;
        if (comma && digits.Contains((byte)',') && !digits.Contains((byte)'.'))
        {
            digits.Replace(pointed[..digits.Length], (byte)',', (byte)'.');
            digits = pointed[..digits.Length];
        }
        if (!AsciiNumber.TryReadUnsigned(digits, negative, out var value, out var decimals)) return false;
        number = new ShownNumber(value, decimals);
        return true;
    }

    /// <summary>Reads <c>5:12.3</c>, pounds and ounces, as ounces: the mass is theirs, exactly.</summary>
    internal static bool TryReadPoundsOunces(ReadOnlySpan<byte> field, out ShownNumber ounces)
    {
        ounces = default;
        var digits = WithoutSign(field, out var negative);
        var colon = digits.IndexOf((byte)':');
        if (colon < 1) return false;
        if (!AsciiNumber.TryReadUnsigned(digits[..colon], negative: false, out var pounds, out var places) || places != 0) return false;
        if (!AsciiNumber.TryReadUnsigned(digits[(colon + 1)..].TrimStart((byte)' '), negative: false, out var rest, out var decimals) || rest >= 16) return false;
        var value = (pounds * 16) + rest;
        ounces = new ShownNumber(negative && value != 0 ? -value : value, decimals);
        return true;
    }

    /// <summary>The same digits with their point, where the field showed none.</summary>
    internal ShownNumber WithPointAt(int places) => places == 0 || Decimals > 0 ? this : new ShownNumber(Value * AsciiNumber.LastDigit(places), places);

    private static ReadOnlySpan<byte> WithoutSign(ReadOnlySpan<byte> field, out bool negative)
    {
        field = field.TrimStart((byte)' ');
        negative = field is [(byte)'-', ..];
        return field is [(byte)'-' or (byte)'+', .. var behind] ? behind.TrimStart((byte)' ') : field;
    }
}
