using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Rating;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>
/// A tariff's freight by weight, zone by zone, as a picture shows it. The program that rates computes every point, so a picture never says another price than the bill. Pure.
/// </summary>
internal static class PriceCurve
{
    private const long Kilogram = 1_000_000;
    private const long LeastReach = 10 * Kilogram;
    private const long MostReach = 100 * Kilogram;

    internal static PriceCurvesReply Of(ContractVersion version)
    {
        var decimals = Money.Zero(version.Currency).Decimals;
        return new PriceCurvesReply { Currency = version.Currency, Tariffs = { version.Tariffs.Select(t => Of(t, decimals)) } };
    }

    private static TariffCurves Of(TariffClause tariff, int decimals)
    {
        var weigh = new WeighRule(tariff.Chargeable);
        var line = new AmountTerms(ChargeKind.Freight, tariff.Clause.Value, "", AmountBasis.Weight, [], tariff.Minimum is > 0 ? tariff.Minimum : null, null, tariff.Rounding);
        var reach = Reach(tariff);
        return new TariffCurves
        {
            Clause = tariff.Clause.Value,
            Zones = { tariff.Rates.Select(r => new ZoneCurve { Zones = { r.Zones }, Points = { Corners(Points(weigh, PriceTable.Of(r.Price, line, decimals), reach)) } }) },
        };
    }

    // As far as the tariff's own ends tell something, within what fits a picture.
    private static long Reach(TariffClause tariff)
    {
        var ends = tariff.Rates.SelectMany(static r => r.Price switch
        {
            PriceRule.FirstFurther first => first.Further?.Tiers.Select(static t => t.To) ?? [first.To],
            PriceRule.Brackets brackets => brackets.Rows.Select(static b => b.To),
            _ => [],
        });
        var farthest = ends.Where(static e => e is not null).Select(static e => e!.Value.Milligrams).DefaultIfEmpty(0).Max();
        return Math.Clamp(farthest + (farthest / 4), LeastReach, MostReach);
    }

    private static IEnumerable<CurvePoint> Points(WeighRule weigh, PriceTable prices, long reach)
    {
        for (var weight = Kilogram / 10; weight <= reach; weight += weight < 5 * Kilogram ? Kilogram / 10 : Kilogram / 2)
        {
            var bills = weigh.Bills(weight, 0, 0, out _);
            if (prices.At(bills) is not { } rule || !rule.TryAt(prices.ByPieces ? 1 : bills, out var minor)) yield break;
            yield return new CurvePoint { WeightMg = weight, Minor = minor };
        }
    }

    // Of a run of equal prices its ends draw the same line.
    private static IEnumerable<CurvePoint> Corners(IEnumerable<CurvePoint> points)
    {
        CurvePoint[] all = [.. points];
        return all.Where((point, i) => i == 0 || i == all.Length - 1 || point.Minor != all[i - 1].Minor || point.Minor != all[i + 1].Minor);
    }
}
