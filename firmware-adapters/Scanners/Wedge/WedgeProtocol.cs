using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Wedge;

/// <summary>What commissioning sets of a scanner that types.</summary>
internal sealed record WedgeSettings(ushort EndKey, bool AimRequired, bool Gs1Proved, byte[] NoRead);

/// <summary>Keyboard-wedge scanners by the kernel's event device; their line is <c>evdev:/dev/input/by-id/…-event-kbd</c>.</summary>
internal static class WedgeProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["end"] = "the key that ends a scan: enter (the default) or tab",
        ["aim"] = "required, or optional (text without identifier is taken, its symbology unknown and never GS1); optional when absent",
        ["gs1"] = "refused (the default), or proved: a GS1 label came through this scanner with its separators (control + ])",
        ["no-read"] = "what the scanner types when it decoded nothing; NR when absent",
    };

    internal static Protocol Protocol { get; } = new(
        "scanner-wedge",
        "Keyboard-wedge scanner (Linux input events)",
        DeviceKind.Scanner,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "scanner-wedge");
            var wedge = new WedgeSettings(
                settings.Choice("end", "enter", "tab") is "tab" ? UsKeyboard.Tab : UsKeyboard.Enter,
                settings.Choice("aim", "optional", "required") is "required",
                settings.Choice("gs1", "refused", "proved") is "proved",
                Encoding.ASCII.GetBytes(settings.Options.GetValueOrDefault("no-read", "NR")));
            return new Dialect(Talk.OnEvent, null, CommandSet.None, () => new WedgeDecoder(wedge));
        });
}
