using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.MtSics;

/// <summary>MT-SICS and KERN KCP, which took over its shape. Commands are upper case; the answer is awaited before the next one.</summary>
internal static class MtSicsProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "poll (SI, the default), poll-stable (S: answers when stable), stream (SIR)",
        ["interval-ms"] = "shortest time between polls, 50 to 60000; 200 when absent (KCP: at least 100)",
        ["field-width"] = "characters of the weight field, refused when another width comes; 0 (any) when absent, 10 by the manual",
        ["expect-unit"] = "the unit this scale was commissioned with, any other is refused (a lost k turns kg into g); any when absent",
    };

    internal static Protocol MtSics { get; } =
        new("mt-sics", "Mettler-Toledo MT-SICS", DeviceKind.Scale, LineSettings.Default, Options, settings => Configure("mt-sics", settings, 50));

    internal static Protocol KernKcp { get; } =
        new("kern-kcp", "KERN KCP", DeviceKind.Scale, LineSettings.Default, Options, settings => Configure("kern-kcp", settings, 100));

    private static Dialect Configure(string id, ProtocolSettings settings, int intervalMinMs)
    {
        settings.AllowOnly(Options, id);
        var width = settings.Number("field-width", 0, 0, 32);
        var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 200, intervalMinMs, 60_000));
        var commands = new CommandSet
        {
            Zero = "Z\r\n"u8.ToArray(),
            Tare = "T\r\n"u8.ToArray(),
            ClearTare = "TAC\r\n"u8.ToArray(),
            Cancel = "@\r\n"u8.ToArray(),
            Identify = "I2\r\n"u8.ToArray(),
        };
        var unit = settings.UnitOption("expect-unit");
        MtSicsDecoder NewDecoder() => new(width, unit);
        return settings.Choice("mode", "poll", "poll-stable", "stream") switch
        {
            "stream" => new Dialect(Talk.Stream, null, commands with { Start = "SIR\r\n"u8.ToArray() }, NewDecoder),
            "poll-stable" => new Dialect(Talk.Poll, new PollPlan("S\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(5)), commands, NewDecoder),
            _ => new Dialect(Talk.Poll, new PollPlan("SI\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), commands, NewDecoder),
        };
    }
}
