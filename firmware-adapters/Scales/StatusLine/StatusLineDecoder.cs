using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.StatusLine;

/// <summary>
/// <c>ST,GS</c> and a weight, in the many spacings of General Measure, T-Scale and those who build for them: comma or none behind the kind, sign or
/// none, unit glued or apart or behind a comma, blanks at the end. Tolerant of spacing, strict in content: one known status, one kind, exactly one
/// number, one known unit.
/// </summary>
internal sealed class StatusLineDecoder(FrameGuard guard) : WeightLineDecoder(guard)
{
    /// <summary>The unit stands last, and no beginning of a unit is another one.</summary>
    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) =>
        line.Length > 5 && StatusWords.TryStatus(line[..2], out _, out _) && line.TrimEnd((byte)' ') is [.., (byte)'g' or (byte)'G' or (byte)'b' or (byte)'B' or (byte)'z' or (byte)'Z' or (byte)'t'];

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (line.SequenceEqual("YES"u8)) Answer(frame, Condition.Other, "done", sink);
        else if (line.SequenceEqual("NO?"u8)) Answer(frame, Condition.NotExecutable, "not carried out", sink);
        else if (line.Length < 5 || line[2] != (byte)',' || !StatusWords.TryStatus(line[..2], out var stability, out var condition)) Reject(frame, RejectReason.Format, "no status starts here", sink);
        else if (StatusWords.Kind(line.Slice(3, 2)) is not { } basis) Reject(frame, RejectReason.Format, "kind of weight is not known", sink);
        else ReadValue(line[5..], stability, condition, basis, frame, sink);
    }

    private void ReadValue(ReadOnlySpan<byte> rest, StabilityFlag stability, Condition condition, Basis basis, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (rest is [(byte)',', .. var behind]) rest = behind;
        var unitAt = rest.IndexOfAnyInRange((byte)'A', (byte)'z');
        var number = (unitAt < 0 ? rest : rest[..unitAt]).TrimEnd((byte)' ');
        if (number is [.. var field, (byte)',']) number = field.TrimEnd((byte)' ');
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = number,
            Unit = unitAt < 0 ? default : rest[unitAt..],
            Stability = stability,
            Basis = basis,
            NotTheLoad = condition == Condition.Other,
            Note = condition == Condition.Other ? "held display, not the load" : null,
        };
        if (condition is Condition.Ok or Condition.Other) shown.Send(Guard, sink);
        else StatusWords.SendRefused(shown, condition, sink);
    }
}
