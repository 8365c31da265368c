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

    /// <summary>Waits until something was put into the outbox by this process, or the time is over.</summary>
    internal async Task OutboxAsync(TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await _outbox.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look, or to stop: the caller asks its own token.
        }
    }

    public void Dispose() => _outbox.Dispose();
}

/// <summary>A topic with a handler in this installation; only such topics get entries.</summary>
internal sealed record OutboxTopic(string Name, bool TakesEvents);
