using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Radwag;

/// <summary>Radwag balances and indicators; KERN KET-TM and others speak the same. The answer is awaited before the next command.</summary>
internal static class RadwagProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "poll (SI, the default: calibration unit), poll-stable (S), poll-shown (SUI: unit on the display), stream (C1)",
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 200 when absent (no manual names one)",
        ["frames"] = "answers (the default) or printed (lines of the print key, without a command)",
        [FrameGuard.LengthOption] = FrameGuard.LengthMeaning,
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly CommandSet Commands = new()
    {
        Zero = "Z\r\n"u8.ToArray(),
        Tare = "T\r\n"u8.ToArray(),
        ClearTare = "UT 0\r\n"u8.ToArray(),
        Print = "SS\r\n"u8.ToArray(),
        Cancel = "C0\r\n"u8.ToArray(),
        Identify = "NB\r\n"u8.ToArray(),
    };

    internal static Protocol Protocol { get; } = new("radwag", "Radwag", DeviceKind.Scale, LineSettings.Default, Options, Configure);

    private static Dialect Configure(ProtocolSettings settings)
    {
        settings.AllowOnly(Options, "radwag");
        var guard = settings.Guard();
        var printed = settings.Choice("frames", "answers", "printed") == "printed";
        var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 200, 100, 60_000));
        RadwagDecoder NewDecoder() => new(guard, printed);
        return settings.Choice("mode", "poll", "poll-stable", "poll-shown", "stream") switch
        {
            "stream" => new Dialect(Talk.Stream, null, Commands with { Start = "C1\r\n"u8.ToArray() }, NewDecoder),
            "poll-stable" => new Dialect(Talk.Poll, new PollPlan("S\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(5)), Commands, NewDecoder),
            "poll-shown" => new Dialect(Talk.Poll, new PollPlan("SUI\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), Commands, NewDecoder),
            _ => new Dialect(Talk.Poll, new PollPlan("SI\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), Commands, NewDecoder),
        };
    }
}
