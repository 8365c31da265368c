using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>How much the journal holds and what waits in the outbox: for callers who see the whole installation, since neither knows accounts or depots.</summary>
internal sealed class JournalOverview(JournalReader reader, ICallerScope callers) : IOverviewPart
{
    public async Task FillAsync(OverviewReply overview, CancellationToken ct)
    {
        if (callers.Current is not { Accounts: null, Depots: null }) return;
        overview.JournalEvents = await reader.CountAsync(ct);
        var outbox = await reader.OutboxAsync(ct);
        (overview.OutboxWaiting, overview.OutboxParked) = (outbox.Waiting, outbox.Parked);
    }
}
