using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Dialog06;

/// <summary>
/// STX, a record number, fields behind ESC, ETX; or ACK, NAK alone. Every answer is acknowledged with EOT, and the next step of the conversation is sent
/// with it: the weight is asked for behind an ACK, the reason behind a NAK, the checksums are answered. <paramref name="generator"/> is the polynomial of
/// the checksums, null where the operator has none.
/// </summary>
internal sealed class Dialog06Decoder(string unit, ushort? generator) : FrameDecoder(frameBytesMax: 40, sevenBits: true)
{
    private const byte Stx = 0x02;
    private const byte Etx = 0x03;
    private const byte Eot = 0x04;
    private const byte Ack = 0x06;
    private const byte Nak = 0x15;
    private const byte Esc = 0x1B;
    private const int WeightDigits = 5;
    private const int PricesAt = WeightDigits + 3;
    private const int DecimalsMax = 4;
    private bool _lost;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(200);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] is Ack or Nak && !_lost) return CutAt.Frame(1);
        if (head[0] != Stx)
        {
            var start = head.IndexOf(Stx);
            return Noise(start < 0 ? head.Length : start, RejectReason.Format, "no record starts here");
        }
        var end = head[1..Math.Min(head.Length, FrameBytesMax)].IndexOfAny(Stx, Etx, Eot) + 1;   // some scales end their records with EOT
        if (end == 0) return head.Length < FrameBytesMax ? CutAt.More : Noise(1, RejectReason.Length, "no ETX where a record ends");
        if (head[end] == Stx) return Noise(end, RejectReason.Length, "another record begins inside this one");
        _lost = false;
        return CutAt.Frame(end + 1);
    }

    private CutAt Noise(int count, RejectReason reason, string note)
    {
        _lost = true;
        return CutAt.Skip(count, reason, note);
    }

    protected override void ForgetFrame(bool damaged) => _lost = damaged;

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var text = frame.Length > 1 ? frame[1..^1] : default;
        if (frame is [Ack]) Answer(frame, Condition.Other, "accepted; the weight is asked for", sink, Dialog06Protocol.AskWeight);
        else if (frame is [Nak]) Answer(frame, Condition.NotExecutable, "refused; the reason is asked for", sink, Dialog06Protocol.AskStatus);
        else if (text.Length < 4 || text[2] != Esc) Reject(frame, RejectReason.Format, "no record known here", sink);
        else if (text.StartsWith("02"u8)) ReadWeighing(text[3..], frame, sink);
        else if (text.StartsWith("09"u8)) ReadStatus(text[3..], frame, sink);
        else if (text.StartsWith("11"u8)) ReadChecksums(text[3..], frame, sink);
        else Reject(frame, RejectReason.Format, "no record known here", sink);
    }

    private static void Answer(ReadOnlySpan<byte> frame, Condition condition, string note, IReadingSink sink, ReadOnlySpan<byte> reply, StabilityFlag stability = StabilityFlag.NotReported)
    {
        new ShownWeight { Frame = frame, Stability = stability }.SendAs(condition, note, sink);
        sink.OnReply(reply);
    }

    /// <summary>Places of the point, weight in 5, unit price and price in 5 or 6. Only a stable weight in range is sent.</summary>
    private void ReadWeighing(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var decimals = fields[0] - '0';
        if (decimals is < 0 or > DecimalsMax || fields.Length < PricesAt || fields[1] != Esc || fields[PricesAt - 1] != Esc
            || !CountedWeight.TryCount(fields.Slice(2, WeightDigits), out var count) || !ArePrices(fields[PricesAt..]))
        {
            Reject(frame, RejectReason.Format, "fields do not stand where they must", sink);
            return;
        }
        new CountedWeight { Frame = frame, Count = count, Decimals = decimals, Unit = unit, Stability = StabilityFlag.Stable }.Send(sink);
        sink.OnReply([Eot]);
    }

    /// <summary>Two numbers of 5 or 6 digits with an ESC between them: a record that lost one of its digits is none.</summary>
    private static bool ArePrices(ReadOnlySpan<byte> fields)
    {
        var between = fields.IndexOf(Esc);
        return between is 5 or 6 && fields.Length - between - 1 is 5 or 6 && CountedWeight.TryCount(fields[..between], out _) && CountedWeight.TryCount(fields[(between + 1)..], out _);
    }

    private static void ReadStatus(ReadOnlySpan<byte> code, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var (condition, note) = code switch
        {
            [(byte)'0', (byte)'0'] => (Condition.Other, "no error"),
            [(byte)'2', (byte)'0'] => (Condition.Other, "in motion: no weight yet"),
            [(byte)'2', (byte)'1'] => (Condition.Other, "not moved since the last weighing"),
            [(byte)'2', (byte)'2'] => (Condition.Other, "weighing is not finished"),
            [(byte)'3', (byte)'0'] => (Condition.Under, "below the minimum weight"),
            [(byte)'3', (byte)'1'] => (Condition.Under, "below zero"),
            [(byte)'3', (byte)'2'] => (Condition.Over, "overload"),
            [>= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9'] => (Condition.Fault, "the scale reports an error"),
            _ => (Condition.Other, null),
        };
        if (note is null) Reject(frame, RejectReason.Format, "status is none", sink);
        else Answer(frame, condition, note, sink, [Eot], code[1] == (byte)'0' && code[0] == (byte)'2' ? StabilityFlag.Moving : StabilityFlag.NotReported);
    }

    private void ReadChecksums(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (fields is [(byte)'0']) Answer(frame, Condition.Fault, "checksums are wrong: check the setting 'generator'", sink, [Eot]);
        else if (fields is [(byte)'1']) Answer(frame, Condition.Other, "checksums are right", sink, [Eot]);
        else if (fields is not [(byte)'2', var left, var right] || HexDigit(left) < 0 || HexDigit(right) < 0) Reject(frame, RejectReason.Format, "no record known here", sink);
        else if (generator is null) Answer(frame, Condition.Fault, "asks for checksums: set 'generator'", sink, [Eot]);
        else Answer(frame, Condition.Other, "asks for checksums", sink, Dialog06Protocol.Checksums(generator.Value, HexDigit(left), HexDigit(right)));
    }

    private static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        _ => -1,
    };
}
