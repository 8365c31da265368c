using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.ToledoContinuous;

/// <summary>Whether a frame ends at its CR or carries a checksum after it: a setup choice of the indicator that no byte announces.</summary>
internal enum ToledoFraming : byte
{
    /// <summary>Not known yet.</summary>
    Learning,

    /// <summary>17 bytes.</summary>
    Plain,

    /// <summary>18 bytes, the last one the checksum.</summary>
    Checked,
}

/// <summary>
/// STX, status words A, B, C, six digits of weight, six of tare, CR and perhaps a checksum. Always read with the eighth bit masked, because a 7E1
/// indicator on an 8N1 line leaves its parity there. Bits 5 and 6 of the status words are not validated: clones turn them around.
/// </summary>
internal sealed class ToledoContinuousDecoder : FrameDecoder
{
    private const int PlainBytes = 17;
    private const int CheckedBytes = 18;
    private const byte Stx = 0x02;
    private const byte Cr = 0x0D;
    private const int DisproofsMax = 3;

    private readonly bool _learns;
    private ToledoFraming _framing;
    private int _disproofs;
    private int _checksumOfLast = -1;

    internal ToledoContinuousDecoder(ToledoFraming framing = ToledoFraming.Learning) : base(frameBytesMax: CheckedBytes)
    {
        _framing = framing;
        _learns = framing == ToledoFraming.Learning;
    }

    /// <summary>What has been learned of the device so far.</summary>
    internal ToledoFraming Framing => _framing;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(250);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (At(head, 0) != Stx) return SkipToStart(head);
        _checksumOfLast = -1;
        if (head.Length < PlainBytes) return CutAt.More;
        if (At(head, PlainBytes - 1) != Cr) return CutAt.Skip(1, RejectReason.Format, "no CR where a frame ends");
        return _framing switch
        {
            ToledoFraming.Plain => CutAt.Frame(PlainBytes),
            ToledoFraming.Checked => CutChecked(head),
            _ => CutLearning(head, idle),
        };
    }

    private CutAt SkipToStart(ReadOnlySpan<byte> head)
    {
        DoubtPlain(head[0]);
        var start = head[1..].IndexOfAny(Stx, (byte)(Stx | 0x80));
        return CutAt.Skip(start < 0 ? head.Length : start + 1, RejectReason.Format, "no frame starts here");
    }

    private CutAt CutChecked(ReadOnlySpan<byte> head)
    {
        if (head.Length < CheckedBytes) return CutAt.More;
        if (SumsUp(head))
        {
            _disproofs = 0;
            return CutAt.Frame(CheckedBytes);
        }
        if (_learns && At(head, PlainBytes) == Stx && ++_disproofs >= DisproofsMax) Relearn();
        return CutAt.Skip(1, RejectReason.Checksum, "checksum does not match");
    }

    /// <summary>
    /// A checksum may equal STX, and a damaged one may too; so a frame is believed at once only when its sum proves it, and a frame without checksum
    /// only when a second one of the same shape follows on its heels, or silence.
    /// </summary>
    private CutAt CutLearning(ReadOnlySpan<byte> head, bool idle)
    {
        if (head.Length == PlainBytes) return idle ? CutAt.Frame(PlainBytes) : CutAt.More;
        var sumsUp = SumsUp(head);
        var startFollows = At(head, PlainBytes) == Stx;
        if (!startFollows) return sumsUp ? Learned(ToledoFraming.Checked) : CutAt.Skip(1, RejectReason.Checksum, "checksum does not match");
        if (head.Length < 2 * PlainBytes)
        {
            if (!idle) return CutAt.More;
            return sumsUp ? CutAt.Frame(CheckedBytes) : CutAt.Skip(1, RejectReason.Checksum, "checksum does not match");
        }
        if (At(head, (2 * PlainBytes) - 1) == Cr) return Learned(ToledoFraming.Plain);
        return sumsUp ? CutAt.Frame(CheckedBytes) : CutAt.Skip(1, RejectReason.Checksum, "checksum does not match");
    }

    private CutAt Learned(ToledoFraming framing)
    {
        _framing = framing;
        _disproofs = 0;
        return CutAt.Frame(framing == ToledoFraming.Plain ? PlainBytes : CheckedBytes);
    }

    /// <summary>Frames thought plain, each followed by the byte that would be its checksum: the setup was changed.</summary>
    private void DoubtPlain(byte extra)
    {
        if (!_learns || _framing != ToledoFraming.Plain || _checksumOfLast < 0) return;
        _disproofs = (extra & 0x7F) == _checksumOfLast ? _disproofs + 1 : 0;
        _checksumOfLast = -1;
        if (_disproofs >= DisproofsMax) Relearn();
    }

    private void Relearn()
    {
        _framing = ToledoFraming.Learning;
        _disproofs = 0;
    }

    private static byte At(ReadOnlySpan<byte> bytes, int index) => (byte)(bytes[index] & 0x7F);

    /// <summary>The checksum is the two's complement of the low seven bits of the sum of all 17 bytes, so that all 18 add up to zero.</summary>
    private static bool SumsUp(ReadOnlySpan<byte> frame) => (Sum(frame[..CheckedBytes]) & 0x7F) == 0;

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var b in bytes) sum += b & 0x7F;
        return sum;
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame.Length == PlainBytes) _checksumOfLast = -Sum(frame) & 0x7F;
        Span<byte> bare = stackalloc byte[PlainBytes];
        for (var i = 0; i < bare.Length; i++) bare[i] = At(frame, i);
        var status = new ToledoStatus(bare[1], bare[2], bare[3]);
        if (status.Unit is null)
        {
            Reject(frame, RejectReason.Unit, "unit is not known", sink);
            return;
        }
        if (status.Expanded)
        {
            Reject(frame, RejectReason.Display, "display is expanded tenfold: digits are not the weight", sink);
            return;
        }
        var tareShown = TryReadDigits(bare.Slice(10, 6), status, negative: false, out var tare);
        var weightShown = TryReadDigits(bare.Slice(4, 6), status, status.Negative, out var weight);
        if (status.OutOfRange || status.ZeroNotCaptured)
        {
            Refuse(frame, status, sink);
            return;
        }
        if (!weightShown || (!tareShown && bare.Slice(10, 6).ContainsAnyExcept((byte)' ')) || !Mass.TryFrom(weight, status.Unit, out var mass))
        {
            Reject(frame, RejectReason.Format, "weight or tare field is not a number of this increment", sink);
            return;
        }
        var reading = new WeightReading
        {
            Mass = mass,
            Number = weight,
            Unit = status.Unit,
            Stability = status.Moving ? StabilityFlag.Moving : StabilityFlag.Stable,
            Condition = weight == 0 ? Condition.Zero : weight < 0 ? Condition.Negative : Condition.Ok,
            Basis = status.Net ? Basis.Net : Basis.Gross,
            Tare = tareShown && Mass.TryFrom(tare, status.Unit, out var tareMass) ? tareMass : null,
            Resolution = Mass.TryFrom(status.Increment, status.Unit, out var step) ? step : null,
            Raw = new RawFrame(frame),
        };
        sink.OnWeight(in reading);
    }

    /// <summary>The device says that its digits are no weight now.</summary>
    private static void Refuse(ReadOnlySpan<byte> frame, in ToledoStatus status, IReadingSink sink)
    {
        var reading = new WeightReading
        {
            Unit = status.Unit,
            Stability = status.Moving ? StabilityFlag.Moving : StabilityFlag.Stable,
            Condition = status.ZeroNotCaptured ? Condition.Fault : status.Negative ? Condition.Under : Condition.Over,
            Basis = status.Net ? Basis.Net : Basis.Gross,
            Note = status.ZeroNotCaptured ? "zero not captured since power-up" : "out of range (over capacity or under zero)",
            Raw = new RawFrame(frame),
        };
        sink.OnWeight(in reading);
    }

    /// <summary>Six digits as displayed, leading ones blank, no point and no sign; fixed zeros are among them and must be zeros.</summary>
    private static bool TryReadDigits(ReadOnlySpan<byte> field, in ToledoStatus status, bool negative, out decimal number)
    {
        if (!AsciiNumber.TryReadUnsigned(field.TrimStart((byte)' '), negative, out number, out var point) || point != 0) return false;
        if (number % status.FixedZeros != 0) return false;
        number = AsciiNumber.Scaled((long)Math.Abs(number), negative, status.Decimals);
        return true;
    }
}
