using System.Collections.Immutable;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.ServiceLevels.Scoring;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>The account of domain.md 3.4: 华东电商甲, October 2026, 12,000 parcels.</summary>
internal static class WorkedExample
{
    /// <summary>Its figures by code with the score that domain.md gives each, to four decimals.</summary>
    public static readonly (IndicatorFigures Figures, decimal Score)[] Rows =
    [
        (Of("T1", 245, 248), 95.8065m), (Of("T2", 11_293, 11_850, excluded: 150), 82.9958m), (Of("T3", 9_345, 10_500), 84.2313m),
        (new IndicatorFigures.Stated("T4", 47.6m), 80.2120m), (Of("T5", 184, 200), 88.0000m),
        (Of("Q1", 1, 12_000), 68.3333m), (Of("Q2", 3, 12_000), 80.0000m), (Of("Q3", 11_258, 11_850), 93.3615m), (Of("Q4", 83_412, 84_000), 75.0000m),
        (Of("Q5", 11_760, 12_000), 80.0000m), (Of("Q6", 0, 12_000), 100.0000m),
        (Of("C1", 11_982, 12_000), 95.0000m), (Of("C2", 0.22m, 8.20m), 64.2276m), (Of("C3", 851_400, 860_000), 60.0000m),
        (Of("S1", 27, 30), 60.0000m), (Of("S2", 29, 30), 73.3333m), (Of("S3", 1, 29), 72.4138m), (Of("S4", 40, 40), 100.0000m),
        (Of("O1", 82_995, 83_412), 100.0000m), (Of("O2", 288, 320), 80.0000m), (Of("O3", 4, 5), 60.0000m), (Of("O4", 24_950, 25_000), 95.5556m),
    ];

    public static IEnumerable<IndicatorFigures> Figures => Rows.Select(r => r.Figures);

    public static IndicatorFigures Of(string code, decimal numerator, decimal denominator, long? excluded = null) => new IndicatorFigures.Counted(code, numerator, denominator, null, excluded);

    public static IEnumerable<IndicatorFigures> With(params IndicatorFigures[] other) => Figures.Where(f => other.All(o => o.Code != f.Code)).Concat(other);

    public static Scorecard Score(params IndicatorFigures[] other) => ScoreAccount.Of(ScorePlan.Default, With(other), []);

    public static ScorePlan Weighted(decimal t, decimal q, decimal c, decimal s, decimal o) => ScorePlan.Of(
        ImmutableSortedDictionary<ServiceDimension, decimal>.Empty.Add(ServiceDimension.Time, t).Add(ServiceDimension.Quality, q).Add(ServiceDimension.Cost, c).Add(ServiceDimension.Service, s)
            .Add(ServiceDimension.Openness, o),
        []).Value;

    public static decimal To4(this Fraction? score) => score!.Value.Round(4);

    public static Fraction? Of(this Scorecard card, ServiceDimension dimension) => card.Dimensions.Single(d => d.Dimension == dimension).Score;

    /// <summary>The same as a file.</summary>
    public static string File(string weights = "") =>
        $"{{{weights}\"indicators\":{{{string.Join(',', Figures.Select(f => $"\"{f.Code}\":{Json(f)}"))}}}}}";

    private static string Json(IndicatorFigures figures) => figures switch
    {
        IndicatorFigures.Counted c => $"{{\"numerator\":{c.Numerator},\"denominator\":{c.Denominator}{(c.Excluded is { } excluded ? $",\"excluded\":{excluded}" : "")}}}",
        IndicatorFigures.Stated s => $"{{\"value\":{s.Value.Round(6)}}}",
        _ => throw new InvalidOperationException(),
    };
}
