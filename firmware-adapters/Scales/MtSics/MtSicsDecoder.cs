using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.MtSics;

/// <summary>
/// Answers of MT-SICS: one line each, ended by CR LF, first word the command's id, second its state. Nothing checks a frame here but its shape, so
/// the shape is taken strictly: one known state, one number filling its field, one known unit.
/// </summary>
internal sealed class MtSicsDecoder(int fieldWidth = 0, string? expectedUnit = null) : CrLfDecoder(frameBytesMax: 64, sevenBits: true)
{
    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var head = NextWord(line, out var rest);
        if (head.SequenceEqual("S"u8) || head.SequenceEqual("SI"u8) || head.SequenceEqual("SIR"u8)) ReadWeight(rest, frame, Basis.Net, sink);
        else if (head.SequenceEqual("T"u8) || head.SequenceEqual("TI"u8)) ReadWeight(rest, frame, Basis.Tare, sink);
        else if (head.SequenceEqual("TA"u8)) ReadTareMemory(rest, frame, sink);
        else if (head.SequenceEqual("PCS"u8)) ReadPieces(rest, frame, sink);
        else ReadOther(head, rest, frame, sink);
    }

    /// <summary><c>S S     100.00 g</c>, <c>S D …</c>, <c>S +</c>, <c>S -</c>, <c>S I</c>, <c>S L</c>; rest is what follows the id and one blank.</summary>
    private void ReadWeight(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> frame, Basis basis, IReadingSink sink)
    {
        if (rest is [(byte)'S' or (byte)'D', (byte)' ', ..])
        {
            var stability = rest[0] == (byte)'S' ? StabilityFlag.Stable : StabilityFlag.Moving;
            ReadValue(rest[2..], frame, basis, stability, fieldWidth, sink);
            return;
        }
        if (rest.Length != 1)
        {
            Reject(frame, RejectReason.Format, "unknown state", sink);
            return;
        }
        switch (rest[0])
        {
            case (byte)'+': Answer(frame, Condition.Over, basis, basis == Basis.Tare ? "upper tare range exceeded" : "overload", sink); break;
            case (byte)'-': Answer(frame, Condition.Under, basis, basis == Basis.Tare ? "lower tare range exceeded" : "underload", sink); break;
            case (byte)'I': Answer(frame, Condition.NotExecutable, basis, "not executable now (busy, or no stable weight in time)", sink); break;
            case (byte)'L': Answer(frame, Condition.Fault, basis, "logical error: wrong parameter", sink); break;
            default: Reject(frame, RejectReason.Format, "unknown state", sink); break;
        }
    }

    private void ReadValue(ReadOnlySpan<byte> text, ReadOnlySpan<byte> frame, Basis basis, StabilityFlag stability, int width, IReadingSink sink)
    {
        var number = text.TrimStart((byte)' ');
        var space = number.IndexOf((byte)' ');
        if (space < 1 || (width > 0 && text.Length - number.Length + space != width))
        {
            Reject(frame, width > 0 && space >= 1 ? RejectReason.Length : RejectReason.Format, "weight field has another shape", sink);
            return;
        }
        if (!AsciiNumber.TryRead(number[..space], out var value, out var decimals))
        {
            Reject(frame, RejectReason.Format, "weight is not a number", sink);
            return;
        }
        var unit = number[(space + 1)..] is { IsEmpty: false } written && written[0] != (byte)' ' ? MassUnits.Canonical(written) : null;
        if (unit is null)
        {
            Reject(frame, RejectReason.Unit, "unit is not known", sink);
            return;
        }
        if (expectedUnit is not null && !string.Equals(unit, expectedUnit, StringComparison.Ordinal))
        {
            Reject(frame, RejectReason.Unit, "another unit than this scale was commissioned with", sink);
            return;
        }
        var reading = Mass.TryFrom(value, unit, out var mass)
            ? new WeightReading
            {
                Mass = mass,
                Number = value,
                Unit = unit,
                Stability = stability,
                Condition = value == 0 ? Condition.Zero : value < 0 ? Condition.Negative : Condition.Ok,
                Basis = basis,
                Resolution = Mass.TryFrom(AsciiNumber.LastDigit(decimals), unit, out var step) ? step : null,
                Raw = new RawFrame(frame),
            }
            : new WeightReading { Number = value, Unit = unit, Stability = stability, Condition = Condition.Other, Note = "not a mass", Raw = new RawFrame(frame) };
        sink.OnWeight(in reading);
    }

    /// <summary><c>TA A 123.45 g</c>: the tare memory.</summary>
    private void ReadTareMemory(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (rest is [(byte)'A', (byte)' ', ..]) ReadValue(rest[2..], frame, Basis.Tare, StabilityFlag.NotReported, 0, sink);
        else ReadState("TA"u8, rest, frame, sink);
    }

    /// <summary><c>PCS S 10</c>: a piece count, never a mass.</summary>
    private static void ReadPieces(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (rest is not [(byte)'S' or (byte)'D', (byte)' ', ..] || !AsciiNumber.TryRead(rest[2..].Trim((byte)' '), out var count, out _))
        {
            ReadState("PCS"u8, rest, frame, sink);
            return;
        }
        var reading = new WeightReading
        {
            Number = count,
            Unit = "pcs",
            Stability = rest[0] == (byte)'S' ? StabilityFlag.Stable : StabilityFlag.Moving,
            Condition = Condition.Other,
            Note = "pieces",
            Raw = new RawFrame(frame),
        };
        sink.OnWeight(in reading);
    }

    private static void ReadOther(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (rest.IsEmpty && head.SequenceEqual("ES"u8)) Answer(frame, Condition.Fault, Basis.Unknown, "syntax error: command not known", sink);
        else if (rest.IsEmpty && head.SequenceEqual("ET"u8)) Answer(frame, Condition.Fault, Basis.Unknown, "transmission error", sink);
        else if (rest.IsEmpty && head.SequenceEqual("EL"u8)) Answer(frame, Condition.Fault, Basis.Unknown, "logical error: command cannot be executed", sink);
        else if (IsId(head)) ReadState(head, rest, frame, sink);
        else Reject(frame, RejectReason.Format, "not an answer", sink);
    }

    /// <summary>An answer without a weight: its second word says how the command went.</summary>
    private static void ReadState(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var state = NextWord(rest, out _);
        if (state.Length != 1)
        {
            Reject(frame, RejectReason.Format, "unknown state", sink);
            return;
        }
        var zero = head.SequenceEqual("Z"u8) || head.SequenceEqual("ZI"u8);
        switch (state[0])
        {
            case (byte)'A' or (byte)'B': Answer(frame, Condition.Other, Basis.Unknown, zero ? "zero set" : "done", sink); break;
            case (byte)'S' when zero: Answer(frame, Condition.Other, Basis.Unknown, "zero set, stable", sink); break;
            case (byte)'D' when zero: Answer(frame, Condition.Other, Basis.Unknown, "zero set, moving", sink); break;
            case (byte)'+': Answer(frame, Condition.NotExecutable, Basis.Unknown, zero ? "upper zero range exceeded" : "upper range exceeded", sink); break;
            case (byte)'-': Answer(frame, Condition.NotExecutable, Basis.Unknown, zero ? "lower zero range exceeded" : "lower range exceeded", sink); break;
            case (byte)'I': Answer(frame, Condition.NotExecutable, Basis.Unknown, "not executable now", sink); break;
            case (byte)'L': Answer(frame, Condition.Fault, Basis.Unknown, "logical error: wrong parameter", sink); break;
            default: Reject(frame, RejectReason.Format, "unknown state", sink); break;
        }
    }

    private static void Answer(ReadOnlySpan<byte> frame, Condition condition, Basis basis, string note, IReadingSink sink)
    {
        var reading = new WeightReading { Condition = condition, Basis = basis, Note = note, Raw = new RawFrame(frame) };
        sink.OnWeight(in reading);
    }

    /// <summary>The word up to the first blank; <paramref name="rest"/> is what follows that one blank.</summary>
    private static ReadOnlySpan<byte> NextWord(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
    {
        var space = text.IndexOf((byte)' ');
        rest = space < 0 ? default : text[(space + 1)..];
        return space < 0 ? text : text[..space];
    }

    /// <summary>Command ids are one to four capitals and digits, beginning with a capital; <c>@</c> is answered as <c>I4</c>.</summary>
    private static bool IsId(ReadOnlySpan<byte> head)
    {
        if (head.Length is < 1 or > 4 || head[0] is < (byte)'A' or > (byte)'Z') return false;
        return !head.ContainsAnyExcept(IdCharacters);
    }

    private static readonly System.Buffers.SearchValues<byte> IdCharacters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"u8);
}
