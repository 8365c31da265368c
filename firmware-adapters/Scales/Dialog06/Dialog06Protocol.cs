using System.Globalization;
using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Dialog06;

/// <summary>Checkout-Dialog 06 of Mettler-Toledo, Cely, Dibal and others.</summary>
internal static class Dialog06Protocol
{
    /// <summary>Any value will do: the scale checks that the correction value belongs to it.</summary>
    private const ushort Checksum = 0x5AC3;

    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["mode"] = "price (the default: sends a unit price, then asks for the weight) or poll (asks at once)",
        ["price"] = "the unit price sent, 6 digits; 000000 when absent",
        ["generator"] = "polynomial of the checksums, 4 hexadecimal digits without its leading 1, from the scale's maker; scales that ask for checksums do not weigh without it",
        ["interval-ms"] = "shortest time between polls, 200 to 60000; 500 when absent (no manual names one)",
    };

    /// <summary>EOT acknowledges, EOT ENQ asks.</summary>
    internal static ReadOnlySpan<byte> AskWeight => [0x04, 0x04, 0x05];

    /// <summary>EOT acknowledges, record 08 asks for the reason.</summary>
    internal static ReadOnlySpan<byte> AskStatus => [0x04, 0x04, 0x02, 0x30, 0x38, 0x03];

    internal static Protocol Protocol { get; } = new(
        "mt-dialog06",
        "Mettler-Toledo Checkout-Dialog 06",
        DeviceKind.Scale,
        new LineSettings(9600, 7, Parity.Even),
        Options,
        settings =>
        {
            settings.AllowOnly(Options, "mt-dialog06");
            var unit = settings.UnitOr("kg");
            var generator = Generator(settings);
            var price = Price(settings);
            var interval = TimeSpan.FromMilliseconds(settings.Number("interval-ms", 500, 200, 60_000));
            var command = string.Equals(settings.Choice("mode", "price", "poll"), "poll", StringComparison.Ordinal)
                ? AskWeight.ToArray()
                : Encoding.ASCII.GetBytes($"\u0004\u0004\u000201\u001b{price}\u001b\u0003");
            return new Dialect(Talk.Poll, new PollPlan(command, interval, TimeSpan.FromSeconds(1)), CommandSet.None, () => new Dialog06Decoder(unit, generator));
        });

    private static string Price(ProtocolSettings settings)
    {
        if (!settings.Options.TryGetValue("price", out var text)) return "000000";
        return text.Length == 6 && text.All(char.IsAsciiDigit) ? text : throw new ProtocolSettingsException("price", $"'{text}' is not a value of 'price'; use 6 digits.");
    }

    private static ushort? Generator(ProtocolSettings settings)
    {
        if (!settings.Options.TryGetValue("generator", out var text)) return null;
        return text.Length == 4 && ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var generator)
            ? generator
            : throw new ProtocolSettingsException("generator", $"'{text}' is not a value of 'generator'; use 4 hexadecimal digits.");
    }

    /// <summary>
    /// Record 10: a checksum turned left by the first number of the challenge and its correction value, the remainder of checksum x^16 by the generator,
    /// turned right by the second.
    /// </summary>
    internal static byte[] Checksums(ushort generator, int left, int right)
    {
        var checksum = ushort.RotateLeft(Checksum, left);
        var correction = ushort.RotateRight(Remainder(Checksum, generator), right);
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\u0004\u0004\u000210\u001b{checksum:X4}{correction:X4}\u0003"));
    }

    private static ushort Remainder(ushort value, ushort generator)
    {
        for (var bit = 0; bit < 16; bit++) value = (ushort)((value & 0x8000) != 0 ? ((value << 1) & 0xFFFF) ^ generator : value << 1);
        return value;
    }
}
