using System.Globalization;
using System.Text;
using CsvHelper;

namespace KeyAccountLogistics.Contracts.Bulk;

/// <summary>A CSV file read row by row; nothing but the present row is kept. Columns are found by name, whatever their case, blanks and punctuation.</summary>
internal sealed class CsvRows : IDisposable
{
    /// <summary>Bytes of one row, at most: beyond it the file is no CSV file.</summary>
    internal const int RowBytesMax = 1 << 20;

    private readonly CsvReader _reader;
    private readonly string[] _names;
    private readonly int[] _isMalformed;

    private CsvRows(CsvReader reader, string[] names, int[] isMalformed) => (_reader, _names, _isMalformed) = (reader, names, isMalformed);

    /// <summary>1-based line of the file on which the present row starts, the header being line 1.</summary>
    internal long Line => _reader.LineNumber;

    /// <summary>The columns as the file names them.</summary>
    internal IReadOnlyList<string> Headers => _reader.Headers;

    /// <summary>Reads the header; a fault for a file without one. The stream stays the caller's.</summary>
    internal static Outcome<CsvRows> Open(Stream content, string what)
    {
        var isMalformed = new int[1];
        var reader = CsvReader.Create(
            content,
            new CsvReaderOptions
            {
                // A quotation mark that is never closed costs its own row and not the rest of the file.
                MaxRecordSize = RowBytesMax, TrackLineNumbers = true, AllowLineBreaksInQuotes = false, OnMalformedRecord = _ => isMalformed[0] = 1, TrimWhitespace = true, PoolStrings = true,
            },
            leaveOpen: true);
        try
        {
            reader.ReadHeader();
            if (reader.Headers.Count > 0) return new CsvRows(reader, [.. reader.Headers.Select(Normal)], isMalformed);
        }
        catch (CsvFormatException broken)
        {
            reader.Dispose();
            return new Fault.Invalid(what, "csv.unreadable", $"The first line of {what} names no columns: {broken.Message}");
        }
        reader.Dispose();
        return new Fault.Invalid(what, "csv.empty", $"{what} is empty; its first line must name the columns.");
    }

    /// <summary>The first column that bears one of these names, in the order of the names; -1 when none does.</summary>
    internal int Column(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var at = Array.IndexOf(_names, Normal(name));
            if (at >= 0) return at;
        }
        return -1;
    }

    /// <summary>The next row; false at the end. A damaged row is one whose quotation marks do not match or which has not the header's number of fields; the rows after it are read.</summary>
    internal bool Next(out bool isDamaged)
    {
        _isMalformed[0] = 0;
        isDamaged = false;
        try
        {
            if (!_reader.Read()) return false;
        }
        catch (CsvFormatException broken)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"From line {_reader.LineNumber} on this is no CSV file: {broken.Message}"), broken);
        }
        isDamaged = _isMalformed[0] != 0 || _reader.FieldCount != _names.Length;
        return true;
    }

    /// <summary>A field as text; empty when the column or the field is missing.</summary>
    internal string Text(int column) => column >= 0 && column < _reader.FieldCount ? _reader.GetString(column) : "";

    /// <summary>A field as UTF-8, valid until the next row; empty likewise.</summary>
    internal ReadOnlySpan<byte> Utf8(int column) => column >= 0 && column < _reader.FieldCount ? _reader.GetSpan(column) : default;

    /// <summary>A field as a number, a point before the decimals and no separators of thousands; null when it is empty, false when it is no number.</summary>
    internal bool TryNumber(int column, out decimal? number)
    {
        number = null;
        var text = Utf8(column);
        if (text.IsEmpty) return true;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
        number = value;
        return true;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary><c>Charged_Weight (kg)</c> is <c>charged_weight_kg</c>.</summary>
    internal static string Normal(string name)
    {
        var normal = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (char.IsLetterOrDigit(letter)) normal.Append(char.ToLowerInvariant(letter));
            else if (normal.Length > 0 && normal[^1] != '_') normal.Append('_');
        }
        return normal.ToString().TrimEnd('_');
    }
}
