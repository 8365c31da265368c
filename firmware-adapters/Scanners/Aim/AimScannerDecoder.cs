using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;

/// <summary>What ends a scan.</summary>
internal enum ScanFraming : byte
{
    Auto,
    Cr,
    Lf,
    CrLf,
    StxEtx,
    Idle,
}

/// <summary>Scans with the identifier of ISO/IEC 15424 before the data; GS1 data must hold to its character set, EAN to its check digit.</summary>
internal sealed class AimScannerDecoder(ScanFraming framing, TimeSpan idleGap, bool aimRequired, byte[] noRead) : FrameDecoder(ScanBytesMax)
{
    /// <summary>The longest symbol there is (QR 40-L) holds 4,296 characters in its narrowest mode; labels hold far less.</summary>
    internal const int ScanBytesMax = 4352;

    private const byte Stx = 0x02;
    private const byte Etx = 0x03;
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Once a suffix was seen, silence no longer ends a scan: it cuts it off.</summary>
    private bool _suffixSeen;
    private bool _spoilt;

    public override TimeSpan IdleGap => SilenceEnds ? idleGap : TimeSpan.FromMilliseconds(500);

    private bool SilenceEnds => framing == ScanFraming.Idle || (framing == ScanFraming.Auto && !_suffixSeen);

    protected override void ForgetFrame(bool damaged) => _spoilt = damaged;

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        var end = FindEnd(head);
        if (_spoilt)
        {
            if (end >= 0) _spoilt = false;
            return CutAt.Skip(end < 0 ? head.Length : end + 1, RejectReason.Length, "rest of a damaged scan");
        }
        if (end >= 0)
        {
            if (framing == ScanFraming.Auto) _suffixSeen = true;
            return end == 0 && framing == ScanFraming.Auto ? CutAt.Ignore(1) : CutAt.Frame(end + 1);
        }
        if (head.Length >= FrameBytesMax)
        {
            _spoilt = true;
            return CutAt.Skip(FrameBytesMax, RejectReason.Length, "scan too long");
        }
        return idle && SilenceEnds ? CutAt.Frame(head.Length) : CutAt.More;
    }

    /// <summary>
    /// Index of the byte that ends the scan at the head, or -1. Under auto any of CR, LF and ETX does: data that holds line ends needs the framing set,
    /// because a stray STX must not swallow the scans after it.
    /// </summary>
    private int FindEnd(ReadOnlySpan<byte> head) => framing switch
    {
        ScanFraming.Cr => head.IndexOf(Cr),
        ScanFraming.Lf => head.IndexOf(Lf),
        ScanFraming.CrLf => head.IndexOf([Cr, Lf]) is >= 0 and var at ? at + 1 : -1,
        ScanFraming.StxEtx => head.IndexOf(Etx),
        ScanFraming.Auto => head.IndexOfAny(Cr, Lf, Etx),
        _ => -1,
    };

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (!TryUnwrap(frame, out var text))
        {
            Reject(frame, RejectReason.Format, "no STX before this ETX", sink);
            return;
        }
        if (text.IsEmpty) return;
        if (text.SequenceEqual(noRead))
        {
            sink.OnScan(new ScanReading("none", null, "", IsGs1: false, NoRead: true, new RawFrame(frame)));
            return;
        }
        if (text[0] != (byte)']')
        {
            if (aimRequired) Reject(frame, RejectReason.Format, "no symbology identifier", sink);
            else Give(frame, text, new AimSymbology("unknown"), null, sink);
            return;
        }
        if (text.Length < 3 || AimSymbology.Find(text[1], text[2]) is not { } symbology)
        {
            Reject(frame, RejectReason.Format, "unknown symbology identifier", sink);
            return;
        }
        var data = text[3..];
        if (symbology.Fault(data) is { } fault) Reject(frame, RejectReason.Content, fault, sink);
        else Give(frame, data, symbology, Encoding.ASCII.GetString(text[..3]), sink);
    }

    private bool TryUnwrap(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> text)
    {
        text = frame;
        switch (framing)
        {
            case ScanFraming.Cr or ScanFraming.Lf:
                text = frame[..^1];
                return true;
            case ScanFraming.CrLf:
                text = frame[..^2];
                return true;
            case ScanFraming.StxEtx:
                var start = frame.LastIndexOf(Stx);
                text = start < 0 ? frame : frame[(start + 1)..^1];
                return start >= 0;
            default:
                text = frame.TrimEnd("\r\n\u0003"u8);
                if (text is [Stx, ..]) text = text[1..];
                return true;
        }
    }

    private static void Give(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> data, AimSymbology symbology, string? aimId, IReadingSink sink)
    {
        string text;
        try
        {
            text = Strict.GetString(data);
        }
        catch (DecoderFallbackException)
        {
            Reject(frame, RejectReason.Content, "neither ASCII nor UTF-8", sink);
            return;
        }
        sink.OnScan(new ScanReading(symbology.Name, aimId, text, symbology.IsGs1, NoRead: false, new RawFrame(frame)));
    }
}
