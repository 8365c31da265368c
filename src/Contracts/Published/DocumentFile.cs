using System.Globalization;
using System.Text;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>A contract document on disk, with the tables that stand beside it. Any path may have been named: a folder, a device without end, a picture.</summary>
public static class DocumentFile
{
    /// <summary>The most of a document or table, bytes.</summary>
    public const int BytesMax = 8 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file. Throws <see cref="IOException"/> that says what is wrong when it is not there, a folder, larger than <see cref="BytesMax"/> or not UTF-8.</summary>
    public static string Read(string path)
    {
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder: name a file.");
        if (!File.Exists(path)) throw new IOException($"{path} is not there.");
        using var stream = File.OpenRead(path);
        // Not by its length: a device has none.
        var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (bytes.Length + read > BytesMax) throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{path} is larger than {BytesMax / 1_048_576} MiB: no contract document and no table of one."));
            bytes.Write(buffer, 0, read);
        }
        bytes.Position = 0;
        try
        {
            using var text = new StreamReader(bytes, Strict);
            return text.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            throw new IOException($"{path} is not UTF-8; save it as UTF-8.", e);
        }
    }

    /// <summary>The table of that name beside a document; null when there is none. A name with a folder in it is none.</summary>
    public static string? Beside(string document, string table)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (!string.Equals(Path.GetFileName(table), table, StringComparison.Ordinal)) return null;
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(document))!, table);
        return File.Exists(beside) ? Read(beside) : null;
    }
}
