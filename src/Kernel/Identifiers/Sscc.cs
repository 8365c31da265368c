using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// A Serial Shipping Container Code: 18 digits that name one logistic unit (a parcel, bag or cage) world-wide: extension digit, GS1 company prefix, serial, check digit.
/// Source: GS1 General Specifications, AI (00). Immutable. A default value is no code and throws when asked.
/// </summary>
public readonly record struct Sscc
{
    private readonly string? _digits;

    private Sscc(string digits) => _digits = digits;

    /// <summary>The 18 digits.</summary>
    public string Text => _digits ?? throw new InvalidOperationException("A default Sscc is no code.");

    /// <summary>Reads 18 digits, blanks and full-width digits put right; false on another length, other characters or a wrong check digit.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out Sscc sscc)
    {
        sscc = default;
        if (IdentifierText.Canonical(text) is not { Length: 18 } digits || !Gs1CheckDigit.IsRight(digits)) return false;
        sscc = new Sscc(digits);
        return true;
    }

    /// <summary>From the 17 digits before the check digit (extension, company prefix, serial), for an operator that has a company prefix.</summary>
    public static Sscc Issue(ReadOnlySpan<char> seventeen)
    {
        if (seventeen.Length != 17) throw new ArgumentException("An SSCC is issued from 17 digits.", nameof(seventeen));
        return new Sscc(string.Concat(seventeen, [Gs1CheckDigit.Of(seventeen)]));
    }

    /// <summary>The 18 digits; empty for a default value.</summary>
    public override string ToString() => _digits ?? "";
}
