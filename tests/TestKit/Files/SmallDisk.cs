using System.Diagnostics;
using System.Globalization;

namespace KeyAccountLogistics.TestKit.Files;

/// <summary>A disk of a few MiB (a tmpfs of its own), to be filled to the last byte. Needs the right to mount; tests ask for <see cref="Requirement"/>.</summary>
public sealed class SmallDisk : IDisposable
{
    /// <summary>What a test that uses it requires, see <see cref="Requires.Missing"/>.</summary>
    public const string Requirement = "mount:tmpfs";

    private static readonly byte[] Block = new byte[64 << 10];

    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Mounts one.</summary>
    public static SmallDisk Mount(int mebibytes)
    {
        var path = Directory.CreateTempSubdirectory("kal-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", Size(mebibytes), "kal-test", path) is not { } refused) return new SmallDisk(path);
        Directory.Delete(path);
        throw new IOException(refused);
    }

    /// <summary>Writes until not a byte more goes in.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = Block.Length; size > 0;)
        {
            try
            {
                file.Write(Block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>Makes room again: the disk is larger from now on.</summary>
    public void Resize(int mebibytes)
    {
        if (Run("mount", "-o", "remount," + Size(mebibytes), Path) is { } refused) throw new IOException(refused);
    }

    /// <summary>Why no small disk can be had here; null when it can.</summary>
    internal static string? WhyNot()
    {
        try
        {
            Mount(1).Dispose();
            return null;
        }
        catch (IOException refused)
        {
            return $"no small disk can be mounted here (run as root, in a container with CAP_SYS_ADMIN): {refused.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Lazily: a file that is still open somewhere must not keep the directory.
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static string Size(int mebibytes) => string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m,mode=0777");

    private static string? Run(string program, params string[] arguments)
    {
        var path = Requires.PathOf(program);
        if (path is null) return $"the program {program} is not installed";
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}
