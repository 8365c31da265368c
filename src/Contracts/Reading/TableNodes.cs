using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>
/// Puts the tables beside a document into it, so that what follows reads rows in one way, wherever they stood. A row from a table keeps the table's
/// name and line for its mistakes.
/// </summary>
internal sealed class TableNodes(Func<string, string?> table, List<TermsMistake> mistakes)
{
    internal const int RowsMax = 5_000;
    private const int RowsOfAllMax = 50_000;

    private static readonly FrozenDictionary<string, TableKind> Kinds = new Dictionary<string, TableKind>(StringComparer.Ordinal)
    {
        ["zones"] = new(["from", "to", "zone"], ["zone"], KeepsMap: true),
        ["transit"] = new(["from", "to", "days"], ["days"]),
        ["lanes"] = new(["from", "to", "divisor"], ["divisor"]),
        ["regions"] = new(["place", "region"], ["place", "region"]),
        ["pairs"] = new(["from", "to", "zone"], ["zone"]),
        ["places"] = new(["place"], ["place"], Bare: true),
        ["rates"] = new(["zone", "first", "further", "per_parcel", "to", "price", "per_kg", "per_kg_on", "step", "per_step"], ["zone"]),
        ["brackets"] = new(["from", "to", "price", "per_kg", "per_kg_on", "step", "per_step"], ["to"]),
        ["tiers"] = new(["from", "to", "price", "percent"], []),
        ["ordinary"] = new(["from", "to", "price", "per_mille", "minimum"], ["to"]),
        ["fragile"] = new(["from", "to", "price", "per_mille", "minimum"], ["to"]),
        ["fuel"] = new(["from", "percent"], ["from", "percent"], KeepsMap: true),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // One table may serve several clauses (lanes.csv gives zones and days), so a column another clause reads is no mistake; a note never is.
    private static readonly FrozenSet<string> Columns = Kinds.Values.SelectMany(k => k.Columns).Append("note").ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<string, CsvTable?> _read = new(StringComparer.Ordinal);
    private readonly List<string> _broken = [];
    private int _rows;

    private sealed record TableKind(ImmutableArray<string> Columns, ImmutableArray<string> Required, bool KeepsMap = false, bool Bare = false);

    /// <summary>The document with its tables in it.</summary>
    internal TermsNode PutIn(TermsNode document) => Walk(document, "", "");

    /// <summary>True for a mistake that only says that a table which could not be read is missing.</summary>
    internal bool FollowsFromTable(TermsMistake mistake) => _broken.Exists(path => mistake.Path.StartsWith(path, StringComparison.Ordinal));

    private TermsNode Walk(TermsNode node, string path, string key)
    {
        switch (node)
        {
            case TermsNode.Text text:
                if (!IsWellFormed(text.Value)) mistakes.Add(new TermsMistake(path, node.Mark, "holds half a character; write it anew."));
                return Kinds.TryGetValue(key, out var named) && !named.KeepsMap && text.Value.EndsWith(".csv", StringComparison.Ordinal) ? Rows(named, text, path) : text;
            case TermsNode.List list:
                return list with { Items = [.. list.Items.Select((item, i) => Walk(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), ""))] };
            case TermsNode.Map map:
                if (Kinds.TryGetValue(key, out var kind))
                {
                    var entry = map.Entries.FirstOrDefault(e => e.Key is "table");
                    if (entry?.Value is TermsNode.Text name)
                    {
                        var rows = Rows(kind, name, path);
                        if (!kind.KeepsMap && map.Entries.Length == 1) return rows;
                        return map with { Entries = [.. map.Entries.Select(e => ReferenceEquals(e, entry) ? new TermsEntry("rows", e.Mark, rows) : Entry(e, path))] };
                    }
                    if (!kind.KeepsMap && map.Entries is [{ Key: "rows" } only]) return Walk(only.Value, path, key);
                }
                return map with { Entries = [.. map.Entries.Select(e => Entry(e, path))] };
            default:
                return node;
        }
    }

    private TermsEntry Entry(TermsEntry entry, string path)
    {
        var at = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
        if (!IsWellFormed(entry.Key)) mistakes.Add(new TermsMistake(path, entry.Mark, "has half a character in a word; write it anew."));
        return entry with { Value = Walk(entry.Value, at, entry.Key) };
    }

    private TermsNode.List Rows(TableKind kind, TermsNode.Text name, string path)
    {
        var before = mistakes.Count;
        var csv = Table(name, path);
        if (csv is not null)
        {
            foreach (var column in csv.Header.Where(c => !Columns.Contains(c.Text)))
            {
                var near = NearestWord.Of(column.Text, Columns) is { } word ? $"did you mean {word}?" : $"read here: {string.Join(", ", kind.Columns)}.";
                mistakes.Add(new TermsMistake(path, column.Mark, $"has a column '{column.Text}', which is not known; {near}"));
            }
            foreach (var missing in kind.Required.Where(r => !csv.Header.Any(c => string.Equals(c.Text, r, StringComparison.Ordinal))))
                mistakes.Add(new TermsMistake(path, csv.Header[0].Mark, $"has no column '{missing}'; read here: {string.Join(", ", kind.Columns)}."));
            if (csv.Rows.IsEmpty) mistakes.Add(new TermsMistake(path, csv.Header[0].Mark, "has no rows."));
            if ((_rows += csv.Rows.Length) > RowsOfAllMax) mistakes.Add(new TermsMistake(path, name.Mark, string.Create(CultureInfo.InvariantCulture, $"brings the tables over {RowsOfAllMax} rows together.")));
        }
        if (mistakes.Count > before || csv is null)
        {
            _broken.Add(path);
            return new TermsNode.List([], name.Mark);
        }
        var wanted = csv.Header.Select((cell, index) => (cell.Text, Index: index)).Where(c => kind.Columns.Contains(c.Text, StringComparer.Ordinal)).ToList();
        var rows = csv.Rows.Select(TermsNode (row) => kind.Bare
            ? new TermsNode.Text(row[wanted[0].Index].Text, row[wanted[0].Index].Mark)
            : new TermsNode.Map(
                [.. wanted.Where(c => row[c.Index].Text.Length > 0).Select(c => new TermsEntry(c.Text, row[c.Index].Mark, new TermsNode.Text(row[c.Index].Text, row[c.Index].Mark)))],
                row[0].Mark));
        return new TermsNode.List(ReferenceEquals(kind, Kinds["rates"]) && wanted.Exists(c => c.Text is "to") ? ByZone(rows) : [.. rows], name.Mark);
    }

    // A table of brackets holds all zones; a rate holds one with its brackets.
    private static ImmutableArray<TermsNode> ByZone(IEnumerable<TermsNode> rows)
    {
        var zones = new Dictionary<string, List<TermsNode.Map>>(StringComparer.Ordinal);
        foreach (var row in rows.OfType<TermsNode.Map>())
        {
            var zone = row.Entries.FirstOrDefault(e => e.Key is "zone")?.Value is TermsNode.Text text ? text.Value : "";
            if (!zones.TryGetValue(zone, out var brackets)) zones.Add(zone, brackets = []);
            brackets.Add(row);
        }
        return [.. zones.Values.Select(brackets => new TermsNode.Map(
            [
                .. brackets[0].Entries.Where(e => e.Key is "zone"),
                new TermsEntry("brackets", brackets[0].Mark, new TermsNode.List([.. brackets.Select(b => b with { Entries = [.. b.Entries.Where(e => e.Key is not "zone")] })], brackets[0].Mark)),
            ],
            brackets[0].Mark))];
    }

    private CsvTable? Table(TermsNode.Text name, string path)
    {
        var file = name.Value;
        if (_read.TryGetValue(file, out var known))
        {
            if (known is null) _broken.Add(path);
            return known;
        }
        _read[file] = null;
        if (!IsFileName(file))
        {
            mistakes.Add(new TermsMistake(path, name.Mark, "must name a table beside the document like lanes.csv, without a folder."));
            return null;
        }
        if (table(file) is not { } text)
        {
            mistakes.Add(new TermsMistake(path, name.Mark, $"names {file}, which does not stand beside the document; put it there, or write the rows here (rows: […])."));
            return null;
        }
        if (text.Length > ContractText.LengthMax)
        {
            mistakes.Add(new TermsMistake(path, name.Mark, string.Create(CultureInfo.InvariantCulture, $"names {file}, which has {text.Length} characters; at most {ContractText.LengthMax} are read.")));
            return null;
        }
        return _read[file] = CsvTable.Read(file, text, RowsMax, mistakes);
    }

    private static bool IsFileName(string text) =>
        text.Length is > 4 and <= 128 && text[0] != '.' && text.EndsWith(".csv", StringComparison.Ordinal) && !text.Any(c => c is '/' or '\\' || char.IsControl(c));

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
