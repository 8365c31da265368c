using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.SignIn;
using NodaTime;

namespace KeyAccountLogistics.Unit.Server;

public sealed class TokensTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 8, 0);
    private readonly SteppedTime _time = new(Now);

    [Fact]
    public async Task An_access_token_names_person_and_session_for_fifteen_minutes()
    {
        var tokens = new AccessTokens(new byte[32], _time);
        var (token, expires) = tokens.Issue("P-1", "S-1");
        (expires - Now).ShouldBeLessThanOrEqualTo(Duration.FromMinutes(15));
        (await tokens.ReadAsync(token)).ShouldBe(new TokenAnswer.Accepted("P-1", "S-1"));
        _time.Now = expires - Duration.FromSeconds(1);
        (await tokens.ReadAsync(token)).ShouldBeOfType<TokenAnswer.Accepted>();
        _time.Now = expires;
        (await tokens.ReadAsync(token)).ShouldBeOfType<TokenAnswer.Refused>().Code.ShouldBe("token.expired");
    }

    [Fact]
    public async Task A_token_of_another_key_another_algorithm_or_none_is_refused()
    {
        var tokens = new AccessTokens(new byte[32], _time);
        var (foreign, _) = new AccessTokens(Encoding.UTF8.GetBytes(new string('x', 32)), _time).Issue("P-1", "S-1");
        var (own, _) = tokens.Issue("P-1", "S-1");
        var unsigned = Part(new { alg = "none", typ = "JWT" }) + "." + own.Split('.')[1] + ".";
        foreach (var token in new[] { foreign, unsigned, own[..^4] + "AAAA", "..", "", "a.b.c", new string('x', 10_000) })
            (await tokens.ReadAsync(token)).ShouldBeOfType<TokenAnswer.Refused>().Code.ShouldBe("token.invalid");
    }

    [Fact]
    public async Task An_agents_own_token_is_accepted_with_its_own_key_only()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = key.ExportSubjectPublicKeyInfo();
        AgentTokens.RefuseKey(publicKey).ShouldBeNull();
        var token = AgentToken(key, "SHA01-X", Now, Duration.FromMinutes(5));
        AgentTokens.ClaimedAgent(token).ShouldBe("SHA01-X");
        (await AgentTokens.ReadAsync(token, "SHA01-X", publicKey, Now)).ShouldBeOfType<TokenAnswer.Accepted>();
        (await AgentTokens.ReadAsync(token, "SHA01-Y", publicKey, Now)).ShouldBeOfType<TokenAnswer.Refused>();
        (await AgentTokens.ReadAsync(token, "SHA01-X", other.ExportSubjectPublicKeyInfo(), Now)).ShouldBeOfType<TokenAnswer.Refused>();
    }

    [Theory]
    [InlineData(0, 6, 0, "token.too_long")]
    [InlineData(0, 5, 331, "token.expired")]
    [InlineData(0, 5, -31, "token.expired")]
    [InlineData(0, 5, -86_400, "token.expired")]
    public async Task An_agents_token_is_short_and_of_now(int issuedMinutes, int validMinutes, int nowSeconds, string code)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var token = AgentToken(key, "SHA01-X", Now + Duration.FromMinutes(issuedMinutes), Duration.FromMinutes(validMinutes));
        var answer = await AgentTokens.ReadAsync(token, "SHA01-X", key.ExportSubjectPublicKeyInfo(), Now + Duration.FromSeconds(nowSeconds));
        answer.ShouldBeOfType<TokenAnswer.Refused>().Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.")]
    [InlineData("")]
    public void What_is_no_agents_token_claims_no_agent(string text) => AgentTokens.ClaimedAgent(text).ShouldBeNull();

    [Fact]
    public void Another_curve_or_another_algorithm_is_no_agents_key()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        AgentTokens.RefuseKey(p384.ExportSubjectPublicKeyInfo()).ShouldNotBeNull();
        AgentTokens.RefuseKey(rsa.ExportSubjectPublicKeyInfo()).ShouldNotBeNull();
        AgentTokens.RefuseKey([1, 2, 3]).ShouldNotBeNull();
        AgentTokens.RefuseKey([]).ShouldNotBeNull();
    }

    [Fact]
    public void The_same_command_gives_the_same_key_and_another_server_or_caller_another()
    {
        byte[] secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        var key = ApiKeyText.Derive(secret, "P-1", [1, 2, 3]);
        ApiKeyText.Derive(secret, "P-1", [1, 2, 3]).ShouldBe(key);
        ApiKeyText.Derive(secret, "P-2", [1, 2, 3]).ShouldNotBe(key);
        ApiKeyText.Derive(secret, "P-1", [1, 2, 4]).ShouldNotBe(key);
        ApiKeyText.Derive(new byte[32], "P-1", [1, 2, 3]).ShouldNotBe(key);
        ApiKeyText.TryParse(key.ToString()).ShouldBe(key);
        key.Secret.Length.ShouldBe(52);
    }

    [Theory]
    [InlineData("kal_abc")]
    [InlineData("kal__x")]
    [InlineData("kal_x_")]
    [InlineData("kal_a_b_c")]
    [InlineData("KAL_a_b")]
    [InlineData("")]
    public void What_is_no_key_is_not_read_as_one(string text) => ApiKeyText.TryParse(text).ShouldBeNull();

    [Fact]
    public void Secret_text_is_read_back_as_people_type_it()
    {
        SecretText.Encode([0xFF, 0x00, 0xAA]).ShouldBe("zw0am");
        SecretText.Normalise(" ZWOam-il ").ShouldBe("zw0am11");
        SecretText.Random(10).Length.ShouldBe(16);
    }

    private static string AgentToken(ECDsa key, string agent, Instant issued, Duration valid)
    {
        var signed = Part(new { alg = "ES256", typ = "JWT" }) + "."
            + Part(new { sub = agent, aud = "kal", iat = issued.ToUnixTimeSeconds(), exp = (issued + valid).ToUnixTimeSeconds() });
        return signed + "." + Base64Url(key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256));
    }

    private static string Part(object value) => Base64Url(JsonSerializer.SerializeToUtf8Bytes(value));

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private sealed class SteppedTime(Instant now) : TimeProvider
    {
        internal Instant Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
    }
}
