using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaA12;

/// <summary>ww gross, wn net or wt tare, weight in 7, unit in 2. No check: the fixed length is what refuses a lost digit.</summary>
internal sealed class YaohuaA12Decoder(FrameGuard guard) : WeightLineDecoder(guard)
{
    private const int LineBytes = 11;

    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line.Length == LineBytes;

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (YaohuaRange.Of(line) is { } alone)
        {
            YaohuaRange.Send(alone, Basis.Unknown, frame, sink);
            return;
        }
        Basis? basis = line.Length < 2 || line[0] != (byte)'w' ? null : line[1] switch { (byte)'w' => Basis.Gross, (byte)'n' => Basis.Net, (byte)'t' => Basis.Tare, _ => null };
        if (basis is null) Reject(frame, RejectReason.Format, "kind of weight is not known", sink);
        else if (line.Length != LineBytes) Reject(frame, RejectReason.Length, "not the length of a weight line", sink);
        else if (YaohuaRange.Of(line.Slice(2, 7)) is { } condition) YaohuaRange.Send(condition, basis.Value, frame, sink);
        else new ShownWeight { Frame = frame, Number = line.Slice(2, 7).TrimEnd((byte)' '), Unit = line[9..], Basis = basis.Value }.Send(Guard, sink);
    }
}
