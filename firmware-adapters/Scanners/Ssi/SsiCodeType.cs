using KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Ssi;

/// <summary>
/// The code type byte of SSI decode data as the AIM identifier of the same symbology, so that a parcel reads alike from any scanner. Types without an AIM letter are <c>]X0</c>, those no
/// manual at hand names are none.
/// </summary>
internal static class SsiCodeType
{
    internal const byte UpcA = 0x08;

    private static readonly Dictionary<byte, string> AimIds = new()
    {
        [0x01] = "]A0", [0x02] = "]F0", [0x03] = "]C0", [0x04] = "]S0", [0x05] = "]R0", [0x06] = "]I0", [0x07] = "]G0", [UpcA] = "]E0",
        [0x09] = "]X0", [0x0A] = "]E4", [0x0B] = "]E0", [0x0C] = "]H0", [0x0D] = "]T0", [0x0E] = "]M0", [0x0F] = "]C1", [0x10] = "]X0",
        [0x11] = "]L0", [0x12] = "]K0", [0x13] = "]A4", [0x14] = "]X0", [0x15] = "]X0", [0x16] = "]X0", [0x17] = "]X0", [0x18] = "]F0",
        [0x19] = "]C0", [0x1A] = "]L0", [0x1B] = "]d1", [0x1C] = "]Q1", [0x1E] = "]X0", [0x1F] = "]X0", [0x20] = "]A0", [0x21] = "]C0",
        [0x22] = "]X0", [0x23] = "]X0", [0x24] = "]X0", [0x25] = "]U0", [0x26] = "]X0", [0x27] = "]X0", [0x28] = "]L0", [0x2C] = "]Q1",
        [0x2D] = "]z0", [0x2E] = "]zC", [0x30] = "]e0", [0x31] = "]e0", [0x32] = "]e0", [0x36] = "]X0", [0x39] = "]X0",
        [0x48] = "]E3", [0x49] = "]X0", [0x4A] = "]X0", [0x4B] = "]E3", [0x50] = "]X0",
        [0x51] = "]e0", [0x54] = "]e0", [0x55] = "]e0", [0x56] = "]e0", [0x59] = "]e0", [0x61] = "]e0", [0x64] = "]e0", [0x65] = "]e0", [0x66] = "]e0",
        [0x72] = "]X0", [0x73] = "]X0", [0x88] = "]E3", [0x89] = "]X0", [0x8A] = "]X0", [0x8B] = "]E3", [0x90] = "]X0",
        [0x9A] = "]L0", [0xB7] = "]h0", [0xC1] = "]d2", [0xC2] = "]Q3",
    };

    /// <summary>The AIM identifier and symbology of a code type; null where it names none known here.</summary>
    internal static (string AimId, AimSymbology Symbology)? Find(byte codeType) =>
        AimIds.TryGetValue(codeType, out var aimId) && AimSymbology.Find((byte)aimId[1], (byte)aimId[2]) is { } symbology ? (aimId, symbology) : null;
}
