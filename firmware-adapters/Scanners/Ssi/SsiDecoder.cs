using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Ssi;

/// <summary>
/// SSI packets: decode data becomes scans, answers to commands answers, and every packet that came whole is acknowledged. A resent packet that was already taken is acknowledged again
/// and gives nothing; a damaged one is asked for at most twice, as often as a scanner sends it again.
/// </summary>
internal sealed class SsiDecoder(bool acknowledge, Encoding encoding) : FrameDecoder(SsiPacket.MessageBytesMax)
{
    private const int ResendsAskedMax = 2;
    private static readonly byte[] Ack = SsiPacket.OfHost(SsiPacket.Ack, []);
    private static readonly byte[] Resend = SsiPacket.OfHost(SsiPacket.Nak, SsiPacket.CauseResend);

    private readonly byte[] _last = new byte[SsiPacket.BytesMax];
    private readonly byte[] _parts = new byte[ScanText.BytesMax];
    private int _lastLength;
    private int _partsLength;
    private byte _partsType;
    private RawFrame _partsRaw;
    private bool _tooLong;
    private bool _damaged;
    private bool _askResend;
    private int _resendsAsked;

    /// <summary>Inside a packet 200 ms of silence end it (the manuals' character time-out); between the packets of one message a scanner waits for its acknowledgement.</summary>
    public override TimeSpan IdleGap => HoldsParts ? TimeSpan.FromSeconds(2) : TimeSpan.FromMilliseconds(200);

    protected override bool HoldsParts => _partsLength > 0 || _tooLong;

    protected override void ForgetFrame(bool damaged)
    {
        _damaged |= damaged;
        ForgetParts();
    }

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] < SsiPacket.HeaderLength - 1) return Noise();
        if (head.Length > 1 && !IsOfScanner(head[1])) return Noise();
        if (head.Length > 2 && head[2] != SsiPacket.FromScanner) return Noise();
        // Only the twin's packets have no status byte, and it sends data in each.
        if (head[0] == SsiPacket.HeaderLength - 1 && head.Length > 1 && head[1] != SsiPacket.TwinDecodeData) return Noise();
        var length = head[0] + SsiPacket.CheckLength;
        // What silence cuts off may hide a whole packet behind a byte that only looked like a length.
        if (head.Length < length) return idle ? CutAt.Skip(1, RejectReason.Length, "cut off by silence") : CutAt.More;
        if (SsiPacket.HasRightCheck(head[..length])) return CutAt.Frame(length);
        // The length itself may be the damaged byte: the next packet is looked for from the next byte on.
        _damaged = _askResend = true;
        return CutAt.Skip(1, RejectReason.Checksum, "the check does not match");
    }

    private CutAt Noise()
    {
        _damaged = true;
        return CutAt.Skip(1, RejectReason.Format, "no packet starts here");
    }

    /// <summary>Opcodes a scanner sends: decode data, event, answers (capabilities, parameters, revision, ACK, NAK), batch and image data.</summary>
    private static bool IsOfScanner(byte opcode) => opcode is SsiPacket.DecodeData or SsiPacket.TwinDecodeData or SsiPacket.Event or SsiPacket.Ack or SsiPacket.Nak or SsiPacket.Revision
        or 0xB1 or 0xB4 or 0xC6 or 0xD4 or 0xD6;

    protected override void Read(ReadOnlySpan<byte> packet, IReadingSink sink)
    {
        _askResend = false;
        _resendsAsked = 0;
        var opcode = packet[1];
        if (opcode == SsiPacket.TwinDecodeData)
        {
            ScanText.GiveUnidentified(packet, packet[3..^SsiPacket.CheckLength], encoding, sink);
            return;
        }
        var data = packet[SsiPacket.HeaderLength..^SsiPacket.CheckLength];
        switch (opcode)
        {
            case SsiPacket.Ack: ScanText.GiveAnswer(packet, "", ScannerAnswer.Done, sink); return;
            case SsiPacket.Nak: ReadNak(packet, data, sink); return;
            case SsiPacket.Revision: ScanText.GiveAnswer(packet, Encoding.Latin1.GetString(data), ScannerAnswer.Done, sink); return;
            case SsiPacket.DecodeData: Take(packet, data, sink); break;
            default: ScanText.GiveAnswer(packet, $"{NameOf(opcode)} {Convert.ToHexString(data)}", ScannerAnswer.Done, sink); break;
        }
        if (acknowledge && opcode is SsiPacket.DecodeData or SsiPacket.Event) sink.OnReply(Ack);
    }

    /// <summary>What a scanner says besides scans and answers asked for; said as it came, because it is no garbage.</summary>
    private static string NameOf(byte opcode) => opcode switch
    {
        SsiPacket.Event => "EVENT",
        0xC6 => "PARAM_SEND",
        0xD4 => "CAPABILITIES_REPLY",
        0xD6 => "BATCH_DATA",
        0xB1 => "IMAGE_DATA",
        _ => "VIDEO_DATA",
    };

    private static void ReadNak(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> data, IReadingSink sink)
    {
        var (text, answer) = data is [var cause, ..] ? cause switch
        {
            SsiPacket.CauseResend => ("RESEND", ScannerAnswer.Refused),
            SsiPacket.CauseBadContext => ("BAD_CONTEXT", ScannerAnswer.UnknownCommand),
            SsiPacket.CauseDenied => ("DENIED", ScannerAnswer.Refused),
            _ => ("", ScannerAnswer.Refused),
        } : ("", ScannerAnswer.Refused);
        ScanText.GiveAnswer(packet, text, answer, sink);
    }

    private void Take(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> data, IReadingSink sink)
    {
        var taken = (packet[3] & SsiPacket.Resent) != 0 && !_damaged && IsLast(packet);
        _damaged = false;
        Keep(packet);
        if (taken) return;
        if (data.IsEmpty)
        {
            Reject(packet, RejectReason.Length, "decode data without code type", sink);
            return;
        }
        var type = data[0];
        var text = data[1..];
        var continued = (packet[3] & SsiPacket.Continued) != 0;
        if (!HoldsParts && !continued)
        {
            Give(packet, type, text, sink);
            return;
        }
        AddPart(packet, type, text, sink);
        if (continued) return;
        if (!_tooLong) Give(_partsRaw.Span, type, _parts.AsSpan(0, _partsLength), sink);
        ForgetParts();
    }

    /// <summary>A message of several packets; its raw frame is that of the first.</summary>
    private void AddPart(ReadOnlySpan<byte> packet, byte type, ReadOnlySpan<byte> text, IReadingSink sink)
    {
        if (_tooLong) return;
        if (_partsLength > 0 && type != _partsType)
        {
            Reject(_partsRaw.Span, RejectReason.Format, "packets of one message with different code types", sink);
            ForgetParts();
        }
        if (_partsLength == 0) (_partsType, _partsRaw) = (type, new RawFrame(packet));
        if (_partsLength + text.Length > _parts.Length)
        {
            Reject(_partsRaw.Span, RejectReason.Length, "scan too long", sink);
            (_partsLength, _tooLong) = (0, true);
            return;
        }
        text.CopyTo(_parts.AsSpan(_partsLength));
        _partsLength += text.Length;
    }

    protected override void Drained(bool idle, IReadingSink sink)
    {
        if (_askResend && acknowledge && _resendsAsked < ResendsAskedMax)
        {
            _resendsAsked++;
            sink.OnReply(Resend);
        }
        _askResend = false;
        if (!idle) return;
        if (_partsLength > 0) Reject(_partsRaw.Span, RejectReason.Length, "the rest of a scan in several packets never came", sink);
        _damaged = true;
    }

    /// <summary>UPC-A is EAN-13 with a leading zero, which some scanners leave out.</summary>
    private void Give(ReadOnlySpan<byte> frame, byte type, ReadOnlySpan<byte> text, IReadingSink sink)
    {
        if (SsiCodeType.Find(type) is not { } known) ScanText.GiveUnidentified(frame, text, encoding, sink);
        else if (type == SsiCodeType.UpcA && text.Length == 12) ScanText.Give(frame, [(byte)'0', .. text], known.Symbology, known.AimId, encoding, sink);
        else ScanText.Give(frame, text, known.Symbology, known.AimId, encoding, sink);
    }

    /// <summary>Same message as the one taken last; the status differs and so does the check.</summary>
    private bool IsLast(ReadOnlySpan<byte> packet) =>
        _lastLength == packet.Length && packet[0] == _last[0] && packet[1] == _last[1]
        && packet[SsiPacket.HeaderLength..^SsiPacket.CheckLength].SequenceEqual(_last.AsSpan(SsiPacket.HeaderLength, packet.Length - SsiPacket.HeaderLength - SsiPacket.CheckLength));

    private void Keep(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(_last);
        _lastLength = packet.Length;
    }

    private void ForgetParts() => (_partsLength, _tooLong) = (0, false);
}
