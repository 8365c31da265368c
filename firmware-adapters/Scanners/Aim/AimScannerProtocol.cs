using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;

/// <summary>Scanners on a serial line or USB-CDC that put the AIM symbology identifier of ISO/IEC 15424 before what they read.</summary>
internal static class AimScannerProtocol
{
    private static readonly Dictionary<string, string> Options = ScanLineSettings.Options("required");

    internal static Protocol Protocol { get; } = new(
        "scanner-aim",
        "Scanner with AIM identifiers",
        DeviceKind.Scanner,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "scanner-aim");
            var lines = ScanLineSettings.Read(settings, "required");
            return new Dialect(Talk.OnEvent, null, CommandSet.None, () => new AimScannerDecoder(lines));
        });
}
