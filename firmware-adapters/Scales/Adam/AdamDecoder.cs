using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Adam;

/// <summary>What opens a line, a setup choice of the scale.</summary>
internal enum AdamLabel : byte
{
    /// <summary>A label, then a sign.</summary>
    Required,

    /// <summary>A sign, perhaps with a label before it.</summary>
    Optional,

    /// <summary>Number and unit only.</summary>
    Plain,
}

/// <summary>
/// Adam's line: a label (<c>G/W</c>, <c>N/W</c>, <c>T/W</c> or one letter), a sign, the number, the unit. Label or sign show that the line's beginning
/// was seen, so they are asked for, except in the plain format, where a blank must open the line.
/// </summary>
internal sealed class AdamDecoder(FrameGuard guard, AdamLabel label) : WeightLineDecoder(guard)
{
    protected override bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => label != AdamLabel.Plain && line is [.., (byte)'g' or (byte)'b' or (byte)'z'];

    protected override void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (!TryLabel(ref line, out var basis) || (label == AdamLabel.Required && basis == Basis.Unknown))
        {
            Reject(frame, RejectReason.Format, "label is not known", sink);
            return;
        }
        var unitAt = line.IndexOfAnyInRange((byte)'A', (byte)'z');
        var number = (unitAt < 0 ? line : line[..unitAt]).TrimEnd((byte)' ');
        if (!number.IsEmpty && !OpensRight(basis == Basis.Unknown ? number : number.TrimStart((byte)' ')))
        {
            Reject(frame, RejectReason.Format, "no sign before the weight", sink);
            return;
        }
        new ShownWeight { Frame = frame, Number = number, Unit = unitAt < 0 ? default : line[unitAt..], Basis = basis }.Send(Guard, sink);
    }

    private bool OpensRight(ReadOnlySpan<byte> number) => number is [(byte)'+' or (byte)'-', ..] || (label == AdamLabel.Plain && number is [(byte)' ', ..]);

    private static bool TryLabel(ref ReadOnlySpan<byte> line, out Basis basis)
    {
        basis = Basis.Unknown;
        if (line.IsEmpty || line[0] is < (byte)'A' or > (byte)'Z') return true;
        var length = line.Length > 3 && line[1] == (byte)'/' && line[2] == (byte)'W' ? 3 : 1;
        basis = line[0] switch { (byte)'G' => Basis.Gross, (byte)'N' => Basis.Net, (byte)'T' => Basis.Tare, _ => Basis.Unknown };
        line = line[length..];
        return basis != Basis.Unknown && line is [(byte)' ', ..];
    }
}
