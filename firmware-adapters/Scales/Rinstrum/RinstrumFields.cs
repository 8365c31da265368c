using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Scales.StatusLine;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Rinstrum;

/// <summary>What the formats have in common: a signed weight and one letter that says what it is.</summary>
internal static class RinstrumFields
{
    internal const int FifthLength = 11;
    private const int FourthLength = 14;

    internal static void Read(
        ReadOnlySpan<byte> frame, byte sign, ReadOnlySpan<byte> weight, ReadOnlySpan<byte> written, byte state, StabilityFlag stability, string unit, FrameGuard guard, IReadingSink sink)
    {
        if (sign is not ((byte)' ' or (byte)'-' or (byte)'+'))
        {
            FrameDecoder.Reject(frame, RejectReason.Format, "sign is none", sink);
            return;
        }
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = weight,
            Unit = written,
            ImpliedUnit = written.IsEmpty ? unit : null,
            Sign = sign,
            Comma = true,
            Stability = stability,
            Basis = state switch { (byte)'G' => Basis.Gross, (byte)'N' => Basis.Net, _ => Basis.Unknown },
        };
        switch (state)
        {
            case (byte)'G' or (byte)'N' or (byte)'M': shown.Send(guard, sink); break;
            case (byte)'O': shown.SendAs(Condition.Over, "overload", sink); break;
            case (byte)'U': shown.SendAs(Condition.Under, "underload", sink); break;
            case (byte)'E': shown.SendAs(Condition.Fault, "the indicator reports an error", sink); break;
            default: FrameDecoder.Reject(frame, RejectReason.Format, "status is not known", sink); break;
        }
    }

    /// <summary>FMT_5: sign, weight in 7, a letter for the unit, G or N, and blank, M, O or I.</summary>
    internal static void ReadFifth(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, FrameGuard guard, IReadingSink sink)
    {
        var unit = line[8] switch { (byte)'L' => "lb", (byte)'K' => "kg", (byte)'G' => "g", (byte)'T' => "t", _ => null };
        if (unit is null || line[9] is not ((byte)'G' or (byte)'N') || line[10] is not ((byte)' ' or (byte)'M' or (byte)'O' or (byte)'I'))
        {
            FrameDecoder.Reject(frame, RejectReason.Format, "fields do not stand where they must", sink);
            return;
        }
        var state = line[10] switch { (byte)'O' => (byte)'O', (byte)'I' => (byte)'E', _ => line[9] };
        var stability = line[10] switch { (byte)'M' => StabilityFlag.Moving, (byte)' ' => StabilityFlag.Stable, _ => StabilityFlag.NotReported };
        Read(frame, line[0], line.Slice(1, 7), default, state, stability, unit, guard, sink);
    }

    /// <summary>FMT_4: status and GR or NT, commas or none, sign, weight in 7, unit in 2.</summary>
    internal static void ReadFourth(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, FrameGuard guard, IReadingSink sink)
    {
        var commas = line.Length == FourthLength + 2 && line[2] == (byte)',' && line[5] == (byte)',' ? 1 : 0;
        if (line.Length != FourthLength + (2 * commas) || !StatusWords.TryStatus(line[..2], out var stability, out var condition) || StatusWords.Kind(line.Slice(2 + commas, 2)) is not { } basis)
        {
            FrameDecoder.Reject(frame, RejectReason.Format, "fields do not stand where they must", sink);
            return;
        }
        var rest = line[(4 + (2 * commas))..];
        if (rest[0] is not ((byte)' ' or (byte)'-' or (byte)'+') || condition == Condition.Other)
        {
            FrameDecoder.Reject(frame, RejectReason.Format, "sign or status is none that is known", sink);
            return;
        }
        var shown = new ShownWeight { Frame = frame, Number = rest.Slice(1, 7), Unit = rest[8..], Sign = rest[0], Comma = true, Stability = stability, Basis = basis };
        if (condition == Condition.Ok) shown.Send(guard, sink);
        else if (shown.Negative && condition == Condition.Over) shown.SendAs(Condition.Under, "out of range (negative overload)", sink);
        else StatusWords.SendRefused(shown, condition, sink);
    }
}
