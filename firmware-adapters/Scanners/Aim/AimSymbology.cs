using System.Buffers;
using System.Text;
using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;

/// <summary>One code character and modifier of ISO/IEC 15424, with what its data must hold to.</summary>
/// <param name="Name">Name of the symbology.</param>
/// <param name="IsGs1">FNC1 in first position: the data is a GS1 element string.</param>
/// <param name="Digits">Exact number of digits with a GS1 check digit, 0 where this does not apply.</param>
internal sealed record AimSymbology(string Name, bool IsGs1 = false, int Digits = 0)
{
    /// <summary>GS1 General Specifications, figures 7.11-1 and 7.11-2: the 82 characters element strings are made of, and the # of component part numbers.</summary>
    private static readonly SearchValues<byte> Gs1Characters =
        SearchValues.Create("!\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz\u001D"u8);

    private const string AllModifiers = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm";

    /// <summary>By code character: the modifiers the standard gives meaning to, and the symbology they name.</summary>
    private static readonly Dictionary<char, (string Modifiers, AimSymbology Symbology)[]> ByCode = new()
    {
        ['A'] = [("01234567", new("Code 39"))],
        ['B'] = [("0124", new("Telepen"))],
        ['C'] = [("1", new("GS1-128", IsGs1: true)), ("024", new("Code 128"))],
        ['D'] = [("0123456", new("Code One"))],
        ['E'] = [("0", new("EAN-13", Digits: 13)), ("4", new("EAN-8", Digits: 8)), ("12", new("EAN add-on")), ("3", new("EAN-13 with add-on"))],
        ['F'] = [("0124", new("Codabar"))],
        ['G'] = [(AllModifiers, new("Code 93"))],
        ['H'] = [("0123", new("Code 11"))],
        ['I'] = [("013", new("ITF"))],
        ['J'] = [("1", new("GS1 DotCode", IsGs1: true)), ("02345", new("DotCode"))],
        ['K'] = [("0124", new("Code 16K"))],
        ['L'] = [("012345", new("PDF417"))],
        ['M'] = [("0123", new("MSI"))],
        ['N'] = [("0", new("Anker Code"))],
        ['O'] = [("01456", new("Codablock"))],
        ['P'] = [("0", new("Plessey"))],
        ['Q'] = [("3", new("GS1 QR Code", IsGs1: true)), ("012456", new("QR Code"))],
        ['R'] = [("013", new("Straight 2 of 5"))],
        ['S'] = [("0", new("Straight 2 of 5"))],
        ['T'] = [("0124", new("Code 49"))],
        ['U'] = [("0123", new("MaxiCode"))],
        ['X'] = [("0123456789ABCDEF", new("other"))],
        ['Z'] = [("0123456789ABCDEF", new("no bar code"))],
        ['c'] = [("012345678", new("Channel Code"))],
        ['d'] = [("2", new("GS1 DataMatrix", IsGs1: true)), ("013456", new("Data Matrix"))],
        ['e'] = [("0", new("GS1 DataBar", IsGs1: true)), ("1", new("GS1 Composite", IsGs1: true)), ("23", new("GS1 Composite"))],
        ['g'] = [("0123", new("Grid Matrix"))],
        ['h'] = [("0123", new("Han Xin Code"))],
        ['o'] = [("0123", new("OCR"))],
        ['p'] = [("012", new("PosiCode"))],
        ['s'] = [("01", new("SuperCode"))],
        ['z'] = [(AllModifiers[..13], new("Aztec"))],
    };

    /// <summary>The symbology of <c>]</c> + <paramref name="code"/> + <paramref name="modifier"/>, or null where the standard has none.</summary>
    internal static AimSymbology? Find(byte code, byte modifier)
    {
        if (!ByCode.TryGetValue((char)code, out var known)) return null;
        foreach (var (modifiers, symbology) in known)
        {
            if (modifiers.Contains((char)modifier, StringComparison.Ordinal)) return symbology;
        }
        return null;
    }

    /// <summary>Why <paramref name="data"/> cannot be what this symbology carries, or null.</summary>
    internal string? Fault(ReadOnlySpan<byte> data)
    {
        if (Digits > 0) return EanFault(data, Digits);
        if (!IsGs1) return null;
        if (data.IsEmpty) return "empty GS1 data";
        if (data.ContainsAnyExcept(Gs1Characters)) return "a character that GS1 data cannot hold";
        return null;
    }

    /// <summary>EAN with its check digit, perhaps with a composite component behind it: the kernel knows both.</summary>
    private static string? EanFault(ReadOnlySpan<byte> data, int digits)
    {
        var scan = (digits == 8 ? "]E4" : "]E0") + Encoding.Latin1.GetString(data);
        return Gs1Scan.TryRead(scan, out _, out var flaw) ? null : flaw!.Code == Gs1FlawCode.Content ? "check digit does not match" : "not the digits of an EAN symbol";
    }
}
