using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Rpc = KeyAccountLogistics.Api.Identity.V1;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>Starts, continues and ends people's sessions.</summary>
internal sealed class Sessions(IdentityDb db, AccessTokens tokens, KnownCallers known, AuditLog audit, TimeProvider time)
{
    /// <summary>A session that nobody refreshed for this long is over: a courier's phone may be three days without a line (law 6).</summary>
    internal static readonly Duration RefreshLifetime = Duration.FromHours(72);

    /// <summary>However often refreshed.</summary>
    internal static readonly Duration SessionLifetime = Duration.FromDays(30);

    internal async Task<Rpc.Session> StartAsync(Person person, CancellationToken ct)
    {
        var now = time.Now();
        var session = new Session { Id = SecretText.Random(15), Person = person.Id, StartedAt = now, EndsAt = now + SessionLifetime };
        db.Sessions.Add(session);
        var refresh = AddRefreshToken(session);
        await db.SaveChangesAsync(ct);
        return Reply(person, session, refresh);
    }

    /// <summary>
    /// The next pair of tokens, or null with the reason when the session is over. A token used twice may be a thief's: the session ends. Unless it comes with the next token that the first use chose, which nobody else
    /// knows, and which has not been used: then the answer was lost on its way, as happens on a phone at the edge of its network.
    /// </summary>
    internal async Task<(Rpc.Session? Session, string Refused)> RefreshAsync(string refreshToken, string next, CancellationToken ct)
    {
        var hash = SecretText.Hash(refreshToken);
        var now = time.Now();
        var found = await (from t in db.RefreshTokens
                           join s in db.Sessions on t.Session equals s.Id
                           join p in db.People on s.Person equals p.Id
                           where t.Hash == hash
                           select new { Token = t, Session = s, Person = p }).AsNoTracking().SingleOrDefaultAsync(ct);
        if (found is null || found.Session.RevokedAt is not null) return (null, "expired");
        var spent = found.Token.UsedAt is null
            && await db.TakeTurnAsync(turn => db.RefreshTokens.Where(t => t.Hash == hash && t.UsedAt == null).ExecuteUpdateAsync(s => s.SetProperty(t => t.UsedAt, now), turn), ct) == 1;
        var chosen = SecretText.Hash(next);
        var again = !spent && next.Length > 0 && await db.RefreshTokens.AnyAsync(t => t.Hash == chosen && t.Session == found.Session.Id && t.UsedAt == null, ct);
        if (!spent && !again)
        {
            await RevokeAsync(db.Sessions.Where(s => s.Id == found.Session.Id), "a refresh token was used twice", ct);
            await audit.WriteAsync(found.Person.Id, "SignIn/Refresh", found.Person.Id, "refused", "a refresh token was used twice: the session is revoked");
            return (null, "expired");
        }
        if (now >= found.Session.EndsAt || (spent && now >= found.Token.ExpiresAt)) return (null, "expired");
        if (found.Person.State != PersonState.Active) return (null, "disabled");
        if (again) return (Reply(found.Person, found.Session, next), string.Empty);
        var following = AddRefreshToken(found.Session, next);
        await db.SaveChangesAsync(ct);
        return (Reply(found.Person, found.Session, following), string.Empty);
    }

    /// <summary>Ends sessions; their access tokens stop counting at once in this process, in others within seconds.</summary>
    internal async Task RevokeAsync(IQueryable<Session> sessions, string because, CancellationToken ct)
    {
        var now = time.Now();
        await db.TakeTurnAsync(turn => sessions.Where(s => s.RevokedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.RevokedAt, now).SetProperty(x => x.RevokedBecause, because), turn), ct);
        known.Forget();
    }

    internal Task RevokeAllOfAsync(string person, string because, CancellationToken ct) => RevokeAsync(db.Sessions.Where(s => s.Person == person), because, ct);

    private string AddRefreshToken(Session session, string chosen = "")
    {
        var text = chosen.Length > 0 ? chosen : SecretText.Random(32);
        db.RefreshTokens.Add(new RefreshToken { Hash = SecretText.Hash(text), Session = session.Id, ExpiresAt = time.Now() + RefreshLifetime });
        return text;
    }

    private Rpc.Session Reply(Person person, Session session, string refresh)
    {
        var (token, expires) = tokens.Issue(person.Id, session.Id);
        return new Rpc.Session
        {
            AccessToken = token,
            ExpiresAtUs = expires.ToUnixMicros(),
            RefreshToken = refresh,
            Caller = SignedIn.Of(person, session.Id).ToReply(),
        };
    }
}
