using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.FairbanksFbputr;

/// <summary>STX, an id of two digits that says unit and kind, weight in 6, ETX.</summary>
internal sealed class FbputrDecoder(string imperial, string metric, int pointAt) : FrameDecoder(frameBytesMax: FrameBytes, sevenBits: true)
{
    private const byte Stx = 0x02;
    private const byte Etx = 0x03;
    private const int FrameBytes = 10;

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
        (string Unit, Basis Basis)? kind = frame[1] != (byte)'4' ? null : frame[2] switch
        {
            (byte)'0' => (imperial, Basis.Gross),
            (byte)'1' => (imperial, Basis.Net),
            (byte)'3' => (metric, Basis.Gross),
            (byte)'4' => (metric, Basis.Net),
            _ => null,
        };
        var field = frame.Slice(3, 6);
        if (kind is not { } known)
        {
            Reject(frame, RejectReason.Format, "id is none", sink);
            return;
        }
        var shown = new ShownWeight { Frame = frame, Number = field, ImpliedUnit = known.Unit, PointAt = pointAt, Basis = known.Basis };
        if (!field.ContainsAnyExcept((byte)'-')) shown.SendAs(Condition.Over, "overload", sink);
        else shown.Send(FrameGuard.None, sink);
    }
}
