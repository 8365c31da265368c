using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Jik;

/// <summary>
/// The label a JIK-6CAB sends to its printer: 14 lines from <c>^K</c> to <c>~P1</c>. No check character, but the weights are there four times over:
/// gross less tare must be net, and net stands twice. A label that does not add up is refused.
/// </summary>
internal sealed class JikDecoder(FrameGuard guard) : FrameDecoder(frameBytesMax: LabelBytesMax, sevenBits: true)
{
    private const int LabelBytesMax = 192;
    private const int Lines = 14;
    private static ReadOnlySpan<byte> Start => "^K"u8;
    private static ReadOnlySpan<byte> End => "~P1"u8;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(500);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (!Begins(head, Start)) return CutAt.Skip(NextStart(head), RejectReason.Format, "no label starts here");
        var again = NextStart(head);
        var end = head[..again].IndexOf(End);
        if (end < 0 && again < head.Length) return CutAt.Skip(again, RejectReason.Length, "another label begins inside this one");
        if (end < 0) return head.Length < LabelBytesMax ? CutAt.More : CutAt.Skip(Start.Length, RejectReason.Length, "label too long");
        end += End.Length;
        if (end + 2 > LabelBytesMax) return CutAt.Skip(Start.Length, RejectReason.Length, "label too long");
        var tail = head[end..];
        if (tail.Length >= 2 || idle) return CutAt.Frame(tail.StartsWith("\r\n"u8) ? end + 2 : tail is [(byte)'\r'] ? end + 1 : end);
        return CutAt.More;
    }

    /// <summary>Whether as many bytes as there are begin like this.</summary>
    private static bool Begins(ReadOnlySpan<byte> head, ReadOnlySpan<byte> with) => with.StartsWith(head[..Math.Min(head.Length, with.Length)]);

    private static int NextStart(ReadOnlySpan<byte> head)
    {
        var at = 1;
        while (at < head.Length && !Begins(head[at..], Start)) at++;
        return at;
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        Span<Range> lines = stackalloc Range[Lines + 1];
        var body = frame.TrimEnd("\r\n"u8);
        var count = Split(body, lines);
        if (count != Lines || !body[lines[12]].SequenceEqual("E"u8) || !IsDateAndTime(body[lines[1]], body[lines[2]]))
        {
            Reject(frame, RejectReason.Format, "not the lines of a label", sink);
            return;
        }
        if (!TryWeight(body[lines[3]], out var tare, out var unit) || !TryWeight(body[lines[4]], out var gross, out var grossUnit) || !TryWeight(body[lines[7]], out var net, out var netUnit)
            || !SameUnit(unit, grossUnit) || !SameUnit(unit, netUnit) || !body[lines[7]].SequenceEqual(body[lines[8]]) || gross.Value - tare.Value != net.Value)
        {
            Reject(frame, RejectReason.Checksum, "gross, tare and net do not add up", sink);
            return;
        }
        new ShownWeight
        {
            Frame = frame,
            Number = body[lines[7]][..^(unit.Length + 1)],
            Unit = unit,
            Basis = Basis.Net,
            Tare = MassUnits.Canonical(unit) is { } known && Mass.TryFrom(tare.Value, known, out var mass) ? mass : null,
        }.Send(guard, sink);
    }

    /// <summary>The number, a blank, the unit.</summary>
    private static bool TryWeight(ReadOnlySpan<byte> line, out ShownNumber number, out ReadOnlySpan<byte> unit)
    {
        number = default;
        unit = default;
        var blank = line.LastIndexOf((byte)' ');
        if (blank < 1) return false;
        unit = line[(blank + 1)..];
        return ShownNumber.TryRead(line[..blank], out number);
    }

    private static bool SameUnit(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.SequenceEqual(b);

    /// <summary><c>2023-11-07</c> or <c>2023/11/07</c>: the separator is a setup choice. <c>17:19:26</c>.</summary>
    private static bool IsDateAndTime(ReadOnlySpan<byte> date, ReadOnlySpan<byte> time) =>
        date.Length == 10 && date[4] == date[7] && date[4] is (byte)'-' or (byte)'/' or (byte)'.' && time.Length == 8 && time[2] == (byte)':' && time[5] == (byte)':';

    private static int Split(ReadOnlySpan<byte> body, Span<Range> lines)
    {
        var count = 0;
        var at = 0;
        while (count < lines.Length)
        {
            var end = body[at..].IndexOf("\r\n"u8);
            lines[count++] = at..(end < 0 ? body.Length : at + end);
            if (end < 0) return count;
            at += end + 2;
        }
        return -1;
    }
}
