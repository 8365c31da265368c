using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaStream;

/// <summary>The "=" stream of Yaohua A26 (formats 1 and 2), the D series and most parcel benches built around them.</summary>
internal static class YaohuaStreamProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["length"] = "characters after '=', 5 to 12; 8 when absent, as in the A26 manual",
    };

    internal static Protocol Reversed { get; } = Of("yaohua-=1", "Yaohua '=' stream, format 1 (last digit first)", reversed: true);

    internal static Protocol AsShown { get; } = Of("yaohua-=2", "Yaohua '=' stream, format 2 (digits as shown)", reversed: false);

    private static Protocol Of(string id, string title, bool reversed) => new(
        id,
        title,
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, id);
            var unit = settings.UnitOr("kg");
            var length = settings.Number("length", 8, 5, 12);
            return new Dialect(Talk.Stream, null, CommandSet.None, () => new YaohuaStreamDecoder(reversed, unit, length));
        });
}
