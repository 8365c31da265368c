using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.FairbanksFbputr;

/// <summary>STX, an id of two digits that says unit and kind, weight in 6, ETX.</summary>
internal sealed class FbputrDecoder(string imperial, string metric, int pointAt) : FixedFrameDecoder(frameBytes: 10)
{
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
