using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Hosting;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.Benchmarks.Ingest;

/// <summary>
/// The depots' end of the whole path, in a process of its own so that its processor time is not the server's: one connection and one link per agent, messages serialised
/// before the clock starts, acknowledgements read and everything else passed over. Commands come line by line: <c>link</c>, <c>send</c>, <c>close</c>.
/// </summary>
internal static class IngestClient
{
    internal static async Task<int> RunAsync(string[] args)
    {
        var work = new Workload(int.Parse(args[0], CultureInfo.InvariantCulture));
        var messages = work.Batches.Select(agent => agent.Select(Serialise).ToArray()).ToArray();
        Link[] links = [];
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "link":
                    links = new Link[Workload.Agents];
                    for (var agent = 0; agent < links.Length; agent++) links[agent] = await Link.OpenAsync(new Uri(words[1]), agent, words[2 + (2 * agent)], words[3 + (2 * agent)]);
                    // The manifests of a new link belong to the morning's first minute, not to its rate.
                    while (links.Any(static link => link.IsBeingTold)) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
                    Console.WriteLine("linked");
                    break;
                case "send":
                    var (cpu, clock) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
                    await Task.WhenAll(links.Select((link, agent) => Task.Run(() => link.SendAsync(messages[agent]))));
                    var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sent {seconds} {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds}"));
                    break;
                default:
                    foreach (var link in links) await link.CloseAsync();
                    Console.WriteLine("closed");
                    break;
            }
        }
        return 0;
    }

    private static byte[] Serialise(Workload.Batch batch)
    {
        var events = new EventBatch
        {
            Boot = Link.BootOf(batch.Agent), FirstSequence = (ulong)batch.FirstSequence,
            Clock = new ClockEvidence
            {
                ContactInBoot = true, ContactServerUs = 1_767_225_600_000_000, ContactMonotonicUs = 60_000_000, ContactUncertaintyUs = 700, PreviousContactUs = 1_767_200_000_000_000,
            },
        };
        foreach (var body in batch.Bodies) events.Events.Add(UnsafeByteOperations.UnsafeWrap(body));
        return new DepotMessage { Events = events }.ToByteArray();
    }

    private sealed class Link(GrpcChannel channel, AsyncDuplexStreamingCall<byte[], byte[]> call)
    {
        private const int AcknowledgedTag = (BackendMessage.AcknowledgedFieldNumber << 3) | 2;
        private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);
        private static readonly Method<byte[], byte[]> Connect = new(MethodType.DuplexStreaming, "kal.edge.v1.EdgeLink", "Connect", Bytes, Bytes);
        private readonly SemaphoreSlim _room = new(Workload.WindowBatches);
        private readonly TaskCompletionSource _welcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task _reading = Task.CompletedTask;
        private ulong _acknowledged;
        private ulong _wanted;
        private long _toldAt = Stopwatch.GetTimestamp();

        /// <summary>Something came down within the last second.</summary>
        internal bool IsBeingTold => Stopwatch.GetElapsedTime(Volatile.Read(ref _toldAt)) < TimeSpan.FromSeconds(1);

        internal static ByteString BootOf(int agent) => ByteString.CopyFrom(new Guid(agent + 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).ToByteArray(bigEndian: true));

        internal static async Task<Link> OpenAsync(Uri address, int agent, string id, string token)
        {
            var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = new Bearer(token), DisposeHttpClient = true });
            var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Connect, host: null, new CallOptions());
            var link = new Link(channel, call);
            await call.RequestStream.WriteAsync(new DepotMessage { Hello = new Hello { Agent = id, Boot = BootOf(agent), Software = "bench" } }.ToByteArray());
            link._reading = link.ReadAsync();
            await link._welcome.Task;
            return link;
        }

        /// <summary>Sends everything and waits until the last event is acknowledged.</summary>
        internal async Task SendAsync(byte[][] messages)
        {
            (_acknowledged, _done) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            Volatile.Write(ref _wanted, (ulong)messages.Length * Workload.BatchEvents);
            foreach (var message in messages)
            {
                await _room.WaitAsync();
                await call.RequestStream.WriteAsync(message);
            }
            await _done.Task;
        }

        internal async Task CloseAsync()
        {
            await call.RequestStream.CompleteAsync();
            await _reading;
            call.Dispose();
            channel.Dispose();
        }

        private async Task ReadAsync()
        {
            try
            {
                while (await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    var message = call.ResponseStream.Current;
                    Volatile.Write(ref _toldAt, Stopwatch.GetTimestamp());
                    if (message[0] == AcknowledgedTag) Acknowledged(BackendMessage.Parser.ParseFrom(message).Acknowledged);
                    else _welcome.TrySetResult();
                }
            }
            catch (RpcException refused)
            {
                await Console.Error.WriteLineAsync(refused.Message);
                _welcome.TrySetException(refused);
                _done.TrySetException(refused);
            }
        }

        private void Acknowledged(Acknowledgement acknowledgement)
        {
            if (acknowledgement.Rejected.Count > 0) _done.TrySetException(new InvalidOperationException(acknowledgement.Rejected[0].Message));
            _room.Release(checked((int)((acknowledgement.UpToSequence - _acknowledged) / Workload.BatchEvents)));
            _acknowledged = acknowledgement.UpToSequence;
            if (_acknowledged == Volatile.Read(ref _wanted)) _done.TrySetResult();
        }
    }

    private sealed class Bearer(string token) : DelegatingHandler(GrpcSockets.CreateHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
