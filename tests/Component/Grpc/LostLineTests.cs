using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Hosting;
using Grpc.Net.Client;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>A line that breaks, with and without saying so.</summary>
public sealed class LostLineTests
{
    private const int Limit = 40_000;

    [Fact(Timeout = Limit)]
    public async Task A_connection_cut_in_the_middle_is_UNAVAILABLE_and_the_next_call_opens_another()
    {
        await using var host = await ProbeHost.StartAsync();
        using var line = new Line(host.Grpc.Port);
        using var channel = GrpcChannel.ForAddress(line.Address);
        var client = new Probe.ProbeClient(channel);
        using var chat = client.Chat();
        await chat.RequestStream.WriteAsync(new ProbeRequest { Text = "one" });
        (await chat.ResponseStream.MoveNext()).ShouldBeTrue();
        await chat.RequestStream.WriteAsync(new ProbeRequest { Act = "wait" });
        await host.Journal.WaitForAsync("Chat began");
        var next = chat.ResponseStream.MoveNext();
        var unary = client.SayAsync(new ProbeRequest { Act = "wait" });
        await host.Journal.WaitForAsync("Say began");

        line.Cut();
        (await Should.ThrowAsync<RpcException>(next)).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await Should.ThrowAsync<RpcException>(unary.ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await Should.ThrowAsync<RpcException>(() => chat.RequestStream.WriteAsync(new ProbeRequest()))).StatusCode.ShouldBe(StatusCode.Unavailable);
        await host.Journal.WaitForAsync("Chat cancelled");
        await host.Journal.WaitForAsync("Say cancelled");
        (await client.SayAsync(new ProbeRequest { Text = "again" })).Text.ShouldBe("again");
    }

    [Fact(Timeout = Limit)]
    public async Task A_cable_that_goes_dead_in_silence_is_noticed_by_pings_on_both_sides()
    {
        await using var host = await ProbeHost.StartAsync(limits: l =>
        {
            l.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
            l.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
        });
        using var line = new Line(host.Grpc.Port);
        var handler = GrpcSockets.CreateHandler();
        handler.KeepAlivePingDelay.ShouldBe(TimeSpan.FromSeconds(20), "pings are on without being asked for");
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
        using var channel = GrpcChannel.ForAddress(line.Address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        using var chat = new Probe.ProbeClient(channel).Chat();
        await chat.RequestStream.WriteAsync(new ProbeRequest { Act = "wait" });
        await host.Journal.WaitForAsync("Chat began");

        line.Silence();
        var e = await Should.ThrowAsync<RpcException>(chat.ResponseStream.MoveNext().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System));
        e.StatusCode.ShouldBe(StatusCode.Unavailable, e.Status.DebugException?.ToString());
        await host.Journal.WaitForAsync("Chat cancelled");
    }

    /// <summary>A forwarder between a client and a server on this machine.</summary>
    private sealed class Line : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Lock _gate = new();
        private readonly List<Socket> _sockets = [];
        private readonly int _target;
        private volatile bool _silent;

        internal Line(int target)
        {
            _target = target;
            _listener.Start();
            _ = AcceptAsync();
        }

        internal string Address => $"http://{_listener.LocalEndpoint}";

        /// <summary>Resets every connection; new ones are forwarded.</summary>
        internal void Cut()
        {
            lock (_gate)
            {
                foreach (var socket in _sockets)
                {
                    socket.LingerState = new LingerOption(true, 0);
                    socket.Dispose();
                }

                _sockets.Clear();
            }
        }

        /// <summary>Swallows everything from now on, and keeps the connections.</summary>
        internal void Silence() => _silent = true;

        public void Dispose()
        {
            _listener.Dispose();
            Cut();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptSocketAsync();
                    var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await server.ConnectAsync(IPAddress.Loopback, _target);
                    lock (_gate) _sockets.AddRange([client, server]);
                    _ = PumpAsync(client, server);
                    _ = PumpAsync(server, client);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task PumpAsync(Socket from, Socket to)
        {
            var buffer = new byte[16 * 1024];
            try
            {
                while (true)
                {
                    var read = await from.ReceiveAsync(buffer);
                    if (read == 0) break;
                    if (!_silent) await to.SendAsync(buffer.AsMemory(0, read));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Cut.
            }
        }
    }
}
