using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

public sealed class TermsSnapshotTests
{
    private static readonly Instant January = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly Instant March = Instant.FromUtc(2026, 3, 1, 0, 0);
    private static readonly Instant June = Instant.FromUtc(2026, 6, 1, 0, 0);

    [Fact]
    public void The_acceptance_moment_picks_the_version_and_an_amendment_supersedes()
    {
        var snapshot = new TermsSnapshot(7, [Version(2, March), Version(1, January)]);
        snapshot.InForce("HDDS-A", March - Duration.Epsilon)!.Version.ShouldBe(1u);
        snapshot.InForce("HDDS-A", March)!.Version.ShouldBe(2u);
        snapshot.InForce("HDDS-A", January - Duration.Epsilon).ShouldBeNull();
        snapshot.Version.ShouldBe(7ul);
    }

    [Fact]
    public void An_ended_contract_leaves_nothing_in_force_and_the_first_instant_after_it_is_outside()
    {
        var snapshot = new TermsSnapshot(1, [Version(1, January) with { EffectiveUntil = June }]);
        snapshot.InForce("HDDS-A", June - Duration.Epsilon).ShouldNotBeNull();
        snapshot.InForce("HDDS-A", June).ShouldBeNull();
    }

    [Fact]
    public void A_short_amendment_gives_way_to_the_version_it_amended()
    {
        var snapshot = new TermsSnapshot(1, [Version(1, January), Version(2, March) with { EffectiveUntil = June }]);
        snapshot.InForce("HDDS-A", June)!.Version.ShouldBe(1u);
    }

    [Fact]
    public void Another_accounts_terms_are_never_taken()
    {
        var snapshot = new TermsSnapshot(1, [Version(1, January)]);
        snapshot.InForce("HDDS-B", March).ShouldBeNull();
        TermsSnapshot.Empty.InForce("HDDS-A", March).ShouldBeNull();
    }

    [Fact]
    public void A_version_is_found_by_the_number_a_verdict_names()
    {
        var snapshot = new TermsSnapshot(1, [Version(1, January), Version(2, March)]);
        snapshot.Find("HDDS-A", "KA-2026-0001", 1)!.EffectiveFrom.ShouldBe(January);
        snapshot.Find("HDDS-A", "KA-2026-0001", 3).ShouldBeNull();
        snapshot.Find("HDDS-A", "KA-2026-0009", 1).ShouldBeNull();
    }

    [Theory]
    [InlineData("3100", "4401", "exact")]
    [InlineData("3100", "4402", "from exact")]
    [InlineData("3101", "4402", "prefixes")]
    [InlineData("1000", "2000", "any")]
    public void The_most_specific_lane_wins(string origin, string destination, string expected)
    {
        (Lane Lane, string Name)[] rows = [(Lane.Any, "any"), (new Lane("31*", "44*"), "prefixes"), (new Lane("3100", "44*"), "from exact"), (new Lane("3100", "4401"), "exact")];
        Lane.MostSpecific(rows.Select(r => Tuple.Create(r.Lane, r.Name)), r => r.Item1, origin, destination)!.Item2.ShouldBe(expected);
    }

    [Fact]
    public void Of_two_lanes_that_fit_equally_the_first_written_wins_and_none_is_null()
    {
        var rows = new[] { new LaneTransit(new Lane("31*", "*"), 1), new LaneTransit(new Lane("*", "44*"), 2) };
        Lane.MostSpecific(rows, r => r.Lane, "3100", "4400")!.WorkingDays.ShouldBe(1);
        Lane.MostSpecific(rows, r => r.Lane, "1000", "1000").ShouldBeNull();
        new Lane("31*", "*").Matches("31", "x").ShouldBeTrue();
        new Lane("31*", "*").Matches("3", "x").ShouldBeFalse();
    }

    [Theory]
    [InlineData("W-2", true)]
    [InlineData("", false)]
    [InlineData("2W", false)]
    [InlineData("W 2", false)]
    [InlineData("W-2345678901234567", false)]
    public void A_clause_id_is_short_and_begins_with_a_letter(string text, bool isOne) => (ClauseId.TryParse(text) is not null).ShouldBe(isOne);

    [Fact]
    public void A_percentage_never_allows_more_than_the_contract_says() =>
        new WeightTerms(ClauseId.Parse("W-1"), Mass.FromGrams(5), 0.3m).AllowanceAt(Mass.FromMilligrams(999)).ShouldBe(Mass.FromMilligrams(5_002));

    private static AccountTerms Version(uint version, Instant from) => Sample.Terms(version: version) with { EffectiveFrom = from };
}
