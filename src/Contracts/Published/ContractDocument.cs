using System.Collections.Immutable;
using System.Text;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Words;
using KeyAccountLogistics.Contracts.Writing;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>
/// One version of a contract as a document: read, said in words, written out and compared; no database is asked. Immutable, safe to share between threads.
/// </summary>
public sealed class ContractDocument
{
    private readonly ContractVersion _version;

    internal ContractDocument(ContractVersion version)
    {
        _version = version;
        Hash = ContractHash.Of(version);
    }

    /// <summary>The contract's number.</summary>
    public string Contract => _version.Contract;

    /// <summary>From 1.</summary>
    public uint Version => _version.Version;

    /// <summary>The account's code.</summary>
    public string Account => _version.Account;

    /// <summary>True while no beginning is fixed: such a version judges nothing and cannot be signed.</summary>
    public bool IsDraft => _version.EffectiveFrom is null;

    /// <summary>SHA-256 of the canonical form, 64 hexadecimal digits: what is signed. Equal versions have equal hashes.</summary>
    public string Hash { get; }

    /// <summary>What depots judge by, as written: later versions and agreements that end may shorten it. Null for a draft.</summary>
    public AccountTerms? Terms => _version.ToTerms();

    /// <summary>How it has the service scored.</summary>
    public ServiceTerms Service => ServiceTerms.Of(_version);

    /// <summary>
    /// Reads a text of one or more YAML documents, separated by <c>---</c>: the versions of one contract. Never throws for what the text holds.
    /// </summary>
    /// <param name="yaml">The text.</param>
    /// <param name="table">Gives the text of a table beside the document by its name (<c>lanes.csv</c>); null when there is none.</param>
    public static ContractDocuments Read(string yaml, Func<string, string?> table)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(table);
        var reading = ContractText.Read(yaml, table);
        return new(
            [.. reading.Versions.Select(v => new ContractDocument(v))],
            [.. reading.Mistakes.Select(m => new ContractMistake(m.Mark?.File, m.Mark?.Line, m.Mark?.Column, m.Path, m.Message))]);
    }

    /// <summary>Commented YAML with its tables inline; reading it gives an equal version.</summary>
    public string ToYaml() => ContractYaml.Write(_version);

    /// <summary>The canonical JSON, as hashed, or the same indented for people. Every scalar is a string.</summary>
    public string ToJson(bool indented = false) => Encoding.UTF8.GetString(indented ? ContractJson.WriteIndented(_version) : ContractJson.Write(_version));

    /// <summary>The contract in plain words, clause by clause, in the order of the document.</summary>
    public IReadOnlyList<ContractClause> Words() =>
    [
        .. ContractWords.Of(_version).Select(c => new ContractClause(
            c.Id, c.Kind, c.Title.En, c.Title.Zh, [.. c.Facts.Select(f => new ContractStatement(f.About.En, f.About.Zh, f.Is.En, f.Is.Zh, f.InTable))])),
    ];

    /// <summary>What a later version changes, in words, and whether it raises a price.</summary>
    public ContractComparison CompareTo(ContractDocument later)
    {
        ArgumentNullException.ThrowIfNull(later);
        var diff = ContractDiff.Between(_version, later._version);
        return new(
            [.. diff.Changes.Select(c => new ContractDifference(c.Clause, c.Kind switch { ChangeKind.Added => "added", ChangeKind.Removed => "removed", _ => "changed" }, c.Text.En, c.Text.Zh))],
            [.. diff.Raised.Select(r => new ContractRise(r.Clause, r.Why.En, r.Why.Zh))]);
    }

    /// <inheritdoc/>
    public override string ToString() => _version.ToString();
}

/// <summary>The versions a text holds, ascending, or every mistake in it; never both.</summary>
public sealed record ContractDocuments(ImmutableArray<ContractDocument> Versions, ImmutableArray<ContractMistake> Mistakes);

/// <summary>A mistake in a contract document or a table beside it.</summary>
/// <param name="Table">The table's name; null in the document itself.</param>
/// <param name="Line">From 1; null when it is about the whole.</param>
/// <param name="Column">From 1; null likewise.</param>
/// <param name="Path">The offending field: <c>tariff[0].rates[1].zone</c>; empty for the whole.</param>
/// <param name="Message">What is wrong, why, and what to write instead, in English: it is for the author of the document.</param>
public sealed record ContractMistake(string? Table, int? Line, int? Column, string Path, string Message);

/// <summary>A clause in plain words.</summary>
/// <param name="Id">Its id; empty for what stands above all clauses.</param>
/// <param name="Kind">What kind of clause it is, as the document's key names it: <c>tariff</c>, <c>weight</c>.</param>
/// <param name="TitleEn">What it is called, in English.</param>
/// <param name="TitleZh">The same in Chinese.</param>
/// <param name="Statements">What it says.</param>
public sealed record ContractClause(string Id, string Kind, string TitleEn, string TitleZh, ImmutableArray<ContractStatement> Statements);

/// <summary>One thing a clause says.</summary>
/// <param name="AboutEn">What it is about, in English.</param>
/// <param name="AboutZh">The same in Chinese.</param>
/// <param name="SaysEn">What it says, in English.</param>
/// <param name="SaysZh">The same in Chinese.</param>
/// <param name="InTable">True for a row of a table, of which there may be thousands.</param>
public sealed record ContractStatement(string AboutEn, string AboutZh, string SaysEn, string SaysZh, bool InTable);

/// <summary>Two versions compared.</summary>
/// <param name="Differences">In the order of the later document; empty when both say the same.</param>
/// <param name="Raised">The clauses by which some shipment may cost more.</param>
public sealed record ContractComparison(ImmutableArray<ContractDifference> Differences, ImmutableArray<ContractRise> Raised)
{
    /// <summary>
    /// True when some price may rise: it is announced ten days ahead (Express Market Measures, article 22), and a price lock forbids it. A change whose
    /// effect cannot be told counts as a rise.
    /// </summary>
    public bool RaisesAPrice => !Raised.IsEmpty;
}

/// <summary>One difference.</summary>
/// <param name="Clause">The clause; empty for what stands above all clauses.</param>
/// <param name="Kind">added, removed or changed.</param>
/// <param name="TextEn">With old and new figures: <c>T-3: first kilogram 8.00 -> 8.50 CNY</c>.</param>
/// <param name="TextZh">The same in Chinese.</param>
public sealed record ContractDifference(string Clause, string Kind, string TextEn, string TextZh);

/// <summary>A clause by which some shipment may cost more, and why.</summary>
public sealed record ContractRise(string Clause, string WhyEn, string WhyZh);
