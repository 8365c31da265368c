using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>Follows what had come when somebody asked, for whoever wants his own facts counted. What comes meanwhile is not waited for, and there is an end: the answer says how far it is.</summary>
internal sealed class Settle(FollowFacts follow, IServiceProvider services, TimeProvider time)
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    internal async Task<Fault?> UntilNowAsync(CancellationToken ct)
    {
        var (started, last) = (time.GetTimestamp(), await NoteAsync(newest: true, ct));
        while (last is { } until && await NoteAsync(newest: false, ct) is { } next && next <= until && time.GetElapsedTime(started) < Most)
        {
            var done = await follow.RunOnceAsync(ct);
            if (!done.IsOk) return done.Fault;
            // Another follower is at what is left.
            if (!done.Value) await Task.Delay(TimeSpan.FromMilliseconds(20), time, ct);
        }
        return null;
    }

    private async Task<long?> NoteAsync(bool newest, CancellationToken ct)
    {
        // As the product: what waits belongs to no account.
        await using var scope = services.CreateScopeAs(Caller.System);
        var notes = scope.ServiceProvider.GetRequiredService<LevelsDb>().Changed.AsNoTracking();
        return newest ? await notes.MaxAsync(c => (long?)c.Id, ct) : await notes.MinAsync(c => (long?)c.Id, ct);
    }
}
