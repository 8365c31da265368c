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

    /// <summary>Of a slice by a contract version: nothing is scored by another version's plan.</summary>
    internal const string NoVersion = "The account has no such contract version whose plan could score it.";

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
            card.Reason = plan.IsUnknown ? NoVersion : "The contract's service clause makes no plan: " + plan.Flaw;
            return card;
        }
        Write(card, plan, scoring, ScoreAccount.Of(scoring, FiguresOf(scoring, sums), KnockOutsOf(sums)), sums);
        return card;
    }

    /// <summary>What caps the grade of these sums; without a plan only what happened does.</summary>
    internal static IReadOnlyList<KnockOut> KnockOutsOf(ScorePlan? plan, IReadOnlyDictionary<string, CounterSums> sums) =>
        plan is null ? [.. KnockOutsOf(sums)] : ScoreAccount.Of(plan, FiguresOf(plan, sums), KnockOutsOf(sums)).KnockOuts;

    private static IEnumerable<KnockOut> KnockOutsOf(IReadOnlyDictionary<string, CounterSums> sums)
    {
        if (sums.GetValueOrDefault(FigureCodes.InsuredLost).Numerator > 0) yield return KnockOut.InsuredParcelLost;
        if (sums.GetValueOrDefault(FigureCodes.PrivacyBreach).Numerator > 0) yield return KnockOut.PrivacyBreach;
        if (sums.GetValueOrDefault(FigureCodes.FalseEventsProved).Numerator > 0) yield return KnockOut.FalseEventsProved;
    }

    internal static IEnumerable<IndicatorFigures> FiguresOf(ScorePlan plan, IReadOnlyDictionary<string, CounterSums> sums)
    {
        foreach (var indicator in plan.Indicators)
        {
            if (!FigureCodes.IsCounted(indicator.Code)) continue;
            var s = sums.GetValueOrDefault(indicator.Code);
            if (indicator.Kind is ValueKind.MeanHours && s.Denominator > 0)
                yield return new IndicatorFigures.Stated(indicator.Code, Fraction.Of(s.Numerator, (Fraction)s.Denominator * HourUs), s.Denominator, s.LeftOut);
            else yield return new IndicatorFigures.Counted(indicator.Code, indicator.Kind is ValueKind.MeanHours ? 0 : Counting(indicator, s), s.Denominator, SampleOf(indicator.Code, sums), s.LeftOut);
        }
    }

    // What money is of is counted apart, since money is no count.
    private static long? SampleOf(string indicator, IReadOnlyDictionary<string, CounterSums> sums) => indicator switch
    {
        FigureCodes.Overrun => sums.GetValueOrDefault(FigureCodes.LinesWithBudget).Denominator,
        FigureCodes.Remitted => sums.GetValueOrDefault(FigureCodes.Remittances).Denominator,
        _ => null,
    };

    // What is under the budget is no overrun. Complaints of false sign-offs may fall on days without parcels: more than all of them are all of them.
    private static long Counting(Indicator indicator, CounterSums s) => indicator switch
    {
        { Kind: ValueKind.Overrun } => s.Denominator == 0 ? 0 : Math.Max(0, s.Numerator),
        { Code: FigureCodes.FalseSignOff } => Math.Min(s.Numerator, s.Denominator),
        _ => s.Numerator,
    };

    /// <summary>A value as it is shown; empty when nothing was measured.</summary>
    internal static string ValueOf(Indicator indicator, long numerator, long denominator) => denominator == 0 ? ""
        : Text(indicator.Kind is ValueKind.MeanHours ? Fraction.Of(numerator, (Fraction)denominator * HourUs) : Fraction.Of(Counting(indicator, new CounterSums(numerator, denominator, 0, 0, 0)), denominator), ValueDecimals);

    internal static string Text(Fraction? number, int decimals) => number is { } known ? known.Round(decimals).ToString(CultureInfo.InvariantCulture) : "";

    internal static string ScoreText(Fraction? score) => Text(score, ScoreDecimals);

    internal static string Level(decimal level) => level.ToString("0.######", CultureInfo.InvariantCulture);

    private static void Write(Card card, PlanInForce inForce, ScorePlan plan, Scoring.Scorecard scored, IReadOnlyDictionary<string, CounterSums> sums)
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
                var one = View(indicator, sums.GetValueOrDefault(indicator.Code), inForce.Currency);
                if (dimension.Indicators.FirstOrDefault(s => s.Indicator.Code == indicator.Code) is { } known) (one.Score, one.Value) = (ScoreText(known.Score), Text(known.Value, ValueDecimals));
                else if (scored.NotAvailable.FirstOrDefault(n => n.Indicator.Code == indicator.Code) is { } without) Explain(one, without, sums);
                view.Indicators.Add(one);
            }
            card.Dimensions.Add(view);
        }
    }

    private static IndicatorView View(Indicator indicator, CounterSums sums, string currency)
    {
        var counted = FigureCodes.IsCounted(indicator.Code);
        return new IndicatorView
        {
            Indicator = indicator.Code, NameZh = indicator.NameZh, NameEn = indicator.NameEn,
            Numerator = counted ? NumeratorOf(indicator, sums, currency) : "",
            Denominator = counted ? Figure(indicator.Code, sums.Denominator, currency) : "", Excluded = sums.LeftOut, Open = sums.Open, InDoubt = sums.InDoubt,
            Value = counted ? ValueOf(indicator, sums.Numerator, sums.Denominator) : "",
            Target = Level(indicator.Levels.Target), Threshold = Level(indicator.Levels.Threshold), Floor = Level(indicator.Levels.Floor), LowerIsBetter = indicator.Levels.LowerIsBetter,
            Weight = Level(indicator.Levels.Weight), Unit = UnitOf(indicator),
        };
    }

    /// <summary>A figure that was restated, in the units in which the card shows it: both sums are of the whole period, as the score is.</summary>
    internal static Restatement Restated(string figure, CounterSums was, CounterSums now, PlanInForce plan)
    {
        if ((plan.Plan ?? ScorePlan.Default).Find(figure) is { } indicator)
        {
            return new Restatement
            {
                Indicator = figure, Unit = UnitOf(indicator), Currency = IsMoney(figure) ? plan.Currency : "", Was = PairOf(indicator, was, plan.Currency), Is = PairOf(indicator, now, plan.Currency),
                WasValue = ValueOf(indicator, was.Numerator, was.Denominator), IsValue = ValueOf(indicator, now.Numerator, now.Denominator),
            };
        }
        if (FigureCodes.GateOf(figure) is not null) return new Restatement { Indicator = figure, Unit = "percent", Was = Pair(was), Is = Pair(now), WasValue = Share(was), IsValue = Share(now) };
        // Parcels are what others are counted over; a failure is one and of nothing.
        return figure is FigureCodes.Parcels
            ? new Restatement { Indicator = figure, Unit = "count", Was = Number(was.Denominator), Is = Number(now.Denominator) }
            : new Restatement { Indicator = figure, Unit = "count", Was = Number(was.Numerator), Is = Number(now.Numerator) };
    }

    private static string UnitOf(Indicator indicator) => indicator.Kind switch { ValueKind.PerMillion => "ppm", ValueKind.MeanHours => "hours", _ => "percent" };

    private static string NumeratorOf(Indicator indicator, CounterSums sums, string currency) =>
        indicator.Kind is ValueKind.MeanHours ? Text(Fraction.Of(sums.Numerator, HourUs), ValueDecimals) : Figure(indicator.Code, sums.Numerator, currency);

    private static string PairOf(Indicator indicator, CounterSums sums, string currency) => $"{NumeratorOf(indicator, sums, currency)}/{Figure(indicator.Code, sums.Denominator, currency)}";

    private static string Pair(CounterSums sums) => $"{Number(sums.Numerator)}/{Number(sums.Denominator)}";

    private static string Share(CounterSums sums) => sums.Denominator == 0 ? "" : Text(Fraction.Of(sums.Numerator, sums.Denominator), ValueDecimals);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool IsMoney(string figure) => figure is FigureCodes.Overrun or FigureCodes.Remitted;

    // Money as people write it, in the contract's currency; everything else is counted.
    private static string Figure(string indicator, long number, string currency) => IsMoney(indicator) ? new Money(number, currency).Amount.ToString(CultureInfo.InvariantCulture) : Number(number);

    private static void Explain(IndicatorView one, NotAvailable without, IReadOnlyDictionary<string, CounterSums> sums)
    {
        (one.ReasonCode, one.Reason) = WhyWithout.Of(without, sums);
        if (without.Reason is NotAvailableReason.TooFew) (one.Sample, one.Minimum) = (decimal.ToInt64(without.Sample ?? 0), without.Indicator.Levels.MinimumSample);
    }
}
