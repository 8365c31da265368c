using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Dibal;

/// <summary><c>99</c>, status, weight in 5, <c>0</c>, amount in 6, the exclusive or of all that as one character.</summary>
internal sealed class DibalDecoder(string unit, int decimals) : WeightLineDecoder(FrameGuard.None)
{
    private const int TextBytes = 15;
    private const int LineBytes = TextBytes + 1;

    /// <summary>The check proves it.</summary>
    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line.Length == LineBytes;

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (line.Length != LineBytes) Reject(frame, RejectReason.Length, "not the length of an answer", sink);
        else if (Check(line[..TextBytes]) != line[TextBytes]) Reject(frame, RejectReason.Checksum, "check does not match", sink);
        else ReadText(line[..TextBytes], frame, sink);
    }

    private static byte Check(ReadOnlySpan<byte> text)
    {
        byte check = 0;
        foreach (var b in text) check ^= b;
        return check;
    }

    private void ReadText(ReadOnlySpan<byte> text, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (!text.StartsWith("99"u8) || text.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !CountedWeight.TryCount(text.Slice(3, 5), out var count))
        {
            Reject(frame, RejectReason.Format, "no answer with a weight", sink);
            return;
        }
        var weight = new CountedWeight { Frame = frame, Count = count, Decimals = decimals, Unit = unit };
        if (text[2] == (byte)'0') weight.Send(sink);
        else weight.SendAs(Condition.Fault, "the scale reports an error", sink);
    }
}
