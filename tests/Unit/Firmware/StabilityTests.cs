using FsCheck.Fluent;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>Computed stability, the learned step, and the cycle from zero to zero.</summary>
public sealed class StabilityTests
{
    private static readonly Mass D = Mass.FromGrams(10);

    private static WeightReading Load(decimal grams, StabilityFlag stability = StabilityFlag.NotReported) => new()
    {
        Mass = Mass.FromGrams(grams),
        Stability = stability,
        Condition = grams == 0 ? Condition.Zero : grams < 0 ? Condition.Negative : Condition.Ok,
        Resolution = Mass.FromGrams(1),
    };

    private static List<StabilityFlag> Feed(StabilityWindow window, int everyMs, params decimal[] grams)
    {
        var at = TimeSpan.Zero;
        var flags = new List<StabilityFlag>();
        foreach (var load in grams)
        {
            flags.Add(window.Add(Load(load), D, at));
            at += TimeSpan.FromMilliseconds(everyMs);
        }
        return flags;
    }

    private static StabilityWindow Window => new(StabilityRule.Default);

    [Fact]
    public void Five_equal_readings_over_half_a_second_are_stable_and_not_before() =>
        Feed(Window, 125, 2340, 2340, 2340, 2340, 2340).ShouldBe([StabilityFlag.Moving, StabilityFlag.Moving, StabilityFlag.Moving, StabilityFlag.Moving, StabilityFlag.Stable]);

    [Fact]
    public void Five_readings_in_less_than_half_a_second_are_not_stable_yet()
    {
        var flags = Feed(Window, 50, [.. Enumerable.Repeat(2340m, 12)]);
        flags.IndexOf(StabilityFlag.Stable).ShouldBe(10);
    }

    [Fact]
    public void Half_a_second_with_four_readings_is_not_stable_yet() =>
        Feed(Window, 200, 2340, 2340, 2340, 2340, 2340).ShouldBe([StabilityFlag.Moving, StabilityFlag.Moving, StabilityFlag.Moving, StabilityFlag.Moving, StabilityFlag.Stable]);

    [Fact]
    public void A_last_digit_that_flickers_by_one_step_is_stable() =>
        Feed(Window, 125, 2340, 2350, 2340, 2350, 2340)[^1].ShouldBe(StabilityFlag.Stable);

    [Fact]
    public void A_slow_creep_of_one_step_a_reading_is_not_stable() =>
        Feed(Window, 125, [.. Enumerable.Range(0, 40).Select(i => 2000m + (i * 10))]).ShouldAllBe(flag => flag == StabilityFlag.Moving);

    [Fact]
    public void A_single_reading_two_steps_off_begins_the_wait_anew()
    {
        var flags = Feed(Window, 125, 2340, 2340, 2340, 2340, 2340, 2360, 2340, 2340, 2340, 2340, 2340);
        flags[4].ShouldBe(StabilityFlag.Stable);
        flags.Skip(5).Take(5).ShouldAllBe(flag => flag == StabilityFlag.Moving);
        flags[10].ShouldBe(StabilityFlag.Stable);
    }

    [Fact]
    public void A_pause_of_more_than_a_second_begins_anew()
    {
        var window = Window;
        for (var i = 0; i < 5; i++) window.Add(Load(2340), D, TimeSpan.FromMilliseconds(i * 125));
        window.Add(Load(2340), D, TimeSpan.FromMilliseconds(1600)).ShouldBe(StabilityFlag.Moving);
    }

    [Fact]
    public void An_overload_in_between_begins_anew()
    {
        var window = Window;
        for (var i = 0; i < 5; i++) window.Add(Load(2340), D, TimeSpan.FromMilliseconds(i * 125));
        window.Add(new WeightReading { Condition = Condition.Over }, D, TimeSpan.FromMilliseconds(600)).ShouldBe(StabilityFlag.NotReported);
        window.Add(Load(2340), D, TimeSpan.FromMilliseconds(700)).ShouldBe(StabilityFlag.Moving);
    }

    [Fact]
    public void The_wires_own_flag_is_passed_on()
    {
        var window = Window;
        window.Add(Load(2340, StabilityFlag.Stable), D, TimeSpan.Zero).ShouldBe(StabilityFlag.Stable);
        window.Add(Load(2340, StabilityFlag.Moving), D, TimeSpan.FromSeconds(0.1)).ShouldBe(StabilityFlag.Moving);
    }

    [Fact]
    public void Stable_always_means_that_half_a_second_of_readings_lay_within_a_step_of_the_newest()
    {
        var streams =
            from steps in Gen.ArrayOf(Gen.Choose(-2, 2), 60)
            from gaps in Gen.ArrayOf(Gen.Choose(10, 400), 60)
            select (steps, gaps);
        Seeded.Holds(streams, stream =>
        {
            var window = Window;
            var (at, grams) = (TimeSpan.Zero, 1000m);
            var history = new List<(decimal Grams, TimeSpan At)>();
            for (var i = 0; i < stream.steps.Length; i++)
            {
                at += TimeSpan.FromMilliseconds(stream.gaps[i]);
                grams += stream.steps[i] / 2 * 10;
                history.Add((grams, at));
                if (window.Add(Load(grams), D, at) != StabilityFlag.Stable) continue;
                var within = history.AsEnumerable().Reverse().TakeWhile(h => Math.Abs(h.Grams - grams) <= 10).ToList();
                if (within.Count < 5 || at - within[^1].At < TimeSpan.FromSeconds(0.5)) return false;
            }
            return true;
        });
    }

    [Fact]
    public void The_step_is_the_last_digit_until_a_dozen_loads_show_more()
    {
        var learner = new ResolutionLearner();
        learner.Current.ShouldBeNull();
        for (var i = 1; i <= 11; i++)
        {
            learner.Add(Load(i * 5));
            learner.Current.ShouldBe(Mass.FromGrams(1));
        }
        learner.Add(Load(60));
        learner.Current.ShouldBe(Mass.FromGrams(5));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(5, 5)]
    [InlineData(10, 10)]
    [InlineData(3, 1)]
    public void The_step_is_learned_from_what_all_loads_have_in_common(int every, int step)
    {
        var learner = new ResolutionLearner();
        for (var i = 1; i <= 20; i++) learner.Add(Load(i * every));
        learner.Current.ShouldBe(Mass.FromGrams(step));
    }

    [Fact]
    public void One_load_between_the_steps_takes_the_learned_step_back_at_once()
    {
        var learner = new ResolutionLearner();
        for (var i = 1; i <= 20; i++) learner.Add(Load(i * 10));
        learner.Add(Load(205));
        learner.Current.ShouldBe(Mass.FromGrams(5));
        learner.Add(Load(207));
        learner.Current.ShouldBe(Mass.FromGrams(1));
    }

    [Fact]
    public void What_stood_there_before_the_first_zero_is_not_fresh()
    {
        var cycle = new ReturnToZero();
        cycle.Add(Load(2340), StabilityFlag.Stable, D).ShouldBe(LoadPhase.AwaitingZero);
        Zero(cycle);
        cycle.Phase.ShouldBe(LoadPhase.Empty);
        cycle.Add(Load(2340), StabilityFlag.Stable, D).ShouldBe(LoadPhase.Loaded);
        cycle.Cycle.ShouldBe(1);
    }

    [Fact]
    public void A_weighed_load_stays_weighed_until_zero_is_seen_twice()
    {
        var cycle = new ReturnToZero();
        Zero(cycle);
        cycle.Add(Load(2340), StabilityFlag.Stable, D);
        cycle.MarkWeighed();
        cycle.Add(Load(4680), StabilityFlag.Stable, D).ShouldBe(LoadPhase.Weighed);
        cycle.Add(Load(10), StabilityFlag.Moving, D).ShouldBe(LoadPhase.Weighed);
        cycle.Add(Load(2340), StabilityFlag.Stable, D).ShouldBe(LoadPhase.Weighed);
        Zero(cycle);
        cycle.Add(Load(2340), StabilityFlag.Stable, D).ShouldBe(LoadPhase.Loaded);
        cycle.Cycle.ShouldBe(2);
    }

    [Fact]
    public void A_second_parcel_put_beside_the_first_shows_as_a_second_plateau()
    {
        var cycle = new ReturnToZero();
        Zero(cycle);
        cycle.Add(Load(2340), StabilityFlag.Stable, D);
        cycle.Add(Load(2350), StabilityFlag.Stable, D);
        cycle.Plateaus.ShouldBe(1);
        cycle.Add(Load(3000), StabilityFlag.Moving, D);
        cycle.Add(Load(4680), StabilityFlag.Stable, D);
        cycle.Plateaus.ShouldBe(2);
    }

    [Fact]
    public void Marking_what_is_not_fresh_is_a_programming_error()
    {
        var cycle = new ReturnToZero();
        Should.Throw<InvariantBrokenException>(cycle.MarkWeighed);
    }

    [Fact]
    public void A_platform_below_zero_is_not_empty_and_an_overload_changes_nothing()
    {
        var cycle = new ReturnToZero();
        cycle.Add(Load(-500), StabilityFlag.Stable, D);
        cycle.Add(Load(-500), StabilityFlag.Stable, D).ShouldBe(LoadPhase.AwaitingZero);
        Zero(cycle);
        cycle.Add(new WeightReading { Condition = Condition.Over }, StabilityFlag.NotReported, D).ShouldBe(LoadPhase.Empty);
        cycle.Add(Load(-500), StabilityFlag.Stable, D).ShouldBe(LoadPhase.Empty);
    }

    [Fact]
    public void After_a_lost_line_zero_must_be_seen_again()
    {
        var cycle = new ReturnToZero();
        Zero(cycle);
        cycle.Add(Load(2340), StabilityFlag.Stable, D);
        cycle.Reset();
        cycle.Add(Load(2340), StabilityFlag.Stable, D).ShouldBe(LoadPhase.AwaitingZero);
    }

    private static void Zero(ReturnToZero cycle)
    {
        cycle.Add(Load(0), StabilityFlag.Stable, D);
        cycle.Add(Load(10), StabilityFlag.Stable, D);
    }
}
