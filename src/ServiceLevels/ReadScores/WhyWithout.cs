using System.Globalization;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Scoring;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>Why an indicator has no score, as a code that pages and reports put into words, and as the sentence that stands on the wire (law 3: absent has its reason).</summary>
internal static class WhyWithout
{
    internal const string TooFew = "too_few", NothingDecided = "nothing_decided", AllLeftOut = "all_left_out", OwnIndicator = "own_indicator", NoFigures = "no_figures";

    /// <summary>Every code but <see cref="TooFew"/>, which says its numbers, with its sentence.</summary>
    internal static IReadOnlyDictionary<string, string> Sentences { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [NoFigures] = "No figures.",
        [OwnIndicator] = "The contract's own indicator is not counted from facts.",
        [NothingDecided] = "Nothing is decided yet: all that is known is still open.",
        [AllLeftOut] = "Nothing is left to judge: all of it was left out.",
        ["no_pickups"] = "No pickups were due.",
        ["no_deliveries"] = "No deliveries were due.",
        ["no_nonlocal"] = "No parcels to another city.",
        ["no_parcels"] = "No parcels were accepted.",
        ["no_attempts"] = "No delivery was attempted.",
        ["no_signed"] = "No parcels were signed for.",
        ["no_weighings"] = "No parcels were weighed again.",
        ["no_queries"] = "No queries are recorded.",
        ["no_invoices"] = "No invoice lines are recorded.",
        ["no_budgets"] = "The invoice lines name no budget.",
        ["no_remittances"] = "No remittances were due.",
        ["no_complaints"] = "No complaints were due.",
        ["no_closed"] = "No complaints were closed.",
        ["no_obligations"] = "No obligations were due.",
        ["no_scans"] = "No scans of agents or phones are recorded.",
        ["no_exceptions"] = "No exceptions are recorded.",
        ["no_actions"] = "No improvement actions were due.",
        ["no_messages"] = "No messages to the client are recorded.",
    };

    /// <param name="sums">Of every figure of the period.</param>
    internal static (string Code, string Sentence) Of(NotAvailable without, IReadOnlyDictionary<string, CounterSums> sums)
    {
        if (without.Reason is NotAvailableReason.TooFew)
            return (TooFew, string.Create(CultureInfo.InvariantCulture, $"Too few: {without.Sample:0.######}, and at least {without.Indicator.Levels.MinimumSample} are needed."));
        var code = CodeOf(without.Indicator.Code, sums);
        return (code, Sentences[code]);
    }

    private static string CodeOf(string indicator, IReadOnlyDictionary<string, CounterSums> sums)
    {
        if (!FigureCodes.IsCounted(indicator)) return OwnIndicator;
        var own = sums.GetValueOrDefault(indicator);
        if (own.Open > 0) return NothingDecided;
        if (own.LeftOut > 0) return AllLeftOut;
        return indicator switch
        {
            FigureCodes.Pickup => "no_pickups",
            FigureCodes.Punctual => "no_deliveries",
            FigureCodes.Within72 or FigureCodes.EndToEnd => "no_nonlocal",
            FigureCodes.QueryAnswered => "no_queries",
            FigureCodes.Loss or FigureCodes.Damage or FigureCodes.FalseSignOff => "no_parcels",
            FigureCodes.FirstAttempt => "no_attempts",
            FigureCodes.Scans => "no_signed",
            FigureCodes.Weights => "no_weighings",
            FigureCodes.Overrun when sums.GetValueOrDefault(FigureCodes.InvoiceLines).Denominator > 0 => "no_budgets",
            FigureCodes.InvoiceLines or FigureCodes.Overrun => "no_invoices",
            FigureCodes.Remitted => "no_remittances",
            FigureCodes.ComplaintReopened => "no_closed",
            FigureCodes.ComplaintAnswered or FigureCodes.ComplaintClosed => "no_complaints",
            FigureCodes.Fulfilled => "no_obligations",
            FigureCodes.Visible => "no_scans",
            FigureCodes.Noticed => "no_exceptions",
            FigureCodes.Improved => "no_actions",
            FigureCodes.Messages => "no_messages",
            _ => NoFigures,
        };
    }
}
