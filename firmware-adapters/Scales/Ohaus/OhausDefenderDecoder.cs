using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Ohaus;

/// <summary>
/// Defender and Ranger lines by position: polarity, weight in 7, unit in 5, <c>?</c> while moving, legend. Captured indicators send 16 characters,
/// the manual prints 19: a blank behind the polarity and a legend of three. The lengths between are only taken when commissioning says so, because
/// 19 with its first character lost would be 18 with its minus lost.
/// </summary>
internal sealed class OhausDefenderDecoder(FrameGuard guard) : WeightLineDecoder(guard)
{
    private const int Captured = 16;
    private const int Manual = 19;
    private const int WeightWidth = 7;
    private const int UnitWidth = 5;

    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line.Length == Guard.Length || (Guard.Length == 0 && line.Length == Manual);

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (OhausAnswers.TryAnswer(line, frame, sink)) return;
        if (!IsWeightLength(line.Length))
        {
            Reject(frame, RejectReason.Length, "not the length of a weight line", sink);
            return;
        }
        var spaced = line.Length is 17 or Manual ? 1 : 0;
        var weight = line.Slice(1 + spaced, WeightWidth);
        var rest = line[(1 + spaced + WeightWidth)..];
        if (line[0] is not ((byte)' ' or (byte)'-') || (spaced == 1 && line[1] != (byte)' ') || rest[0] != (byte)' ')
        {
            Reject(frame, RejectReason.Format, "a field does not stand where it must", sink);
            return;
        }
        var unit = rest.Slice(1, UnitWidth);
        var stability = rest[1 + UnitWidth];
        var basis = OhausAnswers.LegendBasis(rest[(2 + UnitWidth)..].Trim((byte)' '));
        if (stability is not ((byte)' ' or (byte)'?') || unit[0] == (byte)' ' || basis is null)
        {
            Reject(frame, RejectReason.Format, "unit, stability or legend is none that is known", sink);
            return;
        }
        new ShownWeight
        {
            Frame = frame,
            Number = weight,
            Unit = unit,
            Sign = line[0],
            Stability = stability == (byte)'?' ? StabilityFlag.Moving : StabilityFlag.Stable,
            Basis = basis.Value,
        }.Send(Guard, sink);
    }

    private bool IsWeightLength(int length) => Guard.Length > 0 ? length == Guard.Length && length is >= Captured and <= Manual : length is Captured or Manual;
}
