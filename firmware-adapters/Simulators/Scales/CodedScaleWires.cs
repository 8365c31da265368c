using System.Globalization;
using System.Text;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>The wires of scales that frame with control characters, codes or counts.</summary>
internal static class CodedScaleWires
{
    private const string End = "\r\n";
    private const char Stx = '\u0002';
    private const char Etx = '\u0003';
    private const char Esc = '\u001b';

    internal static IReadOnlyDictionary<string, ScaleWire> Table { get; } = new Dictionary<string, ScaleWire>(StringComparer.Ordinal)
    {
        // A9+, page 9: sign, six digits, places of the point, XOR; out of range the stream stops
        ["yaohua-a9"] = new(d => d.OutOfRange ? null : Stx + Checked(YaohuaValue(d.Sign, d.Count, d.Decimals)) + Etx, [], Streams: true),
        // A23p, page 26: the same behind address and letter
        ["yaohua-command"] = new(d => YaohuaAnswer(d, d.Net ? 'D' : 'B'), [])
        {
            Weights = [("\u0002AB03\u0003", d => YaohuaAnswer(d, 'B')), ("\u0002AC02\u0003", d => YaohuaAnswer(d, 'C')), ("\u0002AD05\u0003", d => YaohuaAnswer(d, 'D'))],
            Answers = [("\u0002AA00\u0003", _ => "\u0002AA00\u0003")],
        },
        // A12(E), page 13: W, G or N, weight 7, unit 2, XOR; out of range nine blanks and OL or LO
        ["yaohua-a12e"] = new(d => Checked(d.OutOfRange ? "         " + Range(d) : $"W{(d.Net ? 'N' : 'G')}{Number(d, 7)}{d.Unit}") + End, ["R"], "Z", "T", Streams: true),
        ["yaohua-a12"] = new(d => (d.OutOfRange ? "         " + Range(d) : $"w{(d.Net ? 'n' : 'w')}{Number(d, 7)}{d.Unit}") + End, ["R"], "Z", "T", Streams: true),
        // C602, page 18: letter, =, weight 7, leading zeros blank; no word for out of range
        ["keli"] = new(d => d.OutOfRange ? null : $"{(d.Net ? 'N' : 'G')}={d.Signed,7}", [], Streams: true),
        // Magellan 8500, pages 45 and 51: weight only at rest, zero or more, in range; else the status
        ["mt-8217"] = new(d => IsWithheld(d) ? Status8217(d) : $"{Stx}{Zeros(d, 6)}{(d.Net ? "N" : "")}\r", ["W"], "Z", "T\r", "C", Done: Status8217)
        {
            Answers = [("Ehello", _ => "\u0002E\rhello")],
            InsteadOfOld = "\u0002?@\r",
        },
        // 7821, page 25: what is displayed, unit, status
        ["nci-scp01"] = new(d => Nci(d, Characters(d, inverted: false)), ["W\r"], "Z\r", Done: d => $"\n{Characters(d, inverted: false)}\r{Etx}") { Answers = [("S\r", d => $"\n{Characters(d, inverted: false)}\r{Etx}")] },
        // Brecknell, page 26: status without LF and CR, its first character turned around
        ["scp-12"] = new(d => Scp12(d, Characters(d, inverted: true)), ["W\r"], "Z\r", Done: d => $"\n{Characters(d, inverted: true)}\r{Etx}") { Answers = [("S\r", d => $"\n{Characters(d, inverted: true)}\r{Etx}")] },
        // Magellan 8500, pages 35 and 36: as 8217, with unit and S before the status
        ["mt-8213"] = new(
            d => IsWithheld(d) ? StatusEcr(d) : $"\n{Zeros(d, 6)}{d.Unit.ToUpperInvariant()}\r{StatusEcr(d)}", ["W\r"], "Z\r", Done: StatusEcr) { Answers = [("S\r", StatusEcr)] },
        // Aviator 7000, page 36: ENQ, ACK, DC1, frame
        ["cas-enq-dc1"] = new(CasFrame, ["\u0011"]) { Answers = [("\u0005", _ => "\u0006")] },
        // Cely PI100, page 18: price, ACK, ENQ, record 02; NAK and record 09 where there is no weight
        ["mt-dialog06"] = new(d => IsWithheld(d) ? "\u0015" : $"{Stx}02{Esc}{d.Decimals.ToString(CultureInfo.InvariantCulture)}{Esc}{d.Count.PadLeft(5, '0')}{Esc}000000{Esc}000000{Etx}", ["\u0004\u0005"])
        {
            Answers = [($"{Esc}{Etx}", _ => "\u0006"), ($"{Stx}08{Etx}", d => $"{Stx}09{Esc}{(d.Indication.Over ? "32" : d.Moving ? "20" : d.Sign == '-' ? "31" : "00")}{Etx}")],
        },
        // G310: 99, status, weight 5, 0, amount 6, XOR character; no sign
        ["dibal-98"] = new(d => Xored($"99{(d.OutOfRange || d.Sign == '-' ? "100000" : "0" + d.Count.PadLeft(5, '0'))}0000000") + End, ["98000001\r\n"]),
        ["f501"] = new(d => d.OutOfRange ? null : $"{Stx}{(d.Moving ? '?' : ' ')}{d.Sign}{d.Digits.PadLeft(7, '0')}{Etx}", [], Streams: true),
        // 2800, page 66: id, weight 6; dashes for overload, nothing below zero
        ["fairbanks-fbputr"] = new(d => d.Indication.Under || d.Sign == '-' ? null : $"{Stx}{FbputrId(d)}{(d.Indication.Over ? "------" : d.Digits.PadLeft(6))}{Etx}", [], Streams: true),
        // DC-788, page 53: flags, then headers with digits, unsigned
        ["digi"] = new(DigiText, ["\u0005"]),
        ["massa-k"] = new(d => d.OutOfRange ? null : MassaJ(d), ["J"]) { DataBits = 8 },
        // Мк.2.790.237РЭ: command 24, weight in divisions, flags, tare; error 08 for overload
        ["massa-k-100"] = new(d => d.Indication.Over ? Massa("\u0028\u0008") : d.Indication.Under ? null : Massa(MassaBody(d)), [Massa("\u0023"), Massa("\u00a0")], Massa("\u0072"), Done: _ => Massa("\u0027")) { DataBits = 8 },
        // HID POS 1.02: report 3, status, unit, power of ten, magnitude without sign
        ["usb-hid-pos-scale"] = new(HidReport, [], Streams: true) { DataBits = 0 },
    };

    private static bool IsWithheld(in ScaleDisplay d) => d.Moving || d.OutOfRange || d.Sign == '-';

    private static string Range(in ScaleDisplay d) => d.Indication.Over ? "OL" : "LO";

    /// <summary>Leading zeros; a minus takes the first place.</summary>
    private static string Number(in ScaleDisplay d, int width) => d.Sign == '-' ? "-" + Zeros(d, width - 1) : Zeros(d, width);

    private static string Zeros(in ScaleDisplay d, int width) => d.Digits.PadLeft(width, '0');

    private static int Xor(string text) => text.Aggregate(0, (xor, c) => xor ^ c);

    /// <summary>The XOR behind it as two hexadecimal digits.</summary>
    private static string Checked(string text) => text + Xor(text).ToString("X2", CultureInfo.InvariantCulture);

    /// <summary>The XOR behind it as one character.</summary>
    private static string Xored(string text) => text + (char)Xor(text);

    private static string YaohuaValue(char sign, string count, int decimals) => $"{sign}{count.PadLeft(6, '0')}{decimals.ToString(CultureInfo.InvariantCulture)}";

    private static string? YaohuaAnswer(in ScaleDisplay d, char letter)
    {
        if (d.OutOfRange) return null;
        var shown = letter switch
        {
            'B' => d with { Tare = Mass.Zero },
            'C' => new ScaleDisplay(new Indication(d.Tare, Moving: false, Over: false, Under: false), Mass.Zero, d.Unit, d.Decimals),
            _ => d,
        };
        return Stx + Checked($"A{letter}{YaohuaValue(shown.Sign, shown.Count, shown.Decimals)}") + Etx;
    }

    private static string Status8217(ScaleDisplay d) =>
        $"{Stx}?{(char)(0x40 | (d.Moving ? 0x01 : 0) | (d.Indication.Over ? 0x02 : 0) | (d.Sign == '-' ? 0x04 : 0) | (d.Zero ? 0x10 : 0) | (d.Net ? 0x20 : 0))}\r";

    /// <summary>First: moving, at zero; second: under, over.</summary>
    private static string Characters(in ScaleDisplay d, bool inverted)
    {
        var first = (d.Moving ? 1 : 0) | (d.Zero ? 2 : 0);
        var second = (d.Indication.Under ? 1 : 0) | (d.Indication.Over ? 2 : 0);
        return $"{(char)(0x30 | (inverted ? first ^ 0x0F : first))}{(char)(0x30 | second)}";
    }

    private static string Nci(in ScaleDisplay d, string status) =>
        $"\n{(d.Indication.Over ? "^^^^^^^^" : d.Indication.Under ? "________" : Number(d, 8))}{d.Unit}\r\n{status}\r{Etx}";

    private static string Scp12(in ScaleDisplay d, string status) => d.OutOfRange ? $"\n{status}\r{Etx}" : $"\n{d.Minus}{Zeros(d, 7)}{d.Unit}\r{status}{Etx}";

    private static string StatusEcr(ScaleDisplay d)
    {
        var under = d.Indication.Under || d.Sign == '-';
        return $"\nS{(char)(0x30 | (d.Moving ? 1 : 0) | (d.Zero ? 2 : 0))}{(char)(0x30 | (under ? 1 : 0) | (d.Indication.Over ? 2 : 0))}\r{Etx}";
    }

    private static string CasFrame(ScaleDisplay d)
    {
        var text = d.OutOfRange ? $"{(d.Moving ? 'U' : 'S')}FFFFFFF{d.Unit}" : $"{(d.Moving ? 'U' : 'S')}{d.Minus}{Zeros(d, 6)}{d.Unit}";
        return $"\u0001{Stx}{Xored(text)}{Etx}\u0004";
    }

    private static string FbputrId(in ScaleDisplay d) => d.Unit is "lb" or "oz" ? d.Net ? "41" : "40" : d.Net ? "44" : "43";

    private static string DigiText(ScaleDisplay d)
    {
        var status = (char)(0x40 | (d.Unit is "lb" ? 0x10 : 0) | (d.Net ? 0x02 : 0));
        var condition = (char)(0x40 | (d.Indication.Under ? 0x10 : 0) | (d.Indication.Over ? 0x08 : 0) | (d.Sign == '-' ? 0x04 : 0) | (d.Moving ? 0x02 : 0) | (d.Zero ? 0x01 : 0));
        return $"{Stx}{status}{condition}\r0{Zeros(d, 6)}\r4{d.TareDigits.PadLeft(6, '0')}\r\n";
    }

    /// <summary>State, division, magnitude with its sign in the top bit.</summary>
    private static string MassaJ(in ScaleDisplay d)
    {
        var division = d.Decimals switch { 3 => 0x00, 2 => 0x04, 1 => 0x05, _ => throw new NotSupportedException("the wire has no such division") };
        var state = (d.Moving ? 0 : 0x80) | (!d.Moving && d.Zero ? 0x40 : 0);
        var magnitude = int.Parse(d.Count, CultureInfo.InvariantCulture);
        return $"{(char)state}{(char)division}{(char)(magnitude & 0xFF)}{(char)(magnitude >> 8 & 0xFF)}{(char)((magnitude >> 16 & 0x7F) | (d.Sign == '-' ? 0x80 : 0))}";
    }

    private static string MassaBody(in ScaleDisplay d)
    {
        var division = d.Decimals switch { 3 => 1, 2 => 2, 1 => 3, 0 => 4, _ => throw new NotSupportedException("the wire has no such division") };
        var count = int.Parse(d.Count, CultureInfo.InvariantCulture) * (d.Sign == '-' ? -1 : 1);
        var tare = int.Parse(d.TareDigits.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return $"\u0024{LittleEndian(count)}{(char)division}{(char)(d.Moving ? 0 : 1)}{(char)(d.Net ? 1 : 0)}{(char)(d.Zero ? 1 : 0)}{LittleEndian(tare)}";
    }

    private static string LittleEndian(int number) => Encoding.Latin1.GetString(BitConverter.GetBytes(number));

    /// <summary>F8 55 CE, length, body, the remainder of the body and sixteen zeros less their own weight: each byte is added at the low end.</summary>
    private static string Massa(string body)
    {
        var crc = 0;
        foreach (var c in body)
        {
            for (var bit = 0; bit < 8; bit++) crc = (crc << 1) ^ ((crc & 0x8000) != 0 ? 0x11021 : 0);
            crc ^= c;
        }
        return $"\u00f8\u0055\u00ce{(char)body.Length}\0{body}{(char)(crc & 0xFF)}{(char)(crc >> 8)}";
    }

    /// <summary>Status 1 fault, 2 zero, 3 motion, 4 stable, 5 under zero, 6 over.</summary>
    private static string HidReport(ScaleDisplay d)
    {
        var status = d.Indication.Over ? 6 : d.Sign == '-' ? 5 : d.Moving ? 3 : d.Zero ? 2 : 4;
        var unit = d.Unit switch { "g" => 2, "kg" => 3, "oz" => 11, _ => 12 };
        var magnitude = d.Indication.Over ? 0 : int.Parse(d.Count, CultureInfo.InvariantCulture);
        return $"\u0003{(char)status}{(char)unit}{(char)(-d.Decimals & 0xFF)}{(char)(magnitude & 0xFF)}{(char)(magnitude >> 8 & 0xFF)}";
    }
}
