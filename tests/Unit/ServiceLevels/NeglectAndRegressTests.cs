using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Warnings;
using NodaTime;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>Neglect (SEED-02-NEGLECT, SEED-01-SCISSORS), the early-warning score of the regress (SEED-03-PCR), the index's chart and the cost of a month.</summary>
public sealed class NeglectAndRegressTests
{
    private static readonly LocalDate Today = new(2026, 10, 31);
    private static readonly NeglectThresholds Neglect = new();

    private static string? Level(WarningAnswer answer) => (answer as WarningAnswer.Raised)?.Level.ToString();

    [Theory]
    [InlineData("A", 2, null)]
    [InlineData("A", 3, "Watch")]
    [InlineData("A", 4, "Watch")]
    [InlineData("A", 5, "Act")]
    [InlineData("B", 7, null)]
    [InlineData("B", 8, "Watch")]
    [InlineData("C", 14, "Watch")]
    [InlineData("C", 15, "Act")]
    public void SEED_02_NEGLECT_days_since_the_last_contact_against_the_class(string grade, int days, string? level) =>
        Level(NeglectWarning.Contact(grade, Today.PlusDays(-days), Today.PlusDays(-500), Today, Neglect)).ShouldBe(level);

    [Fact]
    public void SEED_02_NEGLECT_a_young_account_without_a_contact_is_unknown_and_an_old_one_neglected()
    {
        NeglectWarning.Contact("A", null, Today.PlusDays(-2), Today, Neglect).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Neglect, "contacts"));
        var raised = NeglectWarning.Contact("B", null, Today.PlusDays(-8), Today, Neglect).ShouldBeOfType<WarningAnswer.Raised>();
        (raised.Reason, raised.Evidence.Single(static e => e.Name is "last_contact").Text).ShouldBe((WarningReason.NotContacted, "none_recorded"));
    }

    private static IReadOnlyList<LocalDate> Spoken(int before, int after) =>
        [.. Enumerable.Range(1, before).Select(static i => Today.PlusDays(-100 - i)), .. Enumerable.Range(1, after).Select(static i => Today.PlusDays(-i))];

    [Theory]
    [InlineData(9, 9, null)]
    [InlineData(9, 8, "Watch")]
    [InlineData(9, 4, "Act")]
    [InlineData(9, 30, null)]
    public void SEED_01_SCISSORS_contacts_after_going_live_against_those_before_the_signature(int before, int after, string? level) =>
        Level(NeglectWarning.Scissors(Spoken(before, after), Today.PlusDays(-100), Today.PlusDays(-90), Today)).ShouldBe(level);

    [Fact]
    public void SEED_01_SCISSORS_says_nothing_without_both_sides_or_before_a_fortnight_of_service_and_is_over_after_a_year()
    {
        NeglectWarning.Scissors(Spoken(0, 9), Today.PlusDays(-100), Today.PlusDays(-90), Today).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Neglect, "before"));
        NeglectWarning.Scissors(Spoken(9, 0), Today.PlusDays(-100), Today.PlusDays(-90), Today).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Neglect, "after"));
        NeglectWarning.Scissors(Spoken(9, 9), null, null, Today).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Neglect, "live"));
        NeglectWarning.Scissors(Spoken(9, 1), Today.PlusDays(-20), Today.PlusDays(-13), Today).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Neglect, "live"));
        NeglectWarning.Scissors(Spoken(9, 1), Today.PlusDays(-400), Today.PlusDays(-366), Today).ShouldBeOfType<WarningAnswer.Clear>();
        // Per day, so that a young account is held against its own days.
        Level(NeglectWarning.Scissors(Spoken(0, 3).Append(Today.PlusDays(-40)).ToList(), Today.PlusDays(-30), Today.PlusDays(-20), Today)).ShouldBeNull();
    }

    private static RegressSign Sign(WarningFamily family, WarningReason reason, WarningLevel level, bool rises = false, string id = "w") => new(id, family, reason, level, rises);

    [Fact]
    public void SEED_03_PCR_volume_leaving_and_neglect_reach_the_score_and_no_family_alone()
    {
        var gone = Sign(WarningFamily.Change, WarningReason.VolumeChanged, WarningLevel.Act, id: "a");
        var silent = Sign(WarningFamily.Neglect, WarningReason.NotContacted, WarningLevel.Act, id: "b");
        var risk = RegressWarning.Of([silent, gone]).ShouldBeOfType<WarningAnswer.Raised>();
        (risk.Family, risk.Reason, risk.Level, risk.Evidence[0].Value).ShouldBe((WarningFamily.Regress, WarningReason.RegressRisk, WarningLevel.Act, 5m));
        risk.Subjects.ShouldBe(["a", "b"]);
        RegressWarning.Of([gone]).ShouldBeOfType<WarningAnswer.Clear>();
        RegressWarning.Of([gone with { Rises = true }, silent]).ShouldBeOfType<WarningAnswer.Clear>("twice the parcels are no sign of leaving");
        RegressWarning.Of([gone with { Level = WarningLevel.Watch }, silent]).ShouldBeOfType<WarningAnswer.Clear>();
        RegressWarning.Of([]).ShouldBeOfType<WarningAnswer.Clear>();
        foreach (var family in Enum.GetValues<WarningFamily>())
            RegressWarning.Of(Enum.GetValues<WarningReason>().Select(r => Sign(family, r, WarningLevel.Act))).ShouldBeOfType<WarningAnswer.Clear>($"{family} alone");
    }

    [Fact]
    public void SEED_03_PCR_more_or_heavier_signs_never_weigh_less() => Seeded.Holds(
        from drawn in Seeded.Ints(0, 999).ArrayOf(6) select drawn,
        drawn =>
        {
            List<RegressSign> signs = [.. drawn.Select(static d => Sign((WarningFamily)(d % 8 + 1), (WarningReason)(d % 17 + 1), d % 2 == 0 ? WarningLevel.Watch : WarningLevel.Act, d % 3 == 0, $"w{d}"))];
            decimal Score(IEnumerable<RegressSign> of) => (RegressWarning.Of(of) switch { WarningAnswer.Raised r => r.Evidence, WarningAnswer.Clear c => c.Evidence, _ => [] })[0].Value;
            return Score(signs.Skip(1)) <= Score(signs) && Score(signs) <= Score(signs.Select(static s => s with { Level = WarningLevel.Act }));
        });

    [Fact]
    public void Every_reason_but_the_regress_itself_and_the_better_days_weighs() =>
        Enum.GetValues<WarningReason>().Where(static r => !RegressWarning.Weights.ContainsKey(r)).ShouldBe([WarningReason.AboveUsual, WarningReason.IndexBelow, WarningReason.RegressRisk]);

    [Fact]
    public void SEED_00_VOLATILITY_of_the_index_a_worse_day_asks_for_an_act_and_a_better_one_is_looked_at()
    {
        decimal?[] month = [.. Enumerable.Repeat<decimal?>(90, 14), .. Enumerable.Repeat<decimal?>(110, 14)];
        var worse = ControlChart.OfIndex(month, 131).ShouldBeOfType<WarningAnswer.Raised>();
        (worse.Family, worse.Reason, worse.Level).ShouldBe((WarningFamily.Sqi, WarningReason.IndexAbove, WarningLevel.Act));
        var better = ControlChart.OfIndex(month, 0).ShouldBeOfType<WarningAnswer.Raised>();
        (better.Reason, better.Level).ShouldBe((WarningReason.IndexBelow, WarningLevel.Watch));
        ControlChart.OfIndex(month, null).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Sqi, "today"));
    }

    [Theory]
    [InlineData(2_999, 20, null)]
    [InlineData(3_000, 20, "Watch")]
    [InlineData(10_000, 20, "Act")]
    [InlineData(-5_000, 20, null)]
    public void SEED_04_WARN4_cost_of_a_month_by_its_lines(long over, long lines, string? level) =>
        Level(CostWarning.Month(over, 100_000, lines, "CNY", new CostThresholds())).ShouldBe(level);

    [Fact]
    public void SEED_04_WARN4_what_is_not_known_is_said_in_words()
    {
        CostWarning.Month(50_000, 100_000, 19, "CNY", new CostThresholds()).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Cost, "lines"));
        CostWarning.Month(0, 0, 40, "CNY", new CostThresholds()).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Cost, "lines"));
        var used = ArrearsWarning.CreditUse([new Receivable("I1", new Money(90, "CNY"), Today)], null, new Money(100, "CNY"), new ArrearsThresholds()).ShouldBeOfType<WarningAnswer.Raised>();
        used.Evidence.Single(static e => e.Name is "unbilled").Text.ShouldBe("not_known");
    }
}
