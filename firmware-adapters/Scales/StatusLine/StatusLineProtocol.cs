using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.StatusLine;

/// <summary>General Measure (rECont, rEREAD, CB920), Tiger, and T-Scale with the makers it builds for.</summary>
internal static class StatusLineProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "stream (the default) or poll (General Measure: READ; T-Scale: W)",
        ["interval-ms"] = "shortest time between polls, 50 to 60000; 200 when absent (no manual names one)",
        [FrameGuard.LengthOption] = FrameGuard.LengthMeaning,
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly CommandSet GeneralMeasureCommands = new()
    {
        Zero = "ZERO ON\r\n"u8.ToArray(),
        Tare = "TARE ON\r\n"u8.ToArray(),
        Identify = "GET ID\r\n"u8.ToArray(),
    };

    /// <summary>As KERN's manuals of the same hardware have them: single letters, no end.</summary>
    private static readonly CommandSet TScaleCommands = new() { Zero = "Z"u8.ToArray(), Tare = "T"u8.ToArray() };

    internal static Protocol GeneralMeasure { get; } = Of("general-measure", "General Measure rECont, Tiger", GeneralMeasureCommands, "READ\r\n"u8.ToArray());

    internal static Protocol TScaleNhb { get; } = Of("tscale-nhb", "T-Scale NHB (unit glued to the weight)", TScaleCommands, "W"u8.ToArray());

    internal static Protocol TScaleQhw { get; } = Of("tscale-qhw", "T-Scale QHW (unit apart)", TScaleCommands, "W"u8.ToArray());

    private static Protocol Of(string id, string title, CommandSet commands, byte[] poll) => new(
        id,
        title,
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, id);
            var guard = settings.Guard();
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 200, 50, 60_000));
            StatusLineDecoder NewDecoder() => new(guard);
            return settings.Choice("mode", "stream", "poll") switch
            {
                "poll" => new Dialect(Talk.Poll, new PollPlan(poll, interval, TimeSpan.FromSeconds(1)), commands, NewDecoder),
                _ => new Dialect(Talk.Stream, null, commands, NewDecoder),
            };
        });
}
