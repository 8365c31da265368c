using System.Globalization;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.TestKit;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>The forecast to the period's end, held against accounts whose rates and drift are known because they were drawn.</summary>
public sealed class ForecastTests(ITestOutputHelper output)
{
    private const int HistoryDays = 28;
    private const int PeriodDays = 30;
    private static readonly Fraction Limit = 0.03m;

    // Drift: how far the log odds may move in a month, besides wandering; 0.6 takes 3 % to between 1.7 and 5.3 %.
    [Fact]
    public void The_80_percent_interval_holds_the_truth_at_least_75_percent_of_the_time_on_500_accounts_that_drift() => Simulate(500, 0.6, least: 75, most: 92);

    // Five weeks cannot show that nothing will move, so on steady accounts it is wide; twice the drift it was made for still leaves it useful.
    [Theory]
    [InlineData("0", 80)]
    [InlineData("1.2", 70)]
    public void It_holds_on_steady_and_on_wild_accounts(string drift, int least) => Simulate(250, double.Parse(drift, CultureInfo.InvariantCulture), least, most: 100);

    private void Simulate(int accounts, double drift, int least, int most)
    {
        var random = new Random((int)(RunSettings.SeedOr(20_261_012) % int.MaxValue));
        var (held, heldDiscrete, heldByOneRate, width, widthByOneRate, missed, chances) = (0, 0, 0, 0.0, 0.0, 0, 0.0);
        for (var account = 0; account < accounts; account++)
        {
            var days = Draw(random, drift);
            var today = HistoryDays + random.Next(5, 26);
            var soFar = BudgetCount.Sum(days[HistoryDays..today]);
            var truth = BudgetCount.Sum(days[HistoryDays..]).Failures;
            var made = (ForecastAnswer.Made)Forecast.Of(Limit, days[..today], soFar, [.. days[today..].Select(d => d.Units)]);

            // Failures are whole, so an interval of whole numbers holds more than it says; the randomised one holds 80 % exactly when the distribution is right.
            var toCome = truth - soFar.Failures;
            var (below, at) = (made.ToCome.AtMost(toCome - 1), made.ToCome.AtMost(toCome));
            if (below + random.NextDouble() * (at - below) is >= 0.1 and <= 0.9) held++;
            if (truth >= made.Low && truth <= made.High) heldDiscrete++;
            width += (double)(made.High - made.Low) / Math.Max(1, truth);
            chances += made.ChanceOfMiss;
            if (truth > 0.03 * made.Units) missed++;

            // The same, were the rate of all days so far taken for the rate of those to come.
            var all = BudgetCount.Sum(days[..today]);
            var (a, b) = (all.Failures + 0.5, all.Units - all.Failures + 0.5);
            var oneRate = BetaBinomial.Of(made.Units - soFar.Units, a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1)));
            var (belowOne, atOne) = (oneRate.AtMost(toCome - 1), oneRate.AtMost(toCome));
            if (belowOne + random.NextDouble() * (atOne - belowOne) is >= 0.1 and <= 0.9) heldByOneRate++;
            widthByOneRate += (double)(oneRate.Quantile(0.9) - oneRate.Quantile(0.1)) / Math.Max(1, truth);
        }
        output.WriteLine($"{accounts} accounts, drift {drift}: the 80 % interval held the truth in {100.0 * held / accounts:0.0} % (randomised), {100.0 * heldDiscrete / accounts:0.0} % (whole numbers); "
            + $"mean width {100 * width / accounts:0.0} % of the period's failures. One rate for all days: {100.0 * heldByOneRate / accounts:0.0} %, width {100 * widthByOneRate / accounts:0.0} %. "
            + $"Missed {missed}, foretold {chances:0.0}.");
        // No mere caution either: an interval that held always would say nothing.
        held.ShouldBeInRange(accounts * least / 100, accounts * most / 100);
        Math.Abs(chances - missed).ShouldBeLessThan(accounts * 0.06);
    }

    // Not the model the forecast has: a straight drift, a step now and then, weekends, late vehicles that fail many parcels at once.
    private static BudgetCount[] Draw(Random random, double drift)
    {
        var level = -4.5 + 2.5 * random.NextDouble();
        var slope = (2 * random.NextDouble() - 1) * drift / PeriodDays;
        var wander = random.NextDouble() * drift / 12;
        var scatter = random.Next(3) == 0 ? 0.3 : 0;
        var volume = random.Next(40, 800);
        var days = new BudgetCount[HistoryDays + PeriodDays];
        for (var d = 0; d < days.Length; d++)
        {
            level += slope + wander * Normal(random) + (random.Next(60) == 0 ? drift * 2 / 3 * Normal(random) : 0);
            var rate = 1 / (1 + Math.Exp(-(level + scatter * Normal(random))));
            var units = (int)(volume * (d % 7 >= 5 ? 0.5 : 1) * (0.8 + 0.4 * random.NextDouble()));
            var failures = 0;
            for (var unit = 0; unit < units; unit++)
            {
                if (random.NextDouble() < rate) failures++;
            }
            days[d] = new(units, failures);
        }
        return days;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    [Fact]
    public void The_same_days_give_the_same_forecast_and_more_failures_so_far_never_a_better_one()
    {
        BudgetCount[] days = [.. Enumerable.Range(0, 20).Select(d => new BudgetCount(200, 4 + d % 3))];
        var soFar = BudgetCount.Sum(days);
        long[] toCome = [.. Enumerable.Repeat(200L, 10)];
        var made = (ForecastAnswer.Made)Forecast.Of(Limit, days, soFar, toCome);
        var again = (ForecastAnswer.Made)Forecast.Of(Limit, days, soFar, toCome);
        (again.Low, again.Middle, again.High, again.ChanceOfMiss).ShouldBe((made.Low, made.Middle, made.High, made.ChanceOfMiss));
        made.Units.ShouldBe(6_000);
        made.Low.ShouldBeLessThan(made.Middle);
        made.Middle.ShouldBeInRange(140, 160);
        made.ChanceOfMiss.ShouldBeInRange(0.0, 0.2);
        var worse = (ForecastAnswer.Made)Forecast.Of(Limit, days, soFar with { Failures = soFar.Failures + 40 }, toCome);
        worse.Middle.ShouldBe(made.Middle + 40);
        worse.ChanceOfMiss.ShouldBeGreaterThan(0.6);
        ((ForecastAnswer.Made)Forecast.Of(Limit, days, soFar with { Failures = 400 }, toCome)).ChanceOfMiss.ShouldBe(1);
    }

    [Fact]
    public void A_rate_that_rises_is_not_forecast_as_its_mean()
    {
        BudgetCount[] days = [.. Enumerable.Range(0, 28).Select(d => new BudgetCount(500, 5 + d))];
        var made = (ForecastAnswer.Made)Forecast.Of(Limit, days, default, [.. Enumerable.Repeat(500L, 10)]);
        made.Middle.ShouldBeGreaterThan(250, "ten days at the mean of the days so far would be 185");
        made.High.ShouldBeGreaterThan(330);
    }

    [Fact]
    public void Few_days_or_nothing_to_come_give_no_forecast_with_the_reason()
    {
        BudgetCount[] days = [.. Enumerable.Repeat(new BudgetCount(100, 1), 4), .. Enumerable.Repeat(default(BudgetCount), 20)];
        Forecast.Of(Limit, days, default, [100]).ShouldBe(new ForecastAnswer.None(NoForecastReason.TooFewDays));
        Forecast.Of(Limit, [.. days, new(100, 0)], default, [0, 0]).ShouldBe(new ForecastAnswer.None(NoForecastReason.NothingToCome));
        Forecast.Of(Limit, [.. days, new(100, 0)], default, [100]).ShouldBeOfType<ForecastAnswer.Made>();
    }

    [Fact]
    public void No_day_breaks_the_forecast_neither_a_flood_nor_a_month_without_a_failure()
    {
        BudgetCount[] quiet = [.. Enumerable.Repeat(new BudgetCount(100_000, 0), 55)];
        ((ForecastAnswer.Made)Forecast.Of(0.00002m, quiet, BudgetCount.Sum(quiet), [100_000])).High.ShouldBeLessThan(10);
        var flood = (ForecastAnswer.Made)Forecast.Of(Limit, [.. quiet, new(1_000, 1_000)], default, [1_000, 1_000]);
        flood.High.ShouldBeGreaterThan(0);
        var all = (ForecastAnswer.Made)Forecast.Of(Limit, [.. Enumerable.Repeat(new BudgetCount(50, 50), 10)], default, [50]);
        all.High.ShouldBe(50);
        // A whole network: millions of units.
        var network = (ForecastAnswer.Made)Forecast.Of(Limit, [.. Enumerable.Repeat(new BudgetCount(3_000_000, 90_000), 28)], default, [3_000_000]);
        network.Middle.ShouldBeInRange(88_000, 92_000);
    }

    [Fact]
    public void Beta_binomial_of_an_even_rate_gives_each_number_the_same_chance()
    {
        // α = β = 1: mean 1/2, variance 1/12.
        var even = BetaBinomial.Of(9, 0.5, 1.0 / 12);
        for (var x = 0; x < 10; x++) even.AtMost(x).ShouldBe((x + 1) / 10.0, 1e-12);
        (even.AtMost(-1), even.AtMost(10), even.Quantile(0.05), even.Quantile(0.95)).ShouldBe((0, 1, 0, 9));
        // A rate that is known: the binomial distribution.
        BetaBinomial.Of(4, 0.5, 0).AtMost(1).ShouldBe(5 / 16.0, 1e-6);
        BetaBinomial.Of(0, 0.5, 0.01).Quantile(0.9).ShouldBe(0);
    }
}
