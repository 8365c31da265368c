using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Ohaus;

/// <summary>
/// Ohaus balances: weight right aligned in 10 to 12 characters, blank, unit, <c>?</c> while moving, legend. Nothing opens a line but blanks, so the
/// number field must be wide enough and begin with one: the tail of a line entered in the middle has lost at least that. A sign stands at its digits;
/// a sign apart from them could be lost unseen and is taken only with <c>length</c> pinned.
/// </summary>
internal sealed class OhausLabDecoder(FrameGuard guard) : WeightLineDecoder(guard)
{
    private const int WidthMin = 10;
    private const int WidthMax = 12;

    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line.Length == Guard.Length;

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (OhausAnswers.TryAnswer(line, frame, sink)) return;
        var digits = line.IndexOfAnyInRange((byte)'0', (byte)'9');
        var width = digits < 0 ? -1 : digits + line[digits..].IndexOf((byte)' ');
        if (digits < 0 || width < digits || width > WidthMax || (Guard.Length == 0 && (width < WidthMin || line[0] != (byte)' ')))
        {
            Reject(frame, RejectReason.Format, "no weight field starts here", sink);
            return;
        }
        var number = line[..width];
        var sign = number.IndexOfAny((byte)'-', (byte)'+');
        if (sign >= 0 && number[(sign + 1)..] is [(byte)' ', ..] && Guard.Length == 0)
        {
            Reject(frame, RejectReason.Format, "sign stands apart from its digits", sink);
            return;
        }
        ReadRest(number, line[(width + 1)..], frame, sink);
    }

    private void ReadRest(ReadOnlySpan<byte> number, ReadOnlySpan<byte> rest, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var unitEnd = rest.IndexOfAny((byte)' ', (byte)'?');
        var unit = unitEnd < 0 ? rest : rest[..unitEnd];
        rest = rest[unit.Length..].TrimStart((byte)' ');
        var moving = rest is [(byte)'?', ..];
        var legend = (moving ? rest[1..] : rest).Trim((byte)' ');
        var note = legend.SequenceEqual("WET WT"u8) ? "weight in the liquid" : legend.SequenceEqual("AIR WT"u8) ? "weight in air" : null;
        var basis = note is null ? OhausAnswers.LegendBasis(legend) : Basis.Unknown;
        if (unit.IsEmpty || basis is null)
        {
            Reject(frame, RejectReason.Format, "unit or legend is none that is known", sink);
            return;
        }
        new ShownWeight
        {
            Frame = frame,
            Number = number,
            Unit = unit,
            Stability = moving ? StabilityFlag.Moving : StabilityFlag.Stable,
            Basis = basis.Value,
            Note = note,
        }.Send(Guard, sink);
    }
}
