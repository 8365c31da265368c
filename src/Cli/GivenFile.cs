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
        var bytesMax = (long)mebiBytesMax * MebiByte;
        if (stream.CanSeek && stream.Length > bytesMax) throw TooLarge(string.Create(CultureInfo.InvariantCulture, $"has {stream.Length / MebiByte} MiB"));
        // Counted while reading too: a pipe or a device has no length, and perhaps no end.
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (bytes.Length + read > bytesMax) throw TooLarge("is larger");
            bytes.Write(buffer, 0, read);
        }
        bytes.Position = 0;
        using var reader = new StreamReader(bytes);
        return await reader.ReadToEndAsync(ct);

        UsageException TooLarge(string how) =>
            new(string.Create(CultureInfo.InvariantCulture, $"{path} {how}; at most {mebiBytesMax} MiB are read: this is another file than is meant here."));
    }

    /// <summary>Throws <see cref="UsageException"/> for what is a folder or not there; the system would speak of permissions.</summary>
    internal static void RequireFile(string path)
    {
        if (Directory.Exists(path)) throw new UsageException($"{path} is a folder: name a file.");
        if (!File.Exists(path)) throw new UsageException($"{path} does not exist.");
    }
}
