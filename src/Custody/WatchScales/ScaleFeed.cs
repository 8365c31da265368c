using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Custody.Scales;

/// <summary>
/// The scales that depots must not believe. Those in quarantine go to every depot, because what they weighed goes everywhere; a check that is asked for, only to its own.
/// The version is the moment of the last change: it only grows, and a restored backup's differs from what agents hold, so that they are told anew.
/// </summary>
internal sealed class ScaleFeed(IServiceScopeFactory scopes) : IDepotFeed
{
    private const int ScalesMax = 5_000;

    public event Action? Changed;

    public TimeSpan? RefreshAfter => null;

    internal void Raise() => Changed?.Invoke();

    public ulong HeldBy(Hello hello) => hello.ScalesVersion;

    public async Task<FeedUpdate> SinceAsync(string depot, ulong held, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ICallerScope>().Set(Caller.System);
        var db = scope.ServiceProvider.GetRequiredService<CustodyDb>();
        var last = await db.Scales.AsNoTracking().Select(s => s.DoubtUs > s.ReleasedUs ? s.DoubtUs : s.ReleasedUs).MaxAsync(static at => (long?)at, ct);
        var version = (ulong)(last ?? 0);
        if (version == held) return new FeedUpdate(version, []);
        var doubted = await db.Scales.AsNoTracking().Where(s => s.QuarantinedUs > s.ReleasedUs || (s.Depot == depot && s.AskedUs > 0))
            .OrderBy(s => s.Depot).ThenBy(s => s.Device).Take(ScalesMax).ToListAsync(ct);
        var doubts = new ScaleDoubts { Version = version };
        foreach (var scale in doubted)
        {
            doubts.Scales.Add(new ScaleDoubt
            {
                Node = scale.Depot!, Device = scale.Device, Quarantined = scale.QuarantinedUs > scale.ReleasedUs,
                CheckAskedUs = string.Equals(scale.Depot, depot, StringComparison.Ordinal) ? scale.AskedUs : 0,
            });
        }
        return new FeedUpdate(version, [new BackendMessage { Scales = doubts }]);
    }
}
