using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Wire;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>The encodings of the wire by themselves.</summary>
public sealed class EncodingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain ~ text", "plain ~ text")]
    [InlineData("100%", "100%25")]
    [InlineData("a\nb\tc", "a%0Ab%09c")]
    [InlineData("\u007f", "%7F")]
    [InlineData("你", "%E4%BD%A0")]
    [InlineData("🚚", "%F0%9F%9A%9A")]
    public void Status_texts_are_percent_encoded(string text, string encoded)
    {
        PercentEncoding.Encode(text).ShouldBe(encoded);
        PercentEncoding.Decode(encoded).ShouldBe(text);
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%GG", "%GG")]
    [InlineData("%E4%BD", "\uFFFD")]
    [InlineData("100%25%", "100%%")]
    public void What_is_no_escape_stays_as_it_is(string encoded, string text) => PercentEncoding.Decode(encoded).ShouldBe(text);

    [Fact]
    public void A_lone_surrogate_is_sent_as_the_replacement_character() => PercentEncoding.Encode("a\uD83D").ShouldBe("a%EF%BF%BD");

    [Fact]
    public void A_long_status_text_is_cut_between_characters()
    {
        PercentEncoding.Encode(new string('x', 10_000)).Length.ShouldBe(PercentEncoding.LengthMax);
        var cut = PercentEncoding.Encode(new string('你', 10_000));
        cut.Length.ShouldBeLessThanOrEqualTo(PercentEncoding.LengthMax);
        PercentEncoding.Decode(cut).ShouldAllBe(c => c == '你');
    }

    [Theory]
    [InlineData(0, "1n")]
    [InlineData(1, "1u")]
    [InlineData(10, "1u")]
    [InlineData(11, "2u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")]
    [InlineData(TimeSpan.TicksPerDay, "86400000m")]
    [InlineData(TimeSpan.TicksPerDay * 2, "172800S")]
    [InlineData(TimeSpan.TicksPerDay * 100_000, "2400000H")]
    public void Timeouts_are_written_in_the_finest_unit_that_fits_and_never_shortened(long ticks, string text)
    {
        TimeoutEncoding.Format(TimeSpan.FromTicks(ticks)).ShouldBe(text);
        TimeoutEncoding.TryParse(text, out var read).ShouldBeTrue();
        read.Ticks.ShouldBeGreaterThanOrEqualTo(ticks);
    }

    [Theory]
    [InlineData("99999999H")]
    public void A_timeout_longer_than_time_is_as_good_as_none(string text)
    {
        TimeoutEncoding.TryParse(text, out var timeout).ShouldBeTrue();
        timeout.ShouldBe(TimeSpan.FromHours(99_999_999));
    }

    [Fact]
    public void Bytes_of_every_length_survive_base64_without_padding()
    {
        for (var length = 0; length < 20; length++)
        {
            var bytes = Enumerable.Range(200, length).Select(b => (byte)b).ToArray();
            var value = MetadataEncoding.ToHeaderValue(new Metadata.Entry("x-bin", bytes));
            value.ShouldNotContain("=");
            MetadataEncoding.TryDecode(value, out var back).ShouldBeTrue();
            back.ShouldBe(bytes);
        }
    }

    [Theory]
    [InlineData("Content-Type", true)]
    [InlineData("grpc-timeout", true)]
    [InlineData(":authority", true)]
    [InlineData("grpc-status-details-bin", false)]
    [InlineData("authorization", false)]
    [InlineData("x-anything", false)]
    public void Headers_of_the_protocol_are_not_metadata(string name, bool reserved) => HeaderNames.IsReservedIncoming(name).ShouldBe(reserved);

    [Theory]
    [InlineData("grpc-status", true)]
    [InlineData("grpc-anything", true)]
    [InlineData("te", true)]
    [InlineData("grpc-status-details-bin", false)]
    [InlineData("user-agent", false)]
    public void The_application_cannot_set_headers_of_the_protocol(string name, bool reserved) => HeaderNames.IsReservedOutgoing(name).ShouldBe(reserved);

    [Fact]
    public void Metadata_is_checked_when_it_is_made()
    {
        Should.Throw<ArgumentException>(() => new Metadata.Entry("with space", "v"));
        Should.Throw<ArgumentException>(() => new Metadata.Entry("", "v"));
        Should.Throw<ArgumentException>(() => new Metadata.Entry("x-bin", "text"));
        Should.Throw<ArgumentException>(() => new Metadata.Entry("x", [1]));
        new Metadata.Entry("X-Upper", "v").Key.ShouldBe("x-upper");
        Should.Throw<InvalidOperationException>(() => Metadata.Empty.Add("x", "v"));
        var several = new Metadata { { "a", "1" }, { "A", "2" } };
        several.GetValue("a").ShouldBe("2");
        several.GetAll("a").Count().ShouldBe(2);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_the_sizes_flags_and_speed_of_the_transport_the_messages_come_out_whole_and_in_order(int seed)
    {
        const int count = 3000;
        var random = new Random(seed);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 10_000, resumeWriterThreshold: 5_000));
        var writer = new FrameWriter(new PipeSink(pipe.Writer, seed), lengthMax: null);
        var read = ReadAsync();
        for (var i = 0; i < count; i++)
        {
            var message = new ProbeRequest { Count = i, Payload = ByteString.CopyFrom(new byte[random.Next(20) == 0 ? random.Next(100_000) : random.Next(300)]) };
            var flags = random.Next(3) == 0 ? WriteFlags.BufferHint : WriteFlags.None;
            await writer.WriteAsync(message, (m, context) =>
            {
                context.SetPayloadLength(m.CalculateSize());
                m.WriteTo(context.GetBufferWriter());
                context.Complete();
            }, flags);
        }

        writer.CompleteStream();
        (await read).ShouldBe(Enumerable.Range(0, count));

        async Task<List<int>> ReadAsync()
        {
            var reader = new FrameReader(pipe.Reader, lengthMax: null);
            var numbers = new List<int>();
            while (true)
            {
                var received = await reader.ReadAsync(context => ProbeRequest.Parser.ParseFrom(context.PayloadAsReadOnlySequence()), default);
                if (!received.TryGet(out var message)) return numbers;
                numbers.Add(message.Count);
            }
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_writer_ahead_of_its_transport_waits_and_holds_a_bounded_amount()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new GatedSink(gate.Task);
        var writer = new FrameWriter(sink, lengthMax: null);
        var accepted = 0;
        Task waiting;
        do
        {
            waiting = writer.WriteAsync(new byte[1000], (bytes, context) => context.Complete(bytes), WriteFlags.None);
            accepted++;
        }
        while (waiting.IsCompleted);
        (accepted * 1005).ShouldBeLessThanOrEqualTo(2 * FrameWriter.HighWater + 2010);
        gate.SetResult();
        await waiting;
        await writer.FlushAsync();
        sink.Bytes.ShouldBe(accepted * 1005);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_message_that_fails_to_serialize_leaves_the_stream_whole()
    {
        var pipe = new Pipe();
        var writer = new FrameWriter(new PipeSink(pipe.Writer, 0), lengthMax: 100);
        await writer.WriteAsync(new byte[10], (bytes, context) => context.Complete(bytes), WriteFlags.None);
        await Should.ThrowAsync<RpcException>(async () => await writer.WriteAsync(new byte[101], (bytes, context) => context.Complete(bytes), WriteFlags.None));
        await Should.ThrowAsync<FormatException>(async () => await writer.WriteAsync(0, (_, context) =>
        {
            context.GetBufferWriter().Write<byte>([1, 2, 3]);
            throw new FormatException();
        }, WriteFlags.None));
        await Should.ThrowAsync<InvalidOperationException>(async () => await writer.WriteAsync(0, (_, _) => { }, WriteFlags.None));
        await writer.WriteAsync(new byte[20], (bytes, context) => context.Complete(bytes), WriteFlags.None);
        writer.CompleteStream();
        await Should.ThrowAsync<InvalidOperationException>(async () => await writer.WriteAsync(new byte[1], (bytes, context) => context.Complete(bytes), WriteFlags.None));

        var reader = new FrameReader(pipe.Reader, lengthMax: 100);
        (await reader.ReadAsync(c => c.PayloadAsNewBuffer().Length, default)).ShouldBe(new Received<int>(10));
        (await reader.ReadAsync(c => c.PayloadAsNewBuffer().Length, default)).ShouldBe(new Received<int>(20));
        (await reader.ReadAsync(c => c.PayloadAsNewBuffer().Length, default)).HasMessage.ShouldBeFalse();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_broken_transport_is_told_to_the_next_writer()
    {
        var writer = new FrameWriter(new GatedSink(Task.FromException(new IOException("gone"))), lengthMax: null);
        await writer.WriteAsync(new byte[10], (bytes, context) => context.Complete(bytes), WriteFlags.None);
        await writer.IdleAsync();
        (await Should.ThrowAsync<TransportBrokenException>(async () => await writer.WriteAsync(new byte[10], (bytes, context) => context.Complete(bytes), WriteFlags.None))).Message.ShouldContain("gone");
        await writer.FlushAsync();
    }

    private sealed class PipeSink(PipeWriter pipe, int seed) : IFrameSink
    {
        private readonly Random _random = new(seed);

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
        {
            // Any split of the bytes is the same stream.
            while (frames.Length > 0)
            {
                var part = Math.Min(frames.Length, 1 + _random.Next(frames.Length < 50 ? 50 : 5000));
                await pipe.WriteAsync(frames[..part]);
                frames = frames[part..];
                if (_random.Next(4) == 0) await Task.Yield();
            }
        }

        public void Complete() => pipe.Complete();
    }

    private sealed class GatedSink(Task gate) : IFrameSink
    {
        internal int Bytes { get; private set; }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
        {
            await gate;
            Bytes += frames.Length;
        }

        public void Complete()
        {
        }
    }
}
