using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Mt8217;

/// <summary>Mettler-Toledo 8217 and the checkout scales that speak it (Magellan, Diva, PS, many clones).</summary>
internal static class Mt8217Protocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 250 when absent (no manual names one)",
        ["length"] = "characters of the weight without its N, 5 to 7, any other length is refused; any of them when absent",
    };

    private static readonly CommandSet Commands = new()
    {
        Zero = "Z"u8.ToArray(),
        Tare = "T\r"u8.ToArray(),
        ClearTare = "C"u8.ToArray(),
        Identify = "Ehello"u8.ToArray(),
    };

    internal static Protocol Protocol { get; } = new(
        "mt-8217",
        "Mettler-Toledo 8217",
        DeviceKind.Scale,
        new LineSettings(9600, 7, Parity.Even),
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "mt-8217");
            var unit = settings.UnitOr("kg");
            var pointAt = settings.DecimalsOr(0);
            var length = settings.Number("length", 0, 5, 7);
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 250, 100, 60_000));
            return new Dialect(Talk.Poll, new PollPlan("W"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), Commands, () => new Mt8217Decoder(unit, pointAt, length));
        });
}
