using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Scales.StatusLine;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Cas22;

/// <summary>
/// CAS's 22 bytes by position, never by commas: device id and lamp byte are binary and may equal a comma, a CR or an LF. The frame is found by its
/// status, its three commas and its end, all of which must stand where they belong.
/// </summary>
internal sealed class Cas22Decoder(FrameGuard guard) : FrameDecoder(frameBytesMax: FrameBytes)
{
    private const int FrameBytes = 22;
    private const int TextBytes = 20;
    private const byte LampAlways = 0x80;
    private const byte LampStable = 0x40;
    private const byte LampHold = 0x10;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(500);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (IsFrame(head))
        {
            if (head.Length >= FrameBytes) return CutAt.Frame(FrameBytes);
            return idle && head.Length >= TextBytes ? CutAt.Frame(head.Length) : CutAt.More;
        }
        var next = 1;
        while (next < head.Length && !IsFrame(head[next..])) next++;
        return CutAt.Skip(next, RejectReason.Format, "no frame starts here");
    }

    /// <summary>Whether as many bytes as there are could be a frame.</summary>
    private static bool IsFrame(ReadOnlySpan<byte> bytes)
    {
        if (!Holds(bytes, 0, (byte)'S', (byte)'U', (byte)'O') || !Holds(bytes, 1, (byte)'T', (byte)'S', (byte)'L') || !Holds(bytes, 2, (byte)',')) return false;
        if (bytes.Length > 1 && !StatusWords.TryStatus(bytes[..2], out _, out _)) return false;
        if (!Holds(bytes, 3, (byte)'G', (byte)'N') || !Holds(bytes, 4, (byte)'S', (byte)'T') || !Holds(bytes, 5, (byte)',')) return false;
        return Holds(bytes, 8, (byte)',') && Holds(bytes, 17, (byte)' ') && Holds(bytes, TextBytes, (byte)'\r') && Holds(bytes, TextBytes + 1, (byte)'\n');
    }

    private static bool Holds(ReadOnlySpan<byte> bytes, int at, params ReadOnlySpan<byte> any) => bytes.Length <= at || any.Contains(bytes[at]);

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        StatusWords.TryStatus(frame[..2], out var stability, out var condition);
        var lamps = frame[7];
        // Where the lamp byte is one (bit 7), it must agree that the weight is stable.
        if (stability == StabilityFlag.Stable && (lamps & LampAlways) != 0 && (lamps & LampStable) == 0) stability = StabilityFlag.Moving;
        var held = (lamps & LampAlways) != 0 && (lamps & LampHold) != 0;
        var shown = new ShownWeight
        {
            Frame = frame,
            Number = frame[9..17],
            Unit = frame[18..20],
            Stability = stability,
            Basis = frame[3] == (byte)'N' ? Basis.Net : Basis.Gross,
            NotTheLoad = held,
            Note = held ? "held display, not the load" : null,
        };
        if (condition == Condition.Ok) shown.Send(guard, sink);
        else StatusWords.SendRefused(shown, condition, sink);
    }
}
