namespace KeyAccountLogistics.Kernel;

/// <summary>
/// Damm's check digit (H. M. Damm, Total anti-symmetrische Quasigruppen, 2004), as opposed to GS1's modulo 10: with one digit it finds every wrong digit and every
/// swap of two neighbours, the check digit included.
/// </summary>
internal static class Damm
{
    // A totally anti-symmetric quasigroup of order ten with a zero diagonal, so that the interim digit is itself the check digit.
    private static ReadOnlySpan<byte> Table =>
    [
        0, 3, 1, 7, 5, 9, 8, 6, 4, 2,
        7, 0, 9, 2, 1, 5, 4, 8, 6, 3,
        4, 2, 0, 6, 8, 7, 1, 3, 5, 9,
        1, 7, 5, 0, 9, 8, 3, 4, 2, 6,
        6, 1, 2, 3, 0, 4, 5, 9, 7, 8,
        3, 6, 7, 4, 2, 0, 9, 5, 8, 1,
        5, 8, 6, 9, 7, 2, 0, 1, 3, 4,
        8, 9, 4, 5, 3, 6, 2, 0, 1, 7,
        9, 4, 3, 8, 6, 1, 7, 2, 0, 5,
        2, 5, 8, 1, 4, 3, 6, 7, 9, 0,
    ];

    /// <summary>The interim digit after these digits, starting from <paramref name="interim"/>. The caller has checked that all are ASCII digits.</summary>
    internal static int Fold(ReadOnlySpan<char> digits, int interim = 0)
    {
        foreach (var digit in digits) interim = Table[(interim * 10) + (digit - '0')];
        return interim;
    }
}
