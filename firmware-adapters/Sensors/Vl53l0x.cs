using KeyAccountLogistics.FirmwareAdapters.Lines;

namespace KeyAccountLogistics.FirmwareAdapters.Sensors;

/// <summary>
/// A VL53L0X light sensor over I2C, in single measurements with the settings it wakes with (registers as in the kernel's vl53l0x-i2c driver, which is
/// preferred: through it the chip needs no bus access of ours and no second reader can start a measurement between). One reading collects the
/// measurement that the one before began, so that nobody waits the 33 ms it takes.
/// </summary>
public sealed class Vl53l0x(II2cBus bus, string name, int address = Vl53l0x.UsualAddress) : IDistanceSensor
{
    /// <summary>7-bit address after power-up.</summary>
    public const int UsualAddress = 0x29;

    private const byte StartRegister = 0x00;
    private const byte InterruptClearRegister = 0x0B;
    private const byte ResultRegister = 0x14;
    private const byte ModelRegister = 0xC0;
    private const byte Model = 0xEE;
    private const int ResultBytes = 12;
    private const int RangeAt = 10;
    private const int RangeComplete = 11;
    private const int UnansweredMax = 5;
    private bool _known;
    private bool _started;
    private int _unanswered;

    /// <inheritdoc/>
    public DistanceReading Read()
    {
        if (!_known && !Identify(out var reason)) return DistanceReading.None(reason);
        if (!_started) return Start() ?? DistanceReading.Pending;
        Span<byte> result = stackalloc byte[ResultBytes];
        if (bus.Transfer(address, [ResultRegister], result) is < 0 and var errno) return Lost(errno);
        if ((result[0] & 1) == 0)
        {
            if (++_unanswered < UnansweredMax) return DistanceReading.Pending;
            _known = _started = false;
            return DistanceReading.None($"the VL53L0X at {name} began a measurement and does not end it");
        }
        if (bus.Transfer(address, [InterruptClearRegister, 1], []) is < 0 and var failed) return Lost(failed);
        if (Start() is { } lost) return lost;
        var status = (result[0] >> 3) & 0xF;
        return status == RangeComplete
            ? DistanceRange.Vl53l0x.Check((result[RangeAt] << 8) | result[RangeAt + 1])
            : DistanceReading.None("nothing within the sensor's range");
    }

    private bool Identify(out string reason)
    {
        Span<byte> model = stackalloc byte[1];
        var result = bus.Transfer(address, [ModelRegister], model);
        reason = result < 0 ? Fault(result) : model[0] != Model ? $"what answers at {name} is no VL53L0X (it says 0x{model[0]:X2}, not 0x{Model:X2})" : "";
        return _known = reason.Length == 0;
    }

    private DistanceReading? Start()
    {
        var result = bus.Transfer(address, [StartRegister, 1], []);
        (_started, _unanswered) = (result >= 0, 0);
        return result < 0 ? Lost(result) : null;
    }

    private DistanceReading Lost(int result)
    {
        _known = _started = false;
        return DistanceReading.None(Fault(result));
    }

    private string Fault(int result) => $"the VL53L0X at {name} does not answer: {Libc.Describe(-result)}";

    /// <summary>Closes the bus.</summary>
    public void Dispose() => bus.Dispose();
}
