using System.Buffers;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>Decoders of lines of printable ASCII ended by CR LF. A lone CR or LF, a control character or an eighth bit spoils its line.</summary>
internal abstract class CrLfDecoder(int frameBytesMax, bool sevenBits = false) : FrameDecoder(frameBytesMax, sevenBits)
{
    private static readonly SearchValues<byte> Printable = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(b => (byte)b)]);
    private bool _spoilt;

    /// <summary>Half a second inside a line is a pulled cable: what comes after belongs to another line.</summary>
    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(500);

    /// <summary>Turns one line (without CR LF) into a reading or a rejection; <paramref name="frame"/> is the line with its end.</summary>
    protected abstract void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink);

    /// <summary>
    /// Whether a line after which only silence came is whole all the same: no beginning of a longer line may pass for it. <paramref name="crSeen"/>
    /// when its CR came and only the LF is missing. By default nothing is whole without its end.
    /// </summary>
    protected virtual bool IsWhole(ReadOnlySpan<byte> line, bool crSeen) => false;

    /// <summary>Whether a CR alone ends a line too: some indicators can be set to it, and an LF may be lost.</summary>
    protected virtual bool TakesCrAlone => false;

    protected sealed override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (!_spoilt && !IsOfALine(head[0])) return CutAt.Skip(LeadingNoise(head), RejectReason.Format, "not printable");
        var feed = head.IndexOf((byte)'\n');
        if (!_spoilt && TakesCrAlone)
        {
            var cr = head.IndexOf((byte)'\r');
            if (cr >= 0 && cr + 1 < head.Length && head[cr + 1] != (byte)'\n' && (feed < 0 || cr < feed) && cr < FrameBytesMax) return cr == 0 ? CutAt.Ignore(1) : CutAt.Frame(cr + 1);
        }
        if (_spoilt)
        {
            if (feed >= 0) _spoilt = false;
            return CutAt.Skip(feed < 0 ? head.Length : feed + 1, RejectReason.Length, "line too long");
        }
        if (feed < 0 || feed >= FrameBytesMax)
        {
            if (head.Length < FrameBytesMax) return idle && IsWholeAtSilence(head) ? CutAt.Frame(head.Length) : CutAt.More;
            _spoilt = true;
            return CutAt.Skip(FrameBytesMax, RejectReason.Length, "line too long");
        }
        return head[..feed] is [] or [(byte)'\r'] ? CutAt.Ignore(feed + 1) : CutAt.Frame(feed + 1);
    }

    protected sealed override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        // A line without LF was cut by silence, or by its CR alone.
        var ended = frame is [.., (byte)'\r', (byte)'\n'] or [.., not (byte)'\n'];
        var line = WithoutEnd(frame);
        if (!ended) Reject(frame, RejectReason.Format, "line does not end in CR LF", sink);
        else if (line.ContainsAnyExcept(Printable)) Reject(frame, RejectReason.Format, "not printable", sink);
        else ReadLine(line, frame, sink);
    }

    /// <summary>The line without its CR and LF.</summary>
    protected static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> frame)
    {
        if (frame is [.. var fed, (byte)'\n']) frame = fed;
        return frame is [.. var line, (byte)'\r'] ? line : frame;
    }

    /// <summary>An adapter that is plugged in, or a wrong baud rate, leaves garbage before the first line: it costs that garbage, not the line.</summary>
    private static int LeadingNoise(ReadOnlySpan<byte> head)
    {
        var count = 1;
        while (count < head.Length && !IsOfALine(head[count])) count++;
        return count;
    }

    private static bool IsOfALine(byte b) => b is (byte)'\r' or (byte)'\n' || Printable.Contains(b);

    private bool IsWholeAtSilence(ReadOnlySpan<byte> head) => head[0] != (byte)'\r' && IsWhole(WithoutEnd(head), head[^1] == (byte)'\r');

    protected sealed override void ForgetFrame(bool damaged) => _spoilt = damaged;
}
