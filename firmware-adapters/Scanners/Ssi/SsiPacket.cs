using System.Buffers.Binary;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Ssi;

/// <summary>
/// The packet of Zebra's Simple Serial Interface: length (all but the check), opcode, source, status, data, and the two's complement of the sum of all that in two bytes, high first.
/// </summary>
internal static class SsiPacket
{
    internal const int HeaderLength = 4;
    internal const int CheckLength = 2;
    internal const int BytesMax = 255 + CheckLength;

    /// <summary>The bytes of the longest message: its text in packets of at least half their size.</summary>
    internal const int MessageBytesMax = ScanText.BytesMax + (ScanText.BytesMax / 125 * (HeaderLength + 1 + CheckLength));

    internal const byte FromScanner = 0;
    internal const byte FromHost = 4;

    /// <summary>Status bit 0: sent before.</summary>
    internal const byte Resent = 0x01;

    /// <summary>Status bit 1: more packets of this message follow.</summary>
    internal const byte Continued = 0x02;

    internal const byte DecodeData = 0xF3;
    internal const byte Event = 0xF6;
    internal const byte Ack = 0xD0;
    internal const byte Nak = 0xD1;
    internal const byte Revision = 0xA4;
    internal const byte RequestRevision = 0xA3;
    internal const byte StartSession = 0xE4;
    internal const byte StopSession = 0xE5;

    /// <summary>Decode data of a twin protocol (unitech, Mindeo), without status and code type.</summary>
    internal const byte TwinDecodeData = 0x50;

    /// <summary>Cause of a NAK: the check does not match, send again.</summary>
    internal const byte CauseResend = 1;

    /// <summary>Cause of a NAK: unexpected or unknown.</summary>
    internal const byte CauseBadContext = 2;

    /// <summary>Cause of a NAK: refused.</summary>
    internal const byte CauseDenied = 6;

    /// <summary>A packet of the host.</summary>
    internal static byte[] OfHost(byte opcode, params ReadOnlySpan<byte> data) => Write(opcode, FromHost, 0, data);

    /// <summary>A packet; at most 251 bytes of data.</summary>
    internal static byte[] Write(byte opcode, byte source, byte status, ReadOnlySpan<byte> data)
    {
        byte[] packet = [checked((byte)(HeaderLength + data.Length)), opcode, source, status, .. data, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(packet.Length - CheckLength), Check(packet.AsSpan(0, packet.Length - CheckLength)));
        return packet;
    }

    /// <summary>The check of everything before it.</summary>
    internal static ushort Check(ReadOnlySpan<byte> message)
    {
        var sum = 0;
        foreach (var b in message) sum += b;
        return unchecked((ushort)-sum);
    }

    internal static bool HasRightCheck(ReadOnlySpan<byte> packet) =>
        Check(packet[..^CheckLength]) == BinaryPrimitives.ReadUInt16BigEndian(packet[^CheckLength..]);
}
