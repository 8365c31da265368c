using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.Acceptance.Gs1;

/// <summary>The 54 scan vectors of the GS1 syntax engine: what scanners send, and what it says or that it is refused.</summary>
public sealed class ScanVectorTests
{
    [AcceptanceFact("gs1")]
    public void All_54_vectors_are_read_or_refused_as_GS1_says()
    {
        var vectors = File.ReadLines(AcceptanceFolder.At("gs1", "scandata_vectors.tsv")).Skip(1).Select(Vector.Parse).ToList();

        vectors.Count.ShouldBe(54);
        vectors.Count(vector => vector.ShouldSucceed).ShouldBe(31);
        var wrong = vectors.Where(vector => vector.Judge() is not null).Select(vector => $"{vector.Text}: {vector.Judge()}").ToList();
        wrong.ShouldBeEmpty();
    }

    [AcceptanceFact("gs1")]
    public async Task The_program_reads_or_refuses_all_54_vectors()
    {
        foreach (var columns in File.ReadLines(AcceptanceFolder.At("gs1", "scandata_vectors.tsv")).Skip(1).Select(line => line.Split('\t')))
        {
            var said = await Kal.RunAsync("decode", "--protocol", "scanner-aim", "--hex", columns[1], "--json");
            using var json = JsonDocument.Parse(Kal.Lines(said.Output).ShouldHaveSingleItem(columns[2]));
            var accepted = !json.RootElement.TryGetProperty("rejected", out _);
            (accepted, said.Code).ShouldBe(columns[0] == "true" ? (true, 0) : (false, 1), $"{columns[2]}: {said.Output}");
            if (!accepted) json.RootElement.GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
            else json.RootElement.GetProperty("elements").EnumerateObject().Any().ShouldBe(columns[4].Contains("^0", StringComparison.Ordinal) || columns[4].Contains("|^", StringComparison.Ordinal) || columns[4].Contains("/01/", StringComparison.Ordinal) && !columns[4].StartsWith("HtTps", StringComparison.Ordinal), columns[2]);
        }
    }

    [AcceptanceFact("gs1")]
    public void Every_refusal_names_its_reason()
    {
        foreach (var vector in File.ReadLines(AcceptanceFolder.At("gs1", "scandata_vectors.tsv")).Skip(1).Select(Vector.Parse).Where(vector => !vector.ShouldSucceed))
        {
            Gs1Scan.TryRead(vector.Scan, out _, out var flaw).ShouldBeFalse();
            flaw!.Message.ShouldNotBeNullOrWhiteSpace();
        }
    }

    [AcceptanceFact("gs1")]
    public void Every_AI_of_the_dictionary_is_in_the_embedded_table_with_the_same_shape()
    {
        var rows = File.ReadLines(AcceptanceFolder.At("gs1", "gs1-syntax-dictionary.txt")).Where(line => line.Length > 0 && line[0] != '#').ToList();
        rows.Count.ShouldBeGreaterThan(200);
        foreach (var row in rows)
        {
            var words = row.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var flags = words[1].Trim('*', '?').Length == 0 ? words[1] : "";
            var shape = words.Skip(flags.Length > 0 ? 2 : 1).TakeWhile(word => "NXYZ[".Contains(word[0]) && !word.Contains('=')).Select(word => word.Split(',')[0]).ToList();
            foreach (var ai in Expand(words[0]))
            {
                var known = ApplicationIdentifierTable.Find(ai).ShouldNotBeNull(ai);
                known.NeedsSeparator.ShouldBe(!flags.Contains('*'), ai);
                known.IsLinkAttribute.ShouldBe(flags.Contains('?'), ai);
                known.IsLinkKey.ShouldBe(words.Any(word => word.StartsWith("dlpkey", StringComparison.Ordinal)), ai);
                known.Components.Select(Notation).ShouldBe(shape, ai);
                known.Requires.Select(rule => "req=" + string.Join(',', rule.Select(all => string.Join('+', all)))).ShouldBe(words.Where(word => word.StartsWith("req=", StringComparison.Ordinal)), ai);
                known.Excludes.ShouldBe(words.Where(word => word.StartsWith("ex=", StringComparison.Ordinal)).SelectMany(word => word[3..].Split(',')), ai);
            }
        }
        ApplicationIdentifierTable.All.Count.ShouldBe(rows.Sum(row => Expand(row.Split(' ')[0]).Count()));
    }

    private static string Notation(Gs1Component part)
    {
        var shape = part.LengthMin == part.LengthMax ? $"{part.CharacterSet}{part.LengthMax}" : $"{part.CharacterSet}..{part.LengthMax}";
        return part.IsOptional ? $"[{shape}]" : shape;
    }

    private static IEnumerable<string> Expand(string column)
    {
        if (column.Split('-') is not [var first, var last]) return [column];
        return Enumerable.Range(int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture) - int.Parse(first, CultureInfo.InvariantCulture) + 1)
            .Select(number => number.ToString("D" + first.Length, CultureInfo.InvariantCulture));
    }

    private sealed record Vector(bool ShouldSucceed, string Scan, string Text, string Symbology, string Expected)
    {
        internal static Vector Parse(string line)
        {
            var columns = line.Split('\t');
            var bytes = columns[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(hex => Convert.ToByte(hex, 16)).ToArray();
            return new Vector(columns[0] == "true", System.Text.Encoding.ASCII.GetString(bytes), columns[2], columns[3], columns.Length > 4 ? columns[4] : "");
        }

        /// <summary>Null when the product answers as the vector says.</summary>
        internal string? Judge()
        {
            if (!Gs1Scan.TryRead(Scan, out var read, out var flaw)) return ShouldSucceed ? $"refused: {flaw!.Message}" : null;
            if (!ShouldSucceed) return $"accepted as {read!.ToCaretForm()}";
            if (read!.ToCaretForm() != Expected) return $"read as {read.ToCaretForm()}, expected {Expected}";
            return NameOf(read.Symbology) == Symbology ? null : $"symbology {read.Symbology}, expected {Symbology}";
        }

        private static string NameOf(Gs1Symbology symbology) => symbology switch
        {
            Gs1Symbology.Gs1Code128 => "GS1_128_CCA",
            Gs1Symbology.Ean13 => "EAN13",
            Gs1Symbology.Ean8 => "EAN8",
            Gs1Symbology.DataBar => "DataBarExpanded",
            Gs1Symbology.DataMatrix => "DM",
            Gs1Symbology.QrCode => "QR",
            _ => "DotCode",
        };
    }
}
