namespace KeyAccountLogistics.Journal.Append;

/// <summary>What the rest of the process learns from a commit: that there is something in the outbox, and how much was appended.</summary>
internal sealed class JournalSignals(IEnumerable<OutboxTopic> topics) : IDisposable
{
    private readonly SemaphoreSlim _outbox = new(0, 1);
    private long _appended;

    internal IReadOnlyList<string> EventTopics { get; } = topics.Where(t => t.TakesEvents).Select(t => t.Name).ToArray();

    internal long Appended => Interlocked.Read(ref _appended);

    internal void Committed(int newEvents, bool hasOutbox)
    {
        Interlocked.Add(ref _appended, newEvents);
        if (hasOutbox) WakeOutbox();
    }

    internal void WakeOutbox()
    {
        try
        {
            _outbox.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already awake.
        }
    }

    internal Task OutboxAsync(TimeSpan atMost, CancellationToken ct) => _outbox.WaitAsync(atMost, ct);

    public void Dispose() => _outbox.Dispose();
}

/// <summary>A topic with a handler in this installation; only such topics get entries.</summary>
internal sealed record OutboxTopic(string Name, bool TakesEvents);
