using System.Data.Common;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>Follows as long as there is something, then waits for a word of this process, and looks by itself for what others noted.</summary>
internal sealed class Follower(FollowFacts follow, FollowSignal signal, IServiceProvider services, TimeProvider time, ILogger<Follower> logger) : BackgroundService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private const long LagMostUs = 15_000_000;
    private static readonly TimeSpan PauseMost = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = LookAgain;
            try
            {
                // A look costs no turn at SQLite's one writer.
                if (await OldestAsync(stoppingToken) is { } oldest)
                {
                    var (started, noted) = (time.GetTimestamp(), signal.Raised);
                    var done = await follow.RunOnceAsync(stoppingToken);
                    if (done is { IsOk: true, Value: true })
                    {
                        if (signal.Raised != noted) await LetOthersWorkAsync(time.GetElapsedTime(started), time.Now().ToUnixMicros() - oldest, stoppingToken);
                        continue;
                    }
                    if (!done.IsOk) LevelsLog.NotFollowed(logger, done.Fault.Message);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is DbException || StorageFaults.Of(failure) is not null)
            {
                LevelsLog.NotFollowed(logger, failure.Message);
                wait = AfterFailure;
            }
            await signal.WaitAsync(wait, time, stoppingToken);
        }
    }

    // While facts come in, they go first: a tenth of the time is taken from them, and what comes of one parcel meanwhile is followed at once. Where that lets figures grow old,
    // half: they may be late, but not without end.
    private async Task LetOthersWorkAsync(TimeSpan worked, long lagUs, CancellationToken ct)
    {
        var pause = worked * (lagUs > LagMostUs ? 1 : 9);
        await Task.Delay(pause < PauseMost ? pause : PauseMost, time, ct);
    }

    // When the facts of the oldest note came; null when nothing waits.
    private async Task<long?> OldestAsync(CancellationToken ct)
    {
        await using var scope = services.CreateScopeAs(Caller.System);
        return await scope.ServiceProvider.GetRequiredService<LevelsDb>().Changed.AsNoTracking().OrderBy(c => c.Id).Select(c => (long?)c.AtUs).FirstOrDefaultAsync(ct);
    }
}
