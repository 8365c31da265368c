using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Ssi;

/// <summary>Zebra (Symbol, Motorola) scanners set to the Simple Serial Interface, and the makers whose packets are like it.</summary>
internal static class SsiProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["ack"] = "on (the default: the scanner waits for an acknowledgement of each packet), off (handshaking is switched off in the scanner)",
        [ScanText.EncodingOption] = ScanText.EncodingMeaning,
    };

    private static readonly CommandSet Commands = new()
    {
        Trigger = SsiPacket.OfHost(SsiPacket.StartSession, []),
        Untrigger = SsiPacket.OfHost(SsiPacket.StopSession, []),
        Identify = SsiPacket.OfHost(SsiPacket.RequestRevision, []),
    };

    internal static Protocol Ssi { get; } = Of("scanner-ssi", "Zebra SSI scanner", Commands);

    internal static Protocol Twin { get; } = Of("scanner-ssi-like", "Scanner with SSI-like packets (unitech, Mindeo)", CommandSet.None);

    private static Protocol Of(string id, string title, CommandSet commands) => new(
        id,
        title,
        DeviceKind.Scanner,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, id);
            var acknowledge = string.Equals(settings.Choice("ack", "on", "off"), "on", StringComparison.Ordinal);
            var encoding = ScanText.EncodingOf(settings);
            return new Dialect(Talk.OnEvent, null, commands, () => new SsiDecoder(acknowledge, encoding));
        });
}
