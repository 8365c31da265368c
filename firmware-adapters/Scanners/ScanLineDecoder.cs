using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners;

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

/// <summary>What commissioning sets of a scanner that sends lines of text.</summary>
internal sealed record ScanLineSettings(ScanFraming Framing, TimeSpan IdleGap, bool AimRequired, byte[] NoRead, Encoding Encoding)
{
    /// <summary>The options by name, with their meaning; <paramref name="aimFirst"/> is the default of <c>aim</c>.</summary>
    internal static Dictionary<string, string> Options(string aimFirst) => new(StringComparer.Ordinal)
    {
        ["framing"] = "auto (CR, LF, CR LF, STX/ETX, or silence where none of them was ever seen; the default), cr, lf, crlf, stx-etx, idle",
        ["idle-ms"] = "silence that ends a scan under auto and idle, 20 to 1000; 50 when absent",
        ["aim"] = $"required, or optional (text without identifier is taken, its symbology unknown and never GS1); {aimFirst} when absent",
        ["no-read"] = "what the scanner sends when it decoded nothing; NR when absent",
        [ScanText.EncodingOption] = ScanText.EncodingMeaning,
    };

    internal static ScanLineSettings Read(ProtocolSettings settings, string aimFirst)
    {
        var framing = settings.Choice("framing", "auto", "cr", "lf", "crlf", "stx-etx", "idle") switch
        {
            "cr" => ScanFraming.Cr,
            "lf" => ScanFraming.Lf,
            "crlf" => ScanFraming.CrLf,
            "stx-etx" => ScanFraming.StxEtx,
            "idle" => ScanFraming.Idle,
            _ => ScanFraming.Auto,
        };
        var aim = settings.Choice("aim", aimFirst is "required" ? ["required", "optional"] : ["optional", "required"]);
        var idle = TimeSpan.FromMilliseconds(settings.Number("idle-ms", 50, 20, 1000));
        return new ScanLineSettings(framing, idle, aim is "required", Encoding.ASCII.GetBytes(settings.Options.GetValueOrDefault("no-read", "NR")), ScanText.EncodingOf(settings));
    }
}

/// <summary>Decoders of scanners that send each scan as text with a suffix, perhaps with its AIM identifier in front.</summary>
internal abstract class ScanLineDecoder(ScanLineSettings settings) : FrameDecoder(ScanText.BytesMax)
{
    private const byte Stx = 0x02;
    private const byte Etx = 0x03;
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    private readonly ScanFraming _framing = settings.Framing;

    /// <summary>Once a suffix was seen, silence no longer ends a scan: it cuts it off.</summary>
    private bool _suffixSeen;
    private bool _spoilt;

    public override TimeSpan IdleGap => SilenceEnds ? settings.IdleGap : TimeSpan.FromMilliseconds(500);

    private bool SilenceEnds => _framing == ScanFraming.Idle || (_framing == ScanFraming.Auto && !_suffixSeen);

    /// <summary>Where something that is no scan ends which stands at the head; null when a scan stands there. <see cref="Cut.More"/> while it is open.</summary>
    protected virtual CutAt? FindOther(ReadOnlySpan<byte> head) => null;

    /// <summary>Reads what <see cref="FindOther"/> cut; false when the frame is a scan.</summary>
    protected virtual bool TryReadOther(ReadOnlySpan<byte> frame, IReadingSink sink) => false;

    protected sealed override void ForgetFrame(bool damaged) => _spoilt = damaged;

    protected sealed override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        var end = FindEnd(head);
        if (_spoilt)
        {
            if (end >= 0) _spoilt = false;
            return CutAt.Skip(end < 0 ? head.Length : end + 1, RejectReason.Length, "rest of a damaged scan");
        }
        if (FindOther(head) is { } other && (other.Kind != Cut.More || !idle)) return other;
        if (end >= 0)
        {
            if (_framing == ScanFraming.Auto) _suffixSeen = true;
            return end == 0 && _framing == ScanFraming.Auto ? CutAt.Ignore(1) : CutAt.Frame(end + 1);
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
    private int FindEnd(ReadOnlySpan<byte> head) => _framing switch
    {
        ScanFraming.Cr => head.IndexOf(Cr),
        ScanFraming.Lf => head.IndexOf(Lf),
        ScanFraming.CrLf => head.IndexOf([Cr, Lf]) is >= 0 and var at ? at + 1 : -1,
        ScanFraming.StxEtx => head.IndexOf(Etx),
        ScanFraming.Auto => head.IndexOfAny(Cr, Lf, Etx),
        _ => -1,
    };

    protected sealed override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (TryReadOther(frame, sink)) return;
        if (!TryUnwrap(frame, out var text)) Reject(frame, RejectReason.Format, "no STX before this ETX", sink);
        else if (text.IsEmpty) return;
        else if (text.SequenceEqual(settings.NoRead)) ScanText.GiveNoRead(frame, sink);
        else if (text[0] == (byte)']') ScanText.GiveIdentified(frame, text, settings.Encoding, sink);
        else if (settings.AimRequired) Reject(frame, RejectReason.Format, "no symbology identifier", sink);
        else ScanText.GiveUnidentified(frame, text, settings.Encoding, sink);
    }

    private bool TryUnwrap(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> text)
    {
        text = frame;
        switch (_framing)
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
}
