using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.ServiceLevels.Scoring;

namespace KeyAccountLogistics.ServiceLevels.StatedFigures;

/// <summary>A scorecard as one JSON object on one line, a contract with scripts: scores to 4 decimals, values (fractions, hours) to 6, half away from zero, here and nowhere before.</summary>
internal static class ScorecardJson
{
    internal const int ScoreDecimals = 4;
    internal const int ValueDecimals = 6;

    // What is written goes to a terminal or a program, never into a page.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Write(Scorecard card) => Object(json =>
    {
        Number(json, "score", card.Score, ScoreDecimals);
        if (card.Grade is { } grade) json.WriteString("grade", grade.ToString());
        else
        {
            json.WriteNull("grade");
            json.WriteString("reason", "No dimension with a weight has a score.");
        }
        json.WriteStartObject("dimensions");
        foreach (var dimension in card.Dimensions) Dimension(json, dimension);
        json.WriteEndObject();
        json.WriteStartArray("not_available");
        foreach (var without in card.NotAvailable) NotAvailable(json, without);
        json.WriteEndArray();
        if (card.KnockOuts.IsEmpty) return;
        json.WriteStartArray("knock_outs");
        foreach (var knockOut in card.KnockOuts) json.WriteStringValue(StatedScoreReader.Word(knockOut));
        json.WriteEndArray();
    });

    internal static string Object(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    internal static void Number(Utf8JsonWriter json, string name, Fraction? number, int decimals)
    {
        if (number is { } known) json.WriteNumber(name, known.Round(decimals));
        else json.WriteNull(name);
    }

    private static void Dimension(Utf8JsonWriter json, DimensionScore dimension)
    {
        json.WriteStartObject(Indicator.Letter(dimension.Dimension));
        Number(json, "score", dimension.Score, ScoreDecimals);
        if (dimension.Score is null) json.WriteString("reason", "No indicator with a weight is available.");
        json.WriteStartObject("indicators");
        foreach (var scored in dimension.Indicators)
        {
            json.WriteStartObject(scored.Indicator.Code);
            if (scored.Figures is IndicatorFigures.Counted counted)
            {
                json.WriteNumber("numerator", counted.Numerator);
                json.WriteNumber("denominator", counted.Denominator);
            }
            if (scored.Figures.Excluded is { } excluded) json.WriteNumber("excluded", excluded);
            Number(json, "value", scored.Value, ValueDecimals);
            Number(json, "score", scored.Score, ScoreDecimals);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void NotAvailable(Utf8JsonWriter json, NotAvailable without)
    {
        json.WriteStartObject();
        json.WriteString("indicator", without.Indicator.Code);
        json.WriteString("reason", without.Reason switch
        {
            NotAvailableReason.NoFigures => "No figures were given.",
            NotAvailableReason.NothingDue => "Nothing was due: the denominator is 0.",
            _ => string.Create(CultureInfo.InvariantCulture, $"Too few: {without.Sample:0.######}, and at least {without.Indicator.Levels.MinimumSample} are needed."),
        });
        // Exclusions are reported beside the score even where they left nothing to score, or they could hide failures.
        if (without.Excluded is { } excluded) json.WriteNumber("excluded", excluded);
        json.WriteEndObject();
    }
}
