using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.EdgeAgent.Configuration;

/// <summary>Who the agent is to the backend since its enrolment.</summary>
internal sealed record AgentIdentity([property: JsonPropertyName("agent")] string Agent, [property: JsonPropertyName("depot")] string Depot)
{
    private const int BytesMax = 4096;

    public static string PathIn(string directory) => Path.Combine(directory, "agent.json");

    /// <summary>Null while the agent has not been enrolled.</summary>
    public static AgentIdentity? Read(IDurableFiles files, string directory)
    {
        var bytes = files.Read(PathIn(directory), BytesMax);
        return bytes is null ? null : JsonSerializer.Deserialize(bytes, IdentityJson.Default.AgentIdentity);
    }

    public void Write(IDurableFiles files, string directory) =>
        files.Replace(PathIn(directory), JsonSerializer.SerializeToUtf8Bytes(this, IdentityJson.Default.AgentIdentity));
}

[JsonSerializable(typeof(AgentIdentity))]
internal sealed partial class IdentityJson : JsonSerializerContext;

/// <summary>
/// The agent's ECDSA P-256 key: made here, readable by its owner only, never sent anywhere; the backend knows its public half. Signs the agent's own
/// short tokens. Dispose it.
/// </summary>
internal sealed class AgentKey : IDisposable
{
    /// <summary>The backend takes five minutes at most.</summary>
    private static readonly Duration TokenLife = Duration.FromMinutes(4);

    private const int BytesMax = 16_384;
    private readonly ECDsa _key;

    private AgentKey(ECDsa key) => _key = key;

    public byte[] PublicKey => _key.ExportSubjectPublicKeyInfo();

    /// <summary>The key of that file, made when there is none. Throws <see cref="CryptographicException"/> when the file holds something else.</summary>
    public static AgentKey LoadOrMake(IDurableFiles files, string path)
    {
        if (files.Read(path, BytesMax) is { } pem)
        {
            var loaded = ECDsa.Create();
            loaded.ImportFromPem(Encoding.ASCII.GetString(pem));
            return new AgentKey(loaded);
        }
        var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory) files.CreateDirectory(directory);
        files.Replace(path, Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem() + "\n"));
        return new AgentKey(made);
    }

    /// <summary>A token in the agent's own name (JWT, ES256), by the server's time as the agent knows it.</summary>
    public string SignToken(string agent, Instant now)
    {
        var header = Base64Url("""{"alg":"ES256","typ":"JWT"}"""u8);
        var issued = now.ToUnixTimeSeconds();
        var claims = $"{{\"sub\":{JsonSerializer.Serialize(agent, IdentityTextJson.Default.String)},\"aud\":\"kal\",\"iat\":{Number(issued)},\"nbf\":{Number(issued)},\"exp\":{Number(issued + (long)TokenLife.TotalSeconds)}}}";
        var text = header + "." + Base64Url(Encoding.UTF8.GetBytes(claims));
        return text + "." + Base64Url(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    public void Dispose() => _key.Dispose();

    private static string Number(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Base64Url(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

[JsonSerializable(typeof(string))]
internal sealed partial class IdentityTextJson : JsonSerializerContext;
