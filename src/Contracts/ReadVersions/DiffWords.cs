using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Words;
using KeyAccountLogistics.Verdicts;
using ClauseWords = KeyAccountLogistics.Api.Contracts.V1.ClauseWords;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>Two versions compared, as the API shows it.</summary>
internal static class DiffWords
{
    internal static DiffVersionsReply Of(ContractVersion before, ContractVersion after)
    {
        var diff = ContractDiff.Between(before, after);
        return new DiffVersionsReply
        {
            RaisesAPrice = diff.RaisesAPrice,
            Changes = { diff.Changes.Select(static c => new ClauseChange { Clause = c.Clause, Kind = ReasonCode.Of(c.Kind), Zh = c.Text.Zh, En = c.Text.En }) },
            Raised = { diff.Raised.Select(static r => new ClauseRise { Clause = r.Clause, Zh = r.Why.Zh, En = r.Why.En }) },
        };
    }

    internal static IEnumerable<string> RaisedClauses(ContractVersion before, ContractVersion after) => PriceRises.Between(before, after).Select(static r => r.Clause).Distinct(StringComparer.Ordinal);
}

/// <summary>The clauses in plain words, as the API shows them.</summary>
internal static class ClauseTexts
{
    internal static IEnumerable<ClauseWords> Of(ContractVersion version) => ContractWords.Of(version).Select(static c => new ClauseWords
    {
        Clause = c.Id, Kind = c.Kind, TitleZh = c.Title.Zh, TitleEn = c.Title.En,
        Statements = { c.Facts.Select(static f => new Statement { AboutZh = f.About.Zh, AboutEn = f.About.En, Zh = f.Is.Zh, En = f.Is.En, InTable = f.InTable }) },
    });
}
