using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>
/// The directory that belongs to one installation beside its database: secrets (mode 0600) and blobs. Several servers on one PostgreSQL share the
/// secrets file (copied by whoever installs them) and the blob directory (a shared mount).
/// </summary>
internal sealed class InstallationFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;

    private InstallationFolder(string path, Secrets secrets) => (Path, Secrets) = (path, secrets);

    internal string Path { get; }

    internal Secrets Secrets { get; }

    internal string Blobs => System.IO.Path.Combine(Path, "blobs");

    internal string SecretsFile => System.IO.Path.Combine(Path, "secrets.json");

    internal static InstallationFolder Open(string path)
    {
        try
        {
            path = System.IO.Path.GetFullPath(path);
            MakeDirectory(path);
            var directory = new InstallationFolder(path, LoadOrMake(System.IO.Path.Combine(path, "secrets.json")));
            MakeDirectory(directory.Blobs);
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {path} cannot be used: {e.Message} Give --data a directory that this user may write.", e);
        }
    }

    internal static void MakeDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnlyDirectory);
    }

    private static Secrets LoadOrMake(string file)
    {
        if (!File.Exists(file)) WriteNew(file, Secrets.Fresh());
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) is var mode && (mode & ~OwnerOnlyDirectory) != UnixFileMode.None)
            throw new StartupException($"The secrets file {file} can be read by others (mode {Convert.ToString((int)mode, 8)}). Run: chmod 600 {file}");
        try
        {
            var secrets = JsonSerializer.Deserialize<Secrets>(File.ReadAllBytes(file));
            return secrets is { AccessTokens.Length: >= 32, ApiKeys.Length: >= 32, Personal.Length: >= 32 }
                ? secrets
                : throw new StartupException($"The secrets file {file} lacks a secret. Restore it from the backup.");
        }
        catch (JsonException e)
        {
            throw new StartupException($"The secrets file {file} cannot be read: {e.Message} Restore it from the backup.", e);
        }
    }

    /// <summary>Two processes that start at once must not each keep a secret of their own: the first to link the finished file wins.</summary>
    private static void WriteNew(string file, Secrets secrets)
    {
        var draft = string.Create(CultureInfo.InvariantCulture, $"{file}.{Environment.ProcessId}");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(stream, secrets);
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }
}

/// <summary>The installation's secrets. Losing them signs everybody out, voids the clients' keys and makes personal data unreadable.</summary>
/// <param name="AccessTokens">Signs people's access tokens.</param>
/// <param name="ApiKeys">Clients' keys are derived with it.</param>
/// <param name="Personal">Wraps the per-shipment keys of personal data (law 13).</param>
internal sealed record Secrets(byte[] AccessTokens, byte[] ApiKeys, byte[] Personal)
{
    internal static Secrets Fresh() => new(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
}
