using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Cli.Contracts;

/// <summary>A contract document on disk, with the tables beside it.</summary>
internal static class ContractFile
{
    /// <summary>Reads a file; throws <see cref="IOException"/> when it is not there, too large or no UTF-8.</summary>
    internal static ContractDocuments Read(string file) => ReadWhole(file).Read;

    /// <summary>The same with its text and the tables it names, to be sent as they are.</summary>
    internal static (ContractDocuments Read, string Text, IReadOnlyDictionary<string, string> Tables) ReadWhole(string file)
    {
        var tables = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = DocumentFile.Read(file);
        var read = ContractDocument.Read(text, name => DocumentFile.Beside(file, name) is { } table ? tables[name] = table : null);
        return (read, text, tables);
    }
}
