using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Kern;

/// <summary>KERN's own lines; KCP is with MT-SICS, whose shape it took. Single letters, no end: the manual forbids CR LF behind them.</summary>
internal static class KernProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "stream (the default), poll (w), poll-stable (s)",
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 200 when absent (no manual names one)",
        [FrameGuard.LengthOption] = FrameGuard.LengthMeaning,
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly CommandSet Commands = new() { Tare = "t"u8.ToArray(), Print = "w"u8.ToArray() };

    internal static Protocol Fixed { get; } = Of("kern-14byte", "KERN 14 and 15 bytes", "g", (guard, _) => new KernFixedDecoder(guard));

    internal static Protocol AuxiliaryDigit { get; } = Of("aux-digit-slash", "KERN 15 bytes with auxiliary digit (d below e)", "g", (guard, _) => new KernFixedDecoder(guard));

    internal static Protocol De { get; } = Of("kern-de", "KERN DE, FKB", "kg", (guard, unit) => new KernDeDecoder(guard, unit));

    private static Protocol Of(string id, string title, string unit, Func<FrameGuard, string, IDecoder> decoder) => new(
        id,
        title,
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, id);
            var guard = settings.Guard();
            var implied = settings.UnitOr(guard.Unit ?? unit);
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 200, 100, 60_000));
            IDecoder NewDecoder() => decoder(guard, implied);
            return settings.Choice("mode", "stream", "poll", "poll-stable") switch
            {
                "poll" => new Dialect(Talk.Poll, new PollPlan("w"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), Commands, NewDecoder),
                "poll-stable" => new Dialect(Talk.Poll, new PollPlan("s"u8.ToArray(), interval, TimeSpan.FromSeconds(5)), Commands, NewDecoder),
                _ => new Dialect(Talk.Stream, null, Commands, NewDecoder),
            };
        });
}
