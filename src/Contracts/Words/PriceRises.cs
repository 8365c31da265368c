using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Words;

/// <summary>A clause by which some shipment may cost more.</summary>
/// <param name="Clause">The clause of the later version, or of the earlier where a discount went.</param>
/// <param name="Why">What makes it so.</param>
internal sealed record PriceRise(string Clause, Said Why);

/// <summary>Finds what raises a price between two versions. What was refused before and now has a price is no rise.</summary>
internal static class PriceRises
{
    internal static ImmutableArray<PriceRise> Between(ContractVersion earlier, ContractVersion later)
    {
        var rises = new List<PriceRise>();
        void Rise(ClauseId clause, string en, string zh) => rises.Add(new(clause.Value, new(en, zh)));

        foreach (var service in earlier.Tariffs.Concat(later.Tariffs).SelectMany(t => t.Chargeable.Services).Distinct(StringComparer.Ordinal).Append(""))
        {
            if (earlier.TariffFor(service) is { } before && later.TariffFor(service) is { } after) Tariffs(before, after, rises);
        }
        foreach (var kind in Enum.GetValues<ReturnKind>())
        {
            foreach (var after in later.Returns.Where(r => r.Kind == kind))
            {
                foreach (var before in earlier.Returns.Where(r => r.Kind == kind && Meet(r.Services, after.Services))) Returns(before, after, rises);
            }
        }

        Pairs(earlier.Surcharges, later.Surcharges, s => s.Clause, Surcharge, added: s => Rise(s.Clause, "a surcharge is added", "新增附加费"), removed: null, rises);
        Pairs(
            earlier.Discounts,
            later.Discounts,
            d => d.Clause,
            (a, b) => b.Percent < a.Percent || !Narrower(a.Services, b.Services) || (b.Mark is not null && !string.Equals(a.Mark, b.Mark, StringComparison.Ordinal)) || Later(a.From, b.From) || Earlier(a.Until, b.Until) || !a.Zone.Equals(b.Zone)
                ? new("the discount falls or reaches less", "折扣降低或适用范围缩小") : null,
            added: null,
            removed: d => Rise(d.Clause, "a discount is taken away", "取消折扣"),
            rises);
        Pairs(
            earlier.Rebates,
            later.Rebates,
            r => r.Clause,
            (a, b) => a.Period != b.Period || a.Basis != b.Basis || (a.Mode != b.Mode && b.Mode == RebateMode.Marginal) || !Narrower(a.Services, b.Services) || (b.Mark is not null && !string.Equals(a.Mark, b.Mark, StringComparison.Ordinal))
                || a.Tiers.Concat(b.Tiers).Any(t => PercentAt(b.Tiers, t.From) < PercentAt(a.Tiers, t.From)) || Rounds(a.Rounding, b.Rounding, givesBack: true)
                ? new("the rebate falls or reaches less", "返利降低或适用范围缩小") : null,
            added: null,
            removed: r => Rise(r.Clause, "a rebate is taken away", "取消返利"),
            rises);
        Pairs(
            earlier.Commitments,
            later.Commitments,
            c => c.Clause,
            (a, b) => a.Period != b.Period || a.Basis != b.Basis || b.AtLeast > a.AtLeast || b.PerMissing > a.PerMissing || Rounds(a.Rounding, b.Rounding) ? new("more is committed, or missing it costs more", "保底量或补差提高") : null,
            added: c => Rise(c.Clause, "a commitment is added", "新增保底量"),
            removed: null,
            rises);
        foreach (var after in later.Insurance)
        {
            foreach (var before in earlier.Insurance.Where(i => Meet(i.Services, after.Services)))
            {
                if (Rises(before.Ordinary, after.Ordinary) || Rises(before.Fragile.IsEmpty ? before.Ordinary : before.Fragile, after.Fragile.IsEmpty ? after.Ordinary : after.Fragile) || Rounds(before.Rounding, after.Rounding))
                    Rise(after.Clause, "insuring a value costs more", "保价费提高");
            }
        }
        if (earlier.Cod is { } codBefore && later.Cod is { } cod && (cod.Percent > codBefore.Percent || cod.Minimum > codBefore.Minimum || (codBefore.Maximum is { } most && !(cod.Maximum <= most)) || Rounds(codBefore.Rounding, cod.Rounding)))
            Rise(cod.Clause, "collecting money costs more", "代收手续费提高");
        if (earlier.FreightCollect is { } collectBefore && later.FreightCollect is { } collect
            && (collect.Fee > collectBefore.Fee || (collect.Refused == RefusedFreight.BothWays && collectBefore.Refused == RefusedFreight.WayOut) || Rounds(collectBefore.Rounding, collect.Rounding)))
            Rise(collect.Clause, "freight paid by the consignee costs more", "到付费用提高");
        return [.. rises.Distinct()];
    }

    private static void Tariffs(TariffClause before, TariffClause after, List<PriceRise> rises)
    {
        void Rise(string en, string zh) => rises.Add(new(after.Clause.Value, new(en, zh)));

        if (!SameZones(before.Zones, after.Zones))
        {
            if (ZoneRises(before, after)) Rise("zones changed, and some lane may cost more", "分区调整，部分线路可能涨价");
        }
        foreach (var zone in before.Rates.Concat(after.Rates).SelectMany(r => r.Zones).Distinct(StringComparer.Ordinal).Append(""))
        {
            if (PriceOf(before, zone) is not { } a || PriceOf(after, zone) is not { } b || !PriceCompare.Rises(a, b)) continue;
            if (before.Rates.Length == 1 && after.Rates.Length == 1) Rise("the freight rises", "运费上涨");
            else if (zone.Length == 0) Rise("the freight of other zones rises", "其他区运费上涨");
            else Rise($"the freight of zone {zone} rises", $"{zone} 区运费上涨");
        }
        var (c, d) = (before.Chargeable, after.Chargeable);
        if (d.First > c.First) Rise("the least weight billed rises", "最低计费重量提高");
        if (!SameOrFiner(c, d)) Rise("weights are rounded otherwise, which may bill more", "重量进位方式调整，可能多计重量");
        if (VolumeRises(c.Volumetric, d.Volumetric)) Rise("volume counts for more", "体积重量计算从严");
        if (before.Pieces != after.Pieces) Rise("several pieces are weighed otherwise, which may bill more", "一票多件计重方式调整，可能多计");
        if (after.Minimum is { } least && !(least <= before.Minimum)) Rise("the least freight a shipment rises", "每票最低运费提高");
        if (Rounds(before.Rounding, after.Rounding)) Rise("amounts are rounded otherwise", "金额取整方式调整");
    }

    private static PriceRule? PriceOf(TariffClause tariff, string zone) => PriceOf(tariff.Rates, zone);

    private static PriceRule? PriceOf(ImmutableArray<ZoneRate> rates, string zone) =>
        (rates.FirstOrDefault(r => r.Zones.Contains(zone, StringComparer.Ordinal)) ?? rates.FirstOrDefault(r => r.Zones.IsEmpty))?.Price;

    private static bool SameZones(ZoneRule? a, ZoneRule? b) => (a, b) switch
    {
        (null, null) => true,
        (ZoneRule.Given, ZoneRule.Given) => true,
        (ZoneRule.ByLane x, ZoneRule.ByLane y) => x.Rows.SequenceEqual(y.Rows),
        (ZoneRule.ByPostcode x, ZoneRule.ByPostcode y) => x.Rows.SequenceEqual(y.Rows),
        (ZoneRule.ByRegion x, ZoneRule.ByRegion y) => x.Places.SequenceEqual(y.Places) && x.Pairs.SequenceEqual(y.Pairs),
        _ => false,
    };

    // Lane tables are compared lane by lane, at the place each pattern stands for; other tables are not, and count as a rise.
    private static bool ZoneRises(TariffClause before, TariffClause after)
    {
        if (before.Zones is not ZoneRule.ByLane old || after.Zones is not ZoneRule.ByLane now) return true;
        foreach (var lane in old.Rows.Concat(now.Rows).Select(r => r.Lane).Distinct())
        {
            var (from, to) = (lane.From.TrimEnd('*'), lane.To.TrimEnd('*'));
            if (Lane.MostSpecific(old.Rows, r => r.Lane, from, to)?.Zone is not { } was || Lane.MostSpecific(now.Rows, r => r.Lane, from, to)?.Zone is not { } zone) continue;
            if (!string.Equals(was, zone, StringComparison.Ordinal) && PriceOf(before, was) is { } a && PriceOf(after, zone) is { } b && PriceCompare.Rises(a, b)) return true;
        }
        return false;
    }

    private static bool SameOrFiner(ChargeableWeightTerms a, ChargeableWeightTerms b)
    {
        if (a.Rounding == b.Rounding && a.ReadOn == b.ReadOn) return a.First == b.First || a.ReadOn == RoundingReadOn.Total || a.Rounding is not WeightRounding.CeilStep grid || (a.First - b.First).Milligrams % grid.Step.Milligrams == 0;
        if (a.ReadOn != b.ReadOn || a.First != b.First) return false;
        return (a.Rounding, b.Rounding) switch
        {
            // Every step of the old grid is one of the new: nothing is rounded further up.
            (WeightRounding.CeilStep x, WeightRounding.CeilStep y) => x.Step.Milligrams % y.Step.Milligrams == 0,
            (WeightRounding.CeilStep, WeightRounding.TruncDecimals) => true,
            (WeightRounding.HalfUpDecimals x, WeightRounding.TruncDecimals y) => y.Decimals <= x.Decimals,
            (WeightRounding.TruncDecimals x, WeightRounding.TruncDecimals y) => y.Decimals <= x.Decimals,
            _ => false,
        };
    }

    private static bool VolumeRises(VolumetricTerms? a, VolumetricTerms? b)
    {
        if (b is null) return false;
        if (a is null || b.Divisor < a.Divisor || (b.Side != a.Side && b.Side != SideRounding.None) || b.Rounding is { } own && own != a.Rounding) return true;
        return a.Lanes.Concat(b.Lanes).Select(l => l.Lane).Any(l => b.DivisorFor(l.From.TrimEnd('*'), l.To.TrimEnd('*')) < a.DivisorFor(l.From.TrimEnd('*'), l.To.TrimEnd('*')));
    }

    private static void Returns(ReturnClause before, ReturnClause after, List<PriceRise> rises)
    {
        var rise = (before.PercentOfForward, after.PercentOfForward) switch
        {
            ({ } a, { } b) => b > a,
            (null, null) => before.Rates.Concat(after.Rates).SelectMany(r => r.Zones).Append("").Any(z => PriceOf(before.Rates, z) is { } a && PriceOf(after.Rates, z) is { } b && PriceCompare.Rises(a, b)),
            _ => true,
        };
        if (rise || Rounds(before.Rounding, after.Rounding)) rises.Add(new(after.Clause.Value, new("the way back or the redirect costs more", "退回或改寄费用提高")));
    }

    private static Said? Surcharge(SurchargeClause a, SurchargeClause b)
    {
        var figure = (a.Price, b.Price) switch
        {
            (SurchargePrice.PerShipment x, SurchargePrice.PerShipment y) => y.Amount > x.Amount,
            (SurchargePrice.PerPiece x, SurchargePrice.PerPiece y) => y.Amount > x.Amount,
            (SurchargePrice.PerKg x, SurchargePrice.PerKg y) => y.Amount > x.Amount,
            (SurchargePrice.Percent x, SurchargePrice.Percent y) => y.Value > x.Value,
            (SurchargePrice.PercentByDate x, SurchargePrice.PercentByDate y) => x.Rows.Concat(y.Rows).Any(r => At(y, r) is { } now && At(x, r) is { } was && now > was),
            _ => true,
        };
        if (figure) return new("the surcharge rises", "附加费提高");
        var wider = !SameOccasion(a.When, b.When) || !Narrower(b.Services, a.Services) || Later(b.From, a.From) || Earlier(b.Until, a.Until) || !a.Zone.Equals(b.Zone) || Rounds(a.Rounding, b.Rounding);
        return wider ? new("the surcharge may reach more shipments", "附加费适用范围可能扩大") : null;

        static decimal? At(SurchargePrice.PercentByDate table, DatedPercent row) => table.Rows.LastOrDefault(r => r.From <= row.From)?.Percent;
    }

    private static bool SameOccasion(SurchargeWhen a, SurchargeWhen b) => (a, b) switch
    {
        (SurchargeWhen.Remote x, SurchargeWhen.Remote y) => (x.Ends == y.Ends || x.Ends == LaneEnds.Either) && y.Places.All(p => x.Places.Contains(p, StringComparer.Ordinal)),
        (SurchargeWhen.Oversize x, SurchargeWhen.Oversize y) => AtLeast(x.LongestMm, y.LongestMm) && AtLeast(x.GirthMm, y.GirthMm) && AtLeast(x.Weight?.Milligrams, y.Weight?.Milligrams),
        (SurchargeWhen.Always, _) => true,
        _ => a == b,
    };

    private static bool AtLeast(long? was, long? now) => now is null || now >= was;

    private static bool Rises(ImmutableArray<InsuranceRow> a, ImmutableArray<InsuranceRow> b)
    {
        var ends = a.Concat(b).Select(r => r.To).OfType<decimal>();
        return ends.SelectMany(e => new[] { e, e + 0.01m }).Append(0.01m).Append(1_000_000_000m).Append(2_000_000_000m).Any(v => Fee(b, v) is { } now && Fee(a, v) is { } was && now > was)
            || b.Any(r => r.Minimum > 0 && !a.Any(o => o.Minimum >= r.Minimum));

        static decimal? Fee(ImmutableArray<InsuranceRow> rows, decimal value) =>
            rows.FirstOrDefault(r => r.To is not { } end || value <= end) is { } row ? Math.Max(row.Minimum, row.Price + (row.PerMille * value / 1_000m)) : null;
    }

    private static void Pairs<T>(
        ImmutableArray<T> earlier, ImmutableArray<T> later, Func<T, ClauseId> id, Func<T, T, Said?> rise, Action<T>? added, Action<T>? removed, List<PriceRise> rises)
        where T : class
    {
        foreach (var now in later)
        {
            if (earlier.FirstOrDefault(e => id(e) == id(now)) is not { } before) added?.Invoke(now);
            else if (rise(before, now) is { } why) rises.Add(new(id(now).Value, why));
        }
        if (removed is null) return;
        foreach (var gone in earlier.Where(e => !later.Any(l => id(l) == id(e)))) removed(gone);
    }

    private static decimal PercentAt(ImmutableArray<RebateTier> tiers, decimal volume) => tiers.LastOrDefault(t => t.From <= volume)?.Percent ?? 0;

    private static bool Rounds(AmountRounding a, AmountRounding b, bool givesBack = false) =>
        a != b && !(b.Unit == a.Unit && (givesBack ? b.Mode == AmountRoundingMode.Up : b.Mode == AmountRoundingMode.Down));

    private static bool Meet(ImmutableArray<string> a, ImmutableArray<string> b) => a.IsEmpty || b.IsEmpty || a.Intersect(b, StringComparer.Ordinal).Any();

    // True when everything the first names is named by the second; none = any.
    private static bool Narrower(ImmutableArray<string> inner, ImmutableArray<string> outer) => outer.IsEmpty || (!inner.IsEmpty && inner.All(s => outer.Contains(s, StringComparer.Ordinal)));

    private static bool Later(NodaTime.LocalDate? was, NodaTime.LocalDate? now) => now is { } n && !(was is { } w && w >= n);

    private static bool Earlier(NodaTime.LocalDate? was, NodaTime.LocalDate? now) => now is { } n && !(was is { } w && w <= n);
}
