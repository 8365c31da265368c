using System.Globalization;
using CsvHelper;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Import;

/// <summary>A CSV file read row by row from a stream; nothing but the present row is kept. Dispose it after use; the stream stays the caller's.</summary>
internal sealed class CsvFile : IAsyncDisposable
{
    /// <summary>Bytes of one row, at most: beyond it the file is no CSV file.</summary>
    internal const int RowBytesMax = 1 << 20;

    private readonly CsvReader _reader;
    private readonly Damage _damage;

    private CsvFile(CsvReader reader, Damage damage, SourceRow row) => (_reader, _damage, Row) = (reader, damage, row);

    /// <summary>The present row.</summary>
    internal SourceRow Row { get; }

    /// <summary>Reads the header. Faults: a needed column is missing, the file is empty or no CSV file.</summary>
    internal static async Task<Outcome<CsvFile>> OpenAsync(Stream content, ImportMap map, string[] needed, string[] optional, CancellationToken ct)
    {
        var damage = new Damage();
        var reader = CsvReader.Create(
            content,
            new CsvReaderOptions
            {
                Separator = map.Delimiter, MaxRecordSize = RowBytesMax, TrackLineNumbers = true, OnMalformedRecord = m => damage.Reason = m.Reason,
                // No canonical column holds a line break; so a quotation mark that is never closed costs its own row and not the rest of the file.
                AllowLineBreaksInQuotes = false,
            },
            leaveOpen: true);
        try
        {
            await reader.ReadHeaderAsync(ct);
        }
        catch (CsvFormatException broken)
        {
            await reader.DisposeAsync();
            return new Fault.Invalid("content", "import.unreadable", $"The first line names no columns: {broken.Message}");
        }
        var header = reader.Headers.Select(h => h.Trim()).ToArray();
        var columns = ColumnsIn(header, map, needed.Concat(optional));
        var missing = needed.Where(c => !columns.ContainsKey(c) && map.ConstantOf(c) is null).ToArray();
        if (missing.Length == 0) return new CsvFile(reader, damage, new SourceRow(map, columns));
        await reader.DisposeAsync();
        if (header.Length == 0) return new Fault.Invalid("content", "import.empty", "The file is empty; its first line must name the columns.");
        return new Fault.Invalid(
            "content", "import.columns",
            $"The file lacks the columns {string.Join(", ", missing.Select(map.NameOf))}; it has {string.Join(", ", header.Take(40).Select(SourceRow.ShownName))}. Name them in the map file, or give constants.");
    }

    /// <summary>
    /// The next row; false at the end. A row that is damaged throws <see cref="BadValueException"/> with <see cref="Row"/> set, and the one after it can be read;
    /// <see cref="CsvFormatException"/> means that the rest of the file cannot.
    /// </summary>
    internal async ValueTask<bool> NextAsync(CancellationToken ct)
    {
        _damage.Reason = null;
        if (!await _reader.ReadAsync(ct)) return false;
        var fields = new string[_reader.FieldCount];
        for (var i = 0; i < fields.Length; i++) fields[i] = _reader.GetString(i);
        Row.Read(fields, _reader.LineNumber, _reader.RawRecord);
        if (_damage.Reason is { } reason) throw new BadValueException("", "row.malformed", $"The quotation marks of the row do not match ({reason}).");
        if (fields.Length != _reader.Headers.Count)
            throw new BadValueException("", "row.fields", string.Create(CultureInfo.InvariantCulture, $"The row has {fields.Length} fields, the header {_reader.Headers.Count}."));
        return true;
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private static Dictionary<string, int> ColumnsIn(string[] header, ImportMap map, IEnumerable<string> wanted)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var canonical in wanted)
        {
            var index = Array.IndexOf(header, map.NameOf(canonical));
            if (index >= 0) columns[canonical] = index;
        }
        return columns;
    }

    private sealed class Damage
    {
        internal CsvMalformedReason? Reason { get; set; }
    }
}
