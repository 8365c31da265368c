using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.ToledoContinuous;

/// <summary>Toledo continuous output: Mettler-Toledo, Ohaus Defender 5000 and many clones.</summary>
internal static class ToledoContinuousProtocol
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["checksum"] = "learn (the default: from the stream), on (18 bytes), off (17 bytes)",
    };

    /// <summary>Single letters, taken by terminals whose serial input is set to "ASCII characters".</summary>
    private static readonly CommandSet Commands = new()
    {
        Zero = "Z"u8.ToArray(),
        Tare = "T"u8.ToArray(),
        ClearTare = "C"u8.ToArray(),
        Print = "P"u8.ToArray(),
    };

    internal static Protocol Protocol { get; } = new(
        "toledo-continuous",
        "Toledo continuous output",
        DeviceKind.Scale,
        LineSettings.Default,
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "toledo-continuous");
            var framing = settings.Choice("checksum", "learn", "on", "off") switch
            {
                "on" => ToledoFraming.Checked,
                "off" => ToledoFraming.Plain,
                _ => ToledoFraming.Learning,
            };
            return new Dialect(Talk.Stream, null, Commands, () => new ToledoContinuousDecoder(framing));
        });
}
