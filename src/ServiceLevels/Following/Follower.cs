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
                if (await IsSomethingThereAsync(stoppingToken))
                {
                    var (started, noted) = (time.GetTimestamp(), signal.Raised);
                    var done = await follow.RunOnceAsync(stoppingToken);
                    if (done is { IsOk: true, Value: true })
                    {
                        if (signal.Raised != noted) await LetOthersWorkAsync(time.GetElapsedTime(started), stoppingToken);
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

    // While facts come in, they go first: a fifth of the time at most is taken from them, and what comes of one parcel meanwhile is followed at once.
    private async Task LetOthersWorkAsync(TimeSpan worked, CancellationToken ct)
    {
        var pause = worked * 4;
        await Task.Delay(pause < PauseMost ? pause : PauseMost, time, ct);
    }

    private async Task<bool> IsSomethingThereAsync(CancellationToken ct)
    {
        await using var scope = services.CreateScopeAs(Caller.System);
        return await scope.ServiceProvider.GetRequiredService<LevelsDb>().Changed.AsNoTracking().AnyAsync(ct);
    }
}
