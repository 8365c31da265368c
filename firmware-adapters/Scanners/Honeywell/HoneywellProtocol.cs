using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Honeywell;

/// <summary>Honeywell (Hand Held Products, Metrologic of later years) scanners on a serial line or USB-CDC.</summary>
internal static class HoneywellProtocol
{
    private static readonly Dictionary<string, string> Options = ScanLineSettings.Options("optional");

    private static readonly CommandSet Commands = new()
    {
        Trigger = "\u0016T\r"u8.ToArray(),
        Untrigger = "\u0016U\r"u8.ToArray(),
        Identify = Menu("232BAD?."),
    };

    internal static Protocol Protocol { get; } = new(
        "scanner-honeywell",
        "Honeywell scanner (menu commands)",
        DeviceKind.Scanner,
        new LineSettings(115_200),
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "scanner-honeywell");
            var lines = ScanLineSettings.Read(settings, "optional");
            return new Dialect(Talk.OnEvent, null, Commands, () => new HoneywellDecoder(lines));
        });

    /// <summary>
    /// A menu command: tag, sub-tag and data of each item, with <c>;</c> between sub-tags of one tag and <c>,</c> between tags; <c>.</c> at the end keeps it for good, <c>!</c> until
    /// the next start; <c>?</c>, <c>^</c> and <c>*</c> for data ask for the present value, the default and the range.
    /// </summary>
    internal static byte[] Menu(string items) => [0x16, (byte)'M', (byte)'\r', .. Encoding.ASCII.GetBytes(items)];
}
