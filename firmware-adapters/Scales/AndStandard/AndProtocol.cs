using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.AndStandard;

/// <summary>A&amp;D balances in standard format and A&amp;D indicators. 500 ms between commands is the manual's least (HW-G, page 52).</summary>
internal static class AndProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "stream (the default), poll (Q, on indicators RW), poll-stable (balances only, S: answers when stable)",
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 500 when absent, as the manual asks",
        [FrameGuard.LengthOption] = FrameGuard.LengthMeaning,
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly CommandSet BalanceCommands = new()
    {
        Zero = "Z\r\n"u8.ToArray(),
        Tare = "T\r\n"u8.ToArray(),
        ClearTare = "CT\r\n"u8.ToArray(),
        Print = "PRT\r\n"u8.ToArray(),
        Cancel = "C\r\n"u8.ToArray(),
    };

    private static readonly CommandSet IndicatorCommands = new()
    {
        Zero = "MZ\r\n"u8.ToArray(),
        Tare = "MT\r\n"u8.ToArray(),
        ClearTare = "CT\r\n"u8.ToArray(),
    };

    internal static Protocol Standard { get; } =
        new("and-standard", "A&D standard format (balances)", DeviceKind.Scale, new LineSettings(2400, 7, Parity.Even), Options, settings => Configure("and-standard", settings, indicator: false));

    internal static Protocol Ad4329 { get; } =
        new("and-ad4329", "A&D AD-4329, AD-44xx indicators", DeviceKind.Scale, new LineSettings(2400, 7, Parity.Even), Options, settings => Configure("and-ad4329", settings, indicator: true));

    private static Dialect Configure(string id, ProtocolSettings settings, bool indicator)
    {
        settings.AllowOnly(Options, id);
        var guard = settings.Guard();
        var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 500, 100, 60_000));
        var commands = indicator ? IndicatorCommands : BalanceCommands;
        AndDecoder NewDecoder() => new(guard, indicator);
        var mode = indicator ? settings.Choice("mode", "stream", "poll") : settings.Choice("mode", "stream", "poll", "poll-stable");
        return mode switch
        {
            "poll" => new Dialect(Talk.Poll, new PollPlan(indicator ? "RW\r\n"u8.ToArray() : "Q\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), commands, NewDecoder),
            "poll-stable" => new Dialect(Talk.Poll, new PollPlan("S\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(5)), commands, NewDecoder),
            _ => new Dialect(Talk.Stream, null, commands, NewDecoder),
        };
    }
}
