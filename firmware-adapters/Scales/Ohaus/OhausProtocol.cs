using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Ohaus;

/// <summary>Ohaus Defender 3000 and Ranger indicators, and Ohaus balances with the same commands and another line.</summary>
internal static class OhausProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "stream (CP, the default), poll (IP), poll-stable (SP: answers when stable)",
        ["interval-ms"] = "shortest time between polls, 60 to 60000; 200 when absent (the indicator converts about 16 times a second)",
        [FrameGuard.LengthOption] = FrameGuard.LengthMeaning,
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly CommandSet Commands = new()
    {
        Zero = "Z\r\n"u8.ToArray(),
        Tare = "T\r\n"u8.ToArray(),
        ClearTare = "0T\r\n"u8.ToArray(),
        Print = "P\r\n"u8.ToArray(),
        Cancel = "0P\r\n"u8.ToArray(),
        Identify = "PV\r\n"u8.ToArray(),
    };

    internal static Protocol Defender { get; } = Of("ohaus-defender3000", "Ohaus Defender 3000, Ranger", guard => new OhausDefenderDecoder(guard));

    internal static Protocol Lab { get; } = Of("ohaus-lab", "Ohaus balances", guard => new OhausLabDecoder(guard));

    private static Protocol Of(string id, string title, Func<FrameGuard, IDecoder> decoder) => new(
        id,
        title,
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, id);
            var guard = settings.Guard();
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 200, 60, 60_000));
            return settings.Choice("mode", "stream", "poll", "poll-stable") switch
            {
                "poll" => new Dialect(Talk.Poll, new PollPlan("IP\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), Commands, () => decoder(guard)),
                "poll-stable" => new Dialect(Talk.Poll, new PollPlan("SP\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(5)), Commands, () => decoder(guard)),
                _ => new Dialect(Talk.Stream, null, Commands with { Start = "CP\r\n"u8.ToArray() }, () => decoder(guard)),
            };
        });
}
