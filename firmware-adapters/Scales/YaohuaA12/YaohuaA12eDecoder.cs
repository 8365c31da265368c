using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaFrame;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaA12;

/// <summary>
/// W, G N or T, weight in 7 (a blank last where it has no point), unit in 2, the check in two hexadecimal digits. Out of range the text is blank but for
/// OL or LO at its end.
/// </summary>
internal sealed class YaohuaA12eDecoder(FrameGuard guard) : WeightLineDecoder(guard)
{
    private const int TextBytes = 11;
    private const int LineBytes = TextBytes + 2;

    /// <summary>The check proves it.</summary>
    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line.Length == LineBytes;

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (line.Length != LineBytes) Reject(frame, RejectReason.Length, "not the length of a weight line", sink);
        else if (!YaohuaXor.Matches(line[..TextBytes], line[TextBytes..])) Reject(frame, RejectReason.Checksum, "check does not match", sink);
        else ReadText(line[..TextBytes], frame, sink);
    }

    private void ReadText(ReadOnlySpan<byte> text, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        Basis? basis = text[1] switch { (byte)'G' => Basis.Gross, (byte)'N' => Basis.Net, (byte)'T' => Basis.Tare, _ => null };
        if (YaohuaRange.Of(text) is { } condition) YaohuaRange.Send(condition, Basis.Unknown, frame, sink);
        else if (text[0] != (byte)'W' || basis is null) Reject(frame, RejectReason.Format, "kind of weight is not known", sink);
        else if (YaohuaRange.Of(text.Slice(2, 7)) is { } inside) YaohuaRange.Send(inside, basis.Value, frame, sink);
        else new ShownWeight { Frame = frame, Number = text.Slice(2, 7).TrimEnd((byte)' '), Unit = text[9..], Basis = basis.Value }.Send(Guard, sink);
    }
}
