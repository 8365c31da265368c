using System.Globalization;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Server.EdgeLink;

/// <summary>What every link works with.</summary>
internal sealed record LinkServices(IJournal Journal, OpenLinks Links, IReadOnlyList<IDepotFeed> Feeds, LinkLimits Limits, TimeProvider Time, ILogger Log);

/// <summary>Limits of a link (law 10), told to the agent in the welcome.</summary>
internal sealed record LinkLimits
{
    /// <summary>Events of an agent that may be under way without acknowledgement; beyond it the stream is not read on, which holds the agent back.</summary>
    public int WindowEvents { get; init; } = 8_000;

    public int BatchEventsMax { get; init; } = 1_000;

    public TimeSpan HelloWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often versions are compared for changes made in other processes.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A look that took less than this is followed by the next change at once.</summary>
    public TimeSpan LookShort { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many times as long as a look took the feeds of a link rest: at most a tenth of a processor goes into them.</summary>
    public int RestFactor { get; init; } = 9;

    public TimeSpan RestMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long appends under way may take when the link ends.</summary>
    public TimeSpan DrainWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an agent may take to read its goodbye and to complete.</summary>
    public TimeSpan GoodbyeWithin { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// One open stream of an agent. Four tasks: reading (batches start their append at once and in order, several under way), acknowledging (in order, after
/// commit), feeding (what the agent holds copies of), and writing, the only one that touches the downward stream.
/// </summary>
internal sealed partial class Link(string agent, string depot, LinkServices services, IAsyncStreamReader<DepotMessage> up, IServerStreamWriter<BackendMessage> down)
{
    private const int DownMax = 256;
    private const int BatchesUnderWayMax = 64;

    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<BackendMessage> _down = Channel.CreateBounded<BackendMessage>(new BoundedChannelOptions(DownMax) { SingleReader = true });
    private readonly Channel<UnderWay> _underWay = Channel.CreateBounded<UnderWay>(new BoundedChannelOptions(BatchesUnderWayMax) { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _room = new(0);
    private readonly SemaphoreSlim _look = new(1);
    private readonly Dictionary<Guid, long> _lastSequences = [];
    private readonly JournalSource _source = JournalSource.Agent(agent);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<bool> _next = Task.FromResult(true);
    private bool _saidGoodbye;
    private LinkEnd? _end;
    private int _unacknowledged;
    private long _events;

    private readonly record struct UnderWay(Task<Outcome<AppendResult>> Append, ByteString Boot, long LastSequence, int Events);

    internal string Agent { get; } = agent;

    internal string Depot { get; } = depot;

    /// <summary>Completes when the last message is written.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Asks the link to end; the first reason counts. Appends under way are still acknowledged.</summary>
    internal void End(LinkEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, end, null) is null) _ending.Cancel();
    }

    /// <summary>Runs until the agent goes, the server stops or something forbids it; throws the status to end the stream with.</summary>
    internal async Task RunAsync(Hello hello, CancellationToken ct)
    {
        using var aborted = ct.UnsafeRegister(static link => ((Link)link!).End(LinkEnd.Refused(StatusCode.Cancelled, "the line was lost")), this);
        var writing = WriteAsync(ct);
        try
        {
            await WelcomeAsync(hello, ct);
            services.Links.Open(this, services.Time.Now());
            EdgeLinkLog.LinkOpened(services.Log, Agent, Depot, hello.Software, hello.Unsent.Count);
            var acknowledging = AcknowledgeAsync();
            var feeding = FeedAsync(hello);
            await ReadAsync();
            _underWay.Writer.Complete();
            await acknowledging.WaitAsync(services.Limits.DrainWithin, services.Time, CancellationToken.None);
            End(LinkEnd.Refused(StatusCode.OK, "the agent closed the link"));
            await feeding;
            SayGoodbye();
        }
        finally
        {
            End(LinkEnd.Refused(StatusCode.Internal, "the link failed"));
            services.Links.Close(this, services.Time.Now());
            _down.Writer.TryComplete();
            await Task.WhenAny(writing, Task.Delay(services.Limits.DrainWithin, services.Time, CancellationToken.None));
            if (_saidGoodbye) await HearOutAsync();
            EdgeLinkLog.LinkEnded(services.Log, Agent, _events, _end!.Message);
            _ended.SetResult();
        }
        if (_end is { Status: not StatusCode.OK } end) throw new RpcException(new Status(end.Status, end.Message));
    }

    private async Task WelcomeAsync(Hello hello, CancellationToken ct)
    {
        var welcome = new Welcome
        {
            Depot = Depot,
            WindowEvents = services.Limits.WindowEvents,
            BatchEventsMax = services.Limits.BatchEventsMax,
        };
        foreach (var unsent in hello.Unsent)
        {
            if (unsent.Boot.Length != 16) throw new RpcException(new Status(StatusCode.InvalidArgument, "A boot id is 16 bytes."));
            var safe = await services.Journal.SafeUpToAsync(_source, new Guid(unsent.Boot.Span, bigEndian: true), ct);
            welcome.Acknowledged.Add(new BootAcknowledged { Boot = unsent.Boot, UpToSequence = (ulong)safe });
        }
        welcome.ServerUs = services.Time.Now().ToUnixMicros();
        await _down.Writer.WriteAsync(new BackendMessage { Welcome = welcome }, ct);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await NextAsync())
            {
                var message = up.Current;
                switch (message.BodyCase)
                {
                    case DepotMessage.BodyOneofCase.Events:
                        if (!await TakeBatchAsync(message.Events)) return;
                        break;
                    case DepotMessage.BodyOneofCase.Probe:
                        await SendAsync(new BackendMessage
                        {
                            Time = new TimeAnswer
                            {
                                ProbeClockUs = message.Probe.ClockUs, ProbeMonotonicUs = message.Probe.MonotonicUs, ServerUs = services.Time.Now().ToUnixMicros(),
                            },
                        });
                        break;
                    case DepotMessage.BodyOneofCase.Health:
                        services.Links.Report(this, message.Health, services.Time.Now());
                        break;
                    default:
                        End(LinkEnd.Protocol("After the hello come event batches, time probes and health only."));
                        return;
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Ended from outside; the reason is in _end.
        }
    }

    // An HTTP client throws away what it has not handed on yet of an answer when the stream is reset before the request is complete: so the agent gets the time to read its
    // goodbye and to complete. What it still says is not taken in; it was not acknowledged either.
    private async Task HearOutAsync()
    {
        var limit = Task.Delay(services.Limits.GoodbyeWithin, services.Time, CancellationToken.None);
        try
        {
            while (await Task.WhenAny(_next, limit) == _next && await _next) _next = up.MoveNext(CancellationToken.None);
        }
        catch (Exception e) when (e is RpcException or IOException or OperationCanceledException)
        {
            // The line is gone, or the server ends its streams by force.
        }
    }

    private Task<bool> NextAsync()
    {
        var next = _next = up.MoveNext(CancellationToken.None);
        return next.IsCompletedSuccessfully ? next : WaitAsync(next);

        async Task<bool> WaitAsync(Task<bool> pending)
        {
            try
            {
                return await pending.WaitAsync(_ending.Token);
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                _ = pending.ContinueWith(static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                throw;
            }
        }
    }

    private async Task<bool> TakeBatchAsync(EventBatch batch)
    {
        if (RefuseBatch(batch) is { } wrong)
        {
            End(LinkEnd.Protocol(wrong));
            return false;
        }
        var count = batch.Events.Count;
        while (Volatile.Read(ref _unacknowledged) is > 0 and var under && under + count > services.Limits.WindowEvents) await _room.WaitAsync(_ending.Token);
        var boot = new Guid(batch.Boot.Span, bigEndian: true);
        var first = (long)batch.FirstSequence;
        NoteGap(boot, first, count);
        var bodies = new ReadOnlyMemory<byte>[count];
        for (var i = 0; i < count; i++) bodies[i] = batch.Events[i].Memory;
        Interlocked.Add(ref _unacknowledged, count);
        // Not awaited: the next batch is read while this one is on its way to the disk. The journal keeps the order of the calls. No token either:
        // what was accepted is not given up because the line drops.
        var append = services.Journal.AppendAsync(new AppendBatch
        {
            Source = _source, Boot = boot, FirstSequence = first, Bodies = bodies,
            Clock = BatchClock.Agent(batch.Clock ?? new Api.Edge.V1.ClockEvidence()), ReceivedAt = services.Time.Now(),
        }, CancellationToken.None);
        await _underWay.Writer.WriteAsync(new UnderWay(append, batch.Boot, first + count - 1, count), _ending.Token);
        return true;
    }

    private string? RefuseBatch(EventBatch batch)
    {
        if (batch.Boot.Length != 16) return "A boot id is 16 bytes.";
        if (batch.Events.Count == 0 || batch.Events.Count > services.Limits.BatchEventsMax) return string.Create(CultureInfo.InvariantCulture, $"A batch has 1 to {services.Limits.BatchEventsMax} events.");
        return batch.FirstSequence is 0 or > long.MaxValue / 2 ? "Sequences count from 1." : null;
    }

    private void NoteGap(Guid boot, long first, int count)
    {
        if (_lastSequences.TryGetValue(boot, out var last) && first > last + 1) EdgeLinkLog.SequenceGap(services.Log, Agent, boot, last + 1, first - 1);
        _lastSequences[boot] = Math.Max(last, first + count - 1);
    }

    private async Task AcknowledgeAsync()
    {
        // No token: what is under way is acknowledged also when the link is ending.
        await foreach (var batch in _underWay.Reader.ReadAllAsync(CancellationToken.None))
        {
            var outcome = await batch.Append;
            if (!outcome.IsOk)
            {
                End(EndOf(outcome.Fault));
                return;
            }
            var acknowledgement = new Acknowledgement { Boot = batch.Boot, UpToSequence = (ulong)batch.LastSequence };
            Add(acknowledgement, outcome.Value);
            var events = batch.Events;
            // Whatever else is committed already goes into the same acknowledgement.
            while (_underWay.Reader.TryPeek(out var next) && next.Append is { IsCompletedSuccessfully: true, Result: { IsOk: true } also } && next.Boot.Equals(batch.Boot))
            {
                _underWay.Reader.TryRead(out _);
                acknowledgement.UpToSequence = Math.Max(acknowledgement.UpToSequence, (ulong)next.LastSequence);
                Add(acknowledgement, also.Value);
                events += next.Events;
            }
            _events += events;
            Interlocked.Add(ref _unacknowledged, -events);
            _room.Release();
            if (!_down.Writer.TryWrite(new BackendMessage { Acknowledged = acknowledgement })) await SendAsync(new BackendMessage { Acknowledged = acknowledgement });
        }
    }

    private void Add(Acknowledgement acknowledgement, AppendResult result)
    {
        if (result.Rejected.Count == 0) return;
        EdgeLinkLog.EventsRejected(services.Log, Agent, result.Rejected.Count, result.Rejected[0].Sequence, result.Rejected[0].Code);
        acknowledgement.Rejected.AddRange(result.Rejected.Select(r => new RejectedEvent { Sequence = (ulong)r.Sequence, Code = r.Code, Message = r.Message }));
    }

    private static LinkEnd EndOf(Fault fault) => fault switch
    {
        Fault.Invalid => LinkEnd.Protocol(fault.Message),
        Fault.Exhausted => LinkEnd.Refused(StatusCode.ResourceExhausted, fault.Message),
        Fault.Unavailable => LinkEnd.Refused(StatusCode.Unavailable, fault.Message),
        _ => LinkEnd.Refused(StatusCode.Internal, fault.Message),
    };
}
