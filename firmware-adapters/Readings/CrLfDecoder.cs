using System.Buffers;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>Decoders of lines of printable ASCII ended by CR LF. A lone CR or LF, a control character or an eighth bit spoils its line.</summary>
internal abstract class CrLfDecoder(int frameBytesMax) : FrameDecoder(frameBytesMax)
{
    private static readonly SearchValues<byte> Printable = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(b => (byte)b)]);
    private bool _spoilt;

    /// <summary>Half a second inside a line is a pulled cable: what comes after belongs to another line.</summary>
    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(500);

    /// <summary>Turns one line (without CR LF) into a reading or a rejection; <paramref name="frame"/> is the line with its end.</summary>
    protected abstract void ReadLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink);

    protected sealed override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        var feed = head.IndexOf((byte)'\n');
        if (_spoilt)
        {
            if (feed >= 0) _spoilt = false;
            return CutAt.Skip(feed < 0 ? head.Length : feed + 1, RejectReason.Length, "line too long");
        }
        if (feed < 0 || feed >= FrameBytesMax)
        {
            if (head.Length < FrameBytesMax) return CutAt.More;
            _spoilt = true;
            return CutAt.Skip(FrameBytesMax, RejectReason.Length, "line too long");
        }
        return head[..feed] is [] or [(byte)'\r'] ? CutAt.Ignore(feed + 1) : CutAt.Frame(feed + 1);
    }

    protected sealed override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame is not [.. var line, (byte)'\r', (byte)'\n']) Reject(frame, RejectReason.Format, "line does not end in CR LF", sink);
        else if (line.ContainsAnyExcept(Printable)) Reject(frame, RejectReason.Format, "not printable", sink);
        else ReadLine(line, frame, sink);
    }

    protected sealed override void ForgetFrame(bool damaged) => _spoilt = damaged;
}
