using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.SartoriusSbi;

/// <summary>Sartorius balances in SBI mode.</summary>
internal static class SartoriusSbiProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "poll (ESC P, the default) or stream (the balance prints by itself)",
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 300 when absent (16 characters at 1200 baud take 150 ms)",
        [FrameGuard.LengthOption] = "14 or 20 characters, as the balance's own setting says; both when absent",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly CommandSet Commands = new()
    {
        Zero = "\eV"u8.ToArray(),
        Tare = "\eT"u8.ToArray(),
        Print = "\eP"u8.ToArray(),
        Identify = "\ex1_"u8.ToArray(),
    };

    internal static Protocol Protocol { get; } = new(
        "sartorius-sbi",
        "Sartorius SBI",
        DeviceKind.Scale,
        new LineSettings(1200, 7, Parity.Odd),
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "sartorius-sbi");
            var guard = settings.Guard();
            if (guard.Length is not (0 or 14 or 20)) throw new ProtocolSettingsException(FrameGuard.LengthOption, "'length' is 14 or 20 for 'sartorius-sbi'.");
            var unit = settings.UnitOr(guard.Unit ?? "g");
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 300, 100, 60_000));
            SartoriusSbiDecoder NewDecoder() => new(guard, unit);
            return settings.Choice("mode", "poll", "stream") switch
            {
                "stream" => new Dialect(Talk.Stream, null, Commands, NewDecoder),
                _ => new Dialect(Talk.Poll, new PollPlan("\eP"u8.ToArray(), interval, TimeSpan.FromSeconds(2)), Commands, NewDecoder),
            };
        });
}
