using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.F501;

/// <summary>STX, blank (at rest) or <c>?</c> (moving), sign, seven characters of weight, ETX. No check: the fixed length refuses a lost digit.</summary>
internal sealed class F501Decoder(string unit, int pointAt) : FixedFrameDecoder(frameBytes: 11)
{
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
