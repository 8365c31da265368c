using System.Globalization;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.Acceptance.Captures;

/// <summary>One line of captures.tsv: what a manual, a log or a test says a frame means.</summary>
public sealed record CaptureRow(int Line, string Protocol, string Provenance, bool FromHost, byte[] Frame, string Text, decimal? Grams, StabilityFlag Stability, string Unit, string Basis, string Note)
{
    internal static IReadOnlyList<CaptureRow> ReadAll(string file) =>
        [.. File.ReadLines(file).Select((line, index) => (line, index)).Skip(1).Select(row => Read(row.line.Split('\t'), row.index + 1))];

    private static CaptureRow Read(string[] fields, int line) => new(
        line,
        fields[0].Split(' ')[0],
        fields[1],
        fields[2] == "tx",
        [.. fields[4].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => byte.Parse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture))],
        fields[5],
        fields[6].Length == 0 ? null : decimal.Parse(fields[6], CultureInfo.InvariantCulture),
        fields[7] switch { "1" => StabilityFlag.Stable, "0" => StabilityFlag.Moving, _ => StabilityFlag.NotReported },
        fields[8],
        fields[9],
        fields[10]);

    public override string ToString() => $"line {Line.ToString(CultureInfo.InvariantCulture)} {Protocol} {Text} ({Note})";
}
