using System.Buffers;
using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Honeywell;

/// <summary>
/// Scans as text, and between them the echo of menu commands with a status byte before each punctuation mark (<c>CBRENA1</c> ACK <c>.</c>). What begins like neither an echo nor
/// a command of the host is a scan, whatever it holds.
/// </summary>
internal sealed class HoneywellDecoder(ScanLineSettings settings) : ScanLineDecoder(settings)
{
    private const byte Syn = 0x16;
    private const byte Ack = 0x06;
    private const byte Enq = 0x05;
    private const byte Nak = 0x15;
    private const byte Cr = (byte)'\r';

    /// <summary>A tag of three letters or digits and a sub-tag of three; a query of a whole tag leaves the sub-tag out.</summary>
    private const int TagLength = 3;

    /// <summary>Longer than the answer to a query of a whole tag.</summary>
    private const int AnswerBytesMax = 1024;

    private static readonly SearchValues<byte> TagCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    protected override CutAt? FindOther(ReadOnlySpan<byte> head) => head[0] == Syn ? FindCommand(head) : FindAnswer(head);

    /// <summary>SYN, letter, CR, and for the menu (M) everything up to the punctuation that ends it. Seen on a line that was tapped, or echoed.</summary>
    private static CutAt? FindCommand(ReadOnlySpan<byte> head)
    {
        if (head.Length < 3) return head.Length == 1 || IsCommandLetter(head[1]) ? CutAt.More : null;
        if (!IsCommandLetter(head[1]) || head[2] != Cr) return null;
        if (head[1] != (byte)'M') return CutAt.Frame(3);
        var end = head.IndexOfAny((byte)'.', (byte)'!');
        if (end >= 0) return CutAt.Frame(end + 1);
        return head.Length < AnswerBytesMax ? CutAt.More : null;
    }

    private static bool IsCommandLetter(byte b) => b is (byte)'M' or (byte)'T' or (byte)'U';

    /// <summary>Items of text and status, with <c>,</c> or <c>;</c> between them and <c>.</c> or <c>!</c> after the last.</summary>
    private static CutAt? FindAnswer(ReadOnlySpan<byte> head)
    {
        if (head.Length < TagLength || head[..TagLength].ContainsAnyExcept(TagCharacters)) return null;
        for (var from = 0; ;)
        {
            var rest = head[from..];
            var status = rest.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E);
            if (status < 0 || status + 1 >= rest.Length) return from > 0 || (status >= 0 && IsStatus(rest[status])) ? CutAt.More : null;
            if (!IsStatus(rest[status]) || from + status > AnswerBytesMax) return null;
            from += status + 2;
            if (head[from - 1] is (byte)'.' or (byte)'!') return CutAt.Frame(from);
            if (head[from - 1] is not ((byte)',' or (byte)';')) return null;
        }
    }

    private static bool IsStatus(byte b) => b is Ack or Enq or Nak;

    protected override bool TryReadOther(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        if (frame is [Syn, (byte)'M' or (byte)'T' or (byte)'U', Cr, ..])
        {
            Reject(frame, RejectReason.Format, "a command of the host, not of the scanner", sink);
            return true;
        }
        if (frame is not [.., Ack or Enq or Nak, (byte)'.' or (byte)'!'] || FindAnswer(frame) is not { Kind: Cut.Frame } whole || whole.Count != frame.Length) return false;
        var answer = frame.Contains(Nak) ? ScannerAnswer.Refused : frame.Contains(Enq) ? ScannerAnswer.UnknownCommand : ScannerAnswer.Done;
        ScanText.GiveAnswer(frame, WithoutStatus(frame[..^1]), answer, sink);
        return true;
    }

    private static string WithoutStatus(ReadOnlySpan<byte> items)
    {
        var text = new StringBuilder(items.Length);
        foreach (var b in items)
        {
            if (!IsStatus(b)) text.Append((char)b);
        }
        return text.ToString();
    }
}
