using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.SartoriusSbi;

/// <summary>
/// Sartorius SBI by position: sign, value in 9, blank, unit in 3; 14 characters, with an identifier of 6 before them 20. The unit is the stability
/// flag: blank means moving, and nothing may make it optional. The unit of a moving value is the last one seen, else the setting's.
/// </summary>
internal sealed class SartoriusSbiDecoder(FrameGuard guard, string unit) : WeightLineDecoder(guard)
{
    private const int Bare = 14;
    private const int WithId = 20;
    private const int ValueWidth = 9;
    private string _unit = unit;

    /// <summary>The first 14 of 20 characters hold an identifier where the sign belongs.</summary>
    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => Guard.Length > 0 ? line.Length == Guard.Length : line.Length is Bare or WithId;

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (line.Length is not (Bare or WithId))
        {
            Reject(frame, RejectReason.Length, "neither 14 nor 20 characters", sink);
            return;
        }
        var id = line.Length == WithId ? line[..6].Trim((byte)' ') : default;
        var rest = line[^Bare..];
        if (!id.IsEmpty && (id.ContainsAnyExcept(IdCharacters) || AsciiNumber.IsDigit(id[0])))
        {
            Reject(frame, RejectReason.Format, "no identifier starts here", sink);
            return;
        }
        if (id.SequenceEqual("Stat"u8) || !rest[1..(1 + ValueWidth)].ContainsAnyInRange((byte)'0', (byte)'9') || IsError(rest)) ReadStatus(rest.Trim((byte)' '), frame, sink);
        else ReadValue(id, rest, frame, sink);
    }

    private static bool IsError(ReadOnlySpan<byte> rest) => rest.ContainsAnyInRange((byte)'A', (byte)'Z') && rest.Trim((byte)' ') is [(byte)'E' or (byte)'A' or (byte)'D' or (byte)'P', ..];

    private void ReadValue(ReadOnlySpan<byte> id, ReadOnlySpan<byte> rest, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        Span<byte> digits = stackalloc byte[ValueWidth];
        scoped var value = rest.Slice(1, ValueWidth);
        var bracket = value.IndexOf((byte)'[');
        var closed = rest[1 + ValueWidth] == (byte)']';
        if (rest[0] is not ((byte)'+' or (byte)'-' or (byte)' ') || (rest[1 + ValueWidth] != (byte)' ' && !closed) || bracket >= 0 != closed)
        {
            Reject(frame, RejectReason.Format, "fields do not stand where they must", sink);
            return;
        }
        if (closed)
        {
            digits[0] = (byte)' ';
            value[..bracket].CopyTo(digits[1..]);
            value[(bracket + 1)..].CopyTo(digits[(bracket + 1)..]);
            value = digits;
        }
        var written = rest[(2 + ValueWidth)..];
        var moving = !written.ContainsAnyExcept((byte)' ');
        var basis = Basis(id);
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = value,
            Unit = written,
            ImpliedUnit = moving ? _unit : null,
            Sign = rest[0],
            Stability = moving ? StabilityFlag.Moving : StabilityFlag.Stable,
            Basis = basis ?? Readings.Basis.Unknown,
            NotTheLoad = basis is null,
            Note = basis is null ? "a value of another kind than the load" : closed ? "last digit is not verified" : null,
        };
        if (!moving && basis is not null && MassUnits.Canonical(written) is { } known && Kernel.Mass.TryFrom(1, known, out _)) _unit = known;
        shown.Send(Guard, sink);
    }

    /// <summary>Net, gross and tare identifiers; null for all others (limits, targets, statistics), which are not the load.</summary>
    private static Basis? Basis(ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty || id.SequenceEqual("Qnt"u8)) return Readings.Basis.Unknown;
        if (id.SequenceEqual("N"u8) || id.SequenceEqual("N1"u8)) return Readings.Basis.Net;
        if (id.SequenceEqual("G"u8) || id.SequenceEqual("G#"u8)) return Readings.Basis.Gross;
        return id.SequenceEqual("T"u8) || id.SequenceEqual("T1"u8) || id.SequenceEqual("T2"u8) || id.SequenceEqual("PT"u8) || id.SequenceEqual("PT2"u8) ? Readings.Basis.Tare : null;
    }

    private static void ReadStatus(ReadOnlySpan<byte> status, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (status.SequenceEqual("H"u8) || status.SequenceEqual("HH"u8) || status.SequenceEqual("High"u8)) Answer(frame, Condition.Over, "overload", sink);
        else if (status.SequenceEqual("L"u8) || status.SequenceEqual("LL"u8) || status.SequenceEqual("Low"u8)) Answer(frame, Condition.Under, "underload", sink);
        else if (status.SequenceEqual("C"u8) || status.StartsWith("Cal"u8) || status.StartsWith("CAL"u8)) Answer(frame, Condition.NotExecutable, "being adjusted", sink);
        else if (status.SequenceEqual("--"u8)) Answer(frame, Condition.NotExecutable, "no final value yet", sink);
        else if (IsErrorText(status)) Answer(frame, Condition.Fault, "the balance reports an error", sink);
        else Reject(frame, RejectReason.Format, "status is not known", sink);
    }

    private static bool IsErrorText(ReadOnlySpan<byte> status)
    {
        if (status.StartsWith("APP.ER"u8) || status.StartsWith("DIS.ER"u8) || status.StartsWith("PRT.ER"u8)) return true;
        if (status.StartsWith("Err"u8) || status.StartsWith("ERR"u8)) status = status[3..];
        else if (status.StartsWith("E "u8)) status = status[1..];
        else return false;
        status = status.Trim((byte)' ');
        return status.Length is 2 or 3 && !status.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static readonly System.Buffers.SearchValues<byte> IdCharacters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#.%-* "u8);
}
