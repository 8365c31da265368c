using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Kern;

/// <summary>
/// KERN's 14 and 15 bytes by position: sign, 7 or 8 characters of data, unit in 2, result, status. In the data a <c>/</c> may set the last digit
/// apart: the auxiliary digit of a scale with d below e, which belongs to the value. A blank for plus is taken only with <c>length</c> pinned: the 15
/// bytes without their minus would be 14 without a minus.
/// </summary>
internal sealed class KernFixedDecoder(FrameGuard guard) : WeightLineDecoder(guard)
{
    private const int Short = 12;
    private const int Long = 13;

    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => Guard.Length > 0 ? line.Length == Guard.Length : line.Length is Short or Long && line[^1] != (byte)' ';

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (line.Length is not (Short or Long))
        {
            Reject(frame, RejectReason.Length, "neither 12 nor 13 characters", sink);
            return;
        }
        var blankSign = Guard.Length > 0 && line[0] == (byte)' ';
        if ((line[0] is not ((byte)'+' or (byte)'-') && !blankSign) || line[^2] is not ((byte)' ' or (byte)'L' or (byte)'G' or (byte)'H') || line[^1] is not ((byte)'S' or (byte)'U' or (byte)'E' or (byte)' '))
        {
            Reject(frame, RejectReason.Format, "sign, result or status is none that is known", sink);
            return;
        }
        Span<byte> joined = stackalloc byte[Long];
        scoped var data = line[1..^4];
        var note = (string?)null;
        if (data is [.. var main, (byte)'/', var auxiliary])
        {
            main.CopyTo(joined);
            joined[main.Length] = auxiliary;
            data = joined[..(main.Length + 1)];
            note = "last digit is the auxiliary one (d below e)";
            if (!main.Contains((byte)'.') || !AsciiNumber.IsDigit(auxiliary) || main[^1] == (byte)'.')
            {
                Reject(frame, RejectReason.Format, "auxiliary digit without a decimal before it", sink);
                return;
            }
        }
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = data,
            Unit = line[^4..^2],
            Sign = line[0],
            Stability = line[^1] switch { (byte)'S' => StabilityFlag.Stable, (byte)'U' => StabilityFlag.Moving, _ => StabilityFlag.NotReported },
            Note = note,
        };
        // One letter for both: the display shows o-Err or u-Err, the wire only E.
        if (line[^1] == (byte)'E') shown.SendAs(shown.Negative ? Condition.Under : Condition.Over, "out of range (over capacity or under zero)", sink);
        else shown.Send(Guard, sink);
    }
}
