using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Personal;

namespace KeyAccountLogistics.Dispatch.Confirmations;

/// <summary>
/// The consignee's one-time code of a parcel: six digits that follow from the installation's master key and the parcel, kept nowhere. A phone without network is given what tells a right code from a
/// wrong one and not the code; six digits can be tried out by whoever takes the trouble, so the word that counts is the server's, and wrong ones are told.
/// </summary>
internal sealed class DeliveryCodes(PersonalVault vault)
{
    internal const int Rounds = 60_000;
    private const int KeptMax = 20_000;
    private readonly ConcurrentDictionary<string, CodeCheck> _checks = new(StringComparer.Ordinal);

    internal string Of(string parcel) =>
        (BinaryPrimitives.ReadUInt64BigEndian(vault.Derive("delivery-code", parcel)) % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);

    internal bool IsRight(string parcel, string code) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(parcel)), Encoding.UTF8.GetBytes(code));

    /// <summary>What a phone checks by. Slow to make on purpose, so made once while the server runs.</summary>
    internal CodeCheck CheckOf(string parcel)
    {
        if (_checks.TryGetValue(parcel, out var known)) return known;
        if (_checks.Count > KeptMax) _checks.Clear();
        var salt = vault.Derive("delivery-code-salt", parcel)[..16];
        return _checks[parcel] = new CodeCheck
        {
            Salt = ByteString.CopyFrom(salt), Rounds = Rounds, Hash = ByteString.CopyFrom(Rfc2898DeriveBytes.Pbkdf2(Of(parcel), salt, Rounds, HashAlgorithmName.SHA256, 32)),
        };
    }
}
