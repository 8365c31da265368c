using System.Diagnostics.CodeAnalysis;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// The unified social credit code of an organisation in China (统一社会信用代码, GB 32100-2015): 18 characters, the last one a check character over the others.
/// A default value is no code and throws when asked.
/// </summary>
public readonly record struct SocialCreditCode
{
    /// <summary>How many characters it has.</summary>
    public const int Length = 18;

    // Digits and capital letters without I, O, S, V and Z, which are read for others.
    private const string Characters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    private readonly string? _text;

    private SocialCreditCode(string text) => _text = text;

    /// <summary>The code in capitals.</summary>
    public string Text => _text ?? throw new InvalidOperationException("A default SocialCreditCode is no code.");

    /// <summary>
    /// Reads a code as typed: letters of either case, blanks and dashes between them. False with a sentence that says what is wrong: a length, a character that no code
    /// has, or a check character that does not fit, which is how a slip of the hand shows.
    /// </summary>
    public static bool TryRead(string? text, out SocialCreditCode code, [NotNullWhen(false)] out string? flaw)
    {
        code = default;
        var letters = string.Concat((text ?? "").Where(c => c is not (' ' or '-'))).ToUpperInvariant();
        flaw = null;
        if (letters.Length != Length) flaw = $"A unified social credit code has {Length} characters, this has {letters.Length}.";
        else if (letters.FirstOrDefault(c => !Characters.Contains(c, StringComparison.Ordinal)) is var wrong and not '\0') flaw = $"'{wrong}' never stands in a unified social credit code: it has digits and letters without I, O, S, V, Z.";
        else if (CheckOf(letters) != letters[^1]) flaw = "Its last character does not fit the others: a character is wrong or two are swapped.";
        if (flaw is not null) return false;
        code = new SocialCreditCode(letters);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // GB 32100-2015 5.4: weights are powers of 3 modulo 31.
    private static char CheckOf(string letters)
    {
        var (sum, weight) = (0, 1);
        foreach (var letter in letters.AsSpan(0, Length - 1))
        {
            sum += Characters.IndexOf(letter, StringComparison.Ordinal) * weight;
            weight = weight * 3 % Characters.Length;
        }
        return Characters[(Characters.Length - (sum % Characters.Length)) % Characters.Length];
    }
}
