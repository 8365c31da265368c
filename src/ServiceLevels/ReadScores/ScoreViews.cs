using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.ServiceLevels.Scoring;
using NodaTime.Text;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;
using DimensionView = KeyAccountLogistics.Api.Levels.V1.DimensionScore;
using IndicatorView = KeyAccountLogistics.Api.Levels.V1.IndicatorScore;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>From sums to a scorecard: the pure scoring, and its answer in the words of the API. Nothing is rounded before it is written here.</summary>
internal static class ScoreViews
{
    private const int ScoreDecimals = 4;
    private const int ValueDecimals = 6;
    private const long HourUs = 3_600_000_000;

    /// <param name="sums">By figure, of the period.</param>
    internal static Card Of(AskedPeriod asked, PlanInForce plan, IReadOnlyDictionary<string, CounterSums> sums)
    {
        var punctual = sums.GetValueOrDefault(FigureCodes.Punctual);
        var card = new Card
        {
            Account = asked.Account, NameZh = plan.NameZh, NameEn = plan.NameEn, From = LocalDatePattern.Iso.Format(asked.From), To = LocalDatePattern.Iso.Format(asked.To),
            Contract = plan.Contract, ContractVersion = plan.Version, Parcels = sums.GetValueOrDefault(FigureCodes.Parcels).Denominator, Excluded = punctual.LeftOut, InDoubt = punctual.InDoubt,
            PlanHash = plan.Hash,
        };
        card.Gates.Add(sums.Where(static s => FigureCodes.GateOf(s.Key) is not null && s.Value.Denominator > 0).OrderBy(static s => s.Key, StringComparer.Ordinal)
            .Select(static s => new GateFigure { Gate = FigureCodes.GateOf(s.Key), InTime = s.Value.Numerator, Passed = s.Value.Denominator, InDoubt = s.Value.InDoubt }));
        if (plan.Plan is not { } scoring)
        {
            card.Reason = "The contract's service clause makes no plan: " + plan.Flaw;
            return card;
        }
        KnockOut[] knockOuts = sums.GetValueOrDefault(FigureCodes.InsuredLost).Numerator > 0 ? [KnockOut.InsuredParcelLost] : [];
        Write(card, scoring, ScoreAccount.Of(scoring, FiguresOf(scoring, sums), knockOuts), sums);
        return card;
    }

    internal static IEnumerable<IndicatorFigures> FiguresOf(ScorePlan plan, IReadOnlyDictionary<string, CounterSums> sums)
    {
        foreach (var indicator in plan.Indicators)
        {
            if (FigureCodes.WhyNotCounted(indicator.Code) is not null) continue;
            var s = sums.GetValueOrDefault(indicator.Code);
            if (indicator.Kind is ValueKind.MeanHours && s.Denominator > 0)
                yield return new IndicatorFigures.Stated(indicator.Code, Fraction.Of(s.Numerator, (Fraction)s.Denominator * HourUs), s.Denominator, s.LeftOut);
            else yield return new IndicatorFigures.Counted(indicator.Code, indicator.Kind is ValueKind.MeanHours ? 0 : s.Numerator, s.Denominator, null, s.LeftOut);
        }
    }

    /// <summary>A value as it is shown; empty when nothing was measured.</summary>
    internal static string ValueOf(Indicator indicator, long numerator, long denominator) => denominator == 0 ? ""
        : Text(indicator.Kind is ValueKind.MeanHours ? Fraction.Of(numerator, (Fraction)denominator * HourUs) : Fraction.Of(numerator, denominator), ValueDecimals);

    internal static string Text(Fraction? number, int decimals) => number is { } known ? known.Round(decimals).ToString(CultureInfo.InvariantCulture) : "";

    internal static string ScoreText(Fraction? score) => Text(score, ScoreDecimals);

    internal static string Level(decimal level) => level.ToString("0.######", CultureInfo.InvariantCulture);

    private static void Write(Card card, ScorePlan plan, Scoring.Scorecard scored, IReadOnlyDictionary<string, CounterSums> sums)
    {
        card.Score = ScoreText(scored.Score);
        card.Grade = scored.Grade?.ToString() ?? "";
        if (scored.Score is null) card.Reason = "No dimension with a weight has a score.";
        card.KnockOuts.Add(scored.KnockOuts.Select(static k => Verdicts.ReasonCode.Of(k)));
        foreach (var dimension in scored.Dimensions)
        {
            var view = new DimensionView { Dimension = Indicator.Letter(dimension.Dimension), Score = ScoreText(dimension.Score), Weight = Level(dimension.Weight) };
            foreach (var indicator in plan.Indicators.Where(i => i.Dimension == dimension.Dimension))
            {
                var one = View(indicator, sums.GetValueOrDefault(indicator.Code));
                if (dimension.Indicators.FirstOrDefault(s => s.Indicator.Code == indicator.Code) is { } known) (one.Score, one.Value) = (ScoreText(known.Score), Text(known.Value, ValueDecimals));
                else if (scored.NotAvailable.FirstOrDefault(n => n.Indicator.Code == indicator.Code) is { } without) one.Reason = ReasonOf(without);
                view.Indicators.Add(one);
            }
            card.Dimensions.Add(view);
        }
    }

    private static IndicatorView View(Indicator indicator, CounterSums sums)
    {
        var counted = FigureCodes.WhyNotCounted(indicator.Code) is null;
        return new IndicatorView
        {
            Indicator = indicator.Code, NameZh = indicator.NameZh, NameEn = indicator.NameEn,
            Numerator = !counted ? "" : indicator.Kind is ValueKind.MeanHours ? Text(Fraction.Of(sums.Numerator, HourUs), ValueDecimals) : sums.Numerator.ToString(CultureInfo.InvariantCulture),
            Denominator = counted ? sums.Denominator.ToString(CultureInfo.InvariantCulture) : "", Excluded = sums.LeftOut, Open = sums.Open, InDoubt = sums.InDoubt,
            Value = counted ? ValueOf(indicator, sums.Numerator, sums.Denominator) : "",
            Target = Level(indicator.Levels.Target), Threshold = Level(indicator.Levels.Threshold), Floor = Level(indicator.Levels.Floor), LowerIsBetter = indicator.Levels.LowerIsBetter,
            Weight = Level(indicator.Levels.Weight), Unit = indicator.Kind switch { ValueKind.PerMillion => "ppm", ValueKind.MeanHours => "hours", _ => "percent" },
        };
    }

    private static string ReasonOf(NotAvailable without) => without.Reason switch
    {
        NotAvailableReason.NoFigures => FigureCodes.WhyNotCounted(without.Indicator.Code) ?? "No figures.",
        NotAvailableReason.NothingDue => "Nothing was due: the denominator is 0.",
        _ => string.Create(CultureInfo.InvariantCulture, $"Too few: {without.Sample:0.######}, and at least {without.Indicator.Levels.MinimumSample} are needed."),
    };
}
