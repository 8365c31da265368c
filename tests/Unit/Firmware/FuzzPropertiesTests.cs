using System.Diagnostics;
using System.Globalization;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.TestKit;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>
/// Random and mutated bytes through the decoder of every protocol: 10^7 in the suite, 10^9 in <c>tests/soak.sh fuzz</c>. No exception, nothing held for ever, and no
/// reading whose bytes did not stand in the stream. The frames that are mutated are the protocol's vectors.
/// </summary>
public sealed class FuzzPropertiesTests(ITestOutputHelper output)
{
    private const int BlockBytes = 4096;
    private const int DecoderBlocks = 64;

    /// <summary>A keyboard's scan is made of its key events; others may stand between them.</summary>
    private const int EventBytes = 24;

    [Fact]
    public void No_decoder_stumbles_over_random_and_mutated_bytes_or_reads_what_was_not_sent()
    {
        var seed = RunSettings.SeedOr(20_261_012);
        var chance = RunSettings.RandomOf(seed);
        var corpora = ProtocolVectorsTests.Vectors().GroupBy(row => (string)row[0], StringComparer.Ordinal)
            .Select(rows => new Corpus(rows.Key, [.. rows.Select(row => Wire.Bytes((string)row[2]))], [.. rows.Select(row => (string)row[1]).Distinct(StringComparer.Ordinal)])).ToList();
        corpora.Select(corpus => corpus.Protocol).Order(StringComparer.Ordinal).ShouldBe(ProtocolList.All.Select(protocol => protocol.Id).Order(StringComparer.Ordinal));
        var clock = Stopwatch.StartNew();
        var sink = new StreamSink();
        long bytes = 0;
        while (bytes < RunSettings.FuzzBytes)
        {
            foreach (var corpus in corpora) bytes += Feed(corpus, chance, sink, seed);
        }
        sink.Readings.ShouldBeGreaterThan(bytes / 1_000);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {bytes} bytes through {corpora.Count} protocols in {clock.Elapsed.TotalSeconds:F1} s, {sink.Readings} readings, {sink.Rejected} rejections"));
    }

    private static long Feed(Corpus corpus, Random chance, StreamSink sink, ulong seed)
    {
        var decoder = Wire.Decoder(corpus.Protocol, corpus.Options[chance.Next(corpus.Options.Length)]);
        var block = new byte[BlockBytes];
        try
        {
            sink.Begin(decoder.FrameBytesMax, corpus.Protocol is "scanner-wedge" ? EventBytes : 0);
            for (var i = 0; i < DecoderBlocks; i++)
            {
                Fill(block, corpus, chance);
                Push(decoder, block, chance, sink);
            }
            decoder.FlushIdle(sink);
            decoder.Pending.ShouldBeFalse();
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"{corpus.Protocol}, replay with KAL_SEED={seed}: {broken.Message}", broken);
        }
        return BlockBytes * DecoderBlocks;
    }

    /// <summary>In pieces of any size; now and then a silence, a damaged byte, a lost line.</summary>
    private static void Push(IDecoder decoder, ReadOnlySpan<byte> block, Random chance, StreamSink sink)
    {
        while (!block.IsEmpty)
        {
            var piece = block[..Math.Min(block.Length, chance.Next(1, 200))];
            block = block[piece.Length..];
            sink.Expect(piece);
            decoder.Push(piece, sink);
            switch (chance.Next(16))
            {
                case 0: decoder.FlushIdle(sink); break;
                case 1 when chance.Next(8) == 0: decoder.Break(RejectReason.Parity, sink); break;
                case 2 when chance.Next(8) == 0: decoder.Reset(); break;
                default: break;
            }
        }
    }

    private static void Fill(Span<byte> block, Corpus corpus, Random chance)
    {
        while (!block.IsEmpty)
        {
            var frame = corpus.Frames[chance.Next(corpus.Frames.Length)].AsSpan();
            var room = block[..Math.Min(block.Length, frame.Length)];
            frame[..room.Length].CopyTo(room);
            switch (chance.Next(8))
            {
                case 0: chance.NextBytes(room); break;
                case 1: room[chance.Next(room.Length)] ^= (byte)(1 << chance.Next(8)); break;
                case 2: room[chance.Next(room.Length)] = (byte)chance.Next(256); break;
                case 3: room = room[..chance.Next(1, room.Length + 1)]; break;   // cut off
                case 4: frame[^Math.Min(room.Length, chance.Next(1, frame.Length + 1))..].CopyTo(room); break;   // its tail over its head
                case 5: Soup(room, corpus, chance); break;
                default: break;
            }
            block = block[room.Length..];
        }
    }

    /// <summary>The protocol's own characters in any order.</summary>
    private static void Soup(Span<byte> room, Corpus corpus, Random chance)
    {
        foreach (ref var b in room)
        {
            var frame = corpus.Frames[chance.Next(corpus.Frames.Length)];
            b = frame[chance.Next(frame.Length)];
        }
    }

    private sealed record Corpus(string Protocol, byte[][] Frames, string[] Options);

    /// <summary>Looks for each reading's bytes in what was pushed lately, in order, and whether what it says of itself agrees.</summary>
    private sealed class StreamSink : IReadingSink
    {
        private const int KeptBytes = 1 << 16;
        private readonly byte[] _kept = new byte[2 * KeptBytes];
        private int _count;
        private int _frameBytesMax;
        private int _partBytes;

        internal long Readings { get; private set; }

        internal long Rejected { get; private set; }

        /// <summary>With <paramref name="partBytes"/> a reading is made of parts of that size, which need not adjoin.</summary>
        internal void Begin(int frameBytesMax, int partBytes) => (_count, _frameBytesMax, _partBytes) = (0, frameBytesMax, partBytes);

        internal void Expect(ReadOnlySpan<byte> piece)
        {
            if (_count + piece.Length > _kept.Length)
            {
                _kept.AsSpan(_count - KeptBytes, KeptBytes).CopyTo(_kept);
                _count = KeptBytes;
            }
            piece.CopyTo(_kept.AsSpan(_count));
            _count += piece.Length;
        }

        public void OnWeight(in WeightReading reading)
        {
            Readings++;
            Stands(reading.Raw);
            var carries = reading.Condition is Condition.Ok or Condition.Zero or Condition.Negative;
            if (carries != reading.Mass is not null) throw new InvalidOperationException($"{reading.Condition} with mass {reading.Mass}");
            if (reading.Mass is { } mass && reading.Condition == Condition.Ok && mass.Milligrams < 0) throw new InvalidOperationException("a weight above zero is below it");
            if (reading.Mass is { } below && reading.Condition == Condition.Negative && below.Milligrams > 0) throw new InvalidOperationException("a weight below zero is above it");
        }

        public void OnScan(ScanReading reading)
        {
            Readings++;
            Stands(reading.Raw);
        }

        public void OnRejected(in RejectedFrame rejected)
        {
            Rejected++;
            Stands(rejected.Raw);
        }

        public void OnReply(ReadOnlySpan<byte> bytes)
        {
        }

        private void Stands(in RawFrame raw)
        {
            var bytes = raw.Span;
            while (!bytes.IsEmpty)
            {
                var part = _partBytes == 0 ? bytes : bytes[..Math.Min(bytes.Length, _partBytes)];
                if (!Stands(part)) throw new InvalidOperationException($"{raw} did not stand in the stream");
                bytes = bytes[part.Length..];
            }
        }

        /// <summary>The last frame's bytes stand near the end of what was pushed, so the search begins there.</summary>
        private bool Stands(ReadOnlySpan<byte> part)
        {
            var near = Math.Min(_count, 512 + (2 * _frameBytesMax));
            return _kept.AsSpan(_count - near, near).LastIndexOf(part) >= 0 || _kept.AsSpan(0, _count).LastIndexOf(part) >= 0;
        }
    }
}
