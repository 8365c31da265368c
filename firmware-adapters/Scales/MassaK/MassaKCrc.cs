namespace KeyAccountLogistics.FirmwareAdapters.Scales.MassaK;

/// <summary>
/// The check of protocol 100 over command and data: polynomial 0x1021, each byte added at the low end, beginning with 0. So the check of a single byte is
/// that byte.
/// </summary>
internal static class MassaKCrc
{
    internal static ushort Of(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var b in bytes)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                var carry = (crc & 0x8000) != 0;
                crc = (crc << 1) & 0xFFFF;
                if (carry) crc ^= 0x1021;
            }
            crc ^= b;
        }
        return (ushort)crc;
    }
}
