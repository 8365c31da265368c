namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>
/// Frames of one fixed length between STX and ETX, seven bits, without a check: the length refuses a lost digit, and an STX inside begins the next frame. What stands between
/// the two is the protocol's.
/// </summary>
internal abstract class FixedFrameDecoder(int frameBytes) : FrameDecoder(frameBytesMax: frameBytes, sevenBits: true)
{
    private const byte Stx = 0x02;
    private const byte Etx = 0x03;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(200);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] != Stx)
        {
            var start = head.IndexOf(Stx);
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no frame starts here");
        }
        var end = head[1..Math.Min(head.Length, FrameBytesMax)].IndexOfAny(Stx, Etx) + 1;
        if (end == FrameBytesMax - 1 && head[end] == Etx) return CutAt.Frame(FrameBytesMax);
        if (end > 0) return CutAt.Skip(head[end] == Etx ? end + 1 : end, RejectReason.Length, "not the length of a frame");
        return head.Length < FrameBytesMax ? CutAt.More : CutAt.Skip(1, RejectReason.Length, "no ETX where a frame ends");
    }
}
