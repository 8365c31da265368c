using KeyAccountLogistics.Dispatch.Runs;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Published;

/// <summary>What the installation has set for dispatch. Immutable.</summary>
public sealed record DispatchOptions
{
    /// <summary>The zone of the depots' days.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    /// <summary>How long a day is planned for. The same iterations and seed give the same plan on any machine.</summary>
    public long Iterations { get; init; } = 20_000;

    internal RunTravel Travel { get; init; } = new();
}
