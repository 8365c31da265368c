using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>What handlers did, for tests to wait on.</summary>
public sealed class ProbeJournal
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public void Note(string line) => _lines.Enqueue(line);

    /// <summary>The lines so far, in order; they are gone afterwards.</summary>
    public List<string> Take()
    {
        var taken = new List<string>();
        while (_lines.TryDequeue(out var line)) taken.Add(line);
        return taken;
    }

    public async Task<string> WaitForAsync(string start)
    {
        var until = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(until) < TimeSpan.FromSeconds(10))
        {
            if (_lines.FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal)) is { } line) return line;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        throw new TimeoutException($"No '{start}' within 10 s; there is: {string.Join(" | ", _lines)}");
    }
}

/// <summary>Does what <c>act</c> says, and echoes.</summary>
[SuppressMessage("Usage", "CA2208", Justification = "The exception stands for any programming error.")]
public sealed class ProbeService(ProbeJournal journal, IHostApplicationLifetime lifetime) : Probe.ProbeBase
{
    public override async Task<ProbeReply> Say(ProbeRequest request, ServerCallContext context)
    {
        switch (request.Act)
        {
            case "headers":
                await context.WriteResponseHeadersAsync(new Metadata { { "x-early", "hello" }, { "x-early-bin", [0, 1, 255] } });
                context.ResponseTrailers.Add("x-late", "bye");
                context.ResponseTrailers.Add("x-late-bin", [254, 0]);
                context.ResponseTrailers.Add("x-late", "bye again");
                return Seen(context);
            case "status":
                context.ResponseTrailers.Add("x-why", "because");
                throw new RpcException(new global::Grpc.Core.Status((StatusCode)request.Status, request.Text), new Metadata { { "x-extra", "more" } });
            case "rich":
                throw new Google.Rpc.Status
                {
                    Code = (int)Code.InvalidArgument,
                    Message = "体积 not given",
                    Details = { Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "waybill", Description = "is empty" } } }) },
                }.ToRpcException();
            case "throw":
                throw new InvalidOperationException("the secret of the house");
            case "null":
                return null!;
            case "set-status":
                context.Status = new global::Grpc.Core.Status(StatusCode.FailedPrecondition, "set, not thrown");
                return new ProbeReply { Text = "ignored" };
            case "wait":
                await WaitForCancelAsync(context, "Say");
                return new ProbeReply();
            case "ignore-token":
                journal.Note("Say began");
                await IgnoreTokenAsync();
                journal.Note("Say went on");
                return new ProbeReply { Text = "too late" };
            case "deadline":
                return new ProbeReply { Text = context.Deadline.ToString("O", CultureInfo.InvariantCulture) };
            case "big":
                return new ProbeReply { Payload = ByteString.CopyFrom(new byte[request.Count]) };
            case "bad-trailer":
                context.ResponseTrailers.Add("x-bad", "ümlaut");
                return new ProbeReply();
        }

        return new ProbeReply { Text = request.Text, Payload = request.Payload, BytesSeen = request.Payload.Length, MessagesSeen = 1 };
    }

    public override async Task<ProbeReply> Collect(IAsyncStreamReader<ProbeRequest> requestStream, ServerCallContext context)
    {
        var reply = new ProbeReply();
        while (await requestStream.MoveNext())
        {
            reply.MessagesSeen++;
            reply.BytesSeen += requestStream.Current.Payload.Length;
            reply.Text += requestStream.Current.Text;
            if (requestStream.Current.Act == "stop") throw new RpcException(new global::Grpc.Core.Status(StatusCode.FailedPrecondition, "enough"));
            if (requestStream.Current.Act == "answer") return reply;
        }

        return reply;
    }

    public override async Task Expand(ProbeRequest request, IServerStreamWriter<ProbeReply> responseStream, ServerCallContext context)
    {
        for (var i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(new ProbeReply { Text = request.Text, MessagesSeen = i, Payload = request.Payload });
        }

        switch (request.Act)
        {
            case "wait":
                await WaitForCancelAsync(context, "Expand");
                break;
            case "until-stop":
                journal.Note("Expand began");
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, lifetime.ApplicationStopping).ContinueWith(_ => { }, TaskScheduler.Default);
                await responseStream.WriteAsync(new ProbeReply { Text = "last words" });
                throw new RpcException(new global::Grpc.Core.Status(StatusCode.Unavailable, "closing in order"));
            case "status":
                throw new RpcException(new global::Grpc.Core.Status((StatusCode)request.Status, "after the messages"));
            case "flood":
                await FloodAsync(request, responseStream);
                break;
            case "throw":
                throw new InvalidOperationException("in the middle");
        }
    }

    public override async Task Chat(IAsyncStreamReader<ProbeRequest> requestStream, IServerStreamWriter<ProbeReply> responseStream, ServerCallContext context)
    {
        var seen = 0;
        await foreach (var request in requestStream.ReadAllAsync())
        {
            seen++;
            if (request.Act == "end") return;
            if (request.Act == "wait") await WaitForCancelAsync(context, "Chat");
            if (request.Act == "ignore-token") await IgnoreTokenAsync();
            await responseStream.WriteAsync(new ProbeReply { Text = request.Text, Payload = request.Payload, MessagesSeen = seen });
        }

        if (context.RequestHeaders.GetValue("x-farewell") is { } farewell) await responseStream.WriteAsync(new ProbeReply { Text = farewell });
    }

    // Longer than any deadline of the tests, and deaf to the call's token.
    private async Task IgnoreTokenAsync()
    {
        while (!journal.Lines.Any(l => l == "release")) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
    }

    private async Task FloodAsync(ProbeRequest request, IServerStreamWriter<ProbeReply> responseStream)
    {
        var written = 0;
        try
        {
            while (true)
            {
                var accepted = responseStream.WriteAsync(new ProbeReply { Payload = request.Payload });
                if (await Task.WhenAny(accepted, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System)) != accepted) journal.Note("Flood is held back");
                await accepted;
                written++;
            }
        }
        finally
        {
            journal.Note(string.Create(CultureInfo.InvariantCulture, $"Flood ended after {written}"));
        }
    }

    private static ProbeReply Seen(ServerCallContext context)
    {
        var reply = new ProbeReply { Text = context.Method };
        foreach (var entry in context.RequestHeaders)
        {
            var value = entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value;
            reply.Seen[entry.Key] = reply.Seen.TryGetValue(entry.Key, out var before) ? $"{before}|{value}" : value;
        }

        reply.Seen["peer"] = context.Peer;
        reply.Seen["host"] = context.Host;
        return reply;
    }

    private async Task WaitForCancelAsync(ServerCallContext context, string name)
    {
        journal.Note($"{name} began");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        }
        finally
        {
            journal.Note($"{name} cancelled");
        }
    }
}
