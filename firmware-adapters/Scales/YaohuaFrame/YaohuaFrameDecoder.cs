using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaFrame;

/// <summary>
/// STX, in command mode an address and the letter of the command, then sign, six digits, the place of the point, the check in two hexadecimal digits,
/// ETX. What looks like a decimal and a status behind the digits is the check: reading it as such moves the point.
/// </summary>
internal sealed class YaohuaFrameDecoder(bool commands, string unit) : FrameDecoder(frameBytesMax: AnswerBytes, sevenBits: true)
{
    private const byte Stx = 0x02;
    private const byte Etx = 0x03;
    private const int StreamBytes = 12;
    private const int AnswerBytes = 14;
    private const int ShortBytes = 6;
    private const int DecimalsMax = 4;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(200);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] != Stx)
        {
            var start = head.IndexOf(Stx);
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no frame starts here");
        }
        if (commands && head.Length >= ShortBytes && head[ShortBytes - 1] == Etx) return Cut(head, ShortBytes);
        var bytes = commands ? AnswerBytes : StreamBytes;
        if (head.Length >= bytes) return head[bytes - 1] == Etx ? Cut(head, bytes) : CutAt.Skip(1, RejectReason.Format, "no ETX where a frame ends");
        // The check proves a frame whose ETX alone is missing.
        return idle && head.Length == bytes - 1 && YaohuaXor.Matches(head[1..^2], head[^2..]) ? CutAt.Frame(head.Length) : CutAt.More;
    }

    private static CutAt Cut(ReadOnlySpan<byte> head, int bytes) => YaohuaXor.Matches(head[1..(bytes - 3)], head[(bytes - 3)..(bytes - 1)])
        ? CutAt.Frame(bytes)
        : CutAt.Skip(1, RejectReason.Checksum, "check does not match");

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (!commands) ReadValue(frame.Slice(1, 8), Basis.Unknown, frame, sink);
        else if (frame.Length == ShortBytes) ReadShort(frame, sink);
        else ReadAnswer(frame, sink);
    }

    private void ReadShort(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame[2] == (byte)'A') new ShownWeight { Frame = frame }.SendAs(Condition.Other, "handshake", sink);
        else Reject(frame, RejectReason.Format, "a command, not an answer to one", sink);
    }

    private void ReadAnswer(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        switch (frame[2])
        {
            case (byte)'B': ReadValue(frame.Slice(3, 8), Basis.Gross, frame, sink); break;
            case (byte)'C': ReadValue(frame.Slice(3, 8), Basis.Tare, frame, sink); break;
            case (byte)'D': ReadValue(frame.Slice(3, 8), Basis.Net, frame, sink); break;
            case (byte)'E': new ShownWeight { Frame = frame }.SendAs(Condition.Other, "price, not a weight", sink); break;
            case (byte)'F': new ShownWeight { Frame = frame }.SendAs(Condition.Other, "amount, not a weight", sink); break;
            default: Reject(frame, RejectReason.Format, "command is not known", sink); break;
        }
    }

    /// <summary>Sign, six digits, place of the point.</summary>
    private void ReadValue(ReadOnlySpan<byte> field, Basis basis, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var decimals = field[7] - '0';
        if (field[0] is not ((byte)'+' or (byte)'-') || decimals is < 0 or > DecimalsMax || !CountedWeight.TryCount(field.Slice(1, 6), out var count))
        {
            Reject(frame, RejectReason.Format, "sign, digits or point are none", sink);
            return;
        }
        new CountedWeight { Frame = frame, Count = count, Negative = field[0] == (byte)'-', Decimals = decimals, Unit = unit, Basis = basis }.Send(sink);
    }
}
