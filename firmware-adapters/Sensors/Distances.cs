namespace KeyAccountLogistics.FirmwareAdapters.Sensors;

/// <summary>One measurement of a distance sensor: millimetres, or why there are none. Never both.</summary>
public readonly record struct DistanceReading
{
    private DistanceReading(int? millimetres, string reason) => (Millimetres, Reason) = (millimetres, reason);

    /// <summary>Distance from the sensor's face; null when it was not measured.</summary>
    public int? Millimetres { get; }

    /// <summary>Why there is no distance; empty when there is one.</summary>
    public string Reason { get; }

    /// <summary>True while a measurement is under way that the next reading will give: neither a distance nor a fault.</summary>
    public bool IsPending { get; private init; }

    /// <summary>Measured.</summary>
    public static DistanceReading Of(int millimetres) => new(millimetres, "");

    /// <summary>Not measured.</summary>
    public static DistanceReading None(string reason) => new(null, reason);

    /// <summary>Under way.</summary>
    internal static DistanceReading Pending { get; } = new(null, "the first measurement is under way") { IsPending = true };
}

/// <summary>What measures a distance. Reading takes at most a tenth of a second; a sensor that was gone is looked for again at the next reading. The owner disposes.</summary>
public interface IDistanceSensor : IDisposable
{
    /// <summary>One measurement, now.</summary>
    DistanceReading Read();
}

/// <summary>What a distance sensor can measure; beyond it the number that it gives means something else (8190 for "nothing there").</summary>
/// <param name="MinMm">Least distance.</param>
/// <param name="MaxMm">Greatest distance.</param>
public readonly record struct DistanceRange(int MinMm, int MaxMm)
{
    /// <summary>VL53L0X: 30 mm to 2 m in its usual mode (ST's data sheet, long range up to 2 m).</summary>
    public static DistanceRange Vl53l0x { get; } = new(30, 2_000);

    /// <summary>HC-SR04: 20 mm to 4 m (its data sheet).</summary>
    public static DistanceRange HcSr04 { get; } = new(20, 4_000);

    internal DistanceReading Check(long millimetres) =>
        millimetres >= MinMm && millimetres <= MaxMm ? DistanceReading.Of((int)millimetres) : DistanceReading.None("nothing within the sensor's range");
}
