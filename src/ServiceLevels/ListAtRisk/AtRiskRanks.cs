using System.Collections.Immutable;

namespace KeyAccountLogistics.ServiceLevels.AtRisk;

/// <summary>Accounts to which one more late parcel costs the same part of what is left of their budget.</summary>
/// <param name="Accounts">Their codes, in order.</param>
/// <param name="Parcels">How many of theirs can still be saved.</param>
internal sealed record AtRiskRank(ImmutableArray<string> Accounts, long Parcels);

/// <summary>The part of a rank that falls on a page.</summary>
/// <param name="Accounts">Of the rank.</param>
/// <param name="Skip">Parcels of the rank before it.</param>
/// <param name="Take">Parcels of it.</param>
/// <param name="IsWhole">True when it is all of them, so that they may be asked for together with others.</param>
internal sealed record AtRiskPart(ImmutableArray<string> Accounts, int Skip, int Take, bool IsWhole);

/// <summary>The order of what is at risk across accounts: where nothing is left first, then where one parcel more costs most, then those of whose budget nothing is known.</summary>
internal static class AtRiskRanks
{
    /// <param name="parcels">By account: how many can still be saved.</param>
    /// <param name="left">By account: how many late parcels its month may still have; absent where nobody knows.</param>
    internal static ImmutableArray<AtRiskRank> Of(IEnumerable<(string Account, long Parcels)> parcels, IReadOnlyDictionary<string, long> left) =>
    [
        .. parcels.Where(static p => p.Parcels > 0).GroupBy(p => left.TryGetValue(p.Account, out var rest) ? Math.Max(0, rest) : long.MaxValue).OrderBy(static g => g.Key)
            .Select(static g => new AtRiskRank([.. g.Select(static p => p.Account).Order(StringComparer.Ordinal)], g.Sum(static p => p.Parcels))),
    ];

    /// <summary>What of the ranks stands on the page that begins after so many parcels. Only the first and the last part can be less than a whole rank.</summary>
    internal static ImmutableArray<AtRiskPart> Page(IEnumerable<AtRiskRank> ranks, int skip, int size)
    {
        var parts = ImmutableArray.CreateBuilder<AtRiskPart>();
        var (before, room) = (0L, (long)size);
        foreach (var rank in ranks)
        {
            var passed = Math.Clamp(skip - before, 0, rank.Parcels);
            var taken = Math.Min(rank.Parcels - passed, room);
            before += rank.Parcels;
            if (taken <= 0) continue;
            parts.Add(new AtRiskPart(rank.Accounts, (int)passed, (int)taken, taken == rank.Parcels));
            room -= taken;
        }
        return parts.ToImmutable();
    }
}
