using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Keli;

/// <summary>Keli and XK3190-C602 continuous output.</summary>
internal static class KeliProtocol
{
    private static readonly Dictionary<string, string> NoOptions = new(StringComparer.Ordinal);

    internal static Protocol Protocol { get; } = new(
        "keli",
        "Keli, XK3190-C602 continuous",
        DeviceKind.Scale,
        LineSettings.Default,
        NoOptions,
        settings =>
        {
            settings.AllowOnly(NoOptions, "keli");
            var unit = settings.UnitOr("kg");
            var pointAt = settings.DecimalsOr(0);
            return new Dialect(Talk.Stream, null, CommandSet.None, () => new KeliDecoder(unit, pointAt));
        });
}
