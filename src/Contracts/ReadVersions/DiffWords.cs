using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Document;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>Two versions compared, as the API shows it.</summary>
internal static class DiffWords
{
    internal static DiffVersionsReply Of(ContractVersion before, ContractVersion after)
    {
        var raised = RaisedClauses(before, after).ToList();
        return new DiffVersionsReply { RaisesAPrice = raised.Count > 0, RaisedClauses = { raised } };
    }

    internal static IEnumerable<string> RaisedClauses(ContractVersion before, ContractVersion after) => after.Tariffs.Where(t => !before.Tariffs.Contains(t)).Select(static t => t.Clause.Value);
}

/// <summary>The clauses in plain words, as the API shows them.</summary>
internal static class ClauseTexts
{
    internal static IEnumerable<ClauseWords> Of(ContractVersion version) => [];
}
