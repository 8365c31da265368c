using System.Globalization;
using KeyAccountLogistics.Cli.Connection;

namespace KeyAccountLogistics.Cli;

/// <summary>A file that somebody named on the command line, where any path may stand: a folder, a name mistyped, a recording of a week.</summary>
internal static class GivenFile
{
    private const int MebiByte = 1024 * 1024;

    /// <summary>The text of a file that is read whole. Throws <see cref="UsageException"/> for no file and for one of more than so many MiB.</summary>
    internal static async Task<string> TextAsync(string path, int mebiBytesMax, CancellationToken ct)
    {
        RequireFile(path);
        await using var stream = File.OpenRead(path);
        if (stream.Length > (long)mebiBytesMax * MebiByte)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{path} has {stream.Length / MebiByte} MiB; at most {mebiBytesMax} MiB are read: this is another file than is meant here."));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(ct);
    }

    /// <summary>Throws <see cref="UsageException"/> for what is a folder or not there; the system would speak of permissions.</summary>
    internal static void RequireFile(string path)
    {
        if (Directory.Exists(path)) throw new UsageException($"{path} is a folder: name a file.");
        if (!File.Exists(path)) throw new UsageException($"{path} does not exist.");
    }
}
