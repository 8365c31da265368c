using FsCheck;
using FsCheck.Fluent;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>What the properties of scales and of scanners do to bytes: join, cut, flip, put noise before them.</summary>
internal static class ByteStreams
{
    /// <summary>One to eight frames.</summary>
    internal static Gen<byte[][]> Of(Gen<byte[]> frame) =>
        from count in Seeded.Ints(1, 8)
        from frames in Gen.ArrayOf(frame, count)
        select frames;

    internal static Gen<byte[]> Noise(int bytesMax) =>
        from count in Seeded.Ints(0, bytesMax)
        from bytes in Gen.ArrayOf(Gen.Choose(0, 255), count)
        select bytes.Select(b => (byte)b).ToArray();

    internal static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    internal static byte[] Flipped(byte[] frame, int bit)
    {
        var flipped = (byte[])frame.Clone();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    /// <summary>What a decoder says when the bytes come in pieces of these lengths, taken in turn.</summary>
    internal static List<string> InPieces(string protocol, byte[] bytes, int[] cuts)
    {
        var sink = new CollectingSink();
        var decoder = Wire.Decoder(protocol);
        for (int at = 0, cut = 0; at < bytes.Length; cut++)
        {
            var length = Math.Min(cuts[cut % cuts.Length], bytes.Length - at);
            decoder.Push(bytes.AsSpan(at, length), sink);
            at += length;
        }
        decoder.FlushIdle(sink);
        return sink.Lines;
    }
}
