using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Cas22;

/// <summary>CAS CI, NT and PDI indicators set to 22 bytes.</summary>
internal static class Cas22Protocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "stream (the default) or poll (ddRW, CI-400 and NT-500 command mode)",
        ["address"] = "device id of the command mode, 0 to 99; 1 when absent",
        ["interval-ms"] = "shortest time between polls, 50 to 60000; 200 when absent (no manual names one)",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    internal static Protocol Protocol { get; } = new("cas-22", "CAS 22 bytes (CI, NT, PDI)", DeviceKind.Scale, LineSettings.Default, Options, Configure);

    private static Dialect Configure(ProtocolSettings settings)
    {
        settings.AllowOnly(Options, "cas-22");
        var guard = settings.Guard();
        var address = settings.Number("address", 1, 0, 99);
        var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 200, 50, 60_000));
        byte[] Command(string word) => System.Text.Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{address:00}{word}\r\n"));
        var commands = new CommandSet { Zero = Command("MZ"), Tare = Command("MT") };
        Cas22Decoder NewDecoder() => new(guard);
        return settings.Choice("mode", "stream", "poll") switch
        {
            "poll" => new Dialect(Talk.Poll, new PollPlan(Command("RW"), interval, TimeSpan.FromSeconds(1)), commands, NewDecoder),
            _ => new Dialect(Talk.Stream, null, commands, NewDecoder),
        };
    }
}
