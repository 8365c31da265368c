using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.FairbanksUps;

/// <summary>
/// The Fairbanks format for UPS WorldShip: weight in 7, blank, unit in 2, blank, GR or gr, two blanks, CR LF EOT. An EOT alone is over capacity; alone
/// it is only behind a whole frame or behind silence, because the last byte of a frame entered in its middle looks the same.
/// </summary>
internal sealed class FairbanksUpsDecoder(FrameGuard guard) : FrameDecoder(frameBytesMax: FrameBytes, sevenBits: true)
{
    private const byte Eot = 0x04;
    private const int FrameBytes = 18;
    private const int TextBytes = 15;
    private bool _atStart;
    private bool _lost;

    /// <summary>Short, because an EOT alone waits for it; still many character times.</summary>
    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(100);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (_lost) return SkipToEot(head);
        var end = head[..Math.Min(head.Length, FrameBytes)].IndexOf(Eot);
        if (end == 0)
        {
            if (_atStart || idle) return Alone();
            if (head.Length == 1) return CutAt.More;
            return Noise(1, "the end of a frame");
        }
        if (end == FrameBytes - 1 && head[TextBytes..].StartsWith("\r\n"u8)) return Whole(FrameBytes);
        if (end > 0) return Noise(end + 1, "no frame ends here");
        if (head.Length >= FrameBytes)
        {
            _lost = true;
            return Noise(FrameBytes, "no EOT where a frame ends");
        }
        return idle && head.Length is TextBytes or TextBytes + 2 ? Whole(head.Length) : CutAt.More;
    }

    /// <summary>
    /// Only what follows an EOT may be a frame: the blanks at the end of a torn frame and the digits of the next one, its first lost, look whole.
    /// </summary>
    private CutAt SkipToEot(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf(Eot);
        if (end >= 0) _lost = false;
        return Noise(end < 0 ? head.Length : end + 1, "no frame starts here");
    }

    private CutAt Alone()
    {
        _atStart = true;
        return CutAt.Frame(1);
    }

    private CutAt Whole(int count)
    {
        _atStart = true;
        return CutAt.Frame(count);
    }

    private CutAt Noise(int count, string note)
    {
        _atStart = false;
        return CutAt.Skip(count, RejectReason.Format, note);
    }

    protected override void ForgetFrame(bool damaged)
    {
        _atStart = false;
        _lost = damaged;
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame.Length == 1)
        {
            new ShownWeight { Frame = frame }.SendAs(Condition.Over, "EOT alone: over capacity, or not at zero since power-up", sink);
            return;
        }
        if (frame.Length > TextBytes && !"\r\n\u0004"u8.StartsWith(frame[TextBytes..]))
        {
            Refuse(frame, sink);
            return;
        }
        var kind = frame.Slice(11, 2);
        var gross = kind.SequenceEqual("GR"u8) || kind.SequenceEqual("gr"u8);
        var net = kind.SequenceEqual("NT"u8) || kind.SequenceEqual("nt"u8);
        if ((!gross && !net) || frame[7] != (byte)' ' || frame[10] != (byte)' ' || frame[13] != (byte)' ' || frame[14] != (byte)' ')
        {
            Refuse(frame, sink);
            return;
        }
        new ShownWeight
        {
            Frame = frame,
            Number = frame[..7],
            Unit = frame.Slice(8, 2),
            Stability = kind[0] is (byte)'G' or (byte)'N' ? StabilityFlag.Stable : StabilityFlag.Moving,
            Basis = gross ? Basis.Gross : Basis.Net,
        }.Send(guard, sink);
    }

    private static void Refuse(ReadOnlySpan<byte> frame, IReadingSink sink) => Reject(frame, RejectReason.Format, "fields do not stand where they must", sink);
}
