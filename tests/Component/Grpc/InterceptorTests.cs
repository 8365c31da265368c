using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>Interceptors around calls, services made per call, options per service.</summary>
public sealed class InterceptorTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task Server_interceptors_run_in_order_around_every_kind_of_call()
    {
        await using var host = await ProbeHost.StartAsync(o =>
        {
            o.Interceptors.Add<Tracing>("outer");
            o.Interceptors.Add<Tracing>("inner");
        });
        using var channel = host.Channel();
        var client = new Probe.ProbeClient(channel);

        await client.SayAsync(new ProbeRequest());
        Taken(host).ShouldBe(["outer> unary Say", "inner> unary Say", "inner< unary Say", "outer< unary Say"]);

        using var collect = client.Collect();
        await collect.RequestStream.CompleteAsync();
        await collect;
        Taken(host).ShouldBe(["outer> client stream Collect", "inner> client stream Collect", "inner< client stream Collect", "outer< client stream Collect"]);

        using var expand = client.Expand(new ProbeRequest { Count = 1 });
        await foreach (var _ in expand.ResponseStream.ReadAllAsync())
        {
            // Read to the end, so that the handler has returned.
        }

        Taken(host).ShouldBe(["outer> server stream Expand", "inner> server stream Expand", "inner< server stream Expand", "outer< server stream Expand"]);

        using var chat = client.Chat();
        await chat.RequestStream.CompleteAsync();
        (await chat.ResponseStream.MoveNext()).ShouldBeFalse();
        Taken(host).ShouldBe(["outer> duplex Chat", "inner> duplex Chat", "inner< duplex Chat", "outer< duplex Chat"]);
    }

    [Fact(Timeout = Limit)]
    public async Task A_server_interceptor_may_refuse_and_sees_what_handlers_throw()
    {
        await using var host = await ProbeHost.StartAsync(o => o.Interceptors.Add<Guard>());
        using var channel = host.Channel();
        var client = new Probe.ProbeClient(channel);
        (await Should.ThrowAsync<RpcException>(client.SayAsync(new ProbeRequest()).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        var pass = new Metadata { { "x-pass", "yes" } };
        (await client.SayAsync(new ProbeRequest { Text = "in" }, pass)).Text.ShouldBe("in");
        var mapped = await Should.ThrowAsync<RpcException>(client.SayAsync(new ProbeRequest { Act = "throw" }, pass).ResponseAsync);
        mapped.Status.ShouldBe(new Status(StatusCode.Internal, "mapped by the guard"));
    }

    [Fact(Timeout = Limit)]
    public async Task Options_of_a_service_win_and_its_interceptors_run_inside()
    {
        await using var host = await ProbeHost.StartAsync(
            o => o.Interceptors.Add<Tracing>("general"),
            services => services.AddGrpc().AddServiceOptions<ProbeService>(o =>
            {
                o.MaxReceiveMessageSize = 100;
                o.Interceptors.Add<Tracing>("own");
            }),
            app => app.MapGrpcService<ScopedService>());
        using var channel = host.Channel();
        var e = await Should.ThrowAsync<RpcException>(new Probe.ProbeClient(channel).SayAsync(new ProbeRequest { Text = new string('x', 200) }).ResponseAsync);
        e.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        (await new Absent.AbsentClient(channel).AskAsync(new ProbeRequest { Text = new string('x', 200) })).Text.ShouldStartWith("disposed 0");
        Taken(host);
        await new Probe.ProbeClient(channel).SayAsync(new ProbeRequest());
        Taken(host).ShouldBe(["general> unary Say", "own> unary Say", "own< unary Say", "general< unary Say"]);
    }

    [Fact(Timeout = Limit)]
    public async Task A_service_is_made_per_call_in_the_scope_of_its_request_and_disposed()
    {
        await using var host = await ProbeHost.StartAsync(map: app => app.MapGrpcService<ScopedService>());
        using var channel = host.Channel();
        var client = new Absent.AbsentClient(channel);
        (await client.AskAsync(new ProbeRequest())).Text.ShouldBe("disposed 0 POST HTTP/2");
        (await client.AskAsync(new ProbeRequest())).Text.ShouldBe("disposed 1 POST HTTP/2");
    }

    [Fact(Timeout = Limit)]
    public async Task Endpoints_carry_the_method_for_authorization_and_metrics()
    {
        await using var host = await ProbeHost.StartAsync(map: app => app.MapGrpcService<ScopedService>().WithMetadata("marked"));
        var endpoint = host.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints.Single(e => e.DisplayName == "gRPC - /kal.probe.v1.Absent/Ask");
        endpoint.Metadata.GetMetadata<GrpcMethodMetadata>().ShouldNotBeNull().ServiceType.ShouldBe(typeof(ScopedService));
        endpoint.Metadata.GetMetadata<string>().ShouldBe("marked");
        endpoint.Metadata.GetMetadata<System.ComponentModel.DescriptionAttribute>().ShouldNotBeNull().Description.ShouldBe("of the method");
    }

    [Fact(Timeout = Limit)]
    public async Task Mapping_without_AddGrpc_says_what_to_do()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        Should.Throw<InvalidOperationException>(() => app.MapGrpcService<ProbeService>()).Message.ShouldContain("AddGrpc");
    }

    [Fact(Timeout = Limit)]
    public async Task Client_interceptors_run_in_order_around_every_kind_of_call()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = host.Channel();
        var trace = new List<string>();
        var client = new Probe.ProbeClient(channel.Intercept(new ClientTracing("outer", trace), new ClientTracing("inner", trace)));

        (await client.SayAsync(new ProbeRequest { Text = "x" })).Text.ShouldBe("x");
        client.Say(new ProbeRequest { Text = "x" }).Text.ShouldBe("x");
        using var collect = client.Collect();
        await collect.RequestStream.CompleteAsync();
        await collect;
        using var expand = client.Expand(new ProbeRequest());
        (await expand.ResponseStream.MoveNext()).ShouldBeFalse();
        using var chat = client.Chat();
        await chat.RequestStream.CompleteAsync();
        (await chat.ResponseStream.MoveNext()).ShouldBeFalse();
        trace.ShouldBe(["outer Say", "inner Say", "outer blocking Say", "inner blocking Say", "outer Collect", "inner Collect", "outer Expand", "inner Expand", "outer Chat", "inner Chat"]);
    }

    [Fact(Timeout = Limit)]
    public async Task Metadata_of_the_same_binary_name_arrives_entry_by_entry()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = host.Channel();
        var headers = new Metadata { { "x-raw-bin", [1] }, { "x-raw-bin", [2, 3] } };
        (await new Probe.ProbeClient(channel).SayAsync(new ProbeRequest { Act = "headers" }, headers)).Seen["x-raw-bin"].ShouldBe("01|0203");
    }

    private static List<string> Taken(ProbeHost host) => host.Journal.Take();

    private sealed class Tracing(string name, ProbeJournal journal) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            using var around = Around("unary", context);
            return await continuation(request, context);
        }

        public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            using var around = Around("client stream", context);
            return await continuation(requestStream, context);
        }

        public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            using var around = Around("server stream", context);
            await continuation(request, responseStream, context);
        }

        public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            using var around = Around("duplex", context);
            await continuation(requestStream, responseStream, context);
        }

        private Leaving Around(string kind, ServerCallContext context)
        {
            var what = $"{kind} {context.Method.Split('/')[^1]}";
            journal.Note($"{name}> {what}");
            return new Leaving(journal, $"{name}< {what}");
        }

        private sealed class Leaving(ProbeJournal journal, string line) : IDisposable
        {
            public void Dispose() => journal.Note(line);
        }
    }

    private sealed class Guard : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            if (context.RequestHeaders.Get("x-pass") is null) throw new RpcException(new Status(StatusCode.Unauthenticated, "no pass"));
            try
            {
                return await continuation(request, context);
            }
            catch (InvalidOperationException)
            {
                throw new RpcException(new Status(StatusCode.Internal, "mapped by the guard"));
            }
        }
    }

    private sealed class ScopedService(ProbeJournal journal) : Absent.AbsentBase, IAsyncDisposable
    {
        [System.ComponentModel.Description("of the method")]
        public override Task<ProbeReply> Ask(ProbeRequest request, ServerCallContext context)
        {
            var http = context.GetHttpContext();
            var disposed = journal.Lines.Count(l => l == "disposed");
            return Task.FromResult(new ProbeReply { Text = $"disposed {disposed} {http.Request.Method} {http.Request.Protocol}" });
        }

        public ValueTask DisposeAsync()
        {
            journal.Note("disposed");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ClientTracing(string name, List<string> trace) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} blocking {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} {context.Method.Name}");
            return continuation(context);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add($"{name} {context.Method.Name}");
            return continuation(context);
        }
    }
}
