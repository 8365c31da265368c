using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>What our client makes of answers that no proper server gives.</summary>
public sealed class MalformedResponseTests
{
    private const int Limit = 30_000;
    private static readonly byte[] Reply = RawGrpc.Frame(new ProbeReply { Text = "reply" });

    public static TheoryData<string, byte[], string?, StatusCode, string> BadBodies => new()
    {
        { "flag 2", RawGrpc.Frame([], flag: 2), "0", StatusCode.Internal, "compression flag 2" },
        { "half a message", RawGrpc.Frame([1], length: 9), "0", StatusCode.Internal, "in the middle of a message" },
        { "4 GiB announced", RawGrpc.Frame([1], length: uint.MaxValue), "0", StatusCode.ResourceExhausted, "4294967295" },
        { "no protobuf", RawGrpc.Frame([0xFF, 0xFF]), "0", StatusCode.Internal, "does not parse" },
        { "compressed without an encoding", RawGrpc.Frame([1], flag: 1), "0", StatusCode.Internal, "no grpc-encoding" },
        { "two responses", [.. Reply, .. Reply], "0", StatusCode.Internal, "more than one response" },
        { "no status", Reply, null, StatusCode.Unknown, "without a grpc-status" },
        { "a status that is no number", Reply, "fine", StatusCode.Unknown, "'fine'" },
        { "a status that does not exist", Reply, "99", StatusCode.Unknown, "" },
        { "a response and an error", Reply, "9", StatusCode.FailedPrecondition, "" },
    };

    [Theory(Timeout = Limit)]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_gets_its_status(string what, byte[] body, string? status, StatusCode code, string message)
    {
        await using var liar = await Liar.StartAsync(async http =>
        {
            await http.Response.Body.WriteAsync(body);
            if (status is not null) http.Response.AppendTrailer("grpc-status", status);
        });
        var e = await liar.FailAsync();
        e.StatusCode.ShouldBe(code, what);
        e.Status.Detail.ShouldContain(message);
    }

    [Theory(Timeout = Limit)]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    public async Task An_HTTP_error_of_a_proxy_is_mapped(int http, StatusCode code)
    {
        await using var liar = await Liar.StartAsync(context =>
        {
            context.Response.StatusCode = http;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html>");
        });
        (await liar.FailAsync()).StatusCode.ShouldBe(code);
    }

    [Fact(Timeout = Limit)]
    public async Task A_page_instead_of_an_answer_is_UNKNOWN()
    {
        await using var liar = await Liar.StartAsync(http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<html>");
        });
        var e = await liar.FailAsync();
        e.StatusCode.ShouldBe(StatusCode.Unknown);
        e.Status.Detail.ShouldContain("text/html");
    }

    [Fact(Timeout = Limit)]
    public async Task OK_without_a_message_is_INTERNAL_for_a_single_response_and_an_end_for_a_stream()
    {
        await using var liar = await Liar.StartAsync(http =>
        {
            http.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        });
        (await liar.FailAsync()).StatusCode.ShouldBe(StatusCode.Internal);
        using var stream = liar.Client.Expand(new ProbeRequest());
        (await stream.ResponseStream.MoveNext(default)).ShouldBeFalse();
    }

    [Fact(Timeout = Limit)]
    public async Task A_bad_binary_trailer_does_not_hide_the_status()
    {
        await using var liar = await Liar.StartAsync(http =>
        {
            http.Response.Headers["grpc-status"] = "5";
            http.Response.Headers["grpc-message"] = "half %E4%BD%A0 an %ZZ escape %";
            http.Response.Headers["x-bad-bin"] = "!!";
            http.Response.Headers["x-good"] = "yes";
            return Task.CompletedTask;
        });
        var e = await liar.FailAsync();
        e.Status.ShouldBe(new global::Grpc.Core.Status(StatusCode.NotFound, "half 你 an %ZZ escape %"));
        e.Trailers.GetValue("x-good").ShouldBe("yes");
        e.Trailers.Get("x-bad-bin").ShouldBeNull();
    }

    [Fact(Timeout = Limit)]
    public async Task An_encoding_that_was_not_asked_for_is_INTERNAL()
    {
        await using var liar = await Liar.StartAsync(async http =>
        {
            http.Response.Headers["grpc-encoding"] = "zstd";
            await http.Response.Body.WriteAsync(RawGrpc.Frame([1, 2], flag: 1));
            http.Response.AppendTrailer("grpc-status", "0");
        });
        (await liar.FailAsync()).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [Fact(Timeout = Limit)]
    public async Task A_response_that_becomes_too_large_is_RESOURCE_EXHAUSTED()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(new byte[50_000_000]);
        await using var liar = await Liar.StartAsync(async http =>
        {
            http.Response.Headers["grpc-encoding"] = "gzip";
            await http.Response.Body.WriteAsync(RawGrpc.Frame(packed.ToArray(), flag: 1));
            http.Response.AppendTrailer("grpc-status", "0");
        });
        (await liar.FailAsync()).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Theory(Timeout = Limit)]
    [InlineData(2, StatusCode.Internal)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    public async Task A_reset_stream_is_mapped_by_its_code(int reset, StatusCode code)
    {
        await using var liar = await Liar.StartAsync(async http =>
        {
            await http.Response.Body.FlushAsync();
            http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(reset);
        });
        (await liar.FailAsync()).StatusCode.ShouldBe(code);
    }

    [Fact(Timeout = Limit)]
    public async Task Nobody_listening_is_UNAVAILABLE_for_every_kind_of_call()
    {
        int port;
        using (var taken = new TcpListener(IPAddress.Loopback, 0))
        {
            taken.Start();
            port = ((IPEndPoint)taken.LocalEndpoint).Port;
        }

        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var client = new Probe.ProbeClient(channel);
        (await Should.ThrowAsync<RpcException>(client.SayAsync(new ProbeRequest()).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
        using var expand = client.Expand(new ProbeRequest());
        (await Should.ThrowAsync<RpcException>(expand.ResponseStream.MoveNext(default))).StatusCode.ShouldBe(StatusCode.Unavailable);
        using var collect = client.Collect();
        (await Should.ThrowAsync<RpcException>(async () =>
        {
            while (true) await collect.RequestStream.WriteAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[1000]) });
        })).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await Should.ThrowAsync<RpcException>(collect.ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
        await collect.RequestStream.CompleteAsync();
        using var chat = client.Chat();
        (await Should.ThrowAsync<RpcException>(chat.ResponseHeadersAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Theory(Timeout = Limit)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listener_that_says_nothing_or_hangs_up_does_not_hold_the_caller(bool hangsUp)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var accepting = AcceptAsync();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var began = Stopwatch.GetTimestamp();
        var call = new Probe.ProbeClient(channel).SayAsync(new ProbeRequest(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(0.5));
        (await Should.ThrowAsync<RpcException>(call.ResponseAsync)).StatusCode.ShouldBe(hangsUp ? StatusCode.Unavailable : StatusCode.DeadlineExceeded);
        Stopwatch.GetElapsedTime(began).TotalSeconds.ShouldBeLessThan(5);
        await stop.CancelAsync();
        await accepting;

        async Task AcceptAsync()
        {
            var held = new List<Socket>();
            try
            {
                while (true)
                {
                    var socket = await listener.AcceptSocketAsync(stop.Token);
                    if (hangsUp) socket.Dispose();
                    else held.Add(socket);
                }
            }
            catch (OperationCanceledException)
            {
                held.ForEach(s => s.Dispose());
            }
        }
    }

    [Fact(Timeout = Limit)]
    public async Task A_server_that_speaks_HTTP_1_only_does_not_hold_the_caller()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Web);
        var e = await Should.ThrowAsync<RpcException>(new Probe.ProbeClient(channel).SayAsync(new ProbeRequest()).ResponseAsync);
        e.StatusCode.ShouldBeOneOf(StatusCode.Unavailable, StatusCode.Internal);
    }

    [Fact(Timeout = Limit)]
    public async Task Text_metadata_that_no_header_can_carry_is_refused_before_it_is_sent()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = host.Channel();
        foreach (var value in new[] { "ümlaut", "line\nfeed", "nul\0" })
        {
            var e = await Should.ThrowAsync<RpcException>(new Probe.ProbeClient(channel).SayAsync(new ProbeRequest(), new Metadata { { "x-text", value } }).ResponseAsync);
            e.StatusCode.ShouldBe(StatusCode.Internal);
            e.Status.Detail.ShouldContain("x-text");
        }
    }

    /// <summary>An HTTP/2 server that answers every path as the test says.</summary>
    private sealed class Liar : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly GrpcChannel _channel;

        private Liar(WebApplication app)
        {
            _app = app;
            _channel = GrpcChannel.ForAddress(app.Urls.Single());
            Client = new Probe.ProbeClient(_channel);
        }

        internal Probe.ProbeClient Client { get; }

        internal static async Task<Liar> StartAsync(RequestDelegate answer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
            var app = builder.Build();
            app.Run(http =>
            {
                http.Response.ContentType = "application/grpc";
                return answer(http);
            });
            await app.StartAsync();
            return new Liar(app);
        }

        internal Task<RpcException> FailAsync() => Should.ThrowAsync<RpcException>(Client.SayAsync(new ProbeRequest()).ResponseAsync);

        public async ValueTask DisposeAsync()
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
            _channel.Dispose();
        }
    }
}
