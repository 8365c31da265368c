using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Scales.StatusLine;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.DiniArgeo;

/// <summary>
/// Dini Argeo's three strings, told apart by what stands before and behind the status: standard <c>[CC]ST,GS,weight,kg</c>, extended
/// <c>[CC]1ST,net,PT tare,pieces,kg</c>, AF <c>[CC]ST,1,grosskg,PTtarekg</c>. Fields have fixed widths, so a lost digit is seen.
/// </summary>
internal sealed class DiniArgeoDecoder(FrameGuard guard, int address = -1) : WeightLineDecoder(guard)
{
    private const int WeightWidth = 8;
    private const int AfWidth = 10;

    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line is [.., (byte)'g' or (byte)'b' or (byte)'t'] && line.Count((byte)',') == 3;

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var digits = line.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 0 or > 3 || line.Length < digits + 3 || line[digits + 2] != (byte)',' || !StatusWords.TryStatus(line.Slice(digits, 2), out var stability, out var condition))
        {
            ReadAnswer(digits == 2 ? line[2..] : line, frame, sink);
            return;
        }
        if (address >= 0 && digits > 1 && ((line[0] - '0') * 10) + line[1] - '0' != address)
        {
            Reject(frame, RejectReason.Format, "another instrument on the same line", sink);
            return;
        }
        var rest = line[(digits + 3)..];
        if (digits is 1 or 3) ReadExtended(rest, stability, condition, frame, sink);
        else if (rest.Length > 2 && rest[1] == (byte)',' && AsciiNumber.IsDigit(rest[0])) ReadAf(rest[2..], stability, condition, frame, sink);
        else ReadStandard(rest, stability, condition, frame, sink);
    }

    /// <summary><c>GS,     0.0,kg</c></summary>
    private void ReadStandard(ReadOnlySpan<byte> rest, StabilityFlag stability, Condition condition, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (rest.Length is not (3 + WeightWidth + 1 + 2) || rest[2] != (byte)',' || rest[3 + WeightWidth] != (byte)',')
        {
            Reject(frame, RejectReason.Format, "fields of the standard string do not stand where they must", sink);
            return;
        }
        if (rest.StartsWith("VL"u8) || rest.StartsWith("RZ"u8))
        {
            Answer(frame, Condition.Other, "microvolts or converter points, no weight", sink);
            return;
        }
        if (StatusWords.Kind(rest[..2]) is not { } basis)
        {
            Reject(frame, RejectReason.Format, "kind of weight is not known", sink);
            return;
        }
        Send(new ShownWeight { Frame = frame, Number = rest.Slice(3, WeightWidth), Unit = rest[(4 + WeightWidth)..], Stability = stability, Basis = basis }, condition, sink);
    }

    /// <summary><c>     0.0,PT    20.8,         0,kg</c>, with REXD date and time behind: net weight, tare, pieces.</summary>
    private void ReadExtended(ReadOnlySpan<byte> rest, StabilityFlag stability, Condition condition, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var weight = NextField(ref rest);
        var tare = NextField(ref rest);
        var pieces = NextField(ref rest);
        var unit = NextField(ref rest);
        if (weight.Length != WeightWidth || tare.Length != WeightWidth + 2 || pieces.Trim((byte)' ').IsEmpty || pieces.Trim((byte)' ').ContainsAnyExceptInRange((byte)'0', (byte)'9') || unit.Length != 2)
        {
            Reject(frame, RejectReason.Format, "fields of the extended string do not stand where they must", sink);
            return;
        }
        SendWithTare(frame, weight, unit, tare, unit, stability, Basis.Net, condition, sink);
    }

    /// <summary><c>     12.50kg,        2.00kg</c>: gross weight and tare, each with its unit.</summary>
    private void ReadAf(ReadOnlySpan<byte> rest, StabilityFlag stability, Condition condition, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        const int weightAndUnit = AfWidth + 2;
        if (rest.Length != (2 * weightAndUnit) + 3 || rest[weightAndUnit] != (byte)',')
        {
            Reject(frame, RejectReason.Format, "fields of the AF string do not stand where they must", sink);
            return;
        }
        SendWithTare(frame, rest[..AfWidth], rest.Slice(AfWidth, 2), rest.Slice(weightAndUnit + 1, AfWidth + 2), rest[^2..], stability, Basis.Gross, condition, sink);
    }

    private void SendWithTare(
        ReadOnlySpan<byte> frame, ReadOnlySpan<byte> weight, ReadOnlySpan<byte> unit, ReadOnlySpan<byte> tareField, ReadOnlySpan<byte> tareUnit,
        StabilityFlag stability, Basis basis, Condition condition, IReadingSink sink)
    {
        var preset = tareField.StartsWith("PT"u8);
        var knownUnit = MassUnits.Canonical(tareUnit);
        Mass? tare = null;
        if (tareField.ContainsAnyExcept((byte)' '))
        {
            if ((!preset && !tareField.StartsWith("  "u8)) || !ShownNumber.TryRead(tareField[2..], out var number) || knownUnit is null || !Mass.TryFrom(number.Value, knownUnit, out var mass))
            {
                Reject(frame, RejectReason.Format, "tare is not a number", sink);
                return;
            }
            tare = mass;
        }
        Send(new ShownWeight { Frame = frame, Number = weight, Unit = unit, Stability = stability, Basis = basis, Tare = tare, Note = preset ? "preset tare" : null }, condition, sink);
    }

    private void Send(in ShownWeight shown, Condition condition, IReadingSink sink)
    {
        if (condition == Condition.Ok) shown.Send(Guard, sink);
        else if (condition == Condition.Other) FrameDecoder.Reject(shown.Frame, RejectReason.Format, "status is not known", sink);
        else StatusWords.SendRefused(shown, condition, sink);
    }

    private static ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> rest)
    {
        var comma = rest.IndexOf((byte)',');
        var field = comma < 0 ? rest : rest[..comma];
        rest = comma < 0 ? default : rest[(comma + 1)..];
        return field;
    }

    private static void ReadAnswer(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (line.SequenceEqual("OK"u8)) Answer(frame, Condition.Other, "command taken", sink);
        else if (line.SequenceEqual("ERR01"u8)) Answer(frame, Condition.Fault, "letters too many behind the command", sink);
        else if (line.SequenceEqual("ERR02"u8)) Answer(frame, Condition.Fault, "wrong data in the command", sink);
        else if (line.SequenceEqual("ERR03"u8) || line.SequenceEqual("NO"u8)) Answer(frame, Condition.NotExecutable, "command not allowed now", sink);
        else if (line.SequenceEqual("ERR04"u8)) Answer(frame, Condition.Fault, "command not known", sink);
        else Reject(frame, RejectReason.Format, "no status starts here", sink);
    }
}
