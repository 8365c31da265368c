using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Nci;

/// <summary>
/// The two to four status characters of one answer. Bits 4 and 5 of each are 1; bit 6 says that another follows, which the first never says and the last
/// must not.
/// </summary>
internal readonly struct NciStatus
{
    private const int CharactersMin = 2;
    private const int CharactersMax = 4;
    private const byte FixedBits = 0x30;
    private const byte Follows = 0x40;
    private readonly byte _first;
    private readonly byte _second;
    private readonly byte _third;

    private NciStatus(ReadOnlySpan<byte> characters, bool firstInverted)
    {
        _first = (byte)(firstInverted ? characters[0] ^ 0x0F : characters[0]);
        _second = characters[1];
        _third = characters.Length > 2 ? characters[2] : (byte)0;
        SaysKind = characters.Length > 2;
    }

    private bool SaysKind { get; }

    internal StabilityFlag Stability => (_first & 0x01) != 0 ? StabilityFlag.Moving : StabilityFlag.Stable;

    internal bool AtZero => (_first & 0x02) != 0;

    internal bool Under => (_second & 0x01) != 0;

    internal bool Over => (_second & 0x02) != 0;

    /// <summary>RAM, EEPROM, ROM or calibration at fault, or zero not captured: what is shown must not be used.</summary>
    internal bool Faulty => (_first & 0x0C) != 0 || (_second & 0x0C) != 0 || (SaysKind && (_third & 0x08) != 0);

    internal Basis Basis => !SaysKind ? Basis.Unknown : (_third & 0x04) != 0 ? Basis.Net : Basis.Gross;

    /// <summary>
    /// Reads a status line, with or without the S of the ECR dialect. With <paramref name="firstInverted"/> the low bits of the first character mean the
    /// opposite (SCP-12: 1 is stable, not at zero, memory in order).
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<byte> line, bool firstInverted, out NciStatus status)
    {
        status = default;
        if (line is [(byte)'S', .. var behind]) line = behind;
        if (line.Length is < CharactersMin or > CharactersMax) return false;
        for (var i = 0; i < line.Length; i++)
        {
            var follows = (line[i] & Follows) != 0;
            if ((line[i] & FixedBits) != FixedBits || follows != (i > 0 && i < line.Length - 1)) return false;
        }
        status = new NciStatus(line, firstInverted);
        return true;
    }
}
