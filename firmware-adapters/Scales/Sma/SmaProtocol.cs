using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Sma;

/// <summary>The protocol of the Scale Manufacturers Association: Fairbanks, Sartorius PR, B-TEK and others.</summary>
internal static class SmaProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "poll (W, the default), poll-stable (P: answers when stable), stream (R)",
        ["interval-ms"] = "shortest time between polls, 50 to 60000; 110 when absent, the repeat rate at 9600 baud (19200: 100, 4800: 170)",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly CommandSet Commands = new()
    {
        Zero = "\nZ\r"u8.ToArray(),
        Tare = "\nT\r"u8.ToArray(),
        ClearTare = "\nC\r"u8.ToArray(),
        Print = "\nP\r"u8.ToArray(),
        Cancel = "\e"u8.ToArray(),
        Identify = "\nA\r"u8.ToArray(),
    };

    internal static Protocol Protocol { get; } = new(
        "sma-scp0499",
        "SMA SCP-0499",
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "sma-scp0499");
            var guard = settings.Guard();
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 110, 50, 60_000));
            SmaDecoder NewDecoder() => new(guard);
            return settings.Choice("mode", "poll", "poll-stable", "stream") switch
            {
                "stream" => new Dialect(Talk.Stream, null, Commands with { Start = "\nR\r"u8.ToArray() }, NewDecoder),
                "poll-stable" => new Dialect(Talk.Poll, new PollPlan("\nP\r"u8.ToArray(), interval, TimeSpan.FromSeconds(5)), Commands, NewDecoder),
                _ => new Dialect(Talk.Poll, new PollPlan("\nW\r"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), Commands, NewDecoder),
            };
        });
}
