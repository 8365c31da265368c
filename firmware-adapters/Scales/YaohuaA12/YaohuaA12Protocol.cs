using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaA12;

/// <summary>Yaohua XK3190-A12 and A12(E).</summary>
internal static class YaohuaA12Protocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "stream (the default) or poll (R)",
        ["interval-ms"] = "shortest time between polls, 50 to 60000; 200 when absent (no manual names one)",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly CommandSet Commands = new() { Zero = "Z"u8.ToArray(), Tare = "T"u8.ToArray() };

    internal static Protocol A12 { get; } = Of("yaohua-a12", "Yaohua XK3190-A12 (ww, wn, wt)", guard => new YaohuaA12Decoder(guard));

    internal static Protocol A12E { get; } = Of("yaohua-a12e", "Yaohua XK3190-A12E (with check)", guard => new YaohuaA12eDecoder(guard));

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
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 200, 50, 60_000));
            return settings.Choice("mode", "stream", "poll") switch
            {
                "poll" => new Dialect(Talk.Poll, new PollPlan("R"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), Commands, () => decoder(guard)),
                _ => new Dialect(Talk.Stream, null, Commands, () => decoder(guard)),
            };
        });
}
