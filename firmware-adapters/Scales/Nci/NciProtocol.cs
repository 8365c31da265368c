using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Nci;

/// <summary>NCI general protocol: SCP-01, SCP-12 with its first status character turned around, and the 8213 (ECR) dialect.</summary>
internal static class NciProtocol
{
    private const string Polarity = ProtocolSettings.StatusPolarity;

    private static readonly Dictionary<string, string> EcrOptions = new(StringComparer.Ordinal)
    {
        ["interval-ms"] = "shortest time between polls, 100 to 60000; 250 when absent (no manual names one)",
        [FrameGuard.LengthOption] = "characters of the weight with its unit, any other length is refused; any when absent",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    private static readonly Dictionary<string, string> Options = new(EcrOptions, StringComparer.Ordinal)
    {
        ["status"] = "optional (the default: a weight without status is taken when silence follows, stability not reported) or required",
        [Polarity] = "what 1 in bit 0 of the first status character says: moving (SCP-01) or stable (SCP-12); as the id says when absent. Prove it: shake the platform",
    };

    private static readonly CommandSet Commands = new() { Zero = "Z\r"u8.ToArray(), Identify = "S\r"u8.ToArray() };

    internal static Protocol Scp01 { get; } = Of("nci-scp01", "NCI SCP-01", "moving", "stable");

    internal static Protocol Scp12 { get; } = Of("scp-12", "NCI SCP-12 (status turned around)", "stable", "moving");

    /// <summary>Weights only while stable, zero or more, in range; else the status alone, behind an S.</summary>
    internal static Protocol Ecr { get; } = new(
        "mt-8213",
        "Mettler-Toledo 8213 (ECR)",
        DeviceKind.Scale,
        new LineSettings(9600, 7, Parity.Even),
        EcrOptions,
        settings =>
        {
            settings.AllowOnly(EcrOptions, "mt-8213");
            return Dialect(settings, new NciHabits(FirstInverted: false, NeedsStatus: true));
        });

    private static Protocol Of(string id, string title, string one, string other) => new(
        id,
        title,
        DeviceKind.Scale,
        new LineSettings(9600, 7, Parity.Even),
        Options,
        settings =>
        {
            settings.AllowOnly(Options, id);
            var inverted = string.Equals(settings.Choice(Polarity, one, other), "stable", StringComparison.Ordinal);
            var needsStatus = string.Equals(settings.Choice("status", "optional", "required"), "required", StringComparison.Ordinal);
            return Dialect(settings, new NciHabits(inverted, needsStatus));
        });

    private static Dialect Dialect(ProtocolSettings settings, NciHabits habits)
    {
        var guard = settings.Guard();
        var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 250, 100, 60_000));
        return new Dialect(Talk.Poll, new PollPlan("W\r"u8.ToArray(), interval, TimeSpan.FromSeconds(1)), Commands, () => new NciDecoder(habits, guard));
    }
}
