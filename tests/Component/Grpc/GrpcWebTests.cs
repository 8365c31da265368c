using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.Builder;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>Binary gRPC-Web over HTTP/1.1, as a browser sends it, frame by frame.</summary>
public sealed class GrpcWebTests
{
    private const int Limit = 30_000;
    private const string Web = "application/grpc-web+proto";
    private static readonly byte[] Hello = RawGrpc.Frame(new ProbeRequest { Text = "你好" });

    private static RawGrpc Browser(ProbeHost host) => new(host.Web, HttpVersion.Version11);

    private static Dictionary<string, string> Trailers(byte[] frame) => Encoding.ASCII.GetString(frame)
        .Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(':', 2))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    [Theory(Timeout = Limit)]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc-web+proto")]
    public async Task A_unary_call_ends_with_a_trailers_frame(string contentType)
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = Browser(host);
        var answer = await raw.PostAsync(RawGrpc.Say, Hello, contentType);
        answer.Http.ShouldBe(HttpStatusCode.OK);
        answer.Headers["content-type"].ShouldBe(Web);
        answer.Status.ShouldBeNull("the status is in the body");
        var frames = answer.Frames();
        frames.Select(f => f.Flag).ShouldBe([0, 0x80]);
        ProbeReply.Parser.ParseFrom(frames[0].Payload).Text.ShouldBe("你好");
        Trailers(frames[1].Payload).ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["grpc-status"] = "0" });
    }

    [Fact(Timeout = Limit)]
    public async Task An_error_before_any_message_stands_in_the_headers()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = Browser(host);
        var answer = await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame(new ProbeRequest { Act = "status", Status = 5, Text = "没有\n100%" }), Web);
        answer.Http.ShouldBe(HttpStatusCode.OK);
        answer.Status.ShouldBe(StatusCode.NotFound);
        answer.Message.ShouldBe("没有\n100%");
        answer.Headers["x-why"].ShouldBe("because");
        answer.Body.ShouldBeEmpty();
        (await raw.PostAsync("/kal.probe.v1.Probe/Shout", Hello, Web)).Http.ShouldBe(HttpStatusCode.OK);
        (await raw.PostAsync("/kal.probe.v1.Probe/Shout", Hello, Web)).Status.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact(Timeout = Limit)]
    public async Task An_error_after_messages_and_binary_trailers_stand_in_the_trailers_frame()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = Browser(host);
        var frames = (await raw.PostAsync(RawGrpc.Expand, RawGrpc.Frame(new ProbeRequest { Count = 2, Act = "status", Status = 10 }), Web)).Frames();
        frames.Select(f => f.Flag).ShouldBe([0, 0, 0x80]);
        Trailers(frames[2].Payload)["grpc-status"].ShouldBe("10");
        Trailers(frames[2].Payload)["grpc-message"].ShouldBe("after the messages");

        var headers = (await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame(new ProbeRequest { Act = "headers" }), Web)).Frames();
        Encoding.ASCII.GetString(headers[^1].Payload).ShouldBe("grpc-status:0\r\nx-late:bye\r\nx-late-bin:/gA\r\nx-late:bye again\r\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Messages_of_a_stream_arrive_while_it_goes_on_and_leaving_cancels_it()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = Browser(host);
        using (var response = await raw.SendAsync(RawGrpc.Expand, new ByteArrayContent(RawGrpc.Frame(new ProbeRequest { Count = 3, Text = "now", Act = "wait" })), Web))
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            var prefix = new byte[5];
            for (var i = 0; i < 3; i++)
            {
                await stream.ReadExactlyAsync(prefix).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
                var payload = new byte[BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1))];
                await stream.ReadExactlyAsync(payload);
                ProbeReply.Parser.ParseFrom(payload).MessagesSeen.ShouldBe(i);
            }

            host.Journal.Lines.ShouldNotContain(line => line == "Expand cancelled");
        }

        await host.Journal.WaitForAsync("Expand cancelled");
    }

    [Fact(Timeout = Limit)]
    public async Task The_deadline_holds_for_browsers_too()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = Browser(host);
        var began = Stopwatch.GetTimestamp();
        var answer = await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame(new ProbeRequest { Act = "ignore-token" }), Web, ("grpc-timeout", "200m"));
        answer.Status.ShouldBe(StatusCode.DeadlineExceeded);
        Stopwatch.GetElapsedTime(began).TotalSeconds.ShouldBeInRange(0.15, 5);
        host.Journal.Note("release");

        var stream = (await raw.PostAsync(RawGrpc.Expand, RawGrpc.Frame(new ProbeRequest { Count = 1, Act = "wait" }), Web, ("grpc-timeout", "300m"))).Frames();
        stream.Select(f => f.Flag).ShouldBe([0, 0x80]);
        Trailers(stream[1].Payload)["grpc-status"].ShouldBe("4");
    }

    [Fact(Timeout = Limit)]
    public async Task Malformed_frames_get_their_status_over_HTTP_1_as_well()
    {
        await using var host = await ProbeHost.StartAsync();
        using var raw = Browser(host);
        (await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame([1], length: 9), Web)).Status.ShouldBe(StatusCode.Internal);
        (await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame([1], length: uint.MaxValue), Web)).Status.ShouldBe(StatusCode.ResourceExhausted);
        (await raw.PostAsync(RawGrpc.Say, RawGrpc.Frame([], flag: 0x80), Web)).Status.ShouldBe(StatusCode.Internal);
        (await raw.PostAsync(RawGrpc.Say, Hello, Web)).Frames().Count.ShouldBe(2);
    }

    [Fact(Timeout = Limit)]
    public async Task A_service_that_is_not_for_browsers_refuses_them()
    {
        await using var host = await ProbeHost.StartAsync(map: app => app.MapGrpcService<HouseOnly>().DisableGrpcWeb());
        using var raw = Browser(host);
        (await raw.PostAsync("/kal.probe.v1.Absent/Ask", Hello, Web)).Http.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var grpc = new RawGrpc(host.Grpc);
        (await grpc.PostAsync("/kal.probe.v1.Absent/Ask", Hello)).Status.ShouldBe(StatusCode.OK);
    }

    [Fact(Timeout = Limit)]
    public async Task Our_own_client_speaks_it_too()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Web, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(new SocketsHttpHandler()), DisposeHttpClient = true });
        var client = new Probe.ProbeClient(channel);
        (await client.SayAsync(new ProbeRequest { Text = "你好" })).Text.ShouldBe("你好");
        var e = await Should.ThrowAsync<RpcException>(client.SayAsync(new ProbeRequest { Act = "rich" }).ResponseAsync);
        e.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.Single().Field.ShouldBe("waybill");

        using var expand = client.Expand(new ProbeRequest { Count = 500, Act = "status", Status = 9, Payload = ByteString.CopyFrom(new byte[200]) });
        for (var i = 0; i < 500; i++) (await expand.ResponseStream.MoveNext(default)).ShouldBeTrue();
        (await Should.ThrowAsync<RpcException>(expand.ResponseStream.MoveNext(default))).Status.ShouldBe(new global::Grpc.Core.Status(StatusCode.FailedPrecondition, "after the messages"));

        using var late = client.SayAsync(new ProbeRequest { Act = "headers" });
        await late;
        late.GetTrailers().GetAll("x-late").Count().ShouldBe(2);
        late.GetTrailers().GetValueBytes("x-late-bin").ShouldBe([254, 0]);
    }

    private sealed class HouseOnly : Absent.AbsentBase
    {
        public override Task<ProbeReply> Ask(ProbeRequest request, ServerCallContext context) => Task.FromResult(new ProbeReply());
    }
}
