using System.Buffers.Binary;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.MassaK;

/// <summary>F8 55 CE, length, command and data, check; everything with its low byte first.</summary>
internal sealed class MassaK100Decoder : FrameDecoder
{
    private const int HeaderBytes = 5;
    private const int CheckBytes = 2;
    private const int BodyBytesMax = 40;

    internal MassaK100Decoder() : base(frameBytesMax: HeaderBytes + BodyBytesMax + CheckBytes)
    {
    }

    private static ReadOnlySpan<byte> Start => [0xF8, 0x55, 0xCE];

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(100);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] != Start[0])
        {
            var start = head.IndexOf(Start[0]);
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no frame starts here");
        }
        var known = Math.Min(head.Length, Start.Length);
        if (!head[..known].SequenceEqual(Start[..known])) return CutAt.Skip(1, RejectReason.Format, "no frame starts here");
        if (head.Length < HeaderBytes) return Torn(idle);
        var body = BinaryPrimitives.ReadUInt16LittleEndian(head[Start.Length..]);
        if (body is 0 or > BodyBytesMax) return CutAt.Skip(1, RejectReason.Length, "length is none");
        var bytes = HeaderBytes + body + CheckBytes;
        if (head.Length < bytes) return Torn(idle);
        return MassaKCrc.Of(head.Slice(HeaderBytes, body)) == BinaryPrimitives.ReadUInt16LittleEndian(head[(bytes - CheckBytes)..])
            ? CutAt.Frame(bytes)
            : CutAt.Skip(1, RejectReason.Checksum, "check does not match");
    }

    /// <summary>A damaged length may reach over whole frames behind it: they are looked for, not thrown away.</summary>
    private static CutAt Torn(bool idle) => idle ? CutAt.Skip(1, RejectReason.Length, "cut off by silence") : CutAt.More;

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var body = frame[HeaderBytes..^CheckBytes];
        switch (body[0])
        {
            case 0x24 when body.Length is 9 or 13: ReadWeight(body[1..], saysKind: true, frame, sink); break;
            case 0x10 when body.Length is 7: ReadWeight(body[1..], saysKind: false, frame, sink); break;
            case 0x28 when body.Length is 2: ReadError(body[1], frame, sink); break;
            case 0x12 or 0x27: Answer(frame, Condition.Other, "command carried out", sink); break;
            case 0x15: Answer(frame, Condition.NotExecutable, "tare cannot be set", sink); break;
            case 0xF0: Answer(frame, Condition.Fault, "command not known", sink); break;
            default: Reject(frame, RejectReason.Format, "no answer known here", sink); break;
        }
    }

    private static void Answer(ReadOnlySpan<byte> frame, Condition condition, string note, IReadingSink sink) =>
        new ShownWeight { Frame = frame }.SendAs(condition, note, sink);

    private static void ReadError(byte code, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (code == 0x08) Answer(frame, Condition.Over, "overload", sink);
        else if (code is 0x09 or 0x15) Answer(frame, Condition.NotExecutable, "not possible now", sink);
        else Answer(frame, Condition.Fault, "the scale reports an error", sink);
    }

    /// <summary>Weight in divisions, division, stable, and in the newer answer net, zero and perhaps the tare in divisions.</summary>
    private static void ReadWeight(ReadOnlySpan<byte> data, bool saysKind, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        (int Grams, int Decimals)? division = data[4] switch { 0 => (1, 1), 1 => (1, 0), 2 => (10, 0), 3 => (100, 0), 4 => (1000, 0), _ => null };
        var count = (long)BinaryPrimitives.ReadInt32LittleEndian(data);
        if (division is not { } known || data.Slice(5, saysKind ? 3 : 1).ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            Reject(frame, RejectReason.Format, "division or flags are none", sink);
            return;
        }
        var tare = data.Length == 12 ? BinaryPrimitives.ReadInt32LittleEndian(data[8..]) : (long?)null;
        new CountedWeight
        {
            Frame = frame,
            Count = Math.Abs(count) * known.Grams,
            Negative = count < 0,
            Decimals = known.Decimals,
            Step = known.Grams,
            Unit = "g",
            Stability = data[5] == 1 ? StabilityFlag.Stable : StabilityFlag.Moving,
            Basis = !saysKind ? Basis.Unknown : data[6] == 1 ? Basis.Net : Basis.Gross,
            Tare = tare is { } divisions && Mass.TryFrom(AsciiNumber.Scaled(Math.Abs(divisions) * known.Grams, divisions < 0, known.Decimals), "g", out var mass) ? mass : null,
        }.Send(sink);
    }
}
