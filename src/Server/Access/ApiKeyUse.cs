using System.Collections.Concurrent;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Server.Access;

/// <summary>Notes when a client's key was last used, to the minute: a write per call would cost more than the call.</summary>
internal sealed class ApiKeyUse(IServiceProvider services)
{
    private static readonly Duration Grain = Duration.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Instant> _noted = new(StringComparer.Ordinal);

    internal async Task NoteAsync(string key, Instant now, CancellationToken ct)
    {
        if (_noted.TryGetValue(key, out var noted) && now - noted < Grain) return;
        _noted[key] = now;
        await using var scope = services.CreateScopeAs(Caller.System);
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        await db.TakeTurnAsync(turn => db.ApiKeys.Where(k => k.Id == key).ExecuteUpdateAsync(s => s.SetProperty(k => k.LastUsedAt, now), turn), ct);
    }
}
