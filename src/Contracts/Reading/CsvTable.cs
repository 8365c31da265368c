using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>A cell of a table with the place it stands at.</summary>
internal readonly record struct CsvCell(string Text, TermsMark Mark);

/// <summary>
/// A table beside a document: a header line, then rows; commas, double quotes doubled within quotes, LF or CR LF, a byte order mark allowed.
/// Read by hand because every mistake is told with the line and column it stands at.
/// </summary>
/// <param name="Name">The file's name.</param>
/// <param name="Header">The columns.</param>
/// <param name="Rows">The rows; each has as many cells as the header.</param>
internal sealed record CsvTable(string Name, ImmutableArray<CsvCell> Header, ImmutableArray<ImmutableArray<CsvCell>> Rows)
{
    internal const int ColumnsMax = 64;
    internal const int CellMax = 1_000;

    /// <summary>Reads a table; mistakes are noted, and then it is null.</summary>
    internal static CsvTable? Read(string name, string text, int rowsMax, List<TermsMistake> mistakes)
    {
        var reading = new Cursor(name, text.StartsWith('\uFEFF') ? text[1..] : text, mistakes);
        var before = mistakes.Count;
        if (reading.Row() is not { } header)
        {
            if (mistakes.Count == before) mistakes.Add(new TermsMistake("", new TermsMark(1, 1) { File = name }, "is empty; begin it with a line of column names."));
            return null;
        }
        if (header.Count > ColumnsMax)
        {
            mistakes.Add(new TermsMistake("", header[ColumnsMax].Mark, string.Create(CultureInfo.InvariantCulture, $"has {header.Count} columns; at most {ColumnsMax} are read.")));
            return null;
        }
        foreach (var twice in header.GroupBy(c => c.Text, StringComparer.Ordinal).Where(g => g.Count() > 1)) mistakes.Add(new TermsMistake("", twice.Last().Mark, $"has the column '{twice.Key}' twice; keep one."));
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<CsvCell>>();
        while (reading.Row() is { } row)
        {
            if (row is [{ Text.Length: 0 }]) continue;   // an empty line
            if (rows.Count == rowsMax)
            {
                mistakes.Add(new TermsMistake("", row[0].Mark, string.Create(CultureInfo.InvariantCulture, $"has more than {rowsMax} rows.")));
                break;
            }
            if (row.Count != header.Count)
            {
                mistakes.Add(new TermsMistake("", row[0].Mark, string.Create(CultureInfo.InvariantCulture, $"has {row.Count} cells where the header has {header.Count}.")));
                if (mistakes.Count - before > ContractReading.MistakesMax) break;
                continue;
            }
            rows.Add([.. row]);
        }
        return mistakes.Count == before ? new CsvTable(name, [.. header], rows.ToImmutable()) : null;
    }

    private sealed class Cursor(string name, string text, List<TermsMistake> mistakes)
    {
        private int _at;
        private int _line = 1;
        private int _lineStart;

        private TermsMark Here => new(_line, _at - _lineStart + 1) { File = name };

        // Null at the end of the text, or where a mistake makes what follows meaningless.
        internal List<CsvCell>? Row()
        {
            if (_at >= text.Length) return null;
            var cells = new List<CsvCell>();
            while (true)
            {
                if (Cell() is not { } cell) return null;
                cells.Add(cell);
                if (_at >= text.Length) return cells;
                var next = text[_at++];
                if (next == ',') continue;
                if (next == '\r' && _at < text.Length && text[_at] == '\n') _at++;
                (_line, _lineStart) = (_line + 1, _at);
                return cells;
            }
        }

        private CsvCell? Cell()
        {
            var mark = Here;
            if (_at < text.Length && text[_at] == '"') return Quoted(mark);
            var start = _at;
            while (_at < text.Length && text[_at] is not (',' or '\n' or '\r' or '"')) _at++;
            if (_at < text.Length && text[_at] == '"') return Broken(Here, "has a quote inside a cell; put the whole cell into quotes and double those within.");
            return Fits(text[start.._at].Trim(), mark);
        }

        private CsvCell? Quoted(TermsMark mark)
        {
            var cell = new StringBuilder();
            _at++;
            while (_at < text.Length)
            {
                var c = text[_at++];
                if (c == '\n') (_line, _lineStart) = (_line + 1, _at);
                if (c != '"')
                {
                    cell.Append(c);
                    continue;
                }
                if (_at < text.Length && text[_at] == '"')
                {
                    _at++;
                    cell.Append('"');
                    continue;
                }
                if (_at < text.Length && text[_at] is not (',' or '\n' or '\r')) return Broken(Here, "goes on after a closing quote; a comma or the end of the line belongs there.");
                return Fits(cell.ToString(), mark);
            }
            return Broken(mark, "opens a quote that is not closed.");
        }

        private CsvCell? Fits(string cell, TermsMark mark) =>
            cell.Length <= CellMax ? new CsvCell(cell, mark) : Broken(mark, string.Create(CultureInfo.InvariantCulture, $"has a cell of {cell.Length} characters; at most {CellMax} are read."));

        private CsvCell? Broken(TermsMark mark, string message)
        {
            mistakes.Add(new TermsMistake("", mark, message));
            _at = text.Length;
            return null;
        }
    }
}
