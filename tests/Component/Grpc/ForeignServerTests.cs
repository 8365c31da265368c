using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>grpcio, which nobody here wrote, as server for our client.</summary>
public sealed class ForeignServerTests
{
    private const string Needs = PythonPeer.NeedsGrpcio;
    private const int Limit = 60_000;

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task All_four_kinds_of_call_work()
    {
        await using var server = await ForeignServer.StartAsync();
        (await server.Client.SayAsync(new ProbeRequest { Text = "称重 ok" })).Text.ShouldBe("称重 ok");
        server.Client.Say(new ProbeRequest { Text = "blocking" }).Text.ShouldBe("blocking");

        using var collect = server.Client.Collect();
        for (var i = 0; i < 2000; i++) await collect.RequestStream.WriteAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[50]) });
        await collect.RequestStream.CompleteAsync();
        (await collect).BytesSeen.ShouldBe(100_000);

        using var expand = server.Client.Expand(new ProbeRequest { Count = 2000 });
        var numbers = new List<int>();
        await foreach (var reply in expand.ResponseStream.ReadAllAsync()) numbers.Add(reply.MessagesSeen);
        numbers.ShouldBe(Enumerable.Range(0, 2000));
        expand.GetStatus().StatusCode.ShouldBe(StatusCode.OK);

        using var chat = server.Client.Chat();
        for (var i = 0; i < 200; i++)
        {
            await chat.RequestStream.WriteAsync(new ProbeRequest { Text = i.ToString(CultureInfo.InvariantCulture) });
            (await chat.ResponseStream.MoveNext()).ShouldBeTrue();
            chat.ResponseStream.Current.Text.ShouldBe(i.ToString(CultureInfo.InvariantCulture));
        }

        await chat.RequestStream.CompleteAsync();
        (await chat.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Metadata_passes_both_ways_with_bytes_and_repeated_names()
    {
        await using var server = await ForeignServer.StartAsync();
        var headers = new Metadata { { "x-plain", "one" }, { "x-plain", "two" }, { "x-raw-bin", [0, 1, 2, 255, 254] }, { "grpc-internal", "not for the wire" } };
        using var call = server.Client.SayAsync(new ProbeRequest { Act = "headers" }, headers);
        var early = await call.ResponseHeadersAsync;
        early.GetValue("x-early").ShouldBe("hello");
        early.GetValueBytes("x-early-bin").ShouldBe([0, 1, 255]);
        var reply = await call;
        // HttpClient joins repeated headers, as HTTP lets it; upstream does the same.
        reply.Seen["x-plain"].ShouldBe("one, two");
        reply.Seen["x-raw-bin"].ShouldBe("000102FFFE");
        reply.Seen.ShouldNotContainKey("grpc-internal");
        call.GetTrailers().GetAll("x-late").Select(e => e.Value).ShouldBe(["bye", "bye again"]);
        call.GetTrailers().GetValueBytes("x-late-bin").ShouldBe([254, 0]);
        call.GetTrailers().Any(e => e.Key.StartsWith("grpc-", StringComparison.Ordinal)).ShouldBeFalse();
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Every_status_code_arrives_with_its_text_and_trailers()
    {
        await using var server = await ForeignServer.StartAsync();
        const string text = "超重 100%\nlimit: 0.04 kg €";
        for (var code = 1; code <= 16; code++)
        {
            // Trailers-only: grpcio aborts before it has sent anything.
            var e = await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest { Act = "status", Status = code, Text = text }).ResponseAsync);
            e.StatusCode.ShouldBe((StatusCode)code);
            e.Status.Detail.ShouldBe(text);
            e.Trailers.GetValue("x-why").ShouldBe("because");
        }

        (await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest { Act = "throw" }).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unknown);
        var absent = new Absent.AbsentClient(server.Channel);
        (await Should.ThrowAsync<RpcException>(absent.AskAsync(new ProbeRequest()).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task A_status_after_messages_is_thrown_by_the_reader()
    {
        await using var server = await ForeignServer.StartAsync();
        using var call = server.Client.Expand(new ProbeRequest { Count = 3, Act = "status" });
        for (var i = 0; i < 3; i++) (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        var e = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext());
        e.StatusCode.ShouldBe(StatusCode.Aborted);
        e.Trailers.GetValue("x-why").ShouldBe("because");
        call.GetStatus().Detail.ShouldBe("after the messages");
        call.GetTrailers().GetValue("x-why").ShouldBe("because");
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Status_details_name_the_offending_field()
    {
        await using var server = await ForeignServer.StartAsync();
        var e = await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest { Act = "rich" }).ResponseAsync);
        var violation = e.GetRpcStatus().ShouldNotBeNull().GetDetail<BadRequest>().ShouldNotBeNull().FieldViolations.Single();
        violation.Field.ShouldBe("waybill");
        violation.Description.ShouldBe("is empty");
        e.GetRpcStatus()!.GetDetail<RetryInfo>().ShouldBeNull();
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task The_deadline_ends_the_call_on_both_sides()
    {
        await using var server = await ForeignServer.StartAsync();
        var began = Stopwatch.GetTimestamp();
        var e = await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest { Act = "wait" }, deadline: In(0.3)).ResponseAsync);
        e.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        Stopwatch.GetElapsedTime(began).TotalSeconds.ShouldBeInRange(0.25, 5);
        await server.NotedAsync("say cancelled");

        var left = (await server.Client.SayAsync(new ProbeRequest { Act = "deadline" }, deadline: In(10))).Text;
        double.Parse(left, CultureInfo.InvariantCulture).ShouldBeInRange(8, 10.1);
        (await server.Client.SayAsync(new ProbeRequest { Act = "deadline" })).Text.ShouldBe("None");
        var past = await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest(), deadline: In(-1)).ResponseAsync);
        past.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);

        using var stream = server.Client.Expand(new ProbeRequest { Count = 1, Act = "wait" }, deadline: In(0.3));
        (await stream.ResponseStream.MoveNext()).ShouldBeTrue();
        (await Should.ThrowAsync<RpcException>(() => stream.ResponseStream.MoveNext())).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await server.NotedAsync("expand cancelled");
    }

    [RequiresProgramTheory(Needs, Timeout = Limit)]
    [InlineData("token")]
    [InlineData("dispose")]
    [InlineData("read token")]
    public async Task Cancelling_reaches_the_server(string how)
    {
        await using var server = await ForeignServer.StartAsync();
        using var source = new CancellationTokenSource();
        using var call = server.Client.Expand(new ProbeRequest { Count = 2, Act = "wait" }, cancellationToken: how == "token" ? source.Token : default);
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        var next = call.ResponseStream.MoveNext(how == "read token" ? source.Token : default);
        if (how == "dispose") call.Dispose();
        else await source.CancelAsync();
        (await Should.ThrowAsync<RpcException>(next)).StatusCode.ShouldBe(StatusCode.Cancelled);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Cancelled);
        await server.NotedAsync("expand cancelled");
    }

    [RequiresProgramTheory(Needs, Timeout = Limit)]
    [InlineData("token")]
    [InlineData("dispose")]
    [InlineData("deadline")]
    public async Task Cancelling_a_duplex_call_whose_requests_are_still_open_reaches_the_server(string how)
    {
        await using var server = await ForeignServer.StartAsync();
        using var source = new CancellationTokenSource();
        using var call = server.Client.Chat(cancellationToken: source.Token, deadline: how == "deadline" ? In(0.5) : null);
        await call.RequestStream.WriteAsync(new ProbeRequest { Act = "wait" });
        await server.NotedAsync("chat began");
        var next = call.ResponseStream.MoveNext();
        if (how == "dispose") call.Dispose();
        else if (how == "token") await source.CancelAsync();
        (await Should.ThrowAsync<RpcException>(next)).StatusCode.ShouldBe(how == "deadline" ? StatusCode.DeadlineExceeded : StatusCode.Cancelled);
        await server.NotedAsync("chat cancelled");
        (await Should.ThrowAsync<RpcException>(() => call.RequestStream.WriteAsync(new ProbeRequest()))).StatusCode.ShouldNotBe(StatusCode.OK);
        await call.RequestStream.CompleteAsync();
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Disposing_the_channel_cancels_its_calls_and_refuses_new_ones()
    {
        await using var server = await ForeignServer.StartAsync();
        var unary = server.Client.SayAsync(new ProbeRequest { Act = "wait" });
        await server.NotedAsync("say began");
        await server.Channel.ShutdownAsync();
        (await Should.ThrowAsync<RpcException>(unary.ResponseAsync)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await server.NotedAsync("say cancelled");
        Should.Throw<ObjectDisposedException>(() => server.Client.SayAsync(new ProbeRequest()));
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Responses_over_the_limit_are_RESOURCE_EXHAUSTED_and_at_the_limit_pass()
    {
        await using var server = await ForeignServer.StartAsync(new GrpcChannelOptions { MaxReceiveMessageSize = 1000, MaxSendMessageSize = 500 });
        (await server.Client.SayAsync(new ProbeRequest { Act = "big", Count = 997 })).Payload.Length.ShouldBe(997);
        var over = await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest { Act = "big", Count = 998 }).ResponseAsync);
        over.Status.ShouldBe(new global::Grpc.Core.Status(StatusCode.ResourceExhausted, "Received message of 1001 bytes exceeds the maximum configured message size of 1000 bytes."));
        var bomb = await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest { Act = "gzip", Count = 500_000 }).ResponseAsync);
        bomb.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        var sent = await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[600]) }).ResponseAsync);
        sent.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Three_megabytes_are_echoed_and_forty_collected()
    {
        await using var server = await ForeignServer.StartAsync();
        (await server.Client.SayAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[3_000_000]) })).Payload.Length.ShouldBe(3_000_000);
        using var collect = server.Client.Collect();
        var payload = ByteString.CopyFrom(new byte[100_000]);
        for (var i = 0; i < 400; i++) await collect.RequestStream.WriteAsync(new ProbeRequest { Payload = payload });
        await collect.RequestStream.CompleteAsync();
        (await collect).BytesSeen.ShouldBe(40_000_000);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Five_hundred_streams_are_all_served()
    {
        await using var server = await ForeignServer.StartAsync();
        var calls = Enumerable.Range(0, 500).Select(_ => server.Client.Chat(deadline: In(30))).ToArray();
        await Task.WhenAll(calls.Select((call, i) => call.RequestStream.WriteAsync(new ProbeRequest { Text = i.ToString(CultureInfo.InvariantCulture) })));
        var read = await Task.WhenAll(calls.Select(call => call.ResponseStream.MoveNext()));
        read.ShouldAllBe(more => more);
        calls.Select(c => c.ResponseStream.Current.Text).ShouldBe(Enumerable.Range(0, 500).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        foreach (var call in calls) await call.RequestStream.CompleteAsync();
        (await Task.WhenAll(calls.Select(call => call.ResponseStream.MoveNext()))).ShouldAllBe(more => !more);
        calls.ShouldAllBe(c => c.GetStatus().StatusCode == StatusCode.OK);
    }

    [RequiresProgramTheory(Needs, Timeout = Limit)]
    [InlineData("stop", StatusCode.FailedPrecondition)]
    [InlineData("answer", StatusCode.OK)]
    public async Task An_early_end_stops_a_writer_with_the_status_of_the_server(string act, StatusCode code)
    {
        await using var server = await ForeignServer.StartAsync();
        using var call = server.Client.Collect(deadline: In(30));
        var payload = ByteString.CopyFrom(new byte[1000]);
        var refused = await Should.ThrowAsync<Exception>(async () =>
        {
            for (var i = 0; i < 1_000_000; i++) await call.RequestStream.WriteAsync(new ProbeRequest { Payload = payload, Act = i == 2 ? act : "" });
        });
        if (code == StatusCode.OK)
        {
            refused.ShouldBeOfType<InvalidOperationException>();
            (await call).MessagesSeen.ShouldBe(3);
        }
        else
        {
            refused.ShouldBeOfType<RpcException>().StatusCode.ShouldBe(code);
            (await Should.ThrowAsync<RpcException>(call.ResponseAsync)).Status.Detail.ShouldBe("enough");
        }
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task A_reader_that_pauses_holds_the_server_back()
    {
        await using var server = await ForeignServer.StartAsync();
        using var call = server.Client.Expand(new ProbeRequest { Act = "flood", Payload = ByteString.CopyFrom(new byte[100_000]) });
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        // The time in which an unhindered server would send gigabytes.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        call.Dispose();
        var line = await server.NotedAsync("flood ended after ");
        int.Parse(line["flood ended after ".Length..], CultureInfo.InvariantCulture).ShouldBeLessThan(400);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Gzip_is_understood_and_sent_when_asked_for()
    {
        await using var server = await ForeignServer.StartAsync();
        (await server.Client.SayAsync(new ProbeRequest { Act = "gzip", Count = 1_000_000 })).Payload.Length.ShouldBe(1_000_000);
        var asked = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        (await server.Client.SayAsync(new ProbeRequest { Payload = ByteString.CopyFrom(new byte[1_000_000]) }, asked)).Payload.Length.ShouldBe(1_000_000);
        var unknown = new Metadata { { "grpc-internal-encoding-request", "zstd" } };
        (await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest(), unknown).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task A_server_that_goes_away_is_UNAVAILABLE()
    {
        await using var server = await ForeignServer.StartAsync();
        using var call = server.Client.Chat();
        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "hello" });
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        var next = call.ResponseStream.MoveNext();
        await server.Python.AskAsync("stop", new { grace = 0.2 });
        (await Should.ThrowAsync<RpcException>(next)).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await Should.ThrowAsync<RpcException>(server.Client.SayAsync(new ProbeRequest()).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [RequiresProgramFact(Needs, Timeout = Limit)]
    public async Task Call_credentials_and_interceptors_add_headers()
    {
        var credentials = CallCredentials.FromInterceptor(async (context, metadata) =>
        {
            await Task.Yield();
            metadata.Add("authorization", $"Bearer for {context.MethodName} at {new Uri(context.ServiceUrl).AbsolutePath}");
        });
        await using var server = await ForeignServer.StartAsync(new GrpcChannelOptions
        {
            UnsafeUseInsecureChannelCallCredentials = true,
            Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, credentials),
        });
        var client = new Probe.ProbeClient(server.Channel.Intercept(headers =>
        {
            headers.Add("x-intercepted", "yes");
            return headers;
        }));
        var seen = (await client.SayAsync(new ProbeRequest { Act = "headers" })).Seen;
        seen["authorization"].ShouldBe("Bearer for Say at /kal.probe.v1.Probe");
        seen["x-intercepted"].ShouldBe("yes");
    }

    private static DateTime In(double seconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    private sealed class ForeignServer : IAsyncDisposable
    {
        private ForeignServer(PythonPeer python, GrpcChannel channel)
        {
            Python = python;
            Channel = channel;
            Client = new Probe.ProbeClient(channel);
        }

        internal PythonPeer Python { get; }

        internal GrpcChannel Channel { get; }

        internal Probe.ProbeClient Client { get; }

        internal static async Task<ForeignServer> StartAsync(GrpcChannelOptions? options = null)
        {
            var python = PythonPeer.Start("probe_server.py");
            var port = (await python.AnswerAsync()).GetInt32();
            return new ForeignServer(python, GrpcChannel.ForAddress($"http://127.0.0.1:{port}", options ?? new GrpcChannelOptions()));
        }

        internal async Task<string> NotedAsync(string start)
        {
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10))
            {
                var notes = (await Python.AskAsync("notes")).EnumerateArray().Select(n => n.GetString()!);
                if (notes.FirstOrDefault(n => n.StartsWith(start, StringComparison.Ordinal)) is { } line) return line;
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }

            throw new TimeoutException($"The server did not note '{start}' within 10 s.");
        }

        public async ValueTask DisposeAsync()
        {
            Channel.Dispose();
            await Python.DisposeAsync();
        }
    }
}
