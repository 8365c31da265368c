using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaStream;

/// <summary>
/// <c>=</c> and a fixed number of characters: digits with their point, a minus first or last. Nothing ends a frame but the next <c>=</c>, and nothing
/// in it tells which way round the digits stand: that is a setting. With no check at all, the length is what guards against a lost digit.
/// </summary>
internal sealed class YaohuaStreamDecoder(bool reversed, string unit, int length) : FrameDecoder(frameBytesMax: 1 + LengthMax + 2, sevenBits: true)
{
    private const int LengthMax = 12;

    /// <summary>Frames follow each other many times a second; a lone last one ends after this silence.</summary>
    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(200);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] != (byte)'=')
        {
            var start = head.IndexOf((byte)'=');
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no '=' starts here");
        }
        var next = head[1..].IndexOf((byte)'=') + 1;
        if (next > FrameBytesMax || (next == 0 && head.Length > FrameBytesMax)) return CutAt.Skip(FrameBytesMax, RejectReason.Length, "frame too long");
        if (next > 0) return CutAt.Frame(next);
        return idle ? CutAt.Frame(head.Length) : CutAt.More;
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var text = frame[1..];
        if (text is [.. var line, (byte)'\r', (byte)'\n']) text = line;
        if (text.Length != length)
        {
            Reject(frame, RejectReason.Length, "not the set number of characters", sink);
            return;
        }
        Span<byte> digits = stackalloc byte[LengthMax];
        digits = digits[..text.Length];
        text.CopyTo(digits);
        if (reversed) digits.Reverse();
        if (!TryReadSigned(digits, out var number, out var decimals) || !Mass.TryFrom(number, unit, out var mass))
        {
            Reject(frame, RejectReason.Format, "not a number", sink);
            return;
        }
        var reading = new WeightReading
        {
            Mass = mass,
            Number = number,
            Unit = unit,
            Condition = number == 0 ? Condition.Zero : number < 0 ? Condition.Negative : Condition.Ok,
            Resolution = Mass.TryFrom(AsciiNumber.LastDigit(decimals), unit, out var step) ? step : null,
            Raw = new RawFrame(frame),
        };
        sink.OnWeight(in reading);
    }

    /// <summary>A minus may stand at either end; leading digits may be blank.</summary>
    private static bool TryReadSigned(ReadOnlySpan<byte> digits, out decimal number, out int decimals)
    {
        digits = digits.TrimStart((byte)' ');
        var negative = true;
        if (digits is [(byte)'-', .. var behind]) digits = behind;
        else if (digits is [.. var before, (byte)'-']) digits = before;
        else negative = false;
        return AsciiNumber.TryReadUnsigned(digits, negative, out number, out decimals);
    }
}
