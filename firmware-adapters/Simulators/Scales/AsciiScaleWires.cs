using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>The wires of scales that print lines.</summary>
internal static class AsciiScaleWires
{
    private const string End = "\r\n";

    /// <summary>The protocols written here, by their ids.</summary>
    internal static IReadOnlyDictionary<string, ScaleWire> Table { get; } = new Dictionary<string, ScaleWire>(StringComparer.Ordinal)
    {
        // polarity, weight 7, blank, unit 5, ? or blank, legend (captured Defender 3000)
        ["ohaus-defender3000"] = new(
            d => Ohaus(d) ?? $"{d.Minus}{d.Digits,7} {d.Unit,-5}{(d.Moving ? '?' : ' ')}{(d.Net ? 'N' : 'G')}{End}",
            ["IP\r\n", "P\r\n"], "Z\r\n", "T\r\n", "0T\r\n", Start: "CP\r\n", Done: _ => "OK!\r\n"),
        // weight 12 right aligned, blank, unit 5, ? or blank (RS232 interface manual, page 5)
        ["ohaus-lab"] = new(d => Ohaus(d) ?? $"{d.Signed,12} {d.Unit,-5}{(d.Moving ? '?' : ' ')}{End}", ["IP\r\n", "P\r\n"], "Z\r\n", "T\r\n", "0T\r\n", Start: "CP\r\n", Done: _ => "OK!\r\n"),
        // header, sign and eight digits with point, unit 3 (EK-L, page 30)
        ["and-standard"] = new(
            d => $"{(d.OutOfRange ? "OL" : Status(d))},{(d.OutOfRange ? (d.Indication.Under ? "-" : "+") + Zeros("999999999", d.Decimals, 8, nines: true) : d.Sign + Zeros(d.Digits, d.Decimals, 8))}{d.Unit,3}{End}",
            ["Q\r\n", "S\r\n"], "Z\r\n", "T\r\n", "CT\r\n", Streams: true),
        // header, kind, sign and seven digits with point, unit 2; digits blank when out of range (AD-4329A, page 43)
        ["and-ad4329"] = new(
            d => d.OutOfRange
                ? $"OL,{(d.Net ? "N " : "G ")},{(d.Indication.Under ? '-' : '+')}{BlankDigits(Zeros(d.Digits, d.Decimals, 7))}{d.Unit,2}{End}"
                : $"{Status(d)},{(d.Net ? "N " : "G ")},{d.Sign}{Zeros(d.Digits, d.Decimals, 7)}{d.Unit,2}{End}",
            ["RW\r\n"], "MZ\r\n", "MT\r\n", "CT\r\n", Streams: true),
        // status, kind, device id, lamps, data 8, blank, unit 2 (CI-600D, page 74)
        ["cas-22"] = new(
            d => $"{Range(d, "OL", "OL")},{Kind(d)},1{(char)Lamps(d)},{(d.OutOfRange ? "        " : (d.Sign == '-' ? "-" : "0") + Zeros(d.Digits, d.Decimals, 7))} {d.Unit,2}{End}",
            ["01RW\r\n"], "01MZ\r\n", "01MT\r\n", Streams: true) { DataBits = 8 },
        // captured NHB: weight 8, unit left aligned in 3
        ["tscale-nhb"] = new(d => $"{Range(d, "OL", "OL")},{Kind(d)}{(d.OutOfRange ? (d.Indication.Under ? "-" : "").PadLeft(8) : d.Signed.PadLeft(8))}{d.Unit,-3}{End}", ["W"], "Z", "T", Streams: true),
        // captured QHW: comma, weight 8, blank, unit
        ["tscale-qhw"] = new(d => $"{Range(d, "OL", "OL")},{Kind(d)},{(d.OutOfRange ? (d.Indication.Under ? "-" : "").PadLeft(8) : d.Signed.PadLeft(8))} {d.Unit}{End}", ["W"], "Z", "T", Streams: true),
        // M02, page 56: sign and seven characters, unit
        ["general-measure"] = new(
            d => $"{Range(d, "OL", "OL")},{Kind(d)},{(d.OutOfRange ? (d.Indication.Under ? "-" : "+") + "       " : d.Sign + Zeros(d.Digits, d.Decimals, 7))}{d.Unit}{End}",
            ["READ\r\n"], "ZERO ON\r\n", "TARE ON\r\n", Streams: true, Done: _ => "YES\r\n"),
        // DGT4X, page 52: status, kind, weight 8, unit 2
        ["dini-argeo"] = new(
            d => $"{Range(d, "OL", "UL")},{Kind(d)},{(d.OutOfRange ? "        " : d.Signed.PadLeft(8))},{d.Unit,2}{End}",
            ["READ\r\n"], "ZERO\r\n", "TARE\r\n", "CLEAR\r\n", Done: _ => "OK\r\n"),
        // PUE C/31, page 58: command 3, stability, blank, sign, mass 9, blank, unit 3
        ["radwag"] = new(
            d => $"SI {(d.Indication.Over ? '^' : d.Indication.Under ? 'v' : d.Moving ? '?' : ' ')} {d.Minus}{d.Digits,9} {d.Unit,-3}{End}",
            ["SI\r\n"], "Z\r\n", "T\r\n", "UT 0\r\n"),
        // LE2202S, page 51: sign, blank, weight 8, blank, unit 3 when stable
        ["sartorius-sbi"] = new(
            d => d.OutOfRange ? $"{(d.Indication.Over ? "H" : "L"),7}       {End}" : $"{d.Sign} {d.Digits,8} {(d.Moving ? "" : d.Unit),-3}{End}",
            ["\u001bP"], "\u001bV", "\u001bT"),
        // sign, data 7, unit 2, result, status
        ["kern-14byte"] = new(d => $"{d.Sign}{d.Digits,7}{d.Unit.ToUpperInvariant(),2} {KernStatus(d)}{End}", ["w"], null, "t", Streams: true),
        // captured: sign, data 8 with a slash before the last digit, unit 2, result, status
        ["aux-digit-slash"] = new(d => $"{d.Sign}{Slashed(Zeros(d.Digits, d.Decimals, 7))}{d.Unit.ToUpperInvariant(),2} {KernStatus(d)}{End}", ["w"], null, "t", Streams: true),
        // blank, sign, value 10, blank, unit 3 when stable
        ["kern-de"] = new(d => d.OutOfRange ? $"       Error{End}" : $" {d.Minus}{d.Digits,10} {(d.Moving ? "" : d.Unit),-3}{End}", ["w"], null, "t", Streams: true),
        // R320, page 46, FMT_2: sign, weight 7, G N U O E, motion, zero, range, unit 3 when stable
        ["rinstrum"] = new(
            d => $"\u0002{d.Minus}{d.Digits,7}{(d.Indication.Over ? 'O' : d.Indication.Under ? 'U' : d.Net ? 'N' : 'G')}{(d.Moving ? 'M' : ' ')}{(d.Indication.Gross == d.Tare ? 'Z' : ' ')}-{(d.Moving ? "" : d.Unit),3}\u0003",
            [], Streams: true),
        // PR 5220, page 130
        ["sma-scp0499"] = new(
            d => $"\n{(d.Indication.Over ? 'O' : d.Indication.Under ? 'U' : d.Indication.Gross == d.Tare ? 'Z' : ' ')}1{(d.Net ? 'N' : 'G')}{(d.Moving ? 'M' : ' ')} {d.Signed,10}{d.Unit,-3}\r",
            ["\nW\r"], "\nZ\r", "\nT\r", "\nC\r"),
        // captured printout: label at column 6, weight to column 19, unit; nothing when there is no weight to print
        ["mt-ms204"] = new(d => d.OutOfRange ? null : $"     {(d.Net ? 'N' : 'G')}{d.Signed,13} {d.Unit,-4}{End}", []),
        ["jik6cab"] = new(d => d.OutOfRange ? null : JikLabel(d), []),
        // FB2255, page 72: weight 7 with the minus first, unit, GR or gr, CR LF EOT; EOT alone over capacity
        ["fairbanks-ups"] = new(d => d.Indication.Over ? "\u0004" : $"{d.Minus}{d.Digits,6} {d.Unit} {(d.Moving ? "gr" : "GR")}  {End}\u0004", ["\r"]),
        ["adam-cpwplus"] = new(d => d.OutOfRange ? null : $"{d.Sign}{d.Digits,6}  {d.Unit}{End}", ["G\r\n", "N\r\n"], null, "Z\r\n"),
        ["adam-az"] = new(d => d.OutOfRange ? null : $"{(d.Net ? 'N' : 'G')}/W  {d.Sign}{d.Digits,6} {d.Unit}{End}", ["P\r\n"], "Z\r\n", "T\r\n"),
    };

    private static string Status(in ScaleDisplay d) => d.Moving ? "US" : "ST";

    private static string Kind(in ScaleDisplay d) => d.Net ? "NT" : "GS";

    private static string Range(in ScaleDisplay d, string over, string under) => d.Indication.Over ? over : d.Indication.Under ? under : Status(d);

    private static char KernStatus(in ScaleDisplay d) => d.OutOfRange ? 'E' : d.Moving ? 'U' : 'S';

    private static string? Ohaus(in ScaleDisplay d) => d.Indication.Over ? "Err 8.3\r\n" : d.Indication.Under ? "Err 8.4\r\n" : null;

    /// <summary>Leading zeros up to <paramref name="width"/> characters with the point; or all nines.</summary>
    internal static string Zeros(string digits, int decimals, int width, bool nines = false) => nines
        ? decimals == 0 ? new string('9', width) : new string('9', width - 1 - decimals) + "." + new string('9', decimals)
        : digits.PadLeft(width, '0');

    private static string BlankDigits(string digits) => new([.. digits.Select(c => c == '.' ? '.' : ' ')]);

    private static string Slashed(string digits) => digits[..^1] + "/" + digits[^1];

    private static int Lamps(in ScaleDisplay d) => 0x80 | (d.Moving || d.OutOfRange ? 0 : 0x40) | (d.Net ? 0x02 : 0x04) | (d.Indication.Gross == Mass.Zero ? 1 : 0);

    private static string JikLabel(in ScaleDisplay d)
    {
        var (tare, gross, net) = ($"{d.TareDigits,6} {d.Unit}", $"{d.GrossDigits,6} {d.Unit}", $"{d.Signed,6} {d.Unit}");
        return string.Join(End, "^KJIK000", "2023-11-07", "17:19:26", tare, gross, "0", "0", net, net, "    0 pcs", " ", " ", "E", "~P1", "");
    }
}
