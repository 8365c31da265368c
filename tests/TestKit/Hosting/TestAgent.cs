using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>An agent's identity as the server sees it: an enrolled key that signs short tokens. Not the agent itself.</summary>
public sealed class TestAgent : IDisposable
{
    private readonly ECDsa _key;
    private readonly TimeProvider _time;

    private TestAgent(ECDsa key, TimeProvider time, string id, string depot) => (_key, _time, Id, Depot) = (key, time, id, depot);

    /// <summary>The agent's id.</summary>
    public string Id { get; }

    /// <summary>Its depot.</summary>
    public string Depot { get; }

    /// <summary>A channel that signs a fresh token for every call.</summary>
    public GrpcChannel Channel { get; internal set; } = null!;

    /// <summary>Enrols with a code and a fresh key.</summary>
    public static async Task<TestAgent> EnrolAsync(ChannelBase channel, string code, TimeProvider time)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var reply = await new Enrolment.EnrolmentClient(channel).EnrolAsync(new EnrolRequest
        {
            Code = code, PublicKey = ByteString.CopyFrom(key.ExportSubjectPublicKeyInfo()), Name = "test agent", Software = "test",
        });
        return new TestAgent(key, time, reply.Agent, reply.Depot);
    }

    /// <summary>A token valid from now for so long (five minutes).</summary>
    public string Token(Duration? valid = null) => Sign(_key, Id, _time.Now(), valid ?? Duration.FromMinutes(5));

    /// <summary>A token of any key for any agent.</summary>
    public static string Sign(ECDsa key, string agent, Instant issued, Duration valid)
    {
        var signed = Part(new { alg = "ES256", typ = "JWT" }) + "."
            + Part(new { sub = agent, aud = "kal", iat = issued.ToUnixTimeSeconds(), exp = (issued + valid).ToUnixTimeSeconds() });
        return signed + "." + Base64Url(key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256));
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static string Part(object value) => Base64Url(JsonSerializer.SerializeToUtf8Bytes(value));

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
