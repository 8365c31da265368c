using System.Globalization;
using System.Text;
using KeyAccountLogistics.Api.Levels.V1;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>
/// The figures and the late parcels as CSV (RFC 4180) for spreadsheets: with a mark of UTF-8, which Excel needs for Chinese, and with text that a spreadsheet would run as a formula
/// made text. One table after another, each row begun by what it is, so that a filter on the first column gives one table.
/// </summary>
internal static class ReportCsv
{
    internal static byte[] Write(Reported data, ReportWords words)
    {
        var text = new StringBuilder("\uFEFF");
        var card = data.Card;
        Row(text, "report", "account", "name", "from", "to", "contract", "version", "score", "grade", "reason", "parcels", "excluded", "in_doubt", "as_of", "plan_sha256", "late_listed", "late_more");
        Row(
            text, "score", card.Account, words.NameOf(card), card.From, card.To, card.Contract, N(card.ContractVersion), card.Score, card.Grade, words.Why(card.Reason), N(card.Parcels), N(card.Excluded), N(card.InDoubt),
            ReportTimes.Full(card.AsOfUs, data.Zone), card.PlanHash, N(data.Late.Items.Count), data.Late.More ? "yes" : "no");
        Row(text, "indicator_table", "dimension", "indicator", "name", "numerator", "denominator", "excluded", "in_doubt", "open", "value", "unit", "target", "threshold", "floor", "weight", "score", "not_available_because");
        foreach (var d in card.Dimensions)
        {
            foreach (var i in d.Indicators)
            {
                Row(
                    text, "indicator", d.Dimension, i.Indicator, words.NameOf(i), i.Numerator, i.Denominator, N(i.Excluded), N(i.InDoubt), N(i.Open), ReportTimes.Value(i), i.Unit, i.Target, i.Threshold, i.Floor, i.Weight, i.Score,
                    words.Why(i));
            }
        }
        Row(text, "parcel_table", "outcome", "parcel", "day", "due", "delivered", "earliest", "latest", "in_doubt", "lane", "charged_to", "excluded_because");
        foreach (var b in data.Late.Items) Parcel(text, "late", b, data, words);
        foreach (var b in data.Excluded.Items) Parcel(text, "excluded", b, data, words);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A field as it stands in the file.</summary>
    internal static string Field(string value)
    {
        // A spreadsheet runs what begins so, even in quotes; a number may begin with its sign.
        var safe = value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? "'" + value : value;
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    private static void Parcel(StringBuilder text, string outcome, Behind b, Reported data, ReportWords words) => Row(
        text, "parcel", outcome, b.Subject, b.Day, ReportTimes.Full(b.DueUs, data.Zone), ReportTimes.Full(b.BestUs, data.Zone), ReportTimes.Full(b.EarliestUs, data.Zone), ReportTimes.Full(b.LatestUs, data.Zone), b.InDoubt ? "yes" : "no",
        b.Lane, words.Gate(b.ChargedTo), words.Reason(b.Reason));

    private static void Row(StringBuilder text, params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0) text.Append(',');
            text.Append(Field(fields[i]));
        }
        text.Append("\r\n");
    }

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);
}
