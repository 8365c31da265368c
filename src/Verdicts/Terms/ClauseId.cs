namespace KeyAccountLogistics.Verdicts.Terms;

/// <summary>
/// The address of one clause in a contract version, as people quote it: <c>W-2</c>. One to sixteen ASCII letters, digits and dashes,
/// beginning with a letter. As opposed to the contract's own number, which stands beside it in <see cref="AccountTerms"/>.
/// </summary>
public readonly record struct ClauseId
{
    /// <summary>The longest clause id, in characters.</summary>
    public const int LengthMax = 16;

    private ClauseId(string value) => Value = value;

    /// <summary>The id as written. A default ClauseId reads <c>?</c>, so that a missing clause is seen and never empty.</summary>
    public string Value { get => field ?? "?"; }

    /// <summary>Reads a clause id; null when the text is not one.</summary>
    public static ClauseId? TryParse(string? text) =>
        text is { Length: >= 1 and <= LengthMax } && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? new ClauseId(text)
            : null;

    /// <summary>Reads a clause id that the program itself wrote; throws <see cref="FormatException"/> when the text is not one.</summary>
    public static ClauseId Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is not a clause id like W-2.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
