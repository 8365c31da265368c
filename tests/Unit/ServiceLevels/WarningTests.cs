using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Scoring;
using KeyAccountLogistics.ServiceLevels.Warnings;
using NodaTime;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>Early warnings (SEED-04-WARN4) and the control chart (SEED-00-VOLATILITY).</summary>
public sealed class WarningTests
{
    private static readonly LocalDate Today = new(2026, 10, 31);
    private static readonly ArrearsThresholds Arrears = new();
    private static readonly ProgressThresholds Progress = new();
    private static readonly ChangeThresholds Change = new();

    private static Money Yuan(long minor) => new(minor, "CNY");

    private static Receivable Owed(string invoice, long minor, int daysOverdue) => new(invoice, Yuan(minor), Today.PlusDays(-daysOverdue));

    private static decimal Figure(WarningAnswer answer, string name) => (answer switch
    {
        WarningAnswer.Raised raised => raised.Evidence,
        WarningAnswer.Clear clear => clear.Evidence,
        _ => [],
    }).Single(f => f.Name == name).Value;

    private static WarningAnswer.Raised Raised(WarningAnswer answer) => answer.ShouldBeOfType<WarningAnswer.Raised>();

    [Fact]
    public void SEED_00_VOLATILITY_outside_mean_and_three_sigma_of_28_days_is_raised_and_on_the_limit_is_not()
    {
        // 14 days of 90 and 14 of 110: mean 100, σ² = 28·100/27.
        decimal?[] month = [.. Enumerable.Repeat<decimal?>(90, 14), .. Enumerable.Repeat<decimal?>(110, 14)];
        var high = Raised(ControlChart.Of(month, 131));
        (high.Reason, high.Family).ShouldBe((WarningReason.AboveUsual, WarningFamily.Volatility));
        (Figure(high, "mean"), Figure(high, "sigma"), Figure(high, "high")).ShouldBe((100m, 10.183502m, 130.550506m));
        Raised(ControlChart.Of(month, 69)).Reason.ShouldBe(WarningReason.BelowUsual);
        ControlChart.Of(month, 130).ShouldBeOfType<WarningAnswer.Clear>();
        ControlChart.Of([.. Enumerable.Repeat<decimal?>(7, 28)], 7).ShouldBeOfType<WarningAnswer.Clear>();
        ControlChart.Of([.. Enumerable.Repeat<decimal?>(7, 28)], 7.001m).ShouldBeOfType<WarningAnswer.Raised>();
    }

    [Fact]
    public void SEED_00_VOLATILITY_a_chart_with_too_few_days_or_none_today_does_not_say()
    {
        ControlChart.Of([.. Enumerable.Repeat<decimal?>(7, 13), .. Enumerable.Repeat<decimal?>(null, 15)], 100).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Volatility, "days"));
        ControlChart.Of([.. Enumerable.Repeat<decimal?>(7, 28)], null).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Volatility, "today"));
    }

    [Fact]
    public void SEED_00_VOLATILITY_farther_out_is_never_less_alarming() => Seeded.Holds(
        from days in Seeded.Ints(0, 50).ArrayOf(28) from today in Seeded.Ints(0, 100) from more in Seeded.Ints(0, 50) select (days, today, more),
        drawn =>
        {
            decimal?[] before = [.. drawn.days.Select(d => (decimal?)d)];
            return ControlChart.Of(before, drawn.today) is not WarningAnswer.Raised { Reason: WarningReason.AboveUsual }
                || ControlChart.Of(before, drawn.today + drawn.more) is WarningAnswer.Raised { Reason: WarningReason.AboveUsual };
        });

    [Fact]
    public void SEED_04_WARN4_arrears_age_in_buckets_and_name_the_invoices()
    {
        var answer = Raised(ArrearsWarning.Ageing([Owed("I1", 100, 0), Owed("I2", 200, 1), Owed("I3", 300, 31), Owed("I4", 400, 90), Owed("I5", 500, 91), Owed("I6", 600, -5)], "CNY", Today, Arrears));
        answer.Evidence.Take(5).Select(f => f.Value).ShouldBe([700, 200, 300, 400, 500]);
        (answer.Reason, answer.Level, Figure(answer, "oldest_days")).ShouldBe((WarningReason.Overdue, WarningLevel.Act, 91));
        answer.Subjects.ShouldBe(["I5", "I4", "I3", "I2"]);
        Raised(ArrearsWarning.Ageing([Owed("I2", 200, 29)], "CNY", Today, Arrears)).Level.ShouldBe(WarningLevel.Watch);
        ArrearsWarning.Ageing([Owed("I1", 100, 0)], "CNY", Today, Arrears).ShouldBeOfType<WarningAnswer.Clear>();
        Should.Throw<InvariantBrokenException>(() => ArrearsWarning.Ageing([new("I1", new Money(1, "USD"), Today)], "CNY", Today, Arrears));
    }

    [Theory]
    [InlineData(79, null)]
    [InlineData(80, "Watch")]
    [InlineData(99, "Watch")]
    [InlineData(100, "Act")]
    public void SEED_04_WARN4_arrears_credit_use(long used, string? level)
    {
        var answer = ArrearsWarning.CreditUse([Owed("I1", used - 30, 0)], Yuan(30), Yuan(100), Arrears);
        (answer as WarningAnswer.Raised)?.Level.ToString().ShouldBe(level);
        Figure(answer, "use").ShouldBe(used / 100m);
        ArrearsWarning.CreditUse([Owed("I1", used, 0)], Yuan(30), null, Arrears).ShouldBeOfType<WarningAnswer.Clear>();
    }

    [Fact]
    public void SEED_04_WARN4_progress_volume_behind_what_the_days_so_far_should_have()
    {
        var answer = Raised(ProgressWarning.Volume(30_000, 9_000, 10, 30, Progress));
        (answer.Reason, answer.Level, Figure(answer, "expected"), Figure(answer, "behind"), Figure(answer, "at_this_pace")).ShouldBe((WarningReason.VolumeBehind, WarningLevel.Watch, 10_000m, 0.1m, 27_000m));
        Raised(ProgressWarning.Volume(30_000, 7_500, 10, 30, Progress)).Level.ShouldBe(WarningLevel.Act);
        ProgressWarning.Volume(30_000, 9_001, 10, 30, Progress).ShouldBeOfType<WarningAnswer.Clear>();
        ProgressWarning.Volume(30_000, 0, 0, 30, Progress).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Progress, "days_over"));
    }

    [Fact]
    public void SEED_04_WARN4_progress_steps_past_their_day()
    {
        PlanStep[] steps = [new("survey", Today.PlusDays(-1), null), new("trial", Today, null), new("visit", Today.PlusDays(-9), Today)];
        var answer = Raised(ProgressWarning.Steps(steps, Today, Progress));
        (answer.Level, Figure(answer, "late"), Figure(answer, "done")).ShouldBe((WarningLevel.Watch, 1m, 1m));
        answer.Subjects.ShouldBe(["survey"]);
        Raised(ProgressWarning.Steps(steps, Today.PlusDays(6), Progress)).Level.ShouldBe(WarningLevel.Act);
        ProgressWarning.Steps([.. steps.Select(s => s with { Done = Today })], Today, Progress).ShouldBeOfType<WarningAnswer.Clear>();
    }

    [Fact]
    public void SEED_04_WARN4_cost_above_the_budget_is_the_quotient_of_C2()
    {
        // domain.md 3.4: 8.42 against 8.20 is 2.6829 %, under the threshold of 3 %.
        var answer = CostWarning.Of(Yuan(842 * 12_000), 12_000, 8.20m, new());
        answer.ShouldBeOfType<WarningAnswer.Clear>();
        Figure(answer, "over").ShouldBe(0.026829m);
        Raised(CostWarning.Of(Yuan(845 * 100), 100, 8.20m, new())).Level.ShouldBe(WarningLevel.Watch);
        Raised(CostWarning.Of(Yuan(902 * 100), 100, 8.20m, new())).Level.ShouldBe(WarningLevel.Act);
        CostWarning.Of(Yuan(0), 0, 8.20m, new()).ShouldBe(new WarningAnswer.Unknown(WarningFamily.Cost, "parcels"));
        CostWarning.Of(Yuan(842), 1, null, new()).ShouldBeOfType<WarningAnswer.Clear>();
    }

    [Fact]
    public void SEED_04_WARN4_change_of_the_account_until_somebody_took_note_and_of_volume_both_ways()
    {
        AccountChange[] changes = [new("e1", AccountChangeKind.Contact, Today.PlusDays(-3), null), new("e2", AccountChangeKind.Ownership, Today.PlusDays(-20), Today), new("e3", AccountChangeKind.Address, Today.PlusDays(1), null)];
        var answer = Raised(ChangeWarning.Changes(changes, Today, Change));
        (answer.Level, answer.Subjects.Single()).ShouldBe((WarningLevel.Watch, "e1"));
        Raised(ChangeWarning.Changes([changes[1] with { NotedOn = null, On = Today }], Today, Change)).Level.ShouldBe(WarningLevel.Act);
        ChangeWarning.Changes([changes[0] with { NotedOn = Today }], Today, Change).ShouldBeOfType<WarningAnswer.Clear>();
        (Raised(ChangeWarning.Volume(700, 1_000, Change)).Level, Raised(ChangeWarning.Volume(1_500, 1_000, Change)).Level).ShouldBe((WarningLevel.Watch, WarningLevel.Act));
        ChangeWarning.Volume(701, 1_000, Change).ShouldBeOfType<WarningAnswer.Clear>();
        ChangeWarning.Volume(701, 0, Change).ShouldBeOfType<WarningAnswer.Unknown>();
    }

    [Fact]
    public void What_caps_the_grade_asks_for_an_act_and_names_what_it_was_until_none_stands()
    {
        // 45 of 50 obligations are 90 %, which caps nothing; 44 are under it.
        var sums = new Dictionary<string, CounterSums>(StringComparer.Ordinal)
        {
            [FigureCodes.InsuredLost] = new(2, 2, 0, 0, 0), [FigureCodes.PrivacyBreach] = new(0, 1, 0, 0, 0), [FigureCodes.Fulfilled] = new(44, 50, 0, 0, 0),
        };
        var answer = Raised(KnockOutWarning.Of(ScoreViews.KnockOutsOf(ScorePlan.Default, sums), sums));
        (answer.Family, answer.Reason, answer.Level).ShouldBe((WarningFamily.Budget, WarningReason.KnockOut, WarningLevel.Act));
        (Figure(answer, "knock_outs"), Figure(answer, "insured_lost"), Figure(answer, "obligations_met"), Figure(answer, "obligations_due")).ShouldBe((2m, 2m, 44m, 50m));
        answer.Subjects.ShouldBe([FigureCodes.InsuredLost, FigureCodes.Fulfilled]);
        ScoreViews.KnockOutsOf(null, sums).ShouldBe([KnockOut.InsuredParcelLost], "without a plan nothing says what is due");
        sums[FigureCodes.InsuredLost] = default;
        sums[FigureCodes.Fulfilled] = new(45, 50, 0, 0, 0);
        KnockOutWarning.Of(ScoreViews.KnockOutsOf(ScorePlan.Default, sums), sums).ShouldBeOfType<WarningAnswer.Clear>();
        sums[FigureCodes.FalseEventsProved] = new(1, 1, 0, 0, 0);
        Raised(KnockOutWarning.Of(ScoreViews.KnockOutsOf(ScorePlan.Default, sums), sums)).Subjects.ShouldBe([FigureCodes.FalseEventsProved]);
    }

    [Fact]
    public void A_warning_closes_by_itself_when_its_cause_is_gone_and_not_when_nobody_knows()
    {
        var first = StandingWarning.Next(null, ChangeWarning.Volume(500, 1_000, Change), Today)!;
        (first.Since, first.Stands).ShouldBe((Today, true));
        var worse = StandingWarning.Next(first, ChangeWarning.Volume(400, 1_000, Change), Today.PlusDays(1))!;
        (worse.Since, Figure(worse.Latest, "last"), worse.LatestOn).ShouldBe((Today, 400m, Today.PlusDays(1)));
        var unknown = StandingWarning.Next(worse, ChangeWarning.Volume(400, 0, Change), Today.PlusDays(2));
        unknown.ShouldBe(worse);
        var closed = StandingWarning.Next(unknown, ChangeWarning.Volume(900, 1_000, Change), Today.PlusDays(3))!;
        (closed.Stands, closed.ClosedOn).ShouldBe((false, Today.PlusDays(3)));
        StandingWarning.Next(closed, ChangeWarning.Volume(900, 1_000, Change), Today.PlusDays(4)).ShouldBe(closed);
        StandingWarning.Next(closed, ChangeWarning.Volume(500, 1_000, Change), Today.PlusDays(5))!.Since.ShouldBe(Today.PlusDays(5));
        StandingWarning.Next(null, ChangeWarning.Volume(900, 1_000, Change), Today).ShouldBeNull();
    }
}
