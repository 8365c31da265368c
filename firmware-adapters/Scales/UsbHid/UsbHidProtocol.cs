using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.UsbHid;

/// <summary>USB HID point-of-sale scales (Dymo, Fairbanks SCB-R9000, Mettler-Toledo PS, Stamps.com, USPS): reports of hidraw.</summary>
internal static class UsbHidProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal) { [FrameGuard.UnitOption] = FrameGuard.UnitMeaning };

    internal static Protocol Protocol { get; } = new(
        "usb-hid-pos-scale",
        "USB HID point-of-sale scale",
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "usb-hid-pos-scale");
            var unit = settings.UnitOption(FrameGuard.UnitOption);
            return new Dialect(Talk.Stream, null, CommandSet.None, () => new UsbHidDecoder(unit));
        });
}
