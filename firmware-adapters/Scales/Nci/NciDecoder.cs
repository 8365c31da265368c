using System.Buffers;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Nci;

/// <summary>How a device speaks the NCI protocol.</summary>
/// <param name="FirstInverted">The low bits of the first status character mean the opposite (SCP-12).</param>
/// <param name="NeedsStatus">A weight without its status is refused.</param>
internal sealed record NciHabits(bool FirstInverted, bool NeedsStatus);

/// <summary>
/// LF, weight with unit, CR, LF, status, CR, ETX; or the status alone. SCP-12 leaves out the second LF and CR, some devices the whole status: such a weight
/// is taken only when silence follows, its stability not reported, and not at all where the scale was commissioned with its status.
/// </summary>
internal sealed class NciDecoder(NciHabits habits, FrameGuard guard) : FrameDecoder(frameBytesMax: 40, sevenBits: true)
{
    private const byte Lf = 0x0A;
    private const byte Cr = 0x0D;
    private const byte Etx = 0x03;
    private const int StatusLineMax = 5;
    private static readonly SearchValues<byte> Letters = SearchValues.Create("%ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private readonly FrameGuard _unitGuard = new(0, guard.Unit);
    private bool _lost;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(200);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (_lost) return SkipToEtx(head);
        if (head[0] != Lf)
        {
            var start = head.IndexOf(Lf);
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no answer starts here");
        }
        var end = EndOfLine(head[..Math.Min(head.Length, FrameBytesMax)], 1);
        if (end < 0) return head.Length < FrameBytesMax ? CutAt.More : CutAt.Skip(1, RejectReason.Length, "no CR where a line ends");
        if (head[end] == Lf) return end == 1 ? CutAt.Ignore(1) : CutAt.Skip(end, RejectReason.Length, "another answer begins inside this one");
        if (head[end] == Etx) return CutAt.Skip(end + 1, RejectReason.Format, "no CR where a line ends");
        if (head.Length == end + 1) return idle ? CutAt.Frame(end + 1) : CutAt.More;
        return head[end + 1] == Etx ? CutAt.Frame(end + 2) : CutStatus(head, end + 1, idle);
    }

    /// <summary>Behind the weight's CR, at <paramref name="start"/>, only its status may stand.</summary>
    private CutAt CutStatus(ReadOnlySpan<byte> head, int start, bool idle)
    {
        var text = head[start] == Lf ? start + 1 : start;
        var end = EndOfLine(head, text);
        if (end < 0 && head.Length - text <= StatusLineMax) return CutAt.More;
        if (end < 0 || end - text > StatusLineMax || head[end] == Lf) return NoStatus(start);
        if (head[end] == Etx) return CutAt.Frame(end + 1);
        if (end + 1 == head.Length) return idle ? CutAt.Frame(end + 1) : CutAt.More;
        return head[end + 1] == Etx ? CutAt.Frame(end + 2) : NoStatus(start);
    }

    private CutAt NoStatus(int count)
    {
        _lost = true;
        return CutAt.Skip(count, RejectReason.Length, "no status behind the weight");
    }

    /// <summary>What stood where a status should may be the rest of one and of the next weight: only behind an ETX is a line again what it seems.</summary>
    private CutAt SkipToEtx(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf(Etx);
        if (end >= 0) _lost = false;
        return CutAt.Skip(end < 0 ? head.Length : end + 1, RejectReason.Length, "no status behind the weight");
    }

    protected override void ForgetFrame(bool damaged) => _lost = damaged;

    private static int EndOfLine(ReadOnlySpan<byte> head, int start)
    {
        var end = head[start..].IndexOfAny(Cr, Lf, Etx);
        return end < 0 ? -1 : start + end;
    }

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var end = EndOfLine(frame, 1);
        var line = frame[1..end];
        var behind = frame[(end + 1)..].Trim("\n\r\u0003"u8);
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~')) Reject(frame, RejectReason.Format, "not printable", sink);
        else if (!behind.IsEmpty) ReadWeightAndStatus(line, behind, frame, sink);
        else if (line.SequenceEqual("?"u8)) new ShownWeight { Frame = frame }.SendAs(Condition.Fault, "command not known", sink);
        else if (NciStatus.TryRead(line, habits.FirstInverted, out var status)) SendStatus(status, frame, sink);
        else if (line.IsEmpty) Reject(frame, RejectReason.Length, "empty answer", sink);
        else if (habits.NeedsStatus) Reject(frame, RejectReason.Length, "no status behind the weight", sink);
        else ReadWeight(line, null, frame, sink);
    }

    private void ReadWeightAndStatus(ReadOnlySpan<byte> line, ReadOnlySpan<byte> behind, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (NciStatus.TryRead(behind, habits.FirstInverted, out var status)) ReadWeight(line, status, frame, sink);
        else Reject(frame, RejectReason.Format, "status is none", sink);
    }

    private static void SendStatus(in NciStatus status, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var answer = new ShownWeight { Frame = frame, Stability = status.Stability, Basis = status.Basis };
        if (!SendRefusal(answer, status, sink)) answer.SendAs(Condition.Other, status.AtZero ? "status: at zero" : "status", sink);
    }

    /// <summary>True when the status says that there is no weight to be used.</summary>
    private static bool SendRefusal(in ShownWeight answer, in NciStatus status, IReadingSink sink)
    {
        if (status.Faulty) answer.SendAs(Condition.Fault, "the scale reports a fault of its memory, calibration or zero", sink);
        else if (status.Over) answer.SendAs(Condition.Over, "over capacity", sink);
        else if (status.Under) answer.SendAs(Condition.Under, "under capacity", sink);
        else return false;
        return true;
    }

    private void ReadWeight(ReadOnlySpan<byte> line, NciStatus? status, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (guard.Length > 0 && line.Length != guard.Length)
        {
            Reject(frame, RejectReason.Length, "another length than this scale was commissioned with", sink);
            return;
        }
        var text = line.Trim((byte)' ');
        var unitAt = text.IndexOfAny(Letters);
        var field = unitAt < 0 ? text : text[..unitAt].TrimEnd((byte)' ');
        var unit = unitAt < 0 ? default : text[unitAt..];
        if (SendWord(field, unit, frame, sink)) return;
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = field,
            Unit = unit,
            Stability = status?.Stability ?? StabilityFlag.NotReported,
            Basis = status?.Basis ?? Basis.Unknown,
        };
        if (status is { } known && SendRefusal(shown, known, sink)) return;
        if (TryReadPoundsOunces(text, out var ounces)) new ShownWeight { Frame = frame, ImpliedUnit = MassUnits.PoundsOunces, Stability = shown.Stability, Basis = shown.Basis }.SendOunces(ounces, guard, sink);
        else shown.Send(_unitGuard, sink);
    }

    /// <summary>Bars instead of digits: upper ones over capacity, lower ones under, middle ones a zeroing error.</summary>
    private static bool SendWord(ReadOnlySpan<byte> field, ReadOnlySpan<byte> unit, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (field.Length < 2 || field.ContainsAnyExcept(field[0])) return false;
        var answer = new ShownWeight { Frame = frame, Unit = unit };
        switch (field[0])
        {
            case (byte)'^': answer.SendAs(Condition.Over, "over capacity", sink); return true;
            case (byte)'_': answer.SendAs(Condition.Under, "under capacity", sink); return true;
            case (byte)'-': answer.SendAs(Condition.Fault, "zeroing error", sink); return true;
            default: return false;
        }
    }

    /// <summary><c>5lb 12.3oz</c>: whole pounds and ounces.</summary>
    private static bool TryReadPoundsOunces(ReadOnlySpan<byte> text, out ShownNumber ounces)
    {
        ounces = default;
        var pound = text.IndexOf("lb "u8);
        if (pound < 0) pound = text.IndexOf("LB "u8);
        if (pound < 0 || !(text.EndsWith("oz"u8) || text.EndsWith("OZ"u8))) return false;
        if (!ShownNumber.TryRead(text[..pound], out var pounds) || pounds.Decimals != 0) return false;
        if (!ShownNumber.TryRead(text[(pound + 3)..^2].TrimEnd((byte)' '), out var rest) || rest.Value < 0) return false;
        var sign = text.TrimStart((byte)' ') is [(byte)'-', ..] ? -1 : 1;
        ounces = new ShownNumber((pounds.Value * 16) + (sign * rest.Value), rest.Decimals);
        return true;
    }
}
