using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.F501;

/// <summary>F501 stream (Cobos and other Spanish and Italian indicators).</summary>
internal static class F501Protocol
{
    private static readonly Dictionary<string, string> NoOptions = new(StringComparer.Ordinal);

    internal static Protocol Protocol { get; } = new(
        "f501",
        "F501 (Cobos)",
        DeviceKind.Scale,
        LineSettings.Default,
        NoOptions,
        settings =>
        {
            settings.AllowOnly(NoOptions, "f501");
            var unit = settings.UnitOr("kg");
            var pointAt = settings.DecimalsOr(0);
            return new Dialect(Talk.Stream, null, CommandSet.None, () => new F501Decoder(unit, pointAt));
        });
}
