using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.MassaK;

/// <summary>Massa-K: command J of the older scales, protocol 100 of the newer ones.</summary>
internal static class MassaKProtocol
{
    private static readonly Dictionary<string, string> JOptions = new(StringComparer.Ordinal)
    {
        ["interval-ms"] = "shortest time between polls, 150 to 60000; 250 when absent (longer than the silence that ends an answer)",
    };

    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "poll (the default: 23, with gross or net, and tare) or poll-a0 (older firmware: A0)",
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 250 when absent (no manual names one)",
    };

    internal static Protocol J { get; } = new(
        "massa-k",
        "Massa-K, command J",
        DeviceKind.Scale,
        new LineSettings(4800, 8, Parity.Even),
        JOptions,
        settings =>
        {
            settings.AllowOnly(JOptions, "massa-k");
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 250, 150, 60_000));
            return new Dialect(Talk.Poll, new PollPlan("J"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), CommandSet.None, () => new MassaKDecoder());
        });

    internal static Protocol Hundred { get; } = new(
        "massa-k-100",
        "Massa-K, protocol 100",
        DeviceKind.Scale,
        new LineSettings(19200, 8, Parity.Even),
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "massa-k-100");
            var request = string.Equals(settings.Choice("mode", "poll", "poll-a0"), "poll", StringComparison.Ordinal) ? (byte)0x23 : (byte)0xA0;
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 250, 100, 60_000));
            var commands = new CommandSet { Zero = Command(0x72), Identify = Command(request) };
            return new Dialect(Talk.Poll, new PollPlan(Command(request), interval, TimeSpan.FromSeconds(1)), commands, () => new MassaK100Decoder());
        });

    /// <summary>A command without data: its check is itself.</summary>
    private static byte[] Command(byte command) => [0xF8, 0x55, 0xCE, 0x01, 0x00, command, command, 0x00];
}
