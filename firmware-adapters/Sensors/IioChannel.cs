using System.Globalization;

namespace KeyAccountLogistics.FirmwareAdapters.Sensors;

/// <summary>
/// One channel of the kernel's Industrial I/O files: <c>(raw + offset) x scale</c> (Documentation/ABI/testing/sysfs-bus-iio). The device is named by its
/// driver's name (<c>vl53l0x</c>, <c>srf04</c>, <c>hx711</c>), because the number in <c>iio:deviceN</c> changes with the order of start, or by its folder.
/// </summary>
internal sealed class IioChannel(string device, string channel, string root = IioChannel.UsualRoot)
{
    internal const string UsualRoot = "/sys/bus/iio/devices";
    private const int DevicesMax = 64;
    private const int TextMax = 64;
    private string? _folder;

    /// <summary>The raw count; null with the reason when it cannot be read.</summary>
    internal long? Raw(out string reason)
    {
        _folder ??= Find();
        if (_folder is null)
        {
            reason = $"the kernel has no sensor '{device}' (ls {root}/*/name)";
            return null;
        }
        if (Read("_raw", out reason) is { } raw && raw is >= int.MinValue and <= int.MaxValue) return (long)raw;
        if (reason.Length == 0) reason = $"'{device}' gave a count that no converter has";
        _folder = null;
        return null;
    }

    /// <summary>The value in the channel's unit (metres for a distance, millivolts for a voltage); null with the reason when it cannot be read.</summary>
    internal decimal? Value(out string reason)
    {
        if (Raw(out reason) is not { } raw) return null;
        var scale = Read("_scale", out var lacking) ?? 1;
        var offset = Read("_offset", out _) ?? 0;
        if (lacking.Length > 0 && !IsAbsent("_scale"))
        {
            reason = lacking;
            return null;
        }
        return (raw + offset) * scale;
    }

    private string? Find()
    {
        if (device.StartsWith('/')) return Directory.Exists(device) ? device : null;
        if (!Directory.Exists(root)) return null;
        return Directory.EnumerateFileSystemEntries(root).Take(DevicesMax).Order(StringComparer.Ordinal)
            .FirstOrDefault(folder => string.Equals(TextOf(Path.Combine(folder, "name"), out _), device, StringComparison.Ordinal));
    }

    private bool IsAbsent(string what) => !File.Exists(Path.Combine(_folder!, channel + what));

    private decimal? Read(string what, out string reason)
    {
        if (TextOf(Path.Combine(_folder!, channel + what), out reason) is not { } text) return null;
        if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var value)) return value;
        reason = $"'{device}' gave '{(text.Length <= TextMax ? text : text[..TextMax])}' where a number should be";
        return null;
    }

    /// <summary>A read of a sysfs file is a measurement: the driver's error (no echo, a bus fault) comes as the read's own.</summary>
    private static string? TextOf(string path, out string reason)
    {
        try
        {
            reason = "";
            return File.ReadAllText(path).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            reason = $"{path} gave no measurement: {fault.Message}";
            return null;
        }
    }
}

/// <summary>
/// A distance sensor that a kernel driver runs (<c>in_distance_raw</c>, metres after scaling). Preferred where there is a driver: the kernel times the pulse or
/// the bus itself, while a process can be paused in the middle of either.
/// </summary>
public sealed class IioDistance : IDistanceSensor
{
    /// <summary>What the kernel's driver for ultrasonic sensors reckons with in want of a temperature: 343.5 m/s, 20 degrees Celsius (drivers/iio/proximity/srf04.c).</summary>
    private const decimal UltrasonicAssumed = 343.5m;

    private readonly IioChannel _channel;
    private readonly DistanceRange _range;
    private readonly decimal? _airCelsius;

    /// <summary>
    /// A sensor by the driver's name or its folder. With <paramref name="airCelsius"/> the distance of an ultrasonic sensor is put right for the air's
    /// temperature (0.17 per cent a degree); leave it null for one that measures by light.
    /// </summary>
    public IioDistance(string device, DistanceRange range, decimal? airCelsius = null) : this(new IioChannel(device, "in_distance"), range, airCelsius)
    {
    }

    internal IioDistance(IioChannel channel, DistanceRange range, decimal? airCelsius) => (_channel, _range, _airCelsius) = (channel, range, airCelsius);

    /// <inheritdoc/>
    public DistanceReading Read()
    {
        if (_channel.Value(out var reason) is not { } metres) return DistanceReading.None(reason);
        if (Math.Abs(metres) > 1_000) return DistanceReading.None("the sensor gave a distance that cannot be");
        if (_airCelsius is { } celsius) metres *= HcSr04.SpeedOfSound(celsius) / UltrasonicAssumed;
        return _range.Check((long)Math.Round(metres * 1_000, MidpointRounding.AwayFromZero));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
