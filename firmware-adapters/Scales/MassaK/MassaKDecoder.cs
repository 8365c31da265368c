using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.MassaK;

/// <summary>
/// Five bytes: state, division, magnitude in 24 bits, low byte first, its top bit the sign. Nothing marks beginning or end, so an answer is what stands
/// between two silences and has exactly this length.
/// </summary>
internal sealed class MassaKDecoder : FrameDecoder
{
    private const int AnswerBytes = 5;
    private bool _tooLong;

    internal MassaKDecoder() : base(frameBytesMax: AnswerBytes)
    {
    }

    /// <summary>Twenty character times at 4800 baud, and more than a USB adapter holds bytes back.</summary>
    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(50);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head.Length > AnswerBytes || _tooLong)
        {
            _tooLong = true;
            return CutAt.Skip(head.Length, RejectReason.Length, "more than one answer without a silence");
        }
        return idle && head.Length == AnswerBytes ? CutAt.Frame(AnswerBytes) : CutAt.More;
    }

    protected override void ForgetFrame(bool damaged) => _tooLong = damaged;

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        (int Grams, int Decimals)? division = frame[1] switch { 0 => (1, 0), 1 => (1, 1), 4 => (10, 0), 5 => (100, 0), _ => null };
        if (division is not { } known || (frame[0] & 0x3F) != 0)
        {
            Reject(frame, RejectReason.Format, "state or division is none", sink);
            return;
        }
        var magnitude = frame[2] | (frame[3] << 8) | ((frame[4] & 0x7F) << 16);
        new CountedWeight
        {
            Frame = frame,
            Count = (long)magnitude * known.Grams,
            Negative = (frame[4] & 0x80) != 0,
            Decimals = known.Decimals,
            Step = known.Grams,
            Unit = "g",
            Stability = (frame[0] & 0x80) != 0 ? StabilityFlag.Stable : StabilityFlag.Moving,
        }.Send(sink);
    }
}
