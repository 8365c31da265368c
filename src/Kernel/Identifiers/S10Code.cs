namespace KeyAccountLogistics.Kernel;

/// <summary>
/// A postal item identifier of UPU standard S10: two letters of service, eight digits, check digit, ISO 3166 country: <c>RR473124829GB</c>. Accepted as a parcel's other name
/// across borders, never issued (the ranges are allocated to posts). Immutable. A default value is no code and throws when asked.
/// </summary>
public readonly record struct S10Code
{
    private readonly string? _text;

    private S10Code(string text) => _text = text;

    /// <summary>The 13 characters.</summary>
    public string Text => _text ?? throw new InvalidOperationException("A default S10Code is no code.");

    /// <summary>The service indicator, two letters; J, K, S, T and W at the start are reserved by the UPU.</summary>
    public string Service => Text[..2];

    /// <summary>The country of the issuing post, ISO 3166-1 alpha-2.</summary>
    public string Country => Text[11..];

    /// <summary>Reads tolerantly (blanks, small letters, full-width). False with the flaw otherwise.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out S10Code code, out S10Flaw flaw)
    {
        code = default;
        flaw = IdentifierText.Canonical(text) is { Length: 13 } canonical ? Judge(canonical) : S10Flaw.Shape;
        if (flaw is S10Flaw.None) code = new S10Code(IdentifierText.Canonical(text)!);
        return flaw is S10Flaw.None;
    }

    private static S10Flaw Judge(ReadOnlySpan<char> text)
    {
        if (!IdentifierText.IsCapitals(text[..2]) || !IdentifierText.IsDigits(text[2..11]) || !IdentifierText.IsCapitals(text[11..])) return S10Flaw.Shape;
        if (!Countries.IsAlpha2(text[11..])) return S10Flaw.Country;
        return CheckDigit(text[2..10]) == text[10] ? S10Flaw.None : S10Flaw.CheckDigit;
    }

    private static char CheckDigit(ReadOnlySpan<char> serial)
    {
        ReadOnlySpan<int> weights = [8, 6, 4, 2, 3, 5, 9, 7];
        var sum = 0;
        for (var i = 0; i < weights.Length; i++) sum += (serial[i] - '0') * weights[i];
        return (11 - (sum % 11)) switch { 10 => '0', 11 => '5', var digit => (char)('0' + digit) };
    }

    /// <summary>The 13 characters; empty for a default value.</summary>
    public override string ToString() => _text ?? "";
}

/// <summary>Why a text is no S10 identifier.</summary>
public enum S10Flaw
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Not two letters, nine digits, two letters.</summary>
    Shape,

    /// <summary>The last two letters are no country.</summary>
    Country,

    /// <summary>The check digit does not fit.</summary>
    CheckDigit,
}
