using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Sma;

/// <summary>
/// SMA SCP-0499: LF, status, range, gross or net, motion, a reserved character, weight in 10, unit in 3, CR. Between the same LF and CR stand the
/// short answers.
/// </summary>
internal sealed class SmaDecoder(FrameGuard guard) : FrameDecoder(frameBytesMax: 64, sevenBits: true)
{
    private const byte Lf = 0x0A;
    private const byte Cr = 0x0D;
    private const int WeightBytes = 20;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(500);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] != Lf)
        {
            var start = head.IndexOf(Lf);
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no LF starts here");
        }
        var end = head[1..].IndexOfAny(Cr, Lf) + 1;
        if (end == 1 && head[1] == Lf) return CutAt.Ignore(1);   // the LF of a CR LF, before the LF of the next answer
        if (end > 0) return head[end] == Cr ? CutAt.Frame(end + 1) : CutAt.Skip(end, RejectReason.Length, "another answer begins inside this one");
        if (head.Length >= FrameBytesMax) return CutAt.Skip(1, RejectReason.Length, "no CR where an answer ends");
        if (!idle) return CutAt.More;
        return head.Length == 1 ? CutAt.Ignore(1) : head.Length == WeightBytes - 1 ? CutAt.Frame(head.Length) : CutAt.More;
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var text = frame[1..];
        if (text is [.. var ended, Cr]) text = ended;
        if (text.ContainsAnyExceptInRange((byte)' ', (byte)'~')) Reject(frame, RejectReason.Format, "not printable", sink);
        else if (text.SequenceEqual("?"u8)) new ShownWeight { Frame = frame }.SendAs(Condition.Fault, "command not known", sink);
        else if (text.SequenceEqual("!"u8)) new ShownWeight { Frame = frame }.SendAs(Condition.Fault, "transmission error", sink);
        else if (text.Length > 4 && text[3] == (byte)':' && !text[..3].ContainsAnyExceptInRange((byte)'A', (byte)'Z')) new ShownWeight { Frame = frame }.SendAs(Condition.Other, "about the scale", sink);
        else if (text.Length == WeightBytes - 2) ReadWeight(text, frame, sink);
        else Reject(frame, RejectReason.Length, "not the length of a weight answer", sink);
    }

    private void ReadWeight(ReadOnlySpan<byte> text, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var fine = text[2] is (byte)'g' or (byte)'n';
        var basis = text[2] switch { (byte)'G' or (byte)'g' => Basis.Gross, (byte)'N' or (byte)'n' => Basis.Net, (byte)'T' => Basis.Tare, _ => Basis.Unknown };
        if (basis == Basis.Unknown || !AsciiNumber.IsDigit(text[1]) || text[3] is not ((byte)'M' or (byte)' '))
        {
            Reject(frame, RejectReason.Format, "range, kind or motion is none that is known", sink);
            return;
        }
        var failed = text[0] is (byte)'E' or (byte)'I' or (byte)'T';   // dashes: nothing that could be at rest
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = text.Slice(5, 10),
            Unit = text.Slice(15, 3),
            Stability = failed ? StabilityFlag.NotReported : text[3] == (byte)'M' ? StabilityFlag.Moving : StabilityFlag.Stable,
            Basis = basis,
            Note = fine ? "high resolution" : null,
        };
        switch (text[0])
        {
            case (byte)' ' or (byte)'Z': shown.Send(guard, sink); break;
            case (byte)'O': shown.SendAs(Condition.Over, "over capacity", sink); break;
            case (byte)'U': shown.SendAs(Condition.Under, "under capacity", sink); break;
            case (byte)'E': shown.SendAs(Condition.Fault, "zero error", sink); break;
            case (byte)'I': shown.SendAs(Condition.Fault, "zero not captured since power-up", sink); break;
            case (byte)'T': shown.SendAs(Condition.Fault, "tare error", sink); break;
            default: Reject(frame, RejectReason.Format, "status is not known", sink); break;
        }
    }
}
