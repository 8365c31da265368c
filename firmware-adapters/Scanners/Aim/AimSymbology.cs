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
    /// <summary>GS1 General Specifications, figure 7.11-1: the 82 characters element strings are made of.</summary>
    private static readonly SearchValues<byte> Gs1Characters =
        SearchValues.Create("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz\u001D"u8);

    private static readonly AimSymbology Code128 = new("Code 128");
    private static readonly AimSymbology Gs1128 = new("GS1-128", IsGs1: true);
    private static readonly AimSymbology DataMatrix = new("Data Matrix");
    private static readonly AimSymbology Gs1DataMatrix = new("GS1 DataMatrix", IsGs1: true);
    private static readonly AimSymbology Qr = new("QR Code");
    private static readonly AimSymbology Gs1Qr = new("GS1 QR Code", IsGs1: true);
    private static readonly AimSymbology DataBar = new("GS1 DataBar", IsGs1: true);
    private static readonly AimSymbology Composite = new("GS1 Composite", IsGs1: true);
    private static readonly AimSymbology DotCode = new("DotCode");
    private static readonly AimSymbology Gs1DotCode = new("GS1 DotCode", IsGs1: true);
    private static readonly AimSymbology Ean13 = new("EAN-13", Digits: 13);
    private static readonly AimSymbology Ean8 = new("EAN-8", Digits: 8);
    private static readonly AimSymbology EanAddOn = new("EAN add-on");
    private static readonly AimSymbology Code39 = new("Code 39");
    private static readonly AimSymbology Code93 = new("Code 93");
    private static readonly AimSymbology Codabar = new("Codabar");
    private static readonly AimSymbology Interleaved = new("ITF");
    private static readonly AimSymbology Pdf417 = new("PDF417");
    private static readonly AimSymbology Aztec = new("Aztec");
    private static readonly AimSymbology MaxiCode = new("MaxiCode");

    /// <summary>The symbology of <c>]</c> + <paramref name="code"/> + <paramref name="modifier"/>, or null where the standard has none that is known here.</summary>
    internal static AimSymbology? Find(byte code, byte modifier) => ((char)code, (char)modifier) switch
    {
        ('C', '1') => Gs1128,
        ('C', '0' or '2' or '4') => Code128,
        ('d', '2') => Gs1DataMatrix,
        ('d', '0' or '1' or '3' or '4' or '5' or '6') => DataMatrix,
        ('Q', '3') => Gs1Qr,
        ('Q', '0' or '1' or '2' or '4' or '5' or '6') => Qr,
        ('e', '0') => DataBar,
        ('e', '1' or '2' or '3') => Composite,
        ('J', '1') => Gs1DotCode,
        ('J', '0' or '2' or '3' or '4' or '5') => DotCode,
        ('E', '0') => Ean13,
        ('E', '4') => Ean8,
        ('E', '1' or '2' or '3') => EanAddOn,
        ('A', >= '0' and <= '7') => Code39,
        ('G', (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'm')) => Code93,
        ('F', '0' or '1' or '2' or '4') => Codabar,
        ('I', '0' or '1' or '3') => Interleaved,
        ('L', >= '0' and <= '5') => Pdf417,
        ('z', (>= '0' and <= '9') or (>= 'A' and <= 'C')) => Aztec,
        ('U', >= '0' and <= '3') => MaxiCode,
        _ => null,
    };

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
