using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.AndStandard;

/// <summary>
/// A&amp;D by position. Balances: <c>ST,+0001.234 kg</c> with nine characters of data and three of unit, a second header LO, OK, HI if there is a comparator. Indicators
/// (AD-4329, AD-44xx): <c>ST,G ,+01234.5kg</c> with the weight's kind, eight of data, two or three of unit. The point may be a comma.
/// </summary>
internal sealed class AndDecoder(FrameGuard guard, bool indicator) : WeightLineDecoder(guard)
{
    private const int BalanceData = 9;
    private const int IndicatorData = 8;

    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line.Length >= 15 && TryStatus(line, out _, out _);

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (!TryStatus(line, out var stability, out var condition)) ReadAnswer(line, frame, sink);
        else if (indicator) ReadIndicator(line, stability, condition, frame, sink);
        else ReadBalance(line, stability, condition, frame, sink);
    }

    /// <summary>Condition is Ok for a value to be read, else what the header says about it.</summary>
    private static bool TryStatus(ReadOnlySpan<byte> line, out StabilityFlag stability, out Condition condition)
    {
        condition = Condition.Ok;
        stability = StabilityFlag.NotReported;
        if (line.Length < 4 || line[2] != (byte)',') return false;
        if (line.StartsWith("ST"u8) || line.StartsWith("QT"u8)) stability = StabilityFlag.Stable;
        else if (line.StartsWith("US"u8)) stability = StabilityFlag.Moving;
        else if (line.StartsWith("OL"u8)) condition = Condition.Over;
        else if (line.StartsWith("HD"u8)) condition = Condition.Other;
        else return false;
        return true;
    }

    private void ReadBalance(ReadOnlySpan<byte> line, StabilityFlag stability, Condition condition, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var rest = line[3..];
        if (rest.Length > 3 && rest[2] == (byte)',' && (rest.StartsWith("LO"u8) || rest.StartsWith("OK"u8) || rest.StartsWith("HI"u8))) rest = rest[3..];
        var comma = rest.Length > 4 && rest[^4] == (byte)',' ? 1 : 0;   // the CSV setting puts one before the unit
        var data = rest.Length - 3 - comma;
        // Analytical balances have a digit more; a lost digit must not turn one length into the other.
        if (data != BalanceData && (Guard.Length == 0 || data != BalanceData + 1))
        {
            Reject(frame, RejectReason.Length, "data and unit have another length", sink);
            return;
        }
        var unitless = condition == Condition.Over && rest.EndsWith("E+19"u8);   // +9999999E+19
        var unit = unitless ? default : rest[(data + comma)..];
        if (unit.Trim((byte)' ').SequenceEqual("t"u8))
        {
            Reject(frame, RejectReason.Unit, "t is the tola on these balances, not the tonne", sink);
            return;
        }
        Send(frame, rest[..data], unit, Basis.Unknown, stability, condition, sink);
    }

    private void ReadIndicator(ReadOnlySpan<byte> line, StabilityFlag stability, Condition condition, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var basis = line.Length > 5 ? Kind(line.Slice(3, 2)) : null;
        if (basis is null || line[5] != (byte)',')
        {
            Reject(frame, RejectReason.Format, "second header is none of G, N, T, PT, GS, NT, TR", sink);
            return;
        }
        var rest = line[6..];
        if (rest.Length is not (IndicatorData + 2 or IndicatorData + 3)) Reject(frame, RejectReason.Length, "data and unit have another length", sink);
        else Send(frame, rest[..IndicatorData], rest[IndicatorData..], basis.Value, stability, condition, sink);
    }

    private static Basis? Kind(ReadOnlySpan<byte> header) => header switch
    {
        [(byte)'G', (byte)'S' or (byte)' '] => Basis.Gross,
        [(byte)'N', (byte)'T' or (byte)' '] => Basis.Net,
        [(byte)'T', (byte)'R' or (byte)' '] or [(byte)'P', (byte)'T'] => Basis.Tare,
        _ => null,
    };

    private void Send(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> data, ReadOnlySpan<byte> unit, Basis basis, StabilityFlag stability, Condition condition, IReadingSink sink)
    {
        if (data[0] is not ((byte)'+' or (byte)'-'))
        {
            Reject(frame, RejectReason.Format, "data does not begin with its sign", sink);
            return;
        }
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = data,
            Unit = unit,
            Comma = true,
            Stability = stability,
            Basis = basis,
            NotTheLoad = condition == Condition.Other,
            Note = condition == Condition.Other ? "held display, not the load" : null,
        };
        if (condition != Condition.Over) shown.Send(Guard, sink);
        else if (data[0] == (byte)'-') shown.SendAs(Condition.Under, "out of range (negative overload)", sink);
        else shown.SendAs(Condition.Over, "overload", sink);
    }

    /// <summary>
    /// A command carried out is sent back as it came; <c>I</c> is busy, <c>?</c> unknown, <c>EC,E01</c> an error. So short a line must have its whole
    /// end, or noise says it too.
    /// </summary>
    private static void ReadAnswer(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame is not [.., (byte)'\r', (byte)'\n']) Reject(frame, RejectReason.Format, "no header known here", sink);
        else if (line.SequenceEqual("I"u8)) Answer(frame, Condition.NotExecutable, "busy, or not allowed now", sink);
        else if (line.SequenceEqual("?"u8)) Answer(frame, Condition.Fault, "command not known", sink);
        else if (line.Length == 6 && line.StartsWith("EC,E"u8)) Answer(frame, Condition.Fault, "the balance reports an error", sink);
        else if (IsCommand(line)) Answer(frame, Condition.Other, "command sent back", sink);
        else Reject(frame, RejectReason.Format, "no header known here", sink);
    }

    private static bool IsCommand(ReadOnlySpan<byte> line) =>
        line.SequenceEqual("Z"u8) || line.SequenceEqual("T"u8) || line.SequenceEqual("CT"u8) || line.SequenceEqual("PRT"u8) || line.SequenceEqual("C"u8) || line.SequenceEqual("MZ"u8) || line.SequenceEqual("MT"u8);
}
