using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.FairbanksUps;

/// <summary>Fairbanks Ultegra, FB2255 and others set to UPS.</summary>
internal static class FairbanksUpsProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["interval-ms"] = "shortest time between polls, 150 to 60000; 250 when absent (longer than the silence that proves an EOT to be alone)",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    internal static Protocol Protocol { get; } = new(
        "fairbanks-ups",
        "Fairbanks UPS WorldShip",
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "fairbanks-ups");
            var guard = settings.Guard();
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 250, 150, 60_000));
            var poll = new PollPlan("\r"u8.ToArray(), interval, TimeSpan.FromSeconds(1));
            return new Dialect(Talk.Poll, poll, new CommandSet { Print = "\r"u8.ToArray() }, () => new FairbanksUpsDecoder(guard));
        });
}
