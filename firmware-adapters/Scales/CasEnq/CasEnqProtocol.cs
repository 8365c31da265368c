using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.CasEnq;

/// <summary>CAS PD-II (type 6), SW-II, AP-1, Ohaus Aviator, Gram Z-FOC: ENQ, ACK, DC1, frame.</summary>
internal static class CasEnqProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 250 when absent (no manual names one)",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    internal static Protocol Protocol { get; } = new(
        "cas-enq-dc1",
        "CAS and Ohaus checkout scales (ENQ, DC1)",
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "cas-enq-dc1");
            var guard = new FrameGuard(0, settings.Guard().Unit);
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 250, 100, 60_000));
            var poll = new PollPlan(new byte[] { 0x05 }, interval, TimeSpan.FromSeconds(1));
            return new Dialect(Talk.Poll, poll, new CommandSet { Identify = new byte[] { 0x05 } }, () => new CasEnqDecoder(guard));
        });
}
