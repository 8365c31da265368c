namespace KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaFrame;

/// <summary>The check of all Yaohua frames: the exclusive or of the bytes covered, as two capital hexadecimal digits.</summary>
internal static class YaohuaXor
{
    internal static bool Matches(ReadOnlySpan<byte> covered, ReadOnlySpan<byte> check)
    {
        byte xor = 0;
        foreach (var b in covered) xor ^= b;
        return check.Length == 2 && check[0] == Digit(xor >> 4) && check[1] == Digit(xor & 0x0F);
    }

    private static byte Digit(int nibble) => (byte)(nibble < 10 ? '0' + nibble : 'A' + nibble - 10);
}
