using System.Collections.Concurrent;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Identity;
using KeyAccountLogistics.Server.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Server.Access;

/// <summary>
/// Who the bearer of an identity is and what he may do at this moment, remembered for a few seconds so that a call costs no query. A change in this process
/// is forgotten at once (<see cref="Forget"/>), a change in another one after <see cref="RememberedFor"/>.
/// </summary>
internal sealed class KnownCallers(IServiceProvider services, TimeProvider time)
{
    internal static readonly Duration RememberedFor = Duration.FromSeconds(5);
    private const int RememberedMax = 20_000;

    private readonly ConcurrentDictionary<(string Kind, string Id), Remembered> _known = new();
    private long _generation;

    private sealed record Remembered(object? Value, Instant Until);

    /// <summary>Null when the session has ended or the person may not sign in any more.</summary>
    internal Task<SignedIn?> PersonAsync(string person, string session, CancellationToken ct) => RememberAsync(("session", session), async db =>
    {
        var now = time.Now();
        var found = await (from s in db.Sessions
                           join p in db.People on s.Person equals p.Id
                           where s.Id == session && s.RevokedAt == null && p.Id == person
                           select new { Session = s, Person = p }).AsNoTracking().SingleOrDefaultAsync(ct);
        return found is { Person.State: PersonState.Active } && now < found.Session.EndsAt ? SignedIn.Of(found.Person, session) : null;
    });

    /// <summary>Null for an agent that never enrolled; a revoked one is returned as such.</summary>
    internal Task<Agent?> AgentAsync(string id, CancellationToken ct) =>
        RememberAsync(("agent", id), db => db.Agents.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, ct));

    /// <summary>Null when there is no such key; whether secret and dates fit is for the caller to see.</summary>
    internal Task<ApiKey?> ApiKeyAsync(ApiKeyText key, CancellationToken ct) =>
        RememberAsync(("key", key.Id), db => db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == key.Id, ct));

    internal void Forget()
    {
        Interlocked.Increment(ref _generation);
        _known.Clear();
    }

    private async Task<T?> RememberAsync<T>((string, string) key, Func<IdentityDb, Task<T?>> read)
        where T : class
    {
        var now = time.Now();
        if (_known.TryGetValue(key, out var remembered) && now < remembered.Until) return (T?)remembered.Value;
        var generation = Interlocked.Read(ref _generation);
        await using var scope = services.CreateScopeAs(Caller.System);
        var value = await read(scope.ServiceProvider.GetRequiredService<IdentityDb>());
        if (_known.Count >= RememberedMax) _known.Clear();
        // What was read before a change must not be remembered after it. Unknown names are not remembered: they would push out the known ones.
        if (value is not null && generation == Interlocked.Read(ref _generation)) _known[key] = new Remembered(value, now + RememberedFor);
        return value;
    }
}
