using System.Security.Cryptography;
using System.Text;
using KeyAccountLogistics.Server.Access;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>
/// A client's key as its systems send it: <c>kal_&lt;id&gt;_&lt;secret&gt;</c>. Id and secret follow from the command that asked for the key and a secret of the
/// server, so that the same command again gives the same key (law 5) though only the secret's hash is kept.
/// </summary>
internal sealed record ApiKeyText(string Id, string Secret)
{
    internal const string Prefix = "kal_";

    internal static ApiKeyText Derive(byte[] serverSecret, string caller, ReadOnlySpan<byte> commandId)
    {
        var name = Encoding.UTF8.GetBytes($"api-key\0{caller}\0{Convert.ToHexString(commandId)}");
        var id = HMACSHA256.HashData(serverSecret, (byte[])[.. name, 1]);
        var secret = HMACSHA256.HashData(serverSecret, (byte[])[.. name, 2]);
        return new ApiKeyText(SecretText.Encode(id.AsSpan(0, 8)), SecretText.Encode(secret));
    }

    internal static ApiKeyText? TryParse(string bearer) =>
        bearer.Length <= 128 && bearer.StartsWith(Prefix, StringComparison.Ordinal) && bearer.Split('_') is [_, { Length: > 0 } id, { Length: > 0 } secret]
            ? new ApiKeyText(id, secret)
            : null;

    internal byte[] SecretHash => SecretText.Hash(Secret);

    public override string ToString() => $"{Prefix}{Id}_{Secret}";
}
