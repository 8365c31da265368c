using System.Security.Cryptography;
using KeyAccountLogistics.Journal.Blobs;

namespace KeyAccountLogistics.Journal.Personal;

/// <summary>
/// The installation's master key: a file of 32 random bytes, readable by its owner only, made on first use and never logged. It wraps the shipments' keys. Several servers on
/// one database need the same file; a wrapped key names the master key it was wrapped with, so that a wrong one is told and not guessed.
/// </summary>
internal sealed class MasterKey
{
    internal const string FileName = "master.key";
    private const int IdLength = 8;
    private readonly Lazy<byte[]> _key;
    private readonly string _path;

    internal MasterKey(string directory)
    {
        _path = Path.Combine(directory, FileName);
        _key = new Lazy<byte[]>(ReadOrMake);
    }

    /// <summary>A secret that follows from the key and two texts; nobody comes from one to another, or back to the key.</summary>
    internal byte[] Derive(string kind, string subject) =>
        HMACSHA256.HashData(HKDF.DeriveKey(HashAlgorithmName.SHA256, _key.Value, ShipmentKey.KeyLength, info: System.Text.Encoding.UTF8.GetBytes("derived:" + kind)), System.Text.Encoding.UTF8.GetBytes(subject));

    internal byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> boundTo) => [.. Id, .. ShipmentKey.Seal(_key.Value, dataKey, boundTo)];

    internal byte[] Unwrap(ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> boundTo)
    {
        if (wrapped.Length < IdLength || !wrapped[..IdLength].SequenceEqual(Id))
            throw new CryptographicException($"Personal details were sealed under another master key than {_path}. Copy that installation's {FileName} here, or restore it from the backup.");
        return ShipmentKey.Open(_key.Value, wrapped[IdLength..], boundTo)
            ?? throw new CryptographicException("A shipment's wrapped key is damaged. Restore journal_shipment_key from the backup.");
    }

    private ReadOnlySpan<byte> Id => SHA256.HashData(_key.Value).AsSpan(0, IdLength);

    private byte[] ReadOrMake()
    {
        if (!File.Exists(_path)) Make();
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(_path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            throw new CryptographicException($"The master key {_path} can be read by others than its owner. Run: chmod 600 {_path}");
        var key = File.ReadAllBytes(_path);
        return key.Length == ShipmentKey.KeyLength ? key : throw new CryptographicException($"The master key {_path} does not have {ShipmentKey.KeyLength} bytes. Restore it from the backup.");
    }

    // Written whole under another name first; of two processes that start together one file wins and both read it.
    private void Make()
    {
        var directory = Path.GetDirectoryName(_path)!;
        Directory.CreateDirectory(directory);
        var temporary = _path + "." + Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(ShipmentKey.KeyLength));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(temporary, _path, overwrite: false);
            DirectorySync.Sync(directory);
        }
        catch (IOException) when (File.Exists(_path))
        {
            File.Delete(temporary);
        }
    }
}
