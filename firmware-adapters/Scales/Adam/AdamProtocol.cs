using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Adam;

/// <summary>Adam Equipment CPWplus and AZextra. The same letters mean other things: on a CPWplus T sends the tare and Z takes it.</summary>
internal static class AdamProtocol
{
    private static readonly Dictionary<string, string> CpwOptions = new(StringComparer.Ordinal)
    {
        ["mode"] = "poll (G, gross, the default), poll-net (N)",
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 300 when absent (no manual names one)",
        [FrameGuard.LengthOption] = FrameGuard.LengthMeaning,
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly Dictionary<string, string> AzOptions = new(StringComparer.Ordinal)
    {
        ["mode"] = "print (somebody presses the key, the default), poll (P: the scale beeps at each poll and answers only a new weight that is not zero)",
        ["interval-ms"] = "shortest time between polls, 200 to 60000; 500 when absent",
        ["label"] = "signed (G/W + 5.00 lb, the default), plain (number and unit only)",
        [FrameGuard.LengthOption] = FrameGuard.LengthMeaning,
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly CommandSet CpwCommands = new() { Tare = "Z\r\n"u8.ToArray(), Zero = "Z\r\n"u8.ToArray(), Print = "G\r\n"u8.ToArray() };

    private static readonly CommandSet AzCommands = new() { Tare = "T\r\n"u8.ToArray(), Zero = "Z\r\n"u8.ToArray(), Print = "P\r\n"u8.ToArray() };

    /// <summary>Both modem lines low: a USB adapter that raises them silences the scale.</summary>
    internal static Protocol CpwPlus { get; } = new(
        "adam-cpwplus",
        "Adam CPWplus",
        DeviceKind.Scale,
        new LineSettings(Dtr: false, Rts: false),
        CpwOptions,
        settings =>
        {
            settings.AllowOnly(CpwOptions, "adam-cpwplus");
            var guard = settings.Guard();
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 300, 100, 60_000));
            var poll = settings.Choice("mode", "poll", "poll-net") == "poll" ? "G\r\n"u8.ToArray() : "N\r\n"u8.ToArray();
            return new Dialect(Talk.Poll, new PollPlan(poll, interval, TimeSpan.FromSeconds(1)), CpwCommands, () => new AdamDecoder(guard, AdamLabel.Optional));
        });

    internal static Protocol Az { get; } = new(
        "adam-az",
        "Adam AZextra",
        DeviceKind.Scale,
        new LineSettings(4800),
        AzOptions,
        settings =>
        {
            settings.AllowOnly(AzOptions, "adam-az");
            var guard = settings.Guard();
            var label = settings.Choice("label", "signed", "plain") == "plain" ? AdamLabel.Plain : AdamLabel.Required;
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 500, 200, 60_000));
            AdamDecoder NewDecoder() => new(guard, label);
            return settings.Choice("mode", "print", "poll") == "poll"
                ? new Dialect(Talk.Poll, new PollPlan("P\r\n"u8.ToArray(), interval, interval), AzCommands, NewDecoder)
                : new Dialect(Talk.OnEvent, null, AzCommands, NewDecoder);
        });
}
