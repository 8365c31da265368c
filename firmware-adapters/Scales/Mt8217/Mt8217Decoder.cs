using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Mt8217;

/// <summary>
/// STX, the weight (net with an N behind it), CR; while there is no stable weight of zero or more, <c>?</c> and one status byte instead. The status never
/// brings a weight: that it says "at zero" is not a zero.
/// </summary>
internal sealed class Mt8217Decoder(string unit, int pointAt, int length) : FrameDecoder(frameBytesMax: 16, sevenBits: true)
{
    private const byte Stx = 0x02;
    private const byte Cr = 0x0D;
    private const int EchoBytes = 3;
    private const int ShortestWeight = 5;
    private const int LongestWeight = 7;

    /// <summary>What <see cref="Mt8217Protocol"/> asks to be echoed.</summary>
    private static ReadOnlySpan<byte> Echoed => "hello"u8;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(200);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] != Stx)
        {
            var start = head.IndexOf(Stx);
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no answer starts here");
        }
        var end = head[1..Math.Min(head.Length, FrameBytesMax)].IndexOfAny(Cr, Stx) + 1;
        if (end == 0) return head.Length < FrameBytesMax ? CutAt.More : CutAt.Skip(1, RejectReason.Length, "no CR where an answer ends");
        if (head[end] == Stx) return CutAt.Skip(end, RejectReason.Length, "another answer begins inside this one");
        return head[..(end + 1)].SequenceEqual("\u0002E\r"u8) ? CutEcho(head, idle) : CutAt.Frame(end + 1);
    }

    /// <summary>What is echoed comes behind the answer, without an end of its own.</summary>
    private static CutAt CutEcho(ReadOnlySpan<byte> head, bool idle)
    {
        var behind = head[EchoBytes..];
        if (behind.StartsWith(Echoed)) return CutAt.Frame(EchoBytes + Echoed.Length);
        return !idle && Echoed.StartsWith(behind) ? CutAt.More : CutAt.Frame(EchoBytes);
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame.EndsWith(Echoed))
        {
            new ShownWeight { Frame = frame }.SendAs(Condition.Other, "echo: it speaks 8217", sink);
            sink.OnReply("F"u8);   // ends the echo, else it echoes every poll
            return;
        }
        var text = frame[1..^1];
        if (text is [(byte)'E']) new ShownWeight { Frame = frame }.SendAs(Condition.Other, "echo begins", sink);
        else if (text is [(byte)'?', var status]) ReadStatus(status, frame, sink);
        else ReadWeight(text, frame, sink);
    }

    /// <summary>Bit 6 is always 1. Bit 5 is "net" here and "always 1" on clones, so nothing is read from it.</summary>
    private static void ReadStatus(byte status, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if ((status & 0x40) == 0)
        {
            Reject(frame, RejectReason.Format, "status is none", sink);
            return;
        }
        var moving = (status & 0x01) != 0;
        var answer = new ShownWeight { Frame = frame, Stability = moving ? StabilityFlag.Moving : StabilityFlag.Stable };
        if ((status & 0x02) != 0) answer.SendAs(Condition.Over, "over capacity", sink);
        else if ((status & 0x04) != 0) answer.SendAs(Condition.Under, "under zero", sink);
        else if (moving) answer.SendAs(Condition.Other, "in motion: no weight yet", sink);
        else if ((status & 0x10) != 0) answer.SendAs(Condition.Other, "centre of zero, no weight sent", sink);
        else answer.SendAs(Condition.Other, "no weight sent: unchanged since it was sent last", sink);
    }

    private void ReadWeight(ReadOnlySpan<byte> text, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var net = text is [.., (byte)'N'];
        var number = net ? text[..^1] : text;
        if (number.Length is < ShortestWeight or > LongestWeight || (length > 0 && number.Length != length)) Reject(frame, RejectReason.Length, "not the length of a weight", sink);
        else if (number.ContainsAny((byte)'-', (byte)'+')) Reject(frame, RejectReason.Format, "a sign, where negative weights are not sent", sink);
        else
        {
            new ShownWeight
            {
                Frame = frame,
                Number = number,
                ImpliedUnit = unit,
                PointAt = pointAt,
                Stability = StabilityFlag.Stable,   // no other is sent
                Basis = net ? Basis.Net : Basis.Gross,
            }.Send(FrameGuard.None, sink);
        }
    }
}
