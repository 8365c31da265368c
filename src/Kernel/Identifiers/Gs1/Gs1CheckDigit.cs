namespace KeyAccountLogistics.Kernel.Gs1;

/// <summary>
/// The check digit of GTIN, GLN, SSCC and the other numeric GS1 keys: modulo 10 with weights 3, 1, 3, … from the right (GS1 General Specifications 7.9.1).
/// It finds every wrong digit, and swapped neighbours unless they differ by five.
/// </summary>
public static class Gs1CheckDigit
{
    /// <summary>The check digit that follows these digits; <see cref="ArgumentException"/> when something else than a digit is among them, or none.</summary>
    public static char Of(ReadOnlySpan<char> digits)
    {
        if (!IdentifierText.IsDigits(digits)) throw new ArgumentException("Only digits have a GS1 check digit.", nameof(digits));
        var sum = 0;
        for (var i = 0; i < digits.Length; i++) sum += (digits[i] - '0') * ((digits.Length - i) % 2 == 1 ? 3 : 1);
        return (char)('0' + ((10 - (sum % 10)) % 10));
    }

    /// <summary>True when all are digits, there are at least two, and the last is the check digit of the others.</summary>
    public static bool IsRight(ReadOnlySpan<char> withCheckDigit) =>
        withCheckDigit.Length >= 2 && IdentifierText.IsDigits(withCheckDigit) && Of(withCheckDigit[..^1]) == withCheckDigit[^1];
}
