using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Dispatch.Projections;

/// <summary>Keeps what dispatch derives from events, in the events' own transaction (decisions/0004).</summary>
internal sealed class DispatchProjection : IEventProjection
{
    public string Name => "dispatch";

    public IProjectionRun Begin(IJournalWrites writes) => new Run(writes);

    private sealed class Run(IJournalWrites writes) : IProjectionRun
    {
        public async ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
        {
            await new MoneyRun(writes).ApplyAsync(events, ct);
            await OrderRun.ApplyAsync(writes, events, ct);
            DoorRun.Apply(writes, events);
        }
    }
}
