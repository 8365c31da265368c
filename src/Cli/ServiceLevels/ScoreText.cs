using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;

namespace KeyAccountLogistics.Cli.ServiceLevels;

/// <summary>A scorecard in lines for a person.</summary>
internal static class ScoreText
{
    public static string Line(Scorecard card) =>
        $"{card.Account}  {(card.Score.Length > 0 ? card.Score + " " + card.Grade : "no score")}  {card.From} to {card.To}{(card.Contract.Length > 0 ? $"  {card.Contract} v{N(card.ContractVersion)}" : "")}"
        + $"  parcels {N(card.Parcels)}  excluded {N(card.Excluded)}  in doubt {N(card.InDoubt)}{(card.KnockOuts.Count > 0 ? "  capped: " + string.Join(", ", card.KnockOuts) : "")}";

    public static void Tell(Scorecard card, TextWriter output)
    {
        output.WriteLine(Line(card));
        if (card.Reason.Length > 0) output.WriteLine("  " + card.Reason);
        if (card.FirstScore.Length > 0) output.WriteLine($"  first published: {card.FirstScore} {card.FirstGrade}");
        foreach (var dimension in card.Dimensions)
        {
            output.WriteLine($"  {dimension.Dimension}  {(dimension.Score.Length > 0 ? dimension.Score : "-"),9}  weight {dimension.Weight}");
            foreach (var i in dimension.Indicators) output.WriteLine("    " + Indicator(i));
        }
        foreach (var g in card.Gates) output.WriteLine($"  gate {g.Gate}: {N(g.InTime)} of {N(g.Passed)} steps in time{(g.InDoubt > 0 ? $"  in doubt {N(g.InDoubt)}" : "")}");
        foreach (var r in card.Restated) output.WriteLine("  restated " + Restated(card, r));
    }

    /// <summary>"T4 Mean end-to-end hours: was 47.6 hours (95.2/2), is 95.3 hours (190.6/2) (late_fact)"</summary>
    public static string Restated(Scorecard card, Restatement r)
    {
        var name = card.Dimensions.SelectMany(static d => d.Indicators).FirstOrDefault(i => string.Equals(i.Indicator, r.Indicator, StringComparison.Ordinal)) is { } known
            ? $"{known.Indicator} {known.NameEn}" : r.Indicator.StartsWith("gate.", StringComparison.Ordinal) ? "gate " + r.Indicator["gate.".Length..] : r.Indicator.Replace('_', ' ');
        return $"{name}: was {Side(r.WasValue, r.Was, r)}, is {Side(r.IsValue, r.Is, r)} ({r.Because})";
    }

    private static string Side(string value, string of, Restatement r)
    {
        var figures = string.Join('/', of.Split('/').Select(static f => f.Contains('.', StringComparison.Ordinal) ? f.TrimEnd('0').TrimEnd('.') : f)) + (r.Currency.Length > 0 ? " " + r.Currency : "");
        if (r.Unit is "count" or "") return figures;
        if (!decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)) return $"- ({figures})";
        var shown = r.Unit switch { "percent" => number * 100, "ppm" => number * 1_000_000, _ => number };
        return $"{shown.ToString("0.####", CultureInfo.InvariantCulture)} {(r.Unit is "percent" ? "%" : r.Unit)} ({figures})";
    }

    private static string Indicator(IndicatorScore i)
    {
        var beside = string.Concat(i.Excluded > 0 ? $"  excluded {N(i.Excluded)}" : "", i.InDoubt > 0 ? $"  in doubt {N(i.InDoubt)}" : "", i.Open > 0 ? $"  open {N(i.Open)}" : "");
        var figures = i.Denominator.Length > 0 ? $"{i.Numerator}/{i.Denominator}" : "";
        return i.Score.Length > 0
            ? $"{i.Indicator}  {i.Score,9}  {i.NameEn}: {figures} = {i.Value}; {i.Target} / {i.Threshold} / {i.Floor} {i.Unit}{beside}"
            : $"{i.Indicator}  {"-",9}  {i.NameEn}: {figures}{(figures.Length > 0 ? "; " : "")}{i.Reason}{beside}";
    }

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);
}
