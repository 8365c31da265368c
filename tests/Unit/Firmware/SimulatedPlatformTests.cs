using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>The mechanics of the simulated scale, under a clock moved by hand.</summary>
public sealed class SimulatedPlatformTests
{
    private sealed class HandClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Advance(double seconds) => _ticks += TimeSpan.FromSeconds(seconds).Ticks;
    }

    private readonly HandClock _clock = new();

    [Fact]
    public void A_load_swings_and_then_rests_at_its_weight()
    {
        var platform = new SimulatedPlatform(new PlatformSettings(), _clock);
        platform.Place(Mass.FromGrams(2340));
        var shown = new List<Indication>();
        for (var i = 0; i < 200; i++)
        {
            _clock.Advance(0.01);
            shown.Add(platform.Read());
        }
        shown[0].Moving.ShouldBeTrue();
        shown.Max(s => s.Gross).ShouldBeGreaterThan(Mass.FromGrams(2400));
        shown[^1].ShouldBe(new Indication(Mass.FromGrams(2340), Moving: false, Over: false, Under: false));
        shown.SkipWhile(s => s.Moving).ShouldAllBe(s => !s.Moving && s.Gross == Mass.FromGrams(2340));
    }

    [Fact]
    public void The_same_seed_and_times_show_the_same()
    {
        List<Indication> Run()
        {
            var clock = new HandClock();
            var platform = new SimulatedPlatform(new PlatformSettings { Noise = Mass.FromGrams(30), Seed = 7 }, clock);
            platform.Place(Mass.FromGrams(5000));
            return [.. Enumerable.Range(0, 50).Select(_ =>
            {
                clock.Advance(0.05);
                return platform.Read();
            })];
        }
        Run().ShouldBe(Run());
        Run().Skip(40).Select(i => i.Gross).Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Over_capacity_plus_nine_steps_and_far_under_zero_no_weight_is_shown()
    {
        var platform = new SimulatedPlatform(new PlatformSettings { Noise = Mass.Zero }, _clock);
        Rest(platform, 30_090).Over.ShouldBeFalse();
        Rest(platform, 30_100).Over.ShouldBeTrue();
        Rest(platform, -200).Under.ShouldBeFalse();
        Rest(platform, -210).Under.ShouldBeTrue();
    }

    [Fact]
    public void Zero_drifts_and_the_zero_key_takes_it_back()
    {
        var platform = new SimulatedPlatform(new PlatformSettings { Noise = Mass.Zero, DriftGramsPerHour = 60 }, _clock);
        _clock.Advance(3600);
        platform.Read().Gross.ShouldBe(Mass.FromGrams(60));
        platform.SetZero();
        platform.Read().Gross.ShouldBe(Mass.Zero);
    }

    private Indication Rest(SimulatedPlatform platform, int grams)
    {
        platform.Place(Mass.FromGrams(grams));
        _clock.Advance(60);
        return platform.Read();
    }
}
