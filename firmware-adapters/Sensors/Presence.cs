using System.Globalization;
using KeyAccountLogistics.FirmwareAdapters.Nodes;

namespace KeyAccountLogistics.FirmwareAdapters.Sensors;

/// <summary>What a presence sensor says of the platform.</summary>
public enum Occupancy : byte
{
    /// <summary>It cannot say: gone, out of range, between its limits.</summary>
    Unknown,

    /// <summary>Nothing is there.</summary>
    Empty,

    /// <summary>Something is there.</summary>
    Occupied,
}

/// <summary>One look at the platform. A second witness beside the scale, never a weight: no type here carries a mass.</summary>
/// <param name="Occupancy">What it says.</param>
/// <param name="Reason">Why it cannot say; else what it measured, for people.</param>
public readonly record struct PresenceReading(Occupancy Occupancy, string Reason);

/// <summary>What tells whether something lies on the platform. The owner disposes.</summary>
public interface IPresenceSensor : IDisposable
{
    /// <summary>One look, now; takes at most a tenth of a second.</summary>
    PresenceReading Read();
}

/// <summary>
/// Presence by distance: the sensor looks at the platform and knows how far it is when empty. What lies between half and the whole margin is not said, so
/// that a sensor at its limit does not flicker.
/// </summary>
/// <param name="sensor">The sensor; disposed with this.</param>
/// <param name="emptyMm">Distance to the empty platform, measured at commissioning.</param>
/// <param name="marginMm">Something is there when the distance is shorter by this much.</param>
public sealed class DistancePresence(IDistanceSensor sensor, int emptyMm, int marginMm) : IPresenceSensor
{
    private PresenceReading _last = new(Occupancy.Unknown, "nothing measured yet");

    /// <inheritdoc/>
    public PresenceReading Read()
    {
        var reading = sensor.Read();
        if (reading.IsPending) return _last;
        return _last = reading.Millimetres is { } distance ? Judge(distance) : new PresenceReading(Occupancy.Unknown, reading.Reason);
    }

    private PresenceReading Judge(int distance)
    {
        var nearer = emptyMm - distance;
        var measured = string.Create(CultureInfo.InvariantCulture, $"{distance} mm, {emptyMm} mm when empty");
        if (nearer >= marginMm) return new PresenceReading(Occupancy.Occupied, measured);
        // Farther than the platform: it was moved, or the sensor looks past it. Neither is an empty platform.
        return nearer * 2 < marginMm && nearer > -marginMm ? new PresenceReading(Occupancy.Empty, measured) : new PresenceReading(Occupancy.Unknown, measured);
    }

    /// <inheritdoc/>
    public void Dispose() => sensor.Dispose();
}

/// <summary>
/// Presence by a bare load cell behind an HX711, through the kernel's driver (<c>in_voltage0_raw</c>). The chip's 24 bits are no verified weight: a clock line held
/// high over 60 µs resets it, nothing in its answer is checked, and no type here turns a count into a mass. So it can say that something lies there, and
/// cannot rate a parcel.
/// </summary>
public sealed class LoadCellPresence : IPresenceSensor
{
    private const long Saturated = (1 << 23) - 1;
    private readonly IioChannel _channel;
    private readonly long _empty;
    private readonly long _margin;

    /// <summary>A load cell by its driver's name or folder, with its count when empty and how much more (or less, when wired so) is something.</summary>
    public LoadCellPresence(string device, long emptyCounts, long marginCounts) : this(new IioChannel(device, "in_voltage0"), emptyCounts, marginCounts)
    {
    }

    internal LoadCellPresence(IioChannel channel, long emptyCounts, long marginCounts) => (_channel, _empty, _margin) = (channel, emptyCounts, marginCounts);

    /// <inheritdoc/>
    public PresenceReading Read()
    {
        if (_channel.Raw(out var reason) is not { } counts) return new PresenceReading(Occupancy.Unknown, reason);
        if (Math.Abs(counts) >= Saturated) return new PresenceReading(Occupancy.Unknown, "the load cell is saturated or not connected");
        var off = Math.Abs(counts - _empty);
        var measured = string.Create(CultureInfo.InvariantCulture, $"{counts} counts, {_empty} when empty");
        return new PresenceReading(off >= _margin ? Occupancy.Occupied : off * 2 < _margin ? Occupancy.Empty : Occupancy.Unknown, measured);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>Presence by a light barrier or switch on a GPIO line: active means that something is there.</summary>
/// <param name="nodes">Where the chip is.</param>
/// <param name="chip">Path of the chip.</param>
/// <param name="line">Offset of the line.</param>
/// <param name="activeLow">True for a barrier that pulls the line down when it is interrupted.</param>
public sealed class BarrierPresence(IDeviceNodes nodes, string chip, int line, bool activeLow) : IPresenceSensor
{
    private GpioLines? _line;

    /// <inheritdoc/>
    public PresenceReading Read()
    {
        var reason = "";
        _line ??= GpioLines.Request(nodes, chip, [line], GpioUse.Input | (activeLow ? GpioUse.ActiveLow : GpioUse.None), out reason);
        if (_line is null) return new PresenceReading(Occupancy.Unknown, reason);
        if (_line.Get() is { } values) return values == 0 ? new PresenceReading(Occupancy.Empty, "barrier open") : new PresenceReading(Occupancy.Occupied, "barrier interrupted");
        Dispose();
        return new PresenceReading(Occupancy.Unknown, $"{chip} is gone");
    }

    /// <summary>Gives the line back; a later reading requests it again.</summary>
    public void Dispose()
    {
        _line?.Dispose();
        _line = null;
    }
}

/// <summary>Height of what lies on the platform, for dimensional weight: a sensor above it knows how far the empty platform is.</summary>
/// <param name="sensor">The sensor, looking down; disposed with this.</param>
/// <param name="mountMm">Distance to the empty platform.</param>
/// <param name="floorMm">Heights below this are the empty platform, not a flat parcel: the sensor's own error.</param>
public sealed class HeightGauge(IDistanceSensor sensor, int mountMm, int floorMm) : IDisposable
{
    private DistanceReading _last = DistanceReading.Pending;

    /// <summary>Height in millimetres, 0 when the platform is empty; or why it is not known.</summary>
    public DistanceReading Read()
    {
        var reading = sensor.Read();
        if (reading.IsPending) return _last;
        return _last = reading.Millimetres switch
        {
            null => reading,
            var distance when mountMm - distance < -floorMm => DistanceReading.None(string.Create(CultureInfo.InvariantCulture, $"the platform is {distance} mm away, farther than the {mountMm} mm it was mounted at")),
            var distance when mountMm - distance < floorMm => DistanceReading.Of(0),
            var distance => DistanceReading.Of(mountMm - distance.Value),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => sensor.Dispose();
}
