using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.TermsFolder;

/// <summary>One file of the folder: the last terms it held without a mistake, and the mistakes it holds now.</summary>
/// <param name="Name">File name without its folder.</param>
/// <param name="Terms">The last good contract versions; empty when there never were any.</param>
/// <param name="Mistakes">What is wrong with the file as it is now; empty when nothing is.</param>
internal sealed record TermsFile(string Name, ImmutableArray<AccountTerms> Terms, ImmutableArray<TermsMistake> Mistakes)
{
    /// <summary>
    /// What a text read from the file makes of it: the contract versions of one account, or, with any mistake, the terms it held before and the mistakes.
    /// </summary>
    internal static TermsFile Read(string name, string text, ImmutableArray<AccountTerms> lastGood, Func<string, string?>? table = null)
    {
        var (documents, broken) = TermsYaml.Read(text);
        if (broken is not null) return new(name, lastGood, [broken]);
        if (documents.IsEmpty) return new(name, lastGood, [new TermsMistake("", null, "is empty; write the terms of an account, or delete the file.")]);
        var mistakes = new List<TermsMistake>();
        var terms = new List<AccountTerms>();
        foreach (var document in documents)
        {
            var (read, told) = Understand(document, table ?? (static _ => null));
            mistakes.AddRange(told);
            if (read is null) continue;
            if (ContradictionOf(read, terms) is { } contradiction) mistakes.Add(new TermsMistake("", document.Mark, contradiction));
            terms.Add(read);
        }
        return mistakes.Count == 0 ? new(name, [.. terms], []) : new(name, lastGood, [.. mistakes]);
    }

    // A contract document; or, where it says chargeable, its terms alone, which depots judge by and nothing can be priced with.
    private static (AccountTerms? Terms, ImmutableArray<TermsMistake> Mistakes) Understand(TermsNode document, Func<string, string?> table)
    {
        if (document is TermsNode.Map map && map.Entries.Any(e => e.Key is "chargeable"))
        {
            var terms = AccountTermsReader.Read(document);
            return (terms.Terms, terms.Mistakes);
        }
        var reading = ContractReader.Read(document, table);
        if (reading.Version is not { } version) return (null, reading.Mistakes);
        return version.ToTerms() is { } inForce ? (inForce, []) : (null, [new TermsMistake("effective.from", document.Mark, "is missing; a draft judges nothing, so say from when it does.")]);
    }

    /// <summary>
    /// The files put together: an account belongs to one file, the first by name; another that names it is a mistake, and brings nothing.
    /// </summary>
    internal static ImmutableArray<TermsFile> Together(IEnumerable<TermsFile> files)
    {
        var owner = new Dictionary<string, string>(StringComparer.Ordinal);
        var together = ImmutableArray.CreateBuilder<TermsFile>();
        foreach (var file in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            var account = file.Terms.IsEmpty ? null : file.Terms[0].Account;
            if (account is null || owner.TryAdd(account, file.Name)) together.Add(file);
            else
            {
                var message = $"has the terms of account {account}, which stand in {owner[account]}; an account has one file, so delete one of the two.";
                together.Add(file with { Terms = [], Mistakes = file.Mistakes.Add(new TermsMistake("account", null, message)) });
            }
        }
        return together.ToImmutable();
    }

    /// <summary>A hash of the terms alone, whatever the files are called and however they are laid out.</summary>
    internal static string HashOf(IEnumerable<TermsFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var json in files.SelectMany(f => f.Terms).Select(AccountTermsJson.Write).Order(ByBytes))
        {
            hash.AppendData(json);
            hash.AppendData([0]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private static string? ContradictionOf(AccountTerms read, List<AccountTerms> before)
    {
        if (before.Find(t => !string.Equals(t.Account, read.Account, StringComparison.Ordinal)) is { } other)
        {
            return $"is of account {read.Account}, the file of {other.Account}; an account has a file of its own.";
        }
        if (before.Exists(t => t.Version == read.Version && string.Equals(t.Contract, read.Contract, StringComparison.Ordinal)))
        {
            return $"is {read} a second time; an amendment has the next version.";
        }
        return before.Find(t => t.EffectiveFrom == read.EffectiveFrom) is { } twin
            ? string.Create(CultureInfo.InvariantCulture, $"is in force from the same instant as {twin}; say from when each of them is.")
            : null;
    }
}
