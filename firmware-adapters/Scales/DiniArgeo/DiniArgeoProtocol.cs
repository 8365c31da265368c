using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.DiniArgeo;

/// <summary>Dini Argeo indicators (DGT, DFW, 3590, LTP) and those sold under other names (Vetek, Cely).</summary>
internal static class DiniArgeoProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "poll (READ, the default), poll-extended (REXT, with the tare), stream (the indicator repeats by itself)",
        ["address"] = "RS-485 address, 0 to 99: put before commands, and what other addresses say is refused; none when absent",
        ["interval-ms"] = "shortest time between polls, 50 to 60000; 200 when absent (no manual names one)",
        [FrameGuard.LengthOption] = FrameGuard.LengthMeaning,
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    internal static Protocol Protocol { get; } = new("dini-argeo", "Dini Argeo", DeviceKind.Scale, LineSettings.Default, Options, Configure);

    private static Dialect Configure(ProtocolSettings settings)
    {
        settings.AllowOnly(Options, "dini-argeo");
        var guard = settings.Guard();
        var address = settings.Number("address", -1, 0, 99);
        var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 200, 50, 60_000));
        byte[] Command(string word) => System.Text.Encoding.ASCII.GetBytes(address < 0 ? word + "\r\n" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{address:00}{word}\r\n"));
        var commands = new CommandSet
        {
            Zero = Command("ZERO"),
            Tare = Command("TARE"),
            ClearTare = Command("CLEAR"),
            Print = Command("PRNT"),
            Identify = Command("VER"),
        };
        DiniArgeoDecoder NewDecoder() => new(guard, address);
        return settings.Choice("mode", "poll", "poll-extended", "stream") switch
        {
            "stream" => new Dialect(Talk.Stream, null, commands, NewDecoder),
            "poll-extended" => new Dialect(Talk.Poll, new PollPlan(Command("REXT"), interval, TimeSpan.FromSeconds(1)), commands, NewDecoder),
            _ => new Dialect(Talk.Poll, new PollPlan(Command("READ"), interval, TimeSpan.FromSeconds(1)), commands, NewDecoder),
        };
    }
}
