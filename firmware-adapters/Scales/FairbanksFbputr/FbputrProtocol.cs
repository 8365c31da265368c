using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.FairbanksFbputr;

/// <summary>Fairbanks computer format.</summary>
internal static class FbputrProtocol
{
    private static readonly Dictionary<string, string> NoOptions = new(StringComparer.Ordinal);

    internal static Protocol Protocol { get; } = new(
        "fairbanks-fbputr",
        "Fairbanks computer format (FBPUTR)",
        DeviceKind.Scale,
        LineSettings.Default,
        NoOptions,
        settings =>
        {
            settings.AllowOnly(NoOptions, "fairbanks-fbputr");
            var unit = settings.UnitOr("kg");
            var imperial = unit is "lb" or "oz" ? unit : "lb";
            var metric = unit is "kg" or "g" ? unit : "kg";
            var pointAt = settings.DecimalsOr(0);
            return new Dialect(Talk.Stream, null, CommandSet.None, () => new FbputrDecoder(imperial, metric, pointAt));
        });
}
