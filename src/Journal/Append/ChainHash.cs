using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>Everything of an event that its hash vouches for, besides body and predecessor. What is local to one database (position, row ids) is left out.</summary>
internal readonly record struct ChainHeader(
    string Source, long ChainIndex, Guid Boot, long Sequence, Guid EventId, EventKind Kind, long ReceivedUs, long EarliestUs, long BestUs, long LatestUs);

/// <summary>
/// hash_n = SHA-256(hash_{n-1} | header | clock evidence | body); hash_0 is 32 zero bytes. Integers big-endian, source name and evidence with a two-byte length before them.
/// The layout is for ever: journals are verified by it.
/// </summary>
internal static class ChainHash
{
    internal const int Length = 32;
    private const int FixedLength = Length + 2 + 8 + 16 + 8 + 16 + 2 + 8 + 8 + 8 + 8 + 2;

    internal static byte[] Start { get; } = new byte[Length];

    internal static void Compute(ReadOnlySpan<byte> previous, in ChainHeader header, ReadOnlySpan<byte> evidence, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        Invariant.Holds(previous.Length == Length && hash.Length == Length, "a hash has 32 bytes");
        var length = FixedLength + Encoding.UTF8.GetMaxByteCount(header.Source.Length) + evidence.Length + body.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var written = Write(buffer, previous, header, evidence, body);
        SHA256.HashData(buffer.AsSpan(0, written), hash);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static int Write(Span<byte> buffer, ReadOnlySpan<byte> previous, in ChainHeader header, ReadOnlySpan<byte> evidence, ReadOnlySpan<byte> body)
    {
        previous.CopyTo(buffer);
        var at = Length;
        var nameLength = Encoding.UTF8.GetBytes(header.Source, buffer[(at + 2)..]);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], checked((ushort)nameLength));
        at += 2 + nameLength;
        at = Number(buffer, at, header.ChainIndex);
        at = Id(buffer, at, header.Boot);
        at = Number(buffer, at, header.Sequence);
        at = Id(buffer, at, header.EventId);
        BinaryPrimitives.WriteInt16BigEndian(buffer[at..], checked((short)header.Kind));
        at += 2;
        at = Number(buffer, at, header.ReceivedUs);
        at = Number(buffer, at, header.EarliestUs);
        at = Number(buffer, at, header.BestUs);
        at = Number(buffer, at, header.LatestUs);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], checked((ushort)evidence.Length));
        at += 2;
        evidence.CopyTo(buffer[at..]);
        at += evidence.Length;
        body.CopyTo(buffer[at..]);
        return at + body.Length;
    }

    private static int Number(Span<byte> buffer, int at, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(buffer[at..], value);
        return at + 8;
    }

    private static int Id(Span<byte> buffer, int at, Guid id)
    {
        id.TryWriteBytes(buffer[at..], bigEndian: true, out _);
        return at + 16;
    }
}
