using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Digi;

/// <summary>DIGI DC and DS scales whose text begins with status flags.</summary>
internal static class DigiProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "poll (the default: ENQ) or stream",
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 250 when absent (no manual names one)",
        ["start"] = "stx (the default) or none, for models that begin with the status flag",
        [FrameGuard.LengthOption] = "characters of a text between STX and LF, any other length is refused; any when absent",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    internal static Protocol Protocol { get; } = new(
        "digi",
        "DIGI DC, DS (status flags)",
        DeviceKind.Scale,
        new LineSettings(9600, 7, Parity.Even),
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "digi");
            var guard = settings.Guard();
            var pointAt = settings.DecimalsOr(0);
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 250, 100, 60_000));
            var startsWithStx = string.Equals(settings.Choice("start", "stx", "none"), "stx", StringComparison.Ordinal);
            DigiDecoder NewDecoder() => new(guard, pointAt, startsWithStx);
            return settings.Choice("mode", "poll", "stream") switch
            {
                "stream" => new Dialect(Talk.Stream, null, CommandSet.None, NewDecoder),
                _ => new Dialect(Talk.Poll, new PollPlan(new byte[] { 0x05 }, interval, TimeSpan.FromSeconds(1)), CommandSet.None, NewDecoder),
            };
        });
}
