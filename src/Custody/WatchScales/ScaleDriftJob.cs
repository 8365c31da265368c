using Quartz;

namespace KeyAccountLogistics.Custody.Scales;

/// <summary>Hourly: what parcels say of scales. What is due follows from the journal and the tables, so a missed hour owes nothing.</summary>
[DisallowConcurrentExecution]
internal sealed class ScaleDriftJob(CollectWeighedTwice collect, JudgeScales judge) : IJob
{
    internal const string Name = "custody.scale-drift";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await RunAsync(cancellationToken);

    internal async Task RunAsync(CancellationToken ct)
    {
        await collect.RunAsync(ct);
        await judge.RunAsync(ct);
    }
}
