using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Rinstrum;

/// <summary>
/// All formats of Rinstrum, told apart by their ends and their length. Between STX and ETX: FMT_1 (9 characters), FMT_2 and FMT_6 (15, with unit),
/// FMT_3 (14). As lines: FMT_5 (11), FMT_4 (14, with commas 16). FMT_2 with its last six characters lost is FMT_1 without its motion: pin the length.
/// </summary>
internal sealed class RinstrumDecoder(FrameGuard guard, string unit, bool lines, bool framed, int length = 0) : FrameDecoder(frameBytesMax: LongestFrame, sevenBits: true)
{
    internal const int FirstText = 9;
    internal const int SecondText = 15;
    internal const int ThirdText = 14;
    private const int LongestFrame = 18;   // FMT_4 with commas and its CR LF
    private const byte Stx = 0x02;
    private const byte Etx = 0x03;
    private const byte Lf = 0x0A;
    private bool _lost;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(500);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (_lost) return SkipToEnd(head);
        if (head[0] == Stx) return CutFramed(head);
        var end = head.IndexOfAny(Stx, Etx, Lf);
        if (end is < 0 or >= LongestFrame)
        {
            if (head.Length < LongestFrame) return CutAt.More;
            _lost = true;
            return CutAt.Skip(LongestFrame, RejectReason.Format, "no frame starts here");
        }
        if (head[end] == Stx) return CutAt.Skip(end, RejectReason.Format, "no frame starts here");
        if (head[end] == Etx) return CutAt.Skip(end + 1, RejectReason.Format, "no frame starts here");
        return end == 0 || head[..end].SequenceEqual("\r"u8) ? CutAt.Ignore(end + 1) : CutAt.Frame(end + 1);   // CR LF behind ETX is a setup choice
    }

    private CutAt CutFramed(ReadOnlySpan<byte> head)
    {
        var end = head[1..].IndexOfAny(Etx, Stx) + 1;
        if (end > 0 && end <= SecondText + 1) return head[end] == Etx ? CutAt.Frame(end + 1) : CutAt.Skip(end, RejectReason.Length, "another frame begins inside this one");
        if (head.Length <= SecondText + 1) return CutAt.More;
        _lost = true;
        return CutAt.Skip(1, RejectReason.Length, "no ETX where a frame ends");
    }

    /// <summary>A line may only begin where another one ended: the blank that ends one and the digits of the next, its minus lost, look whole.</summary>
    private CutAt SkipToEnd(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOfAny(Stx, Etx, Lf);
        if (end >= 0) _lost = false;
        var count = end < 0 ? head.Length : head[end] == Stx ? end : end + 1;
        return count == 0 ? CutFramed(head) : CutAt.Skip(count, RejectReason.Format, "no frame starts here");
    }

    protected override void ForgetFrame(bool damaged) => _lost = damaged;

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame[0] == Stx) ReadFramed(frame[1..^1], frame, sink);
        else if (!lines || frame is not [.. var line, (byte)'\r', Lf]) Reject(frame, RejectReason.Format, "no frame starts here", sink);
        else if (line.Length == RinstrumFields.FifthLength) RinstrumFields.ReadFifth(line, frame, guard, sink);
        else RinstrumFields.ReadFourth(line, frame, guard, sink);
    }

    private void ReadFramed(ReadOnlySpan<byte> text, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        switch (!framed || (length > 0 && text.Length != length) ? 0 : text.Length)
        {
            case FirstText: ReadFirst(text, frame, sink); break;
            case SecondText: ReadSecond(text, frame, sink); break;
            case ThirdText: ReadThird(text, frame, sink); break;
            default: Reject(frame, RejectReason.Length, "the length of no format", sink); break;
        }
    }

    /// <summary>Sign, weight in 7, and one letter for kind, range and motion: only G and N say that the weight is stable.</summary>
    private void ReadFirst(ReadOnlySpan<byte> text, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var stability = text[8] switch { (byte)'M' => StabilityFlag.Moving, (byte)'G' or (byte)'N' => StabilityFlag.Stable, _ => StabilityFlag.NotReported };
        RinstrumFields.Read(frame, text[0], text.Slice(1, 7), default, text[8], stability, unit, guard, sink);
    }

    /// <summary>Sign, weight in 7, G/N/U/O/E, motion, zero, range, unit in 3; the unit is blank while moving.</summary>
    private void ReadSecond(ReadOnlySpan<byte> text, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var written = text[12..];
        var blank = !written.ContainsAnyExcept((byte)' ');
        if (text[9] is not ((byte)'M' or (byte)' ') || text[10] is not ((byte)'Z' or (byte)' ') || text[11] is not ((byte)'-' or (byte)'1' or (byte)'2'))
        {
            Reject(frame, RejectReason.Format, "motion, zero or range is none that is known", sink);
            return;
        }
        var stability = blank || text[9] == (byte)'M' ? StabilityFlag.Moving : StabilityFlag.Stable;
        RinstrumFields.Read(frame, text[0], text.Slice(1, 7), blank ? default : written, text[8], stability, unit, guard, sink);
    }

    /// <summary>Weight in 8 with its sign, G/N, M or S for motion, I/O/U for error and range, zero, two blanks.</summary>
    private void ReadThird(ReadOnlySpan<byte> text, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var state = text[10] is (byte)' ' ? text[8] : text[10] == (byte)'I' ? (byte)'E' : text[10];
        if (text[9] is not ((byte)'M' or (byte)'S') || text[11] is not ((byte)'Z' or (byte)' ') || text[12] != (byte)' ' || text[13] != (byte)' ' || text[8] is not ((byte)'G' or (byte)'N'))
        {
            Reject(frame, RejectReason.Format, "kind, motion or zero is none that is known", sink);
            return;
        }
        RinstrumFields.Read(frame, (byte)' ', text[..8], default, state, text[9] == (byte)'M' ? StabilityFlag.Moving : StabilityFlag.Stable, unit, guard, sink);
    }
}
