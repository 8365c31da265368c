using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Dibal;

/// <summary>Dibal checkout scales, records 98 and 99.</summary>
internal static class DibalProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 250 when absent (no manual names one)",
    };

    internal static Protocol Protocol { get; } = new(
        "dibal-98",
        "Dibal 98/99",
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "dibal-98");
            var unit = settings.UnitOr("kg");
            var decimals = settings.DecimalsOr(3);
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 250, 100, 60_000));
            // The scale may wait up to seven seconds for the weight to come to rest.
            var poll = new PollPlan("98000001\r\n"u8.ToArray(), interval, TimeSpan.FromSeconds(8));
            return new Dialect(Talk.Poll, poll, CommandSet.None, () => new DibalDecoder(unit, decimals));
        });
}
