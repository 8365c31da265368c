using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.MtPrint;

/// <summary>
/// What a Mettler-Toledo MS balance prints: 24 characters, label, weight, unit. Made for paper: no stability flag, and nothing but the length tells a
/// whole line from the tail of one.
/// </summary>
internal sealed class MtPrintDecoder(FrameGuard guard) : WeightLineDecoder(guard)
{
    private const int PrintedLength = 24;
    private const int LabelWidth = 8;
    private const int NumberEnd = 19;

    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line.Length == Length;

    private int Length => Guard.Length > 0 ? Guard.Length : PrintedLength;

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (line.Length != Length || line.Length <= NumberEnd + 1)
        {
            Reject(frame, RejectReason.Length, "not the length of a printed weight", sink);
            return;
        }
        var basis = Label(line[..LabelWidth].Trim((byte)' '));
        if (basis is null || line[NumberEnd] != (byte)' ')
        {
            Reject(frame, RejectReason.Format, "label is not known, or the weight does not stand where it must", sink);
            return;
        }
        new ShownWeight { Frame = frame, Number = line[LabelWidth..NumberEnd], Unit = line[(NumberEnd + 1)..], Basis = basis.Value }.Send(Guard, sink);
    }

    private static Basis? Label(ReadOnlySpan<byte> label)
    {
        if (label.IsEmpty) return Basis.Unknown;
        if (label.SequenceEqual("N"u8) || label.SequenceEqual("Net"u8)) return Basis.Net;
        if (label.SequenceEqual("G"u8) || label.SequenceEqual("Gross"u8)) return Basis.Gross;
        return label.SequenceEqual("T"u8) || label.SequenceEqual("Tare"u8) || label.SequenceEqual("PT"u8) ? Basis.Tare : null;
    }
}
