using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>Contract documents as text: commented YAML that people write, and the JSON that the program keeps.</summary>
internal static class ContractText
{
    /// <summary>The longest text read, in characters (documents and each table beside them).</summary>
    internal const int LengthMax = 2_097_152;

    /// <summary>
    /// Reads a text of YAML: one document is one version; several, separated by <c>---</c>, are versions of one contract, each with the next number
    /// and a later beginning. Never throws for what the text holds.
    /// </summary>
    /// <param name="yaml">The text.</param>
    /// <param name="table">Gives the text of a table beside the document by its name; null when there is none.</param>
    internal static ContractTextReading Read(string yaml, Func<string, string?> table)
    {
        if (yaml.Length > LengthMax) return Broken(new TermsMistake("", null, string.Create(CultureInfo.InvariantCulture, $"has {yaml.Length} characters; at most {LengthMax} are read. Put tables beside it.")));
        var (documents, broken) = TermsYaml.Read(yaml);
        if (broken is not null) return Broken(broken);
        if (documents.IsEmpty) return Broken(new TermsMistake("", null, "is empty; write a contract, beginning with contract and account."));
        var versions = new List<ContractVersion>();
        var mistakes = new List<TermsMistake>();
        foreach (var document in documents)
        {
            var reading = ContractReader.Read(document, table);
            mistakes.AddRange(reading.Mistakes);
            if (reading.Version is not { } version) continue;
            if (versions.Count > 0 && ContradictionOf(version, versions[^1]) is { } contradiction) mistakes.Add(new TermsMistake("", document.Mark, contradiction));
            versions.Add(version);
        }
        return mistakes.Count == 0 ? new([.. versions], []) : new([], documents.Length == 1 ? [.. mistakes] : ContractReading.InOrder(mistakes));
    }

    /// <summary>Reads the JSON that <see cref="Writing.ContractJson"/> writes.</summary>
    internal static ContractReading ReadJson(ReadOnlyMemory<byte> json)
    {
        var (node, broken) = AccountTermsJson.Node(json, 4 * LengthMax);
        return node is null ? ContractReading.Of([broken!]) : ContractReader.Read(node, static _ => null);
    }

    private static ContractTextReading Broken(TermsMistake mistake) => new([], [mistake]);

    private static string? ContradictionOf(ContractVersion next, ContractVersion before)
    {
        if (!string.Equals(next.Contract, before.Contract, StringComparison.Ordinal)) return $"is of contract {next.Contract}, the text begins with {before.Contract}; a contract has a text of its own.";
        if (!string.Equals(next.Account, before.Account, StringComparison.Ordinal)) return $"is of account {next.Account}, {before} of {before.Account}; a contract has one account.";
        if (!string.Equals(next.Currency, before.Currency, StringComparison.Ordinal)) return $"is in {next.Currency}, {before} in {before.Currency}; a contract keeps its currency.";
        if (next.Version <= before.Version) return $"is {next} after {before}; an amendment has the next number and stands after what it amends.";
        return next.EffectiveFrom is { } from && before.EffectiveFrom is { } earlier && from <= earlier
            ? $"is not in force later than {before}; say from when it is."
            : null;
    }
}
