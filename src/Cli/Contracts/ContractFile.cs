using System.Text;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Cli.Contracts;

/// <summary>A contract document on disk, with the tables beside it.</summary>
internal static class ContractFile
{
    private const long BytesMax = 8_388_608;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file; throws <see cref="UsageException"/> when it is not there, too large or no UTF-8.</summary>
    internal static ContractDocuments Read(string file) => ReadWhole(file).Read;

    /// <summary>The same with its text and the tables it names, to be sent as they are.</summary>
    internal static (ContractDocuments Read, string Text, IReadOnlyDictionary<string, string> Tables) ReadWhole(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var tables = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = Text(file);
        var read = ContractDocument.Read(text, name => Path.Combine(folder, name) is var path && File.Exists(path) ? tables[name] = Text(path) : null);
        return (read, text, tables);
    }

    private static string Text(string path)
    {
        if (!File.Exists(path)) throw new UsageException($"{path} is not there.");
        if (new FileInfo(path).Length > BytesMax) throw new UsageException($"{path} is larger than 8 MiB.");
        try
        {
            return File.ReadAllText(path, Strict);
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException($"{path} is not UTF-8; save it as UTF-8.");
        }
    }
}
