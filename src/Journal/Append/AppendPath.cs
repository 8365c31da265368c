using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>The writers of one engine: one on SQLite, several on PostgreSQL, a source always at the same one.</summary>
internal interface IAppendLanes
{
    /// <summary>What the source's writer remembers; whole states, safe to read from any thread.</summary>
    SourceCache SourcesOf(JournalSource source);

    /// <summary>Waits for a place in the writer's queue; the batch answers by itself after commit. Throws ChannelClosedException once the journal stops.</summary>
    ValueTask EnqueueAsync(ReadyBatch batch, CancellationToken ct);
}

/// <summary>What happens to a batch before a writer sees it: limits, disk space, reading the bodies, and the short answer for what is known whole.</summary>
internal sealed class AppendPath(IAppendLanes lanes, JournalOptions options, DiskSpace disk, JournalReader reader) : IJournal
{
    public async Task<Outcome<AppendResult>> AppendAsync(AppendBatch batch, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (disk.IsFull) return Outcome<AppendResult>.Failed(Faults.DiskFull);
        var read = ReadBatch.Read(batch, options);
        if (!read.IsOk) return read.Fault;
        if (KnownWhole(read.Value) is { } again) return again;
        try
        {
            await lanes.EnqueueAsync(read.Value, ct);
        }
        catch (System.Threading.Channels.ChannelClosedException)
        {
            return Outcome<AppendResult>.Failed(Faults.Stopping);
        }
        // Not cancelled from here on: the batch is under way, and its answer is the truth about it.
        return await read.Value.Answer;
    }

    public async Task<long> SafeUpToAsync(JournalSource source, Guid boot, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (lanes.SourcesOf(source).Find(source.Name) is { } state && state.Boots.TryGetValue(boot, out var known)) return known.Known.ContiguousFromOne;
        return await reader.SafeUpToAsync(source.Name, boot, ct);
    }

    private AppendResult? KnownWhole(ReadyBatch ready)
    {
        if (ready.Batch.Boot is not { } boot) return null;
        if (lanes.SourcesOf(ready.Batch.Source).Find(ready.Batch.Source.Name) is not { } state || !state.Boots.TryGetValue(boot, out var known)) return null;
        if (!known.Known.ContainsAll(ready.Batch.FirstSequence, ready.Batch.FirstSequence + ready.Events.Length - 1)) return null;
        var answers = new EventAnswer[ready.Events.Length];
        for (var i = 0; i < answers.Length; i++) answers[i] = new EventAnswer(ready.Events[i].Rejected is null ? EventFate.Known : EventFate.Rejected, 0);
        return new AppendResult(answers, ready.Rejected);
    }
}

/// <summary>Looks at the free space of the files' disk at most once a second, so that acceptance stops before the engine fails in the middle (law 6).</summary>
internal sealed class DiskSpace(string directory, long freeBytesMin, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private long? _lookedAt;
    private bool _full;

    internal bool IsFull
    {
        get
        {
            lock (_lock)
            {
                if (_lookedAt is not { } at || time.GetElapsedTime(at) >= Interval)
                {
                    _lookedAt = time.GetTimestamp();
                    _full = new DriveInfo(directory).AvailableFreeSpace < freeBytesMin;
                }
                return _full;
            }
        }
    }
}
