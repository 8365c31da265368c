using System.Buffers.Binary;
using Google.Protobuf;
using KeyAccountLogistics.EdgeAgent.Journal;

namespace KeyAccountLogistics.EdgeAgent.Files;

/// <summary>
/// What came down from the backend, kept whole under its version: replaced atomically, and checked when read, so that a damaged copy counts as none
/// and is fetched again instead of being half believed.
/// </summary>
internal sealed class SnapshotFile<T>(IDurableFiles files, string path, MessageParser<T> parser)
    where T : class, IMessage<T>
{
    private const int BytesMax = 256 << 20;

    public void Write(T snapshot)
    {
        var bytes = new byte[4 + snapshot.CalculateSize()];
        snapshot.WriteTo(bytes.AsSpan(4));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes.AsSpan(4)));
        files.Replace(path, bytes);
    }

    /// <summary>The snapshot; null when there is none, with <paramref name="damaged"/> saying whether there was one.</summary>
    public T? Read(out bool damaged)
    {
        damaged = false;
        var bytes = files.Read(path, BytesMax);
        if (bytes is null) return null;
        damaged = bytes.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Of(bytes.AsSpan(4));
        return damaged ? null : parser.ParseFrom(bytes.AsSpan(4));
    }
}
