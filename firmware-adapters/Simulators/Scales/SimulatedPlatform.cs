using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>What the simulated scale is made of.</summary>
public sealed record PlatformSettings
{
    /// <summary>Greatest load; over it plus nine steps the scale shows no weight.</summary>
    public Mass Capacity { get; init; } = Mass.FromKilograms(30);

    /// <summary>Scale step d.</summary>
    public Mass Step { get; init; } = Mass.FromGrams(10);

    /// <summary>Time constant of the settling oscillation.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromMilliseconds(120);

    /// <summary>Oscillations per second while settling.</summary>
    public double OscillationHz { get; init; } = 4;

    /// <summary>Largest noise before rounding to d; half a step or more makes the last digit flicker.</summary>
    public Mass Noise { get; init; } = Mass.FromGrams(2);

    /// <summary>Drift of the zero, grams per hour.</summary>
    public double DriftGramsPerHour { get; init; }

    /// <summary>Seed of the noise: the same seed and times give the same readings.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>What an indicator shows at one moment.</summary>
/// <param name="Gross">The gross weight, rounded to d.</param>
/// <param name="Moving">True while it is not in equilibrium.</param>
/// <param name="Over">Over capacity plus nine steps.</param>
/// <param name="Under">More than twenty steps under zero.</param>
public readonly record struct Indication(Mass Gross, bool Moving, bool Over, bool Under);

/// <summary>
/// The mechanics of a scale: a load put on it swings, settles, trembles and drifts. A function of the time passed in and the seed. Thread-safe.
/// </summary>
public sealed class SimulatedPlatform
{
    private readonly Lock _gate = new();
    private readonly PlatformSettings _settings;
    private readonly TimeProvider _time;
    private readonly Random _noise;
    private readonly long _began;
    private double _fromMg;
    private double _loadMg;
    private double _zeroMg;
    private TimeSpan _changed = TimeSpan.FromDays(-1);

    /// <summary>An empty platform at zero.</summary>
    public SimulatedPlatform(PlatformSettings settings, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        _settings = settings;
        _time = time;
        _noise = new Random(settings.Seed);
        _began = time.GetTimestamp();
    }

    /// <summary>What the platform is made of.</summary>
    public PlatformSettings Settings => _settings;

    /// <summary>Puts exactly this load on the platform, whatever was there.</summary>
    public void Place(Mass load)
    {
        lock (_gate)
        {
            var now = Now;
            _fromMg = Swinging(now);
            _loadMg = load.Milligrams;
            _changed = now;
        }
    }

    /// <summary>Takes everything off.</summary>
    public void Clear() => Place(Mass.Zero);

    /// <summary>Makes the present load the new zero, as the zero key does.</summary>
    public void SetZero()
    {
        lock (_gate) _zeroMg = _loadMg + Drift(Now);
    }

    /// <summary>What is shown now.</summary>
    public Indication Read()
    {
        lock (_gate)
        {
            var now = Now;
            var swing = Swinging(now);
            var noise = ((_noise.NextDouble() * 2) - 1) * _settings.Noise.Milligrams;
            var step = _settings.Step.Milligrams;
            var shown = Mass.FromMilligrams((long)Math.Round((swing + noise + Drift(now) - _zeroMg) / step, MidpointRounding.AwayFromZero) * step);
            // At rest when what is left of the swing, with the usual noise on it, rounds to the load: a stable 10.04 of a load of 10.05 would be a wrong weight.
            var moving = Math.Abs(Amplitude(now)) > step * 0.25;
            return new Indication(shown, moving, shown > _settings.Capacity + (_settings.Step * 9), shown < _settings.Step * -20);
        }
    }

    /// <summary>Completes when the load has come to rest.</summary>
    public async Task Settled(CancellationToken stop = default)
    {
        while (Read().Moving) await Task.Delay(TimeSpan.FromMilliseconds(10), _time, stop);
    }

    private TimeSpan Now => _time.GetElapsedTime(_began);

    private double Drift(TimeSpan now) => _settings.DriftGramsPerHour * 1000 * now.TotalHours;

    private double Amplitude(TimeSpan now) => (_fromMg - _loadMg) * Math.Exp(-(now - _changed) / _settings.Settling);

    private double Swinging(TimeSpan now) => _loadMg + (Amplitude(now) * Math.Cos(2 * Math.PI * _settings.OscillationHz * (now - _changed).TotalSeconds));
}
