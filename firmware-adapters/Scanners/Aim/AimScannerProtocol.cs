using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;

/// <summary>Scanners on a serial line or USB-CDC that put the AIM symbology identifier of ISO/IEC 15424 before what they read.</summary>
internal static class AimScannerProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["framing"] = "auto (CR, LF, CR LF, STX/ETX, or silence where none of them was ever seen; the default), cr, lf, crlf, stx-etx, idle",
        ["idle-ms"] = "silence that ends a scan under auto and idle, 20 to 1000; 50 when absent",
        ["aim"] = "required (the default), optional (text without identifier is taken, its symbology unknown and never GS1)",
        ["no-read"] = "what the scanner sends when it decoded nothing; NR when absent",
    };

    internal static Protocol Protocol { get; } = new(
        "scanner-aim",
        "Scanner with AIM identifiers",
        DeviceKind.Scanner,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "scanner-aim");
            var framing = settings.Choice("framing", "auto", "cr", "lf", "crlf", "stx-etx", "idle") switch
            {
                "cr" => ScanFraming.Cr,
                "lf" => ScanFraming.Lf,
                "crlf" => ScanFraming.CrLf,
                "stx-etx" => ScanFraming.StxEtx,
                "idle" => ScanFraming.Idle,
                _ => ScanFraming.Auto,
            };
            var idle = TimeSpan.FromMilliseconds(settings.Number("idle-ms", 50, 20, 1000));
            var required = string.Equals(settings.Choice("aim", "required", "optional"), "required", StringComparison.Ordinal);
            var noRead = Encoding.ASCII.GetBytes(settings.Options.GetValueOrDefault("no-read", "NR"));
            return new Dialect(Talk.OnEvent, null, CommandSet.None, () => new AimScannerDecoder(framing, idle, required, noRead));
        });
}
