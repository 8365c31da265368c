using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.CasEnq;

/// <summary>
/// SOH, STX, S or U, sign, weight in 6, unit in 2, check, ETX, EOT: by position, because the check may be any character. An ACK alone says that data are
/// there and is answered with DC1; it is alone only behind a whole frame or silence, because a check looks the same.
/// </summary>
internal sealed class CasEnqDecoder(FrameGuard guard) : FrameDecoder(frameBytesMax: FrameBytes, sevenBits: true)
{
    private const byte Soh = 0x01;
    private const byte Stx = 0x02;
    private const byte Etx = 0x03;
    private const byte Eot = 0x04;
    private const byte Ack = 0x06;
    private const byte Nak = 0x15;
    private const int FrameBytes = 15;
    private const int TextBytes = 10;
    private const int CheckAt = 12;
    private bool _lost;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(200);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] is Ack or Nak && !_lost) return CutAt.Frame(1);
        if (head[0] != Soh)
        {
            var start = head.IndexOf(Soh);
            return Noise(start < 0 ? head.Length : start, RejectReason.Format, "no answer starts here");
        }
        if (head.Length > 1 && head[1] != Stx) return Noise(1, RejectReason.Format, "no STX behind the SOH");
        if (head.Length < FrameBytes) return CutAt.More;
        if (head[CheckAt + 1] != Etx || head[CheckAt + 2] != Eot) return Noise(1, RejectReason.Format, "no ETX and EOT where a frame ends");
        if (Check(head.Slice(2, TextBytes)) != head[CheckAt]) return Noise(1, RejectReason.Checksum, "check does not match");
        _lost = false;
        return CutAt.Frame(FrameBytes);
    }

    private CutAt Noise(int count, RejectReason reason, string note)
    {
        _lost = true;
        return CutAt.Skip(count, reason, note);
    }

    protected override void ForgetFrame(bool damaged) => _lost = damaged;

    private static byte Check(ReadOnlySpan<byte> text)
    {
        byte check = 0;
        foreach (var b in text) check ^= b;
        return check;
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame is [Ack])
        {
            new ShownWeight { Frame = frame }.SendAs(Condition.Other, "data available", sink);
            sink.OnReply([0x11]);   // DC1: send it
        }
        else if (frame is [Nak]) new ShownWeight { Frame = frame }.SendAs(Condition.NotExecutable, "no data now", sink);
        else ReadWeight(frame, sink);
    }

    private void ReadWeight(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        StabilityFlag? stability = frame[2] switch { (byte)'S' => StabilityFlag.Stable, (byte)'U' => StabilityFlag.Moving, (byte)'F' => StabilityFlag.NotReported, _ => null };
        var sign = frame[3];
        if (stability is null || sign is not ((byte)' ' or (byte)'-' or (byte)'F'))
        {
            Reject(frame, RejectReason.Format, "status or sign is none", sink);
            return;
        }
        var shown = new ShownWeight
        {
            Frame = frame,
            Sign = sign == (byte)'-' ? sign : (byte)0,
            Number = frame.Slice(4, 6),
            Unit = frame.Slice(10, 2),
            Stability = stability.Value,
        };
        if (sign == (byte)'F') shown.SendAs(Condition.Over, "overload", sink);
        else if (frame[2] == (byte)'F') shown.SendAs(Condition.Fault, "weight is abnormal: out of range, or not at zero since power-up", sink);
        else if (shown.Number.ContainsAny((byte)'-', (byte)'+')) Reject(frame, RejectReason.Format, "a sign among the digits", sink);
        else shown.Send(guard, sink);
    }
}
