using System.Globalization;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Protocols;

/// <summary>A setting a protocol cannot work with: who wrote the configuration must mend it.</summary>
public sealed class ProtocolSettingsException(string setting, string message) : Exception(message)
{
    /// <summary>The setting's name.</summary>
    public string Setting { get; } = setting;
}

/// <summary>Per-device settings of a protocol: what the wire does not say, and which of a family's habits this device has. Immutable.</summary>
public sealed record ProtocolSettings
{
    /// <summary>The option of protocols whose status bits are known with both meanings: <c>moving</c> or <c>stable</c> is what 1 says. Proved by a shake at commissioning.</summary>
    public const string StatusPolarity = "status-polarity";

    /// <summary>Nothing set: everything as the manual has it.</summary>
    public static ProtocolSettings Default { get; } = new();

    /// <summary>The unit where the wire carries none; <c>kg</c> when null.</summary>
    public string? Unit { get; init; }

    /// <summary>Decimals where the wire carries no point; null where it does.</summary>
    public int? Decimals { get; init; }

    /// <summary>Further options by name; each protocol lists its own.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The unit in canonical spelling, or an exception naming the setting.</summary>
    internal string UnitOr(string fallback) => Unit is null ? fallback : CanonicalUnit("unit", Unit);

    /// <summary>Places of the point where the wire carries none, 0 to 5; an exception naming the setting otherwise.</summary>
    internal int DecimalsOr(int fallback) => Decimals switch
    {
        null => fallback,
        >= 0 and <= 5 => Decimals.Value,
        _ => throw new ProtocolSettingsException("decimals", string.Create(CultureInfo.InvariantCulture, $"'{Decimals}' is not a value of 'decimals'; use a whole number from 0 to 5.")),
    };

    /// <summary>The option as a unit of mass, or null when it is absent.</summary>
    internal string? UnitOption(string name) => Options.TryGetValue(name, out var value) ? CanonicalUnit(name, value) : null;

    /// <summary>What commissioning pinned down of a wire without a check: <c>length</c> (lines only) and <c>expect-unit</c>.</summary>
    internal FrameGuard Guard() => new(Number(FrameGuard.LengthOption, 0, 1, 128), UnitOption(FrameGuard.UnitOption));

    private static string CanonicalUnit(string setting, string written) =>
        MassUnits.Canonical(written) ?? throw new ProtocolSettingsException(setting, $"'{written}' is not a unit of mass; use kg, g, mg, t, lb or oz.");

    /// <summary>The option, which must be one of the given words; the first is the default.</summary>
    internal string Choice(string name, params ReadOnlySpan<string> words)
    {
        if (!Options.TryGetValue(name, out var value)) return words[0];
        foreach (var word in words)
        {
            if (string.Equals(word, value, StringComparison.OrdinalIgnoreCase)) return word;
        }
        throw new ProtocolSettingsException(name, $"'{value}' is not a value of '{name}'; use one of: {string.Join(", ", words)}.");
    }

    /// <summary>The option as a whole number within bounds, or the default.</summary>
    internal int Number(string name, int fallback, int min, int max)
    {
        if (!Options.TryGetValue(name, out var value)) return fallback;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        throw new ProtocolSettingsException(name, string.Create(CultureInfo.InvariantCulture, $"'{value}' is not a value of '{name}'; use a whole number from {min} to {max}."));
    }

    /// <summary>Refuses options the protocol does not know, so that a misspelt one is not silently ignored.</summary>
    internal void AllowOnly(IReadOnlyDictionary<string, string> known, string protocol)
    {
        foreach (var name in Options.Keys)
        {
            if (!known.ContainsKey(name))
            {
                var names = known.Count == 0 ? "none" : string.Join(", ", known.Keys.Order(StringComparer.Ordinal));
                throw new ProtocolSettingsException(name, $"'{protocol}' has no setting '{name}'; it has: {names}.");
            }
        }
    }
}
