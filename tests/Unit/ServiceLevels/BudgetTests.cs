using FsCheck.Fluent;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Indicators;
using NodaTime;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>Error budgets and burn rates of TQCSO targets (SEED-03-TQCSO, design.md: error budget).</summary>
public sealed class BudgetTests
{
    private static readonly LocalDate Next = new(2026, 10, 15);
    private static readonly LocalDate End = new(2026, 10, 31);
    private static readonly Fraction ThreePercent = 0.03m;

    private static BudgetCount[] Days(int days, long units, long failures) => [.. Enumerable.Repeat(new BudgetCount(units, failures), days)];

    [Fact]
    public void A_budget_is_what_the_period_may_have_with_the_target_still_met()
    {
        var budget = ErrorBudget.Of(ThreePercent, [.. Days(7, 400, 20), .. Days(7, 400, 10)], 17 * 376 + 8, Next, End);
        // 5,600 counted and 6,400 to come: 360 may fail. 360 of 12,000 is 97 %, and one more is not.
        (budget.Allowed, budget.Consumed, budget.Left).ShouldBe((360, 210, 150));
        budget.PacePerDay.ShouldBe((Fraction)10);
        (budget.Outlook, budget.GoneOn).ShouldBe((BudgetOutlook.GoneOnDay, Next.PlusDays(14)));
    }

    [Fact]
    public void Only_the_last_seven_days_are_this_weeks_pace()
    {
        var quiet = ErrorBudget.Of(ThreePercent, [.. Days(7, 400, 20), .. Days(7, 400, 0)], 6_400, Next, End);
        (quiet.PacePerDay, quiet.Outlook).ShouldBe((Fraction.Zero, BudgetOutlook.Lasts));
        ErrorBudget.Of(ThreePercent, Days(3, 400, 20), 9_000, Next, End).PacePerDay.ShouldBe((Fraction)20);
        ErrorBudget.Of(ThreePercent, [], 9_000, Next, End).Outlook.ShouldBe(BudgetOutlook.NoPace);
    }

    [Theory]
    [InlineData(17, true)]    // at 1 a day: gone on the last of 17 days
    [InlineData(18, false)]
    public void The_day_it_is_gone_lies_within_the_period_or_it_lasts(long left, bool gone)
    {
        var budget = ErrorBudget.Of(Fraction.Of(left + 7, 1_000), Days(7, 100, 1), 300, Next, End);
        (budget.Left, budget.Outlook, budget.GoneOn).ShouldBe((left, gone ? BudgetOutlook.GoneOnDay : BudgetOutlook.Lasts, gone ? End : null));
    }

    [Fact]
    public void An_overdrawn_budget_says_by_how_much_and_one_of_nothing_is_gone_from_the_start()
    {
        var over = ErrorBudget.Of(ThreePercent, Days(10, 100, 6), 500, Next, End);
        (over.Allowed, over.Left, over.Outlook, over.GoneOn).ShouldBe((45, -15, BudgetOutlook.Gone, null));
        ErrorBudget.Of(0, Days(10, 100, 0), 500, Next, End).Outlook.ShouldBe(BudgetOutlook.Gone);
    }

    [Fact]
    public void The_limit_is_the_share_of_failures_that_meets_the_target()
    {
        ErrorBudget.LimitOf(IndicatorCatalogue.ByCode["T2"]).ShouldBe((Fraction)0.03m);
        ErrorBudget.LimitOf(IndicatorCatalogue.ByCode["Q1"]).ShouldBe((Fraction)0.00002m);
        ErrorBudget.LimitOf(IndicatorCatalogue.ByCode["S3"]).ShouldBe(Fraction.Zero);
        ErrorBudget.LimitOf(IndicatorCatalogue.ByCode["T4"]).ShouldBeNull();
        ErrorBudget.LimitOf(IndicatorCatalogue.ByCode["C2"]).ShouldBeNull();
    }

    [Fact]
    public void With_what_is_left_the_target_is_met_and_with_one_more_failure_it_is_not() => Seeded.Holds(
        from permille in Seeded.Ints(0, 1_000) from units in Seeded.Ints(0, 500) from failures in Seeded.Ints(0, units) from toCome in Seeded.Ints(1, 500) select (permille, units, failures, toCome),
        drawn =>
        {
            var limit = Fraction.Of(drawn.permille, 1_000);
            var budget = ErrorBudget.Of(limit, [new(drawn.units, drawn.failures)], drawn.toCome, Next, End);
            Fraction all = drawn.units + drawn.toCome;
            return (budget.Consumed + budget.Left) / all <= limit && (budget.Consumed + budget.Left + 1) / all > limit;
        });

    [Fact]
    public void The_volume_to_come_is_a_mean_of_the_days_observed_and_rounded_at_the_end()
    {
        // Twenty in four weeks are less than one a day, and not none.
        ExpectedVolume.Of([.. Days(28, 0, 0), .. Days(20, 1, 0), .. Days(8, 0, 0)], 20).ShouldBe(14);
        // A week live at a hundred a day is a hundred a day.
        ExpectedVolume.Of([.. Days(49, 0, 0), .. Days(7, 100, 1)], 24).ShouldBe(2_400);
        // Live for longer than four weeks: days without any are days of none.
        ExpectedVolume.Of([.. Days(16, 0, 0), .. Days(1, 50, 0), .. Days(29, 0, 0), .. Days(10, 28, 0)], 20).ShouldBe(200);
        ExpectedVolume.Of(1, 2, 1).ShouldBe(1, "a half is one");
        ExpectedVolume.Of(Days(28, 100, 0), 0).ShouldBe(0);
        ExpectedVolume.Of(Days(56, 0, 0), 20).ShouldBe(0);
        ExpectedVolume.Of([], 20).ShouldBe(0);
    }

    [Fact]
    public void The_volume_to_come_is_spread_in_whole_units_that_add_up() => Seeded.Holds(
        from units in Seeded.Ints(0, 10_000) from days in Seeded.Ints(1, 62) select (units, days),
        static drawn =>
        {
            var spread = ExpectedVolume.ByDay(drawn.units, drawn.days);
            return spread.Count == drawn.days && spread.Sum() == drawn.units && spread.Max() - spread.Min() <= 1;
        });

    [Fact]
    public void Both_windows_must_burn()
    {
        var (good, bad) = (new BudgetCount(100, 3), new BudgetCount(100, 20));
        BudgetCount[] burning = [.. Enumerable.Repeat(bad, 24)];
        var answer = BurnRate.Of(ThreePercent, burning, BurnRule.Fast);
        (answer.Alert, answer.LongRate, answer.ShortRate).ShouldBe((true, (Fraction)20 / 3, (Fraction)20 / 3));
        // It ends by itself with the cause: two good hours, though the day as a whole still burns.
        var over = BurnRate.Of(ThreePercent, [.. burning[..22], good, good], BurnRule.Fast);
        (over.Alert, over.LongRate >= 6, over.ShortRate).ShouldBe((false, true, (Fraction)1));
        // Two bad hours after a good day are no trend yet.
        BurnRate.Of(ThreePercent, [.. Enumerable.Repeat(good, 22), bad, bad], BurnRule.Fast).Alert.ShouldBeFalse();
    }

    [Fact]
    public void A_night_without_parcels_neither_ends_nor_begins_an_alert()
    {
        BudgetCount[] evening = [.. Enumerable.Repeat(new BudgetCount(100, 20), 12)];
        BurnRate.Of(ThreePercent, [.. evening, .. Days(10, 0, 0)], BurnRule.Fast).Alert.ShouldBeTrue();
        var empty = BurnRate.Of(ThreePercent, Days(24, 0, 0), BurnRule.Fast);
        (empty.Alert, empty.LongRate, empty.ShortRate).ShouldBe((false, null, null));
        BurnRate.Of(ThreePercent, [], BurnRule.Fast).Alert.ShouldBeFalse();
    }

    [Fact]
    public void A_handful_of_failures_alerts_nobody_and_a_target_of_100_percent_burns_with_each()
    {
        BurnRate.Of(ThreePercent, Days(1, 10, 4), BurnRule.Fast).Alert.ShouldBeFalse();
        BurnRate.Of(0, Days(4, 100, 2), BurnRule.Fast).ShouldSatisfyAllConditions(a => a.Alert.ShouldBeTrue(), a => a.LongRate.ShouldBeNull());
    }

    [Fact]
    public void More_failures_in_the_last_hour_never_end_an_alert() => Seeded.Holds(
        from hours in (from units in Seeded.Ints(0, 60) from failures in Seeded.Ints(0, units) select new BudgetCount(units, failures)).ArrayOf(30)
        from more in Seeded.Ints(0, 60)
        select (hours, more),
        drawn =>
        {
            BudgetCount[] worse = [.. drawn.hours];
            worse[^1] = worse[^1] with { Failures = Math.Min(worse[^1].Units, worse[^1].Failures + drawn.more) };
            return !BurnRate.Of(0.1m, drawn.hours, BurnRule.Fast).Alert || BurnRate.Of(0.1m, worse, BurnRule.Fast).Alert;
        });
}
