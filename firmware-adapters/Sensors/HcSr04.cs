using System.Diagnostics;
using KeyAccountLogistics.FirmwareAdapters.Nodes;

namespace KeyAccountLogistics.FirmwareAdapters.Sensors;

/// <summary>
/// An HC-SR04 ultrasonic sensor on two GPIO lines: 10 µs on the trigger, then the echo line is high as long as the sound travels there and back. The kernel
/// stamps both edges. For machines without a driver for it; with one, <see cref="IioDistance"/> is better.
/// </summary>
public sealed class HcSr04 : IDistanceSensor
{
    private const double TriggerMicros = 12;
    private const long EchoNsMax = 40_438_871; // 6.45 m there and back at -20 degrees Celsius: beyond it the sensor heard nothing, or another one
    private const int OldEdgesMax = 64;
    private static readonly TimeSpan EdgeWithin = TimeSpan.FromMilliseconds(50);

    private readonly IDeviceNodes _nodes;
    private readonly string _chip;
    private readonly int _triggerLine;
    private readonly int _echoLine;
    private readonly decimal _airCelsius;
    private GpioLines? _trigger;
    private GpioLines? _echo;

    /// <summary>A sensor on lines of <paramref name="chip"/> (<c>/dev/gpiochip0</c>); nothing is opened before the first reading.</summary>
    public HcSr04(IDeviceNodes nodes, string chip, int triggerLine, int echoLine, decimal airCelsius = 20)
    {
        (_nodes, _chip, _triggerLine, _echoLine, _airCelsius) = (nodes, chip, triggerLine, echoLine, airCelsius);
    }

    /// <summary>Metres a second in air of that temperature: 331.5 + 0.6 T (the kernel's srf04 driver uses the same line).</summary>
    public static decimal SpeedOfSound(decimal celsius) => 331.5m + (0.6m * celsius);

    /// <inheritdoc/>
    public DistanceReading Read()
    {
        if (!Open(out var reason)) return DistanceReading.None(reason);
        for (var i = 0; i < OldEdgesMax && _echo!.NextEdge(TimeSpan.Zero, out _) is not null; i++)
        {
            // the end of an echo that came too late belongs to the measurement before
        }
        if (!Trigger()) return Gone();
        if (_echo!.NextEdge(EdgeWithin, out var gone) is not { Rising: true } began) return gone ? Gone() : DistanceReading.None("the sensor does not answer its trigger");
        if (_echo.NextEdge(EdgeWithin, out gone) is not { Rising: false } ended) return gone ? Gone() : DistanceReading.None("no echo");
        var travelled = ended.TimestampNs - began.TimestampNs;
        if (travelled is <= 0 or > EchoNsMax) return DistanceReading.None("no echo");
        return DistanceRange.HcSr04.Check((long)Math.Round(travelled * SpeedOfSound(_airCelsius) / 2_000_000m, MidpointRounding.AwayFromZero));
    }

    private bool Open(out string reason)
    {
        reason = "";
        _echo ??= GpioLines.Request(_nodes, _chip, [_echoLine], GpioUse.Input | GpioUse.EdgeRising | GpioUse.EdgeFalling, out reason);
        if (_echo is not null) _trigger ??= GpioLines.Request(_nodes, _chip, [_triggerLine], GpioUse.Output, out reason);
        return _echo is not null && _trigger is not null;
    }

    /// <summary>At least 10 µs high; longer does no harm, so a pause of this thread does not matter.</summary>
    private bool Trigger()
    {
        if (!_trigger!.Set(1)) return false;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began).TotalMicroseconds < TriggerMicros;)
        {
        }
        return _trigger.Set(0);
    }

    private DistanceReading Gone()
    {
        Dispose();
        return DistanceReading.None($"{_chip} is gone");
    }

    /// <summary>Gives the lines back; a later reading requests them again.</summary>
    public void Dispose()
    {
        _trigger?.Dispose();
        _echo?.Dispose();
        (_trigger, _echo) = (null, null);
    }
}
