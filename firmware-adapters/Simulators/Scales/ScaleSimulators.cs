namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>The simulated scale of any protocol by its id, as the protocol list of the adapters has it.</summary>
public static class ScaleSimulators
{
    /// <summary>The ids that can be simulated.</summary>
    public static IReadOnlyList<string> Protocols { get; } = ["mt-sics", "kern-kcp", "toledo-continuous", "yaohua-=1", "yaohua-=2", .. ScaleWire.All.Keys];

    /// <summary>
    /// A scale at <paramref name="linkPath"/>, plugged in; the caller disposes it. <paramref name="unit"/> is kg, g, lb or oz, <paramref name="decimals"/> the
    /// digits behind the point, where the wire has room for them. Throws <see cref="KeyNotFoundException"/> naming the known ids.
    /// </summary>
    public static ScaleSimulator Create(string protocol, string linkPath, PlatformSettings settings, TimeProvider time, string unit = "kg", int decimals = 3) => protocol switch
    {
        "mt-sics" or "kern-kcp" => new SicsScaleSimulator(linkPath, settings, time, unit, decimals),
        "toledo-continuous" => new ToledoContinuousSimulator(linkPath, settings, time, new ToledoSetup { Decimals = decimals }),
        "yaohua-=1" => new YaohuaStreamSimulator(linkPath, settings, time, reversed: true, decimals),
        "yaohua-=2" => new YaohuaStreamSimulator(linkPath, settings, time, reversed: false, decimals),
        _ when ScaleWire.All.ContainsKey(protocol) => new WireScaleSimulator(protocol, linkPath, settings, time, unit, decimals),
        _ => throw new KeyNotFoundException($"'{protocol}' cannot be simulated; known are: {string.Join(", ", Protocols)}."),
    };
}
