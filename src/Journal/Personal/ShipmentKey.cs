using System.Security.Cryptography;
using System.Text;

namespace KeyAccountLogistics.Journal.Personal;

/// <summary>
/// The data key of one shipment, unwrapped, for as long as it is needed: dispose it to wipe it. AES-256-GCM; every seal has a nonce of its own and is bound to what it is for.
/// </summary>
public sealed class ShipmentKey : IDisposable
{
    internal const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly byte[] _key;

    internal ShipmentKey(string shipment, byte[] key) => (Shipment, _key) = (shipment, key);

    /// <summary>Whose key.</summary>
    public string Shipment { get; }

    /// <summary>
    /// A salted hash for an event (law 13): tells that two facts name the same thing while the key exists, and nothing once it is destroyed, not even to a list of all phone
    /// numbers. 32 bytes.
    /// </summary>
    public byte[] Fingerprint(string kind, ReadOnlySpan<byte> plain)
    {
        var salt = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes("fingerprint|" + kind));
        return HMACSHA256.HashData(salt, plain);
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    internal byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> boundTo) => Seal(_key, plain, boundTo);

    internal byte[]? Open(ReadOnlyMemory<byte> sealedBytes, ReadOnlySpan<byte> boundTo) => Open(_key, sealedBytes.Span, boundTo);

    internal static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> boundTo)
    {
        var result = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(result.AsSpan(0, NonceLength), plain, result.AsSpan(NonceLength + TagLength), result.AsSpan(NonceLength, TagLength), boundTo);
        return result;
    }

    /// <summary>Null when the bytes are damaged, the key is another, or they were sealed for something else.</summary>
    internal static byte[]? Open(byte[] key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> boundTo)
    {
        if (sealedBytes.Length < NonceLength + TagLength) return null;
        var plain = new byte[sealedBytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(sealedBytes[..NonceLength], sealedBytes[(NonceLength + TagLength)..], sealedBytes.Slice(NonceLength, TagLength), plain, boundTo);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
