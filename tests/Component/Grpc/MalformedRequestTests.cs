using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Grpc.Core;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>What our server says to requests that no proper client sends: the right status, at once.</summary>
public sealed class MalformedRequestTests
{
    private const int Limit = 30_000;
    private static readonly byte[] Hello = RawGrpc.Frame(new ProbeRequest { Text = "hello" });

    public static TheoryData<string, byte[], StatusCode, string> BadFrames => new()
    {
        { "no message", [], StatusCode.Internal, "Incomplete message" },
        { "half a prefix", [0, 0, 0], StatusCode.Internal, "in the middle of a message" },
        { "half a message", RawGrpc.Frame([1, 2, 3], length: 10), StatusCode.Internal, "in the middle of a message" },
        { "two messages", [.. Hello, .. Hello], StatusCode.Internal, "Additional data" },
        { "garbage after the message", [.. Hello, 0, 0], StatusCode.Internal, "in the middle of a message" },
        { "flag 2", RawGrpc.Frame([], flag: 2), StatusCode.Internal, "compression flag 2" },
        { "flag 255", RawGrpc.Frame([], flag: 255), StatusCode.Internal, "compression flag 255" },
        { "trailers frame in a request", RawGrpc.Frame([], flag: 0x80), StatusCode.Internal, "compression flag 128" },
        { "compressed without an encoding", RawGrpc.Frame([1], flag: 1), StatusCode.Internal, "no grpc-encoding" },
        { "no protobuf", RawGrpc.Frame([0xFF, 0xFF, 0xFF]), StatusCode.Internal, "does not parse" },
        { "4 GiB announced", RawGrpc.Frame([1], length: uint.MaxValue), StatusCode.ResourceExhausted, "4294967295 bytes" },
        { "2 GiB announced", RawGrpc.Frame([1], length: 0x80000000), StatusCode.ResourceExhausted, "2147483648 bytes" },
        { "a byte over the limit announced", RawGrpc.Frame([1], length: (4 * 1024 * 1024) + 1), StatusCode.ResourceExhausted, "4194305 bytes" },
    };

    [Theory(Timeout = Limit)]
    [MemberData(nameof(BadFrames))]
    public async Task A_bad_frame_gets_its_status(string what, byte[] body, StatusCode status, string message)
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var answer = await raw.PostAsync(RawGrpc.Say, body);
        answer.Http.ShouldBe(HttpStatusCode.OK, what);
        answer.Status.ShouldBe(status, what);
        answer.Message.ShouldNotBeNull().ShouldContain(message);
        (await raw.PostAsync(RawGrpc.Say, Hello)).Status.ShouldBe(StatusCode.OK, "the connection lives on");
    }

    [Fact(Timeout = Limit)]
    public async Task A_huge_length_is_refused_while_the_request_is_still_open()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var content = new HandContent();
        var began = Stopwatch.GetTimestamp();
        var answer = raw.PostAsync(RawGrpc.Say, content);
        await content.WriteAsync(0, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3);
        (await answer).Status.ShouldBe(StatusCode.ResourceExhausted);
        Stopwatch.GetElapsedTime(began).TotalSeconds.ShouldBeLessThan(5);
        content.End();
    }

    [Theory(Timeout = Limit)]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/grpc+json")]
    [InlineData("application/grpcish")]
    [InlineData("application/grpc-web-text")]
    [InlineData("application/grpc-web-text+proto")]
    [InlineData("application/grpc-web+json")]
    [InlineData(null)]
    public async Task Another_content_type_is_415(string? contentType)
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var answer = await raw.PostAsync(RawGrpc.Say, Hello, contentType);
        answer.Http.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        answer.Status.ShouldBe(StatusCode.Internal);
    }

    [Theory(Timeout = Limit)]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    [InlineData("Application/GRPC; charset=utf-8")]
    public async Task The_right_content_types_are_taken(string contentType)
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        (await raw.PostAsync(RawGrpc.Say, Hello, contentType)).Status.ShouldBe(StatusCode.OK);
    }

    [Fact(Timeout = Limit)]
    public async Task Plain_gRPC_over_HTTP_1_is_426_and_a_GET_is_405()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Web, HttpVersion.Version11);
        (await raw.PostAsync(RawGrpc.Say, Hello)).Http.ShouldBe(HttpStatusCode.UpgradeRequired);
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(host.Web, RawGrpc.Say))).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory(Timeout = Limit)]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("5X")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData("1.5S")]
    [InlineData("1 S")]
    [InlineData("123456789S")]
    [InlineData("soon")]
    public async Task A_garbage_timeout_is_INTERNAL_and_not_no_deadline(string timeout)
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var answer = await raw.PostAsync(RawGrpc.Say, Hello, headers: ("grpc-timeout", timeout));
        answer.Status.ShouldBe(StatusCode.Internal);
        answer.Message.ShouldNotBeNull().ShouldContain("grpc-timeout");
    }

    [Theory(Timeout = Limit)]
    [InlineData("99999999H", StatusCode.OK)]
    [InlineData("1M", StatusCode.OK)]
    [InlineData("20S", StatusCode.OK)]
    [InlineData("20000m", StatusCode.OK)]
    [InlineData("20000000u", StatusCode.OK)]
    [InlineData("0n", StatusCode.DeadlineExceeded)]
    [InlineData("50000u", StatusCode.DeadlineExceeded)]
    [InlineData("50000000n", StatusCode.DeadlineExceeded)]
    public async Task Every_unit_of_timeout_is_understood(string timeout, StatusCode status)
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var request = status == StatusCode.OK ? Hello : RawGrpc.Frame(new ProbeRequest { Act = "wait" });
        (await raw.PostAsync(RawGrpc.Say, request, headers: ("grpc-timeout", timeout))).Status.ShouldBe(status);
    }

    [Fact(Timeout = Limit)]
    public async Task The_server_keeps_the_deadline_of_a_handler_that_ignores_its_token()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var began = Stopwatch.GetTimestamp();
        var answer = await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame(new ProbeRequest { Act = "ignore-token" }), headers: ("grpc-timeout", "200m"));
        answer.Status.ShouldBe(StatusCode.DeadlineExceeded);
        answer.Body.ShouldBeEmpty();
        Stopwatch.GetElapsedTime(began).TotalSeconds.ShouldBeInRange(0.15, 5);
        host.Journal.Lines.ShouldNotContain(line => line == "Say went on");
        host.Journal.Note("release");
        await host.Journal.WaitForAsync("Say went on");
        (await raw.PostAsync(RawGrpc.Say, Hello)).Status.ShouldBe(StatusCode.OK);
    }

    [Fact(Timeout = Limit)]
    public async Task The_deadline_also_ends_a_stream_whose_client_is_still_sending()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var content = new HandContent();
        var answer = raw.PostAsync(RawGrpc.Chat, content, headers: ("grpc-timeout", "300m"));
        await content.WriteAsync(Hello);
        var ended = await answer;
        ended.Frames().Count.ShouldBe(1);
        ended.Status.ShouldBe(StatusCode.DeadlineExceeded);
        content.End();
    }

    [Fact(Timeout = Limit)]
    public async Task A_client_that_is_still_sending_at_the_deadline_is_told_to_stop_although_the_handler_goes_on()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var content = new HandContent();
        var answer = raw.PostAsync(RawGrpc.Chat, content, headers: ("grpc-timeout", "300m"));
        await content.WriteAsync(RawGrpc.Frame(new ProbeRequest { Act = "ignore-token" }));
        (await answer).Status.ShouldBe(StatusCode.DeadlineExceeded);
        var refused = Should.ThrowAsync<Exception>(async () =>
        {
            while (true) await content.WriteAsync(0);
        });
        await refused.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
        host.Journal.Note("release");
    }

    [Theory(Timeout = Limit)]
    [InlineData("%%%")]
    [InlineData("A")]
    [InlineData("AAAA====")]
    [InlineData("AA=A")]
    [InlineData("AAAA,!")]
    public async Task Binary_metadata_that_is_not_base64_is_INTERNAL(string value)
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var answer = await raw.PostAsync(RawGrpc.Say, Hello, headers: ("x-raw-bin", value));
        answer.Status.ShouldBe(StatusCode.Internal);
        answer.Message.ShouldNotBeNull().ShouldContain("x-raw-bin");
    }

    [Theory(Timeout = Limit)]
    [InlineData("AAEC", "000102")]
    [InlineData("AAE", "0001")]
    [InlineData("AAE=", "0001")]
    [InlineData("AA", "00")]
    [InlineData("AA==", "00")]
    [InlineData("AA==,AAE, AAEC", "00|0001|000102")]
    [InlineData("", "")]
    public async Task Binary_metadata_is_read_with_and_without_padding_and_comma_joined(string value, string seen)
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var answer = await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame(new ProbeRequest { Act = "headers" }), headers: ("x-raw-bin", value));
        answer.Status.ShouldBe(StatusCode.OK);
        ProbeReply.Parser.ParseFrom(answer.Frames().Single().Payload).Seen["x-raw-bin"].ShouldBe(seen);
    }

    [Fact(Timeout = Limit)]
    public async Task An_encoding_that_is_not_offered_is_UNIMPLEMENTED_and_says_what_is()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var answer = await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame([1, 2], flag: 1), headers: ("grpc-encoding", "zstd"));
        answer.Status.ShouldBe(StatusCode.Unimplemented);
        answer.Headers["grpc-accept-encoding"].ShouldBe("identity,gzip");
        (await raw.PostAsync(RawGrpc.Say, Hello, headers: ("grpc-encoding", "zstd"))).Status.ShouldBe(StatusCode.OK, "a message that is not compressed needs no encoding");
    }

    [Fact(Timeout = Limit)]
    public async Task What_does_not_decompress_is_INTERNAL_and_what_becomes_too_large_RESOURCE_EXHAUSTED()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        (await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame([1, 2, 3], flag: 1), headers: ("grpc-encoding", "gzip"))).Status.ShouldBe(StatusCode.Internal);
        var bomb = RawGrpc.Frame(Gzip(new byte[100_000_000]), flag: 1);
        bomb.Length.ShouldBeLessThan(200_000);
        var before = GC.GetTotalAllocatedBytes();
        (await raw.PostAsync(RawGrpc.Say, bomb, headers: ("grpc-encoding", "gzip"))).Status.ShouldBe(StatusCode.ResourceExhausted);
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(40_000_000);
        (await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame(Gzip(new ProbeRequest { Text = "small" }.ToByteArray()), flag: 1), headers: ("grpc-encoding", "gzip"))).Status.ShouldBe(StatusCode.OK);
    }

    [Fact(Timeout = Limit)]
    public async Task Responses_are_compressed_for_those_who_accept_it_only()
    {
        await using var host = await ProbeHost.StartAsync(o => o.ResponseCompressionAlgorithm = "gzip");
        using var raw = new RawGrpc(host.Grpc);
        var request = RawGrpc.Frame(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[10_000]) });
        var plain = await raw.PostAsync(RawGrpc.Say, request);
        plain.Frames().Single().Flag.ShouldBe((byte)0);
        var packed = await raw.PostAsync(RawGrpc.Say, request, headers: ("grpc-accept-encoding", "identity, deflate, gzip"));
        packed.Headers["grpc-encoding"].ShouldBe("gzip");
        packed.Frames().Single().Flag.ShouldBe((byte)1);
        packed.Body.Length.ShouldBeLessThan(500);
    }

    [Fact(Timeout = Limit)]
    public async Task A_request_that_comes_byte_by_byte_is_the_same_request()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var content = new HandContent();
        var answer = raw.PostAsync(RawGrpc.Chat, content);
        foreach (var b in (byte[])[.. Hello, .. RawGrpc.Frame([]), .. Hello]) await content.WriteAsync(b);
        content.End();
        var frames = (await answer).Frames();
        frames.Select(f => ProbeReply.Parser.ParseFrom(f.Payload).Text).ShouldBe(["hello", "", "hello"]);
        (await answer).Status.ShouldBe(StatusCode.OK);
    }

    [Fact(Timeout = Limit)]
    public async Task A_stream_gets_the_answers_to_what_came_before_the_bad_frame()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = new RawGrpc(host.Grpc);
        var answer = await raw.PostAsync(RawGrpc.Chat, [.. Hello, .. Hello, 7, 0, 0, 0, 0]);
        answer.Frames().Count.ShouldBe(2);
        answer.Status.ShouldBe(StatusCode.Internal);
    }

    [Fact(Timeout = Limit)]
    public async Task A_client_that_vanishes_cancels_its_handler_and_nothing_is_logged_as_an_error()
    {
        await using var host = await ProbeHost.StartAsync();
        using (var raw = new RawGrpc(host.Grpc))
        {
            var content = new HandContent();
            var response = await OpenAsync(raw, content);
            await content.WriteAsync(RawGrpc.Frame(new ProbeRequest { Act = "wait" }));
            await host.Journal.WaitForAsync("Chat began");
            response.Dispose();
        }

        await host.Journal.WaitForAsync("Chat cancelled");

        static async Task<HttpResponseMessage> OpenAsync(RawGrpc raw, HandContent content)
        {
            var sending = raw.SendAsync(RawGrpc.Chat, content);
            await content.WriteAsync(Hello);
            return await sending;
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Bytes_that_are_no_HTTP_close_the_connection_and_harm_nobody()
    {
        await using var host = await ProbeHost.StartAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.Grpc.Host, host.Grpc.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nand then nonsense that is no frame at all......"));
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
        {
            // Until the server hangs up.
        }

        using var raw = new RawGrpc(host.Grpc);
        (await raw.PostAsync(RawGrpc.Say, Hello)).Status.ShouldBe(StatusCode.OK);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal)) stream.Write(bytes);
        return packed.ToArray();
    }
}
