using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Rinstrum;

/// <summary>Rinstrum R320, R420, C500: automatic output, ten times a second. The command protocol of these indicators is another one and not spoken here.</summary>
internal static class RinstrumProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["format"] = "auto (told apart by their ends and length; the default), or the one that is set: 1 to 6",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    internal static Protocol Protocol { get; } = new(
        "rinstrum",
        "Rinstrum automatic output",
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "rinstrum");
            var guard = settings.Guard();
            var unit = settings.UnitOr("kg");
            Dialect Of(bool lines, bool framed, int length) => new(Talk.Stream, null, CommandSet.None, () => new RinstrumDecoder(guard, unit, lines, framed, length));
            return settings.Choice("format", "auto", "1", "2", "3", "4", "5", "6") switch
            {
                "1" => Of(lines: false, framed: true, RinstrumDecoder.FirstText),
                "2" or "6" => Of(lines: false, framed: true, RinstrumDecoder.SecondText),
                "3" => Of(lines: false, framed: true, RinstrumDecoder.ThirdText),
                "4" or "5" => Of(lines: true, framed: false, 0),
                _ => Of(lines: true, framed: true, 0),
            };
        });
}
