using System.Collections.Immutable;
using System.Globalization;

namespace KeyAccountLogistics.Verdicts.Terms.Documents;

/// <summary>A place in a written document, both counted from 1.</summary>
public readonly record struct TermsMark(int Line, int Column)
{
    /// <summary>The table beside the document in which the place is, e.g. <c>lanes.csv</c>; null in the document itself.</summary>
    public string? File { get; init; }

    /// <summary><c>line 7, column 12</c>, in a table <c>lanes.csv line 7, column 12</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(File is null ? "" : File + " ")}line {Line}, column {Column}");
}

/// <summary>
/// A document of terms before it is understood, the same for the JSON that travels to agents and the YAML that people write: so one reader explains
/// the mistakes of both. Scalars are texts; what they mean is the reader's business.
/// </summary>
/// <param name="Mark">Where it stands; null in JSON, where the path says enough.</param>
public abstract record TermsNode(TermsMark? Mark)
{
    /// <summary>A scalar.</summary>
    public sealed record Text(string Value, TermsMark? Mark) : TermsNode(Mark);

    /// <summary>A list.</summary>
    public sealed record List(ImmutableArray<TermsNode> Items, TermsMark? Mark) : TermsNode(Mark);

    /// <summary>A map, its entries in the order written, a key possibly twice.</summary>
    public sealed record Map(ImmutableArray<TermsEntry> Entries, TermsMark? Mark) : TermsNode(Mark);
}

/// <summary>One entry of a map.</summary>
public sealed record TermsEntry(string Key, TermsMark? Mark, TermsNode Value);

/// <summary>One mistake in a document of terms.</summary>
/// <param name="Path">The offending field: <c>chargeable[0].rounding.step</c>; empty for the whole document.</param>
/// <param name="Mark">Where it stands, when the document has lines.</param>
/// <param name="Message">What is wrong, why, and what to write instead.</param>
public sealed record TermsMistake(string Path, TermsMark? Mark, string Message)
{
    /// <summary><c>line 7, column 12, weight.percent: …</c></summary>
    public override string ToString()
    {
        var place = Mark?.ToString() ?? "";
        return string.Join(": ", new[] { string.Join(", ", new[] { place, Path }.Where(p => p.Length > 0)), Message }.Where(p => p.Length > 0));
    }
}

/// <summary>What reading a document gave: the terms, or every mistake at once.</summary>
public sealed record TermsReading
{
    private TermsReading(AccountTerms? terms, ImmutableArray<TermsMistake> mistakes) => (Terms, Mistakes) = (terms, mistakes);

    /// <summary>The terms; null when there are mistakes.</summary>
    public AccountTerms? Terms { get; }

    /// <summary>The mistakes, in the order of the document; empty when there are none.</summary>
    public ImmutableArray<TermsMistake> Mistakes { get; }

    internal static TermsReading Of(AccountTerms terms) => new(terms, []);

    internal static TermsReading Of(IEnumerable<TermsMistake> mistakes) => new(null, [.. mistakes]);
}
