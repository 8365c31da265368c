using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.MtPrint;

/// <summary>Mettler-Toledo MS balances whose interface is set to a printer: lines come when somebody presses the key.</summary>
internal static class MtPrintProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        [FrameGuard.LengthOption] = "characters of a printed line without CR LF, 21 to 40; 24 when absent, as captured",
        [FrameGuard.UnitOption] = FrameGuard.UnitMeaning,
    };

    internal static Protocol Protocol { get; } = new(
        "mt-ms204",
        "Mettler-Toledo MS printout",
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "mt-ms204");
            var guard = settings.Guard();
            if (guard.Length is not (0 or (>= 21 and <= 40))) throw new ProtocolSettingsException(FrameGuard.LengthOption, "'length' is 21 to 40 for 'mt-ms204'.");
            return new Dialect(Talk.OnEvent, null, CommandSet.None, () => new MtPrintDecoder(guard));
        });
}
