using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaFrame;

/// <summary>Yaohua XK3190-A9, A9+, DS3, A23p and A26: the stream (tF=0) and the command mode (tF=1).</summary>
internal static class YaohuaFrameProtocol
{
    private static readonly Dictionary<string, string> NoOptions = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> CommandOptions = new(StringComparer.Ordinal)
    {
        ["mode"] = "poll-gross (the default), poll-net or poll-tare",
        ["address"] = "the letter set at the indicator, A to Z; A when absent",
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 250 when absent (no manual names one)",
    };

    internal static Protocol Stream { get; } = new(
        "yaohua-a9",
        "Yaohua XK3190-A9 continuous (tF=0)",
        DeviceKind.Scale,
        LineSettings.Default,
        NoOptions,
        settings =>
        {
            settings.AllowOnly(NoOptions, "yaohua-a9");
            var unit = settings.UnitOr("kg");
            return new Dialect(Talk.Stream, null, CommandSet.None, () => new YaohuaFrameDecoder(commands: false, unit));
        });

    internal static Protocol Command { get; } = new(
        "yaohua-command",
        "Yaohua XK3190-A9 command mode (tF=1)",
        DeviceKind.Scale,
        LineSettings.Default,
        CommandOptions,
        settings =>
        {
            settings.AllowOnly(CommandOptions, "yaohua-command");
            var unit = settings.UnitOr("kg");
            var address = Address(settings);
            var letter = settings.Choice("mode", "poll-gross", "poll-net", "poll-tare") switch { "poll-net" => 'D', "poll-tare" => 'C', _ => 'B' };
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 250, 100, 60_000));
            var poll = new PollPlan(Request(address, letter), interval, TimeSpan.FromSeconds(1));
            return new Dialect(Talk.Poll, poll, new CommandSet { Identify = Request(address, 'A') }, () => new YaohuaFrameDecoder(commands: true, unit));
        });

    private static char Address(ProtocolSettings settings)
    {
        if (!settings.Options.TryGetValue("address", out var text)) return 'A';
        return text is [>= 'A' and <= 'Z'] ? text[0] : throw new ProtocolSettingsException("address", $"'{text}' is not a value of 'address'; use one letter from A to Z.");
    }

    /// <summary>STX, address, letter, their exclusive or in hexadecimal, ETX.</summary>
    private static byte[] Request(char address, char letter)
    {
        var check = (address ^ letter).ToString("X2", System.Globalization.CultureInfo.InvariantCulture);
        return [0x02, (byte)address, (byte)letter, (byte)check[0], (byte)check[1], 0x03];
    }
}
