using System.Security.Cryptography;
using System.Text;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.SignIn;
using Microsoft.AspNetCore.Http;

namespace KeyAccountLogistics.Server.Access;

/// <summary>Finds out who calls from the one header that says so: <c>authorization: Bearer</c> with a person's, an agent's, a client's or the local token.</summary>
internal sealed class Authenticator(AccessTokens tokens, KnownCallers known, ApiKeyUse use, LocalToken local, TimeProvider time)
{
    internal const int BearerMax = 4_096;
    private const string Scheme = "Bearer ";

    internal async Task<Authentication> ReadAsync(HttpContext http)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count == 0) return new Authentication.None();
        if (header.Count > 1 || header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || text.Length > BearerMax)
            return new Authentication.Refused("token.invalid", "The authorization header is not of the form 'Bearer TOKEN'.");
        var bearer = text[Scheme.Length..].Trim();
        var ct = http.RequestAborted;
        if (bearer.StartsWith(LocalToken.Prefix, StringComparison.Ordinal)) return ReadLocal(bearer, http);
        if (ApiKeyText.TryParse(bearer) is { } key) return await ReadApiKeyAsync(key, ct);
        return AgentTokens.ClaimedAgent(bearer) is { } agent ? await ReadAgentAsync(bearer, agent, ct) : await ReadPersonAsync(bearer, ct);
    }

    private Authentication ReadLocal(string bearer, HttpContext http)
    {
        // A connection without IP addresses came over the Unix socket: Kestrel knows no third kind here.
        var overSocket = http.Connection is { LocalIpAddress: null, RemoteIpAddress: null };
        return overSocket && local.Is(bearer)
            ? new Authentication.Accepted(SignedIn.LocalAdministrator)
            : new Authentication.Refused("token.invalid", "The local administrator's token counts only in the process that made it.");
    }

    private async Task<Authentication> ReadApiKeyAsync(ApiKeyText text, CancellationToken ct)
    {
        var refused = new Authentication.Refused("key.invalid", "The API key is not known, revoked or past its end; ask the carrier's administrator for a new one.");
        var key = await known.ApiKeyAsync(text, ct);
        if (key is null || !CryptographicOperations.FixedTimeEquals(key.SecretHash, text.SecretHash)) return refused;
        var now = time.Now();
        if (key.RevokedAt is not null || (key.ValidUntil is { } until && now >= until)) return refused;
        await use.NoteAsync(key.Id, now, ct);
        return new Authentication.Accepted(SignedIn.Of(key));
    }

    private async Task<Authentication> ReadAgentAsync(string bearer, string id, CancellationToken ct)
    {
        var agent = await known.AgentAsync(id, ct);
        if (agent is null) return new Authentication.Refused("agent.unknown", $"There is no agent {id}; enrol it with a new code.");
        return await AgentTokens.ReadAsync(bearer, id, agent.PublicKey, time.Now()) switch
        {
            TokenAnswer.Refused refused => new Authentication.Refused(refused.Code, refused.Message),
            // Said only to the one who holds the key, so that an agent can tell "revoked" from "unreachable" and stop trying.
            _ when agent.RevokedAt is not null => new Authentication.Revoked("agent.revoked", $"Agent {id} is revoked: {agent.RevokedBecause}. Enrol it anew."),
            _ => new Authentication.Accepted(SignedIn.Of(agent)),
        };
    }

    private async Task<Authentication> ReadPersonAsync(string bearer, CancellationToken ct)
    {
        var read = await tokens.ReadAsync(bearer);
        if (read is TokenAnswer.Refused refused) return new Authentication.Refused(refused.Code, refused.Message);
        var accepted = (TokenAnswer.Accepted)read;
        var person = await known.PersonAsync(accepted.Subject, accepted.Session, ct);
        return person is not null
            ? new Authentication.Accepted(person)
            : new Authentication.Refused("session.ended", "This sign-in has ended; sign in again.");
    }
}

/// <summary>What the header said.</summary>
internal abstract record Authentication
{
    /// <summary>No header at all.</summary>
    internal sealed record None : Authentication;

    internal sealed record Accepted(SignedIn Who) : Authentication;

    internal sealed record Refused(string Code, string Message) : Authentication;

    /// <summary>It is who it says, and may not call any more.</summary>
    internal sealed record Revoked(string Code, string Message) : Authentication;
}

/// <summary>The token of the person at the machine itself: made at start, valid for this process and over its Unix socket only.</summary>
internal sealed class LocalToken
{
    internal const string Prefix = "local_";

    internal string Text { get; } = Prefix + SecretText.Random(32);

    internal bool Is(string bearer) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(bearer), Encoding.UTF8.GetBytes(Text));
}
