using System.Collections.Immutable;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Sqi;

/// <summary>What counts are added up to.</summary>
internal enum SqiLevel
{
    /// <summary>A key account.</summary>
    Account = 1,

    /// <summary>A depot.</summary>
    Depot = 2,

    /// <summary>A lane.</summary>
    Lane = 3,

    /// <summary>Everything.</summary>
    Network = 4,
}

/// <summary>The counts of one place on one day: the smallest thing that is added up.</summary>
internal sealed record SqiCell(LocalDate Day, SqiPlace Place, SqiCounts Counts);

/// <summary>Adds cells up to days of an account, a depot, a lane, the network. A cell without a depot or lane is in none of those and still in the others.</summary>
internal static class SqiRollUp
{
    /// <summary>By the name of the scope (empty for the network) and day, both ascending.</summary>
    internal static ImmutableSortedDictionary<string, ImmutableSortedDictionary<LocalDate, SqiCounts>> By(SqiLevel level, IEnumerable<SqiCell> cells) => cells
        .Select(cell => (Scope: Scope(level, cell.Place), Cell: cell))
        .Where(c => c.Scope is not null)
        .GroupBy(c => c.Scope!, c => c.Cell, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(
            scope => scope.Key,
            scope => scope.GroupBy(c => c.Day).ToImmutableSortedDictionary(day => day.Key, day => day.Aggregate(SqiCounts.None, (sum, cell) => sum.Plus(cell.Counts))),
            StringComparer.Ordinal);

    private static string? Scope(SqiLevel level, SqiPlace place) => level switch
    {
        SqiLevel.Account => place.Account,
        SqiLevel.Depot => place.Depot,
        SqiLevel.Lane => place.Lane,
        _ => "",
    };
}
