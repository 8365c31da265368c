using KeyAccountLogistics.ServiceLevels.AtRisk;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>The order of what is at risk across accounts, and its pages.</summary>
public sealed class AtRiskTests
{
    [Fact]
    public void Nothing_left_costs_most_then_the_least_left_and_what_nobody_knows_comes_last()
    {
        var left = new Dictionary<string, long>(StringComparer.Ordinal) { ["A"] = 10, ["B"] = -4, ["C"] = 0, ["E"] = 1, ["F"] = 10 };
        var ranks = AtRiskRanks.Of([("F", 2), ("D", 4), ("C", 1), ("A", 3), ("B", 2), ("E", 0)], left);
        ranks.Select(static r => string.Join(' ', r.Accounts)).ShouldBe(["B C", "A F", "D"]);
        ranks.Select(static r => r.Parcels).ShouldBe([3L, 5L, 4L]);
    }

    [Fact]
    public void Pages_of_any_size_have_every_parcel_once_and_at_most_two_parts_of_ranks()
    {
        AtRiskRank[] ranks = [new(["A"], 3), new(["B", "C"], 1), new(["D"], 7), new(["E"], 2)];
        for (var size = 1; size <= 14; size++)
        {
            var seen = new List<string>();
            for (var skip = 0; skip < 15; skip += size)
            {
                var page = AtRiskRanks.Page(ranks, skip, size);
                page.Sum(static p => p.Take).ShouldBe(Math.Clamp(13 - skip, 0, size));
                page.Count(static p => !p.IsWhole).ShouldBeLessThanOrEqualTo(2);
                foreach (var part in page) seen.AddRange(Enumerable.Range(part.Skip, part.Take).Select(n => $"{part.Accounts[0]}{n}"));
            }
            seen.ShouldBe(["A0", "A1", "A2", "B0", "D0", "D1", "D2", "D3", "D4", "D5", "D6", "E0", "E1"], $"pages of {size}");
        }
    }
}
