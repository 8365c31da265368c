using System.Security.Claims;
using KeyAccountLogistics.Kernel;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>
/// People's short-lived access tokens (JWT, HS256). They say who and in which session, not what the person may do: that is looked up at each call, so
/// that a change of access or a sign-out counts at once.
/// </summary>
internal sealed class AccessTokens
{
    internal const string Issuer = "kal";
    internal const string Audience = "kal";
    internal static readonly Duration Lifetime = Duration.FromMinutes(15);

    private readonly TimeProvider _time;
    private readonly SigningCredentials _signing;
    private readonly TokenValidationParameters _rules;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    internal AccessTokens(byte[] key, TimeProvider time)
    {
        Invariant.Holds(key.Length >= 32, "an HS256 key has at least 256 bits");
        _time = time;
        var symmetric = new SymmetricSecurityKey(key);
        _signing = new SigningCredentials(symmetric, SecurityAlgorithms.HmacSha256);
        _rules = TokenRules.For(Issuer, symmetric, SecurityAlgorithms.HmacSha256);
    }

    internal (string Token, Instant ExpiresAt) Issue(string person, string session)
    {
        var now = _time.Now();
        var expires = now + Lifetime;
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            Subject = new ClaimsIdentity([new Claim("sub", person), new Claim("sid", session)]),
            IssuedAt = now.ToDateTimeUtc(),
            NotBefore = now.ToDateTimeUtc(),
            Expires = expires.ToDateTimeUtc(),
            SigningCredentials = _signing,
        });
        return (token, expires);
    }

    /// <summary>The person and session a token names, or why it is not accepted.</summary>
    internal async Task<TokenAnswer> ReadAsync(string token)
    {
        var read = await _handler.ValidateTokenAsync(token, _rules);
        if (!read.IsValid) return new TokenAnswer.Refused("token.invalid", "The access token is not one of this server; sign in again.");
        var jwt = (JsonWebToken)read.SecurityToken;
        if (!jwt.TryGetPayloadValue<string>("sid", out var session) || session.Length == 0 || jwt.Subject.Length == 0)
            return new TokenAnswer.Refused("token.invalid", "The access token names no session; sign in again.");
        return _time.Now() < Instant.FromDateTimeUtc(DateTime.SpecifyKind(jwt.ValidTo, DateTimeKind.Utc))
            ? new TokenAnswer.Accepted(jwt.Subject, session)
            : new TokenAnswer.Refused("token.expired", "The access token has expired; refresh it or sign in again.");
    }
}

/// <summary>What a bearer token turned out to be.</summary>
internal abstract record TokenAnswer
{
    internal sealed record Accepted(string Subject, string Session) : TokenAnswer;

    internal sealed record Refused(string Code, string Message) : TokenAnswer;
}

/// <summary>What every token must satisfy; lifetimes are judged by the product's own clock, not by the library's.</summary>
internal static class TokenRules
{
    internal static TokenValidationParameters For(string? issuer, SecurityKey key, string algorithm) => new()
    {
        ValidIssuer = issuer,
        ValidateIssuer = issuer is not null,
        ValidAudience = AccessTokens.Audience,
        IssuerSigningKey = key,
        ValidAlgorithms = [algorithm],
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ValidateIssuerSigningKey = false,
        ValidateLifetime = true,
        LifetimeValidator = static (_, expires, _, _) => expires is not null,
        TryAllIssuerSigningKeys = true,
        RefreshBeforeValidation = false,
    };
}
