using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.F501;

/// <summary>STX, blank (at rest) or <c>?</c> (moving), sign, seven characters of weight, ETX. No check: the fixed length refuses a lost digit.</summary>
internal sealed class F501Decoder(string unit, int pointAt) : FrameDecoder(frameBytesMax: FrameBytes, sevenBits: true)
{
    private const byte Stx = 0x02;
    private const byte Etx = 0x03;
    private const int FrameBytes = 11;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(200);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] != Stx)
        {
            var start = head.IndexOf(Stx);
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no frame starts here");
        }
        var end = head[1..Math.Min(head.Length, FrameBytes)].IndexOfAny(Stx, Etx) + 1;
        if (end == FrameBytes - 1 && head[end] == Etx) return CutAt.Frame(FrameBytes);
        if (end > 0) return CutAt.Skip(head[end] == Etx ? end + 1 : end, RejectReason.Length, "not the length of a frame");
        return head.Length < FrameBytes ? CutAt.More : CutAt.Skip(1, RejectReason.Length, "no ETX where a frame ends");
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame[1] is not ((byte)' ' or (byte)'?') || frame[2] is not ((byte)'+' or (byte)'-' or (byte)' '))
        {
            Reject(frame, RejectReason.Format, "status or sign is none", sink);
            return;
        }
        new ShownWeight
        {
            Frame = frame,
            Sign = frame[2],
            Number = frame.Slice(3, 7),
            ImpliedUnit = unit,
            PointAt = pointAt,
            Stability = frame[1] == (byte)' ' ? StabilityFlag.Stable : StabilityFlag.Moving,
        }.Send(FrameGuard.None, sink);
    }
}
