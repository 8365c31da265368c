using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Digi;

/// <summary>
/// STX (where the model sends it), status flag, weight condition flag, CR, then fields of a header code and digits, each ended by CR, perhaps a parity
/// character, LF.
/// </summary>
internal sealed class DigiDecoder(FrameGuard guard, int pointAt, bool startsWithStx) : FrameDecoder(frameBytesMax: 64, sevenBits: true)
{
    private const byte Stx = 0x02;
    private const byte Lf = 0x0A;
    private const byte Cr = 0x0D;
    private const byte Fixed = 0x40;
    private readonly FrameGuard _unitGuard = new(0, guard.Unit);
    private bool _lost;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(500);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        var end = head.IndexOf(Lf);
        var start = head[1..].IndexOf(Stx) + 1;
        if (start > 0 && (end < 0 || start < end)) return Skip(start, lost: false, _lost ? "no text starts here" : "another text begins inside this one");
        if (_lost && head[0] != Stx) return Skip(end < 0 ? head.Length : end + 1, lost: end < 0, "no text starts here");
        if (end >= 0) return end == 0 ? CutAt.Ignore(1) : CutAt.Frame(end + 1);
        return head.Length < FrameBytesMax ? CutAt.More : Skip(FrameBytesMax, lost: true, "no LF where a text ends");
    }

    private CutAt Skip(int count, bool lost, string note)
    {
        _lost = lost;
        return CutAt.Skip(count, RejectReason.Length, note);
    }

    protected override void ForgetFrame(bool damaged) => _lost = damaged;

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        _lost = false;
        var text = frame[..^1];
        if (startsWithStx != (text is [Stx, ..]))
        {
            Reject(frame, RejectReason.Format, "no flags where a text begins", sink);
            return;
        }
        if (startsWithStx) text = text[1..];
        if (guard.Length > 0 && text.Length != guard.Length) Reject(frame, RejectReason.Length, "another length than this scale was commissioned with", sink);
        else if (text.Length < 4 || text[2] != Cr || (text[0] & Fixed) == 0 || (text[1] & Fixed) == 0) Reject(frame, RejectReason.Format, "no flags where a text begins", sink);
        else if (!TryFields(text, out var gross, out var net, out var tare)) Reject(frame, RejectReason.Format, "fields do not stand where they must", sink);
        else ReadWeight(text[0], text[1], gross, net, tare, frame, sink);
    }

    /// <summary>Header 0 is the net weight, A the gross, 4 the tare; what else may stand there (quantity, unit weight, ids) is passed over.</summary>
    private static bool TryFields(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> gross, out ReadOnlySpan<byte> net, out ReadOnlySpan<byte> tare)
    {
        gross = net = tare = default;
        var hasParity = (text[0] & 0x01) != 0;
        var fields = text[3..];
        if (hasParity) fields = fields[..^1];   // no manual says how it is made
        if (fields is not [.., Cr]) return false;
        while (!fields.IsEmpty)
        {
            var end = fields.IndexOf(Cr);
            if (end < 2 || fields[..end].ContainsAnyExceptInRange((byte)' ', (byte)'~')) return false;
            var data = fields[1..end];
            switch (fields[0])
            {
                case (byte)'0': net = data; break;
                case (byte)'A': gross = data; break;
                case (byte)'4': tare = data; break;
                default: break;
            }
            fields = fields[(end + 1)..];
        }
        return true;
    }

    private void ReadWeight(byte status, byte condition, ReadOnlySpan<byte> gross, ReadOnlySpan<byte> net, ReadOnlySpan<byte> tare, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var isNet = (status & 0x02) != 0;
        var number = isNet || gross.IsEmpty ? net : gross;
        var unit = (status & 0x10) != 0 ? "lb" : "kg";
        var signed = number is [(byte)'-', ..];
        var shown = new ShownWeight
        {
            Frame = frame,
            Sign = signed || (condition & 0x04) != 0 ? (byte)'-' : (byte)0,   // told by a flag, by some models shown as well
            Number = signed ? number[1..] : number,
            ImpliedUnit = unit,
            PointAt = pointAt,
            Comma = true,
            Stability = (condition & 0x02) != 0 ? StabilityFlag.Moving : StabilityFlag.Stable,
            Basis = isNet ? Basis.Net : Basis.Gross,
            Tare = ShownNumber.TryRead(tare, out var known, comma: true) && Mass.TryFrom(known.WithPointAt(pointAt).Value, unit, out var mass) ? mass : null,
        };
        if ((condition & 0x08) != 0) shown.SendAs(Condition.Over, "overflow", sink);
        else if ((condition & 0x10) != 0) shown.SendAs(Condition.Under, "underflow", sink);
        else shown.Send(_unitGuard, sink);
    }
}
