using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Jik;

/// <summary>JIK-6CAB counting scale, listened to where its label printer would be.</summary>
internal static class JikProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    internal static Protocol Protocol { get; } = new(
        "jik6cab",
        "JIK-6CAB label",
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "jik6cab");
            var guard = settings.Guard();
            return new Dialect(Talk.OnEvent, null, CommandSet.None, () => new JikDecoder(guard));
        });
}
