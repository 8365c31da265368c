using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Kern;

/// <summary>
/// KERN DE, FKB by position: blank or M, sign, value in 10, blank, unit in 3. The unit is the stability flag: blank, or left out with the line three
/// shorter, means moving. The unit of a moving value is the last one seen, else the setting's.
/// </summary>
internal sealed class KernDeDecoder(FrameGuard guard, string unit) : WeightLineDecoder(guard)
{
    private const int Full = 16;
    private const int WithoutUnit = 13;
    private const int ValueAt = 2;
    private const int ValueWidth = 10;
    private string _unit = unit;

    /// <summary>Thirteen characters may be the beginning of sixteen.</summary>
    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => line.Length == Full;

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var text = line.Trim((byte)' ');
        if (text.SequenceEqual("Error"u8) || text.SequenceEqual("ERROR"u8))
        {
            Answer(frame, Condition.Fault, "the scale reports an error", sink);
            return;
        }
        if (line.Length is not (Full or WithoutUnit))
        {
            Reject(frame, RejectReason.Length, "neither 16 nor 13 characters", sink);
            return;
        }
        var head = line[..ValueAt];
        var signs = head.Count((byte)'-') + head.Count((byte)'+');
        if (head.ContainsAnyExcept(HeadCharacters) || head is [(byte)'-' or (byte)'+', (byte)'M'] || signs > 1 || head is [(byte)'M', (byte)'M'] || line[ValueAt + ValueWidth] != (byte)' ')
        {
            Reject(frame, RejectReason.Format, "fields do not stand where they must", sink);
            return;
        }
        var written = line[(ValueAt + ValueWidth + 1)..];
        var moving = !written.ContainsAnyExcept((byte)' ');
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = line.Slice(ValueAt, ValueWidth),
            Unit = written,
            ImpliedUnit = moving ? _unit : null,
            Sign = head.Contains((byte)'-') ? (byte)'-' : head.Contains((byte)'+') ? (byte)'+' : (byte)' ',
            Stability = moving ? StabilityFlag.Moving : StabilityFlag.Stable,
        };
        if (!moving && MassUnits.Canonical(written) is { } known && Kernel.Mass.TryFrom(1, known, out _)) _unit = known;
        shown.Send(Guard, sink);
    }

    private static readonly System.Buffers.SearchValues<byte> HeadCharacters = System.Buffers.SearchValues.Create(" M+-"u8);
}
