using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>What reading one document gave: the version, or every mistake at once; never both.</summary>
internal sealed record ContractReading
{
    /// <summary>So many mistakes are told; a table of thousands of bad rows says the same thing over and over.</summary>
    internal const int MistakesMax = 500;

    private ContractReading(ContractVersion? version, ImmutableArray<TermsMistake> mistakes) => (Version, Mistakes) = (version, mistakes);

    /// <summary>The version; null when there are mistakes.</summary>
    public ContractVersion? Version { get; }

    /// <summary>The mistakes, the document's own in its order, then those of its tables; empty when there are none.</summary>
    public ImmutableArray<TermsMistake> Mistakes { get; }

    internal static ContractReading Of(ContractVersion version) => new(version, []);

    internal static ContractReading Of(IEnumerable<TermsMistake> mistakes) => new(null, InOrder(mistakes));

    internal static ImmutableArray<TermsMistake> InOrder(IEnumerable<TermsMistake> mistakes)
    {
        var all = mistakes.OrderBy(m => m.Mark?.File is null ? 0 : 1).ThenBy(m => m.Mark?.File, StringComparer.Ordinal).ThenBy(m => m.Mark?.Line ?? 0).ThenBy(m => m.Mark?.Column ?? 0).ToList();
        if (all.Count <= MistakesMax) return [.. all];
        return [.. all.Take(MistakesMax), new TermsMistake("", null, string.Create(CultureInfo.InvariantCulture, $"has {all.Count - MistakesMax} mistakes more; mend these first."))];
    }
}

/// <summary>What reading a text of one or more documents gave: the versions of one contract, ascending, or every mistake at once; never both.</summary>
internal sealed record ContractTextReading(ImmutableArray<ContractVersion> Versions, ImmutableArray<TermsMistake> Mistakes);
