namespace KeyAccountLogistics.FirmwareAdapters.Scales.ToledoContinuous;

/// <summary>The status words A, B and C of one frame, eighth bits already masked.</summary>
internal readonly struct ToledoStatus(byte a, byte b, byte c)
{
    /// <summary>Decimals of weight and tare: 011 is one, 111 five; 000 to 010 have none.</summary>
    internal int Decimals => Math.Max(0, (a & 0x07) - 2);

    /// <summary>100, 10 or 1: what the last digits of the field, shown as fixed zeros, make every weight a multiple of.</summary>
    internal int FixedZeros => (a & 0x07) switch { 0 => 100, 1 => 10, _ => 1 };

    /// <summary>The displayed increment in the unit. Bits 3 and 4 give 1, 2 or 5; 00 is taken as 1.</summary>
    internal decimal Increment
    {
        get
        {
            var step = (a >> 3 & 0x03) switch { 2 => 2, 3 => 5, _ => 1 };
            return new decimal(step * FixedZeros, 0, 0, isNegative: false, (byte)Decimals);
        }
    }

    internal bool Net => (b & 0x01) != 0;

    internal bool Negative => (b & 0x02) != 0;

    internal bool OutOfRange => (b & 0x04) != 0;

    internal bool Moving => (b & 0x08) != 0;

    internal bool ZeroNotCaptured => (b & 0x40) != 0;

    internal bool Expanded => (c & 0x10) != 0;

    /// <summary>The unit, or null for those that are no unit of mass known here (troy ounce, pennyweight, short ton, custom).</summary>
    internal string? Unit => (c & 0x07) switch
    {
        0 => (b & 0x10) != 0 ? "kg" : "lb",
        1 => "g",
        2 => "t",
        3 => "oz",
        _ => null,
    };
}
