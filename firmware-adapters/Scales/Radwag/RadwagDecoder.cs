using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Radwag;

/// <summary>
/// Radwag's mass frame by position: command in 3, stability, blank, sign, mass in 9, blank, unit in 3; 19 characters. What the print key sends lacks
/// the command: such lines are the tails of the others and are taken only where commissioning says that they come. Other lines say how a command went.
/// </summary>
internal sealed class RadwagDecoder(FrameGuard guard, bool printed) : WeightLineDecoder(guard)
{
    private const int AnswerLength = 19;
    private const int PrintedLength = 16;
    private const int TareLength = 17;

    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line.Length == (printed ? PrintedLength : AnswerLength);

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (line.Length == AnswerLength && Basis(line[..3]) is { } basis) ReadMass(line[3..], basis, frame, sink);
        else if (printed && line.Length == PrintedLength) ReadMass(line, Readings.Basis.Unknown, frame, sink);
        else if (line.Length == TareLength && line.StartsWith("OT "u8)) ReadTare(line, frame, sink);
        else ReadState(line, frame, sink);
    }

    private static Basis? Basis(ReadOnlySpan<byte> command)
    {
        if (command.SequenceEqual("S  "u8) || command.SequenceEqual("SI "u8) || command.SequenceEqual("SU "u8) || command.SequenceEqual("SUI"u8)) return Readings.Basis.Unknown;
        return command.SequenceEqual("OT "u8) ? Readings.Basis.Tare : null;
    }

    private void ReadMass(ReadOnlySpan<byte> fields, Basis basis, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var stability = fields[0];
        if (fields[1] != (byte)' ' || fields[2] is not ((byte)' ' or (byte)'-') || fields[12] != (byte)' ' || fields[13] == (byte)' ' || stability is not ((byte)' ' or (byte)'?' or (byte)'^' or (byte)'v'))
        {
            Reject(frame, RejectReason.Format, "fields of the mass frame do not stand where they must", sink);
            return;
        }
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = fields.Slice(3, 9),
            Unit = fields.Slice(13, 3),
            Sign = fields[2],
            Stability = stability switch { (byte)' ' => StabilityFlag.Stable, (byte)'?' => StabilityFlag.Moving, _ => StabilityFlag.NotReported },
            Basis = basis,
        };
        if (stability == (byte)'^') shown.SendAs(Condition.Over, "above the weighing range", sink);
        else if (stability == (byte)'v') shown.SendAs(Condition.Under, "below the weighing range", sink);
        else shown.Send(Guard, sink);
    }

    /// <summary>The older tare answer: <c>OT </c>, nine characters, blank, unit, blank.</summary>
    private void ReadTare(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (line[12] != (byte)' ' || line[16] != (byte)' ') Reject(frame, RejectReason.Format, "fields of the tare answer do not stand where they must", sink);
        else new ShownWeight { Frame = frame, Number = line.Slice(3, 9), Unit = line.Slice(13, 3), Basis = Readings.Basis.Tare }.Send(Guard with { Length = 0 }, sink);
    }

    private static void ReadState(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var space = line.IndexOf((byte)' ');
        var command = space < 0 ? line : line[..space];
        var state = space < 0 ? default : line[(space + 1)..];
        if (command.SequenceEqual("ES"u8) && state.IsEmpty) Answer(frame, Condition.Fault, "command not known", sink);
        else if (command.Length is < 1 or > 4 || command.ContainsAnyExcept(CommandCharacters)) Reject(frame, RejectReason.Format, "not an answer", sink);
        else if (state.SequenceEqual("A"u8)) Answer(frame, Condition.Other, "accepted, in progress", sink);
        else if (state.SequenceEqual("D"u8) || state.SequenceEqual("OK"u8)) Answer(frame, Condition.Other, "done", sink);
        else if (state.SequenceEqual("I"u8)) Answer(frame, Condition.NotExecutable, "not available now", sink);
        else if (state.SequenceEqual("E"u8)) Answer(frame, Condition.NotExecutable, "no stable weight in time", sink);
        else if (state.SequenceEqual("^"u8)) Answer(frame, Condition.NotExecutable, "above the permitted range", sink);
        else if (state.SequenceEqual("v"u8)) Answer(frame, Condition.NotExecutable, "below the permitted range", sink);
        else if (state is [(byte)'"', .., (byte)'"'] or [(byte)'A', (byte)' ', (byte)'"', .., (byte)'"']) Answer(frame, Condition.Other, "about the scale", sink);
        else Reject(frame, RejectReason.Format, "not an answer", sink);
    }

    private static readonly System.Buffers.SearchValues<byte> CommandCharacters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"u8);
}
