using System.Security.Cryptography;
using KeyAccountLogistics.Kernel;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>
/// The tokens that depots' agents sign for themselves: JWT, ES256 with the key enrolled once, <c>sub</c> = agent id, <c>aud</c> = <c>kal</c>,
/// at most five minutes from <c>iat</c> to <c>exp</c>. An agent whose clock is wrong learns the right time from the refusal's trailer and signs again by it.
/// </summary>
internal static class AgentTokens
{
    internal static readonly Duration LifetimeMax = Duration.FromMinutes(5);

    /// <summary>How far an agent's measured time may be off the server's when it signs.</summary>
    internal static readonly Duration SkewMax = Duration.FromSeconds(30);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>The agent a token says it is of, before anything is verified; null when the text is no such token.</summary>
    internal static string? ClaimedAgent(string token)
    {
        if (!Handler.CanReadToken(token)) return null;
        try
        {
            var jwt = Handler.ReadJsonWebToken(token);
            return string.Equals(jwt.Alg, SecurityAlgorithms.EcdsaSha256, StringComparison.Ordinal) && jwt.Subject is { Length: > 0 and <= 64 } subject ? subject : null;
        }
        catch (ArgumentException)
        {
            return null; // three dots around something that is not JSON
        }
    }

    internal static async Task<TokenAnswer> ReadAsync(string token, string agent, byte[] publicKey, Instant now)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        // The library caches a signature provider per key id; the key is disposed here, so it must not.
        var key = new ECDsaSecurityKey(ecdsa) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
        var read = await Handler.ValidateTokenAsync(token, TokenRules.For(issuer: null, key, SecurityAlgorithms.EcdsaSha256));
        if (!read.IsValid || !string.Equals(((JsonWebToken)read.SecurityToken).Subject, agent, StringComparison.Ordinal))
            return new TokenAnswer.Refused("token.invalid", $"The token is not signed with the key of agent {agent}.");
        var jwt = (JsonWebToken)read.SecurityToken;
        var issued = ToInstant(jwt.IssuedAt);
        var expires = ToInstant(jwt.ValidTo);
        if (expires - issued > LifetimeMax) return new TokenAnswer.Refused("token.too_long", "An agent's token is valid for at most five minutes.");
        if (now >= expires + SkewMax || now < issued - SkewMax)
            return new TokenAnswer.Refused("token.expired", "The agent's token is not valid at the server's time; sign one by the time in trailer kal-server-us.");
        return new TokenAnswer.Accepted(jwt.Subject, string.Empty);
    }

    /// <summary>Null when the bytes are an ECDSA key on P-256 as SubjectPublicKeyInfo.</summary>
    internal static Fault? RefuseKey(ReadOnlySpan<byte> publicKey)
    {
        var fault = new Fault.Invalid("public_key", "agent.key_malformed", "The public key must be an ECDSA key on curve P-256, as SubjectPublicKeyInfo (DER).");
        if (publicKey.Length is 0 or > 200) return fault;
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(publicKey, out var read);
            var curve = ecdsa.ExportParameters(includePrivateParameters: false).Curve;
            return read == publicKey.Length && curve.IsNamed && string.Equals(curve.Oid.Value, ECCurve.NamedCurves.nistP256.Oid.Value, StringComparison.Ordinal) ? null : fault;
        }
        catch (CryptographicException)
        {
            return fault;
        }
    }

    private static Instant ToInstant(DateTime utc) => Instant.FromDateTimeUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc));
}
