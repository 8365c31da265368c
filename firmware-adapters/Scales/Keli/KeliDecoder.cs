using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Keli;

/// <summary>
/// G or N, <c>=</c>, seven characters of weight. Nothing ends a frame but the next letter or silence, so a character too many is seen; the length is the
/// only guard against one too few.
/// </summary>
internal sealed class KeliDecoder(string unit, int pointAt) : FrameDecoder(frameBytesMax: FrameBytes + 2, sevenBits: true)
{
    private const int FrameBytes = 9;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(200);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] is not ((byte)'G' or (byte)'N'))
        {
            var start = head.IndexOfAny((byte)'G', (byte)'N');
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no frame starts here");
        }
        var next = head[1..].IndexOfAny((byte)'G', (byte)'N') + 1;
        if (next > FrameBytesMax || (next == 0 && head.Length > FrameBytesMax)) return CutAt.Skip(FrameBytesMax, RejectReason.Length, "frame too long");
        if (next > 0) return CutAt.Frame(next);
        return idle ? CutAt.Frame(head.Length) : CutAt.More;
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var text = frame is [.. var line, (byte)'\r', (byte)'\n'] ? line : frame;
        if (text.Length != FrameBytes) Reject(frame, RejectReason.Length, "not the length of a frame", sink);
        else if (text[1] != (byte)'=') Reject(frame, RejectReason.Format, "no '=' behind the letter", sink);
        else
        {
            new ShownWeight
            {
                Frame = frame,
                Number = text[2..],
                ImpliedUnit = unit,
                PointAt = pointAt,
                Basis = text[0] == (byte)'G' ? Basis.Gross : Basis.Net,
            }.Send(FrameGuard.None, sink);
        }
    }
}
