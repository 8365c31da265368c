using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Words;

/// <summary>
/// A contract in plain words, clause by clause, in English and Chinese: what its readers see on the page and on the terminal, and what two versions are
/// compared in. Nothing is said here that the version does not say.
/// </summary>
internal static class ContractWords
{
    private static readonly ZonedClock China = new(DateTimeZoneProviders.Tzdb[ContractReader.ZoneDefault]);

    /// <summary>The clauses in the order of the document, after what stands above them.</summary>
    internal static ImmutableArray<ClauseWords> Of(ContractVersion v)
    {
        var speech = new Speech(v.Currency);
        var more = new ExtraWords(speech);
        IEnumerable<ClauseWords?> all =
        [
            Head(v),
            v.Renewal is { } renewal ? PeriodWords.Of(renewal) : null,
            .. v.Tariffs.Select(t => Tariff(t, speech)),
            .. v.Returns.Select(r => Return(r, speech)),
            .. v.Surcharges.Select(more.Of),
            .. v.Discounts.Select(ExtraWords.Of),
            .. v.Insurance.Select(more.Of),
            v.Cod is { } cod ? more.Of(cod) : null,
            v.FreightCollect is { } collect ? more.Of(collect) : null,
            .. v.Rebates.Select(r => PeriodWords.Of(r, speech)),
            .. v.Commitments.Select(c => PeriodWords.Of(c, speech)),
            v.PriceLock is { } held ? PeriodWords.Of(held) : null,
            v.Guard is { } guard ? PeriodWords.Of(guard) : null,
            v.Credit is { } credit ? PeriodWords.Of(credit, speech) : null,
            TermWords.Of(v.Weight),
            TermWords.Of(v.Handover, v.Currency, speech),
            v.Promise is { } promise ? TermWords.Of(promise) : null,
            v.Dispatch is { } dispatch ? TermWords.Of(dispatch) : null,
            v.Service is { } service ? PeriodWords.Of(service) : null,
            .. v.Obligations.Select(PeriodWords.Of),
        ];
        return [.. all.OfType<ClauseWords>()];
    }

    private static ClauseWords Head(ContractVersion v) => new("", "contract", new("contract", "合同"),
    [
        new("account", new("account", "客户"), new($"{v.NameEn} ({v.Account})", $"{v.NameZh}（{v.Account}）")),
        new("from", new("in force from", "生效时间"), v.EffectiveFrom is { } from ? China.Say(from) : new("open: a draft", "待定（草案）")),
        new("until", new("in force until", "失效时间"), v.EffectiveUntil is { } until ? China.Say(until) : new("open", "不限")),
        new("currency", new("currency", "币种"), Said.Same(v.Currency)),
    ]);

    private static ClauseWords Tariff(TariffClause t, Speech speech)
    {
        var facts = new List<Fact> { new("services", new("for", "适用产品"), Speech.Services(t.Chargeable.Services)) };
        facts.AddRange(Zones(t.Zones));
        foreach (var rate in t.Rates)
        {
            foreach (var zone in rate.Zones.IsEmpty ? [null] : rate.Zones.Select(string? (z) => z)) facts.AddRange(Price(rate.Price, zone, t.Rates.Length > 1, speech));
        }
        facts.Add(new("least", new("least weight billed", "最低计费重量"), Speech.Weight(t.Chargeable.First)));
        facts.Add(new("rounding", new("weight rounded", "重量进位"), Rounding(t.Chargeable.Rounding, t.Chargeable.ReadOn)));
        facts.AddRange(Volumetric(t.Chargeable.Volumetric));
        facts.Add(new("pieces", new("several pieces", "一票多件"), t.Pieces == PieceRule.Each ? new("each weighed and priced by itself", "逐件计重计价") : new("weighed together, priced once", "合并计重，按一票计价")));
        if (t.Minimum is { } minimum) facts.Add(new("minimum", new("least freight a shipment", "每票最低运费"), speech.Amount(minimum)));
        facts.Add(Amounts(t.Rounding, speech));
        return new(t.Clause.Value, "tariff", new("freight", "运费"), [.. facts]);
    }

    private static ClauseWords Return(ReturnClause r, Speech speech)
    {
        var facts = new List<Fact> { new("services", new("for", "适用产品"), Speech.Services(r.Services)) };
        if (r.PercentOfForward is { } percent) facts.Add(new("percent", new("of the freight of the way out", "占去程运费"), Speech.Percent(percent)));
        foreach (var rate in r.Rates)
        {
            foreach (var zone in rate.Zones.IsEmpty ? [null] : rate.Zones.Select(string? (z) => z)) facts.AddRange(Price(rate.Price, zone, r.Rates.Length > 1, speech));
        }
        facts.Add(Amounts(r.Rounding, speech));
        return new(r.Clause.Value, "returns", r.Kind == ReturnKind.Return ? new("return", "退回") : new("redirect", "改寄"), [.. facts]);
    }

    internal static Fact Amounts(AmountRounding r, Speech speech) => new("amount_rounding", new("amount rounded", "金额取整"), r.Mode switch
    {
        AmountRoundingMode.HalfUp => new($"to {speech.Amount(r.Unit).En}, half up", $"四舍五入到 {speech.Amount(r.Unit).Zh}"),
        AmountRoundingMode.Up => new($"up to the next {speech.Amount(r.Unit).En}", $"向上取整到 {speech.Amount(r.Unit).Zh}"),
        _ => new($"down to {speech.Amount(r.Unit).En}", $"向下取整到 {speech.Amount(r.Unit).Zh}"),
    });

    private static Said Rounding(WeightRounding rounding, RoundingReadOn readOn)
    {
        var (en, zh) = rounding switch
        {
            WeightRounding.CeilStep ceil => ($"up to the next {Speech.Weight(ceil.Step).En}", $"按 {Speech.Weight(ceil.Step).Zh} 向上进位"),
            WeightRounding.TruncDecimals trunc => ($"down to {Decimals(trunc.Decimals)} of a kilogram", $"按公斤保留 {Speech.Number(trunc.Decimals).Zh} 位小数，不进位"),
            WeightRounding.HalfUpDecimals half => ($"to {Decimals(half.Decimals)} of a kilogram, half up", $"按公斤四舍五入保留 {Speech.Number(half.Decimals).Zh} 位小数"),
            _ => throw new InvariantBrokenException("A weight is rounded in one of three ways.", rounding.GetType().Name),
        };
        return readOn == RoundingReadOn.Excess ? new($"{en}, beyond the first weight", $"首重以外{zh}") : new(en, zh);

        static string Decimals(int n) => Speech.Counted(n, "decimal", "").En;
    }

    private static IEnumerable<Fact> Volumetric(VolumetricTerms? v)
    {
        if (v is null)
        {
            yield return new("volumetric", new("volume", "体积重量"), new("does not count", "不计"));
            yield break;
        }
        yield return new("volumetric", new("volume divided by", "体积除数"), new($"{Speech.Number(v.Divisor).En} cm³/kg", $"{Speech.Number(v.Divisor).Zh} 立方厘米/公斤"));
        yield return new("side", new("sides rounded", "边长取整"), v.Side switch
        {
            SideRounding.NearestCm => new("to the nearest centimetre", "四舍五入到厘米"),
            SideRounding.UpCm => new("up to the next centimetre", "向上取整到厘米"),
            _ => new("not at all", "不取整"),
        });
        if (v.Rounding is { } own) yield return new("volume_rounding", new("volumetric weight rounded", "体积重量进位"), Rounding(own, RoundingReadOn.Total));
        foreach (var lane in v.Lanes)
        {
            var way = Speech.Places(lane.Lane);
            yield return new($"divisor/{lane.Lane}", new($"volume divided by, {way.En}", $"体积除数（{way.Zh}）"), new($"{Speech.Number(lane.Divisor).En} cm³/kg", $"{Speech.Number(lane.Divisor).Zh} 立方厘米/公斤"), InTable: true);
        }
    }

    private static IEnumerable<Fact> Zones(ZoneRule? rule)
    {
        switch (rule)
        {
            case null:
                break;
            case ZoneRule.Given:
                yield return new("zones", new("zone", "分区"), new("as the shipment says", "以运单所载为准"));
                break;
            case ZoneRule.ByLane lanes:
                yield return new("zones", new("zone", "分区"), new("by lane, the most specific row", "按线路表，取最具体的一行"));
                foreach (var row in lanes.Rows) yield return Zone($"lane/{row.Lane}", Speech.Places(row.Lane), row.Zone);
                break;
            case ZoneRule.ByPostcode codes:
                yield return new("zones", new("zone", "分区"), new("by postcode", "按邮编区间"));
                foreach (var row in codes.Rows)
                {
                    var (from, to) = (row.From is null ? new("anywhere", "任意地点") : Said.Same(WordLists.Write(row.From)), row.To is null ? new("anywhere", "任意地点") : Said.Same(WordLists.Write(row.To)));
                    yield return Zone($"postcode/{from.En}>{to.En}", new($"{from.En} > {to.En}", $"{from.Zh} > {to.Zh}"), row.Zone);
                }
                break;
            case ZoneRule.ByRegion regions:
                yield return new("zones", new("zone", "分区"), new("by pair of regions", "按大区对应"));
                foreach (var place in regions.Places) yield return new($"region/{place.Pattern}", new($"region of {Speech.Place(place.Pattern).En}", $"{Speech.Place(place.Pattern).Zh} 所属大区"), Said.Same(place.Region), InTable: true);
                foreach (var pair in regions.Pairs) yield return Zone($"pair/{pair.From}>{pair.To}", new($"region {pair.From} > {pair.To}", $"大区 {pair.From} > {pair.To}"), pair.Zone);
                break;
        }

        static Fact Zone(string key, Said way, string zone) => new(key, new($"zone of {way.En}", $"{way.Zh} 的分区"), Said.Same(zone), InTable: true);
    }

    private static IEnumerable<Fact> Price(PriceRule price, string? zone, bool zoned, Speech speech)
    {
        var (en, zh) = (zone, zoned) switch { ({ } named, _) => ($"zone {named}, ", $"{named} 区"), (null, true) => ("any other zone, ", "其他区"), _ => ("", "") };
        var key = $"rate/{zone}/";
        Fact Row(string below, string aboutEn, string aboutZh, Said says) => new(key + below, new(en + aboutEn, zh + aboutZh), says);
        switch (price)
        {
            case PriceRule.PerParcel parcel:
                yield return Row("parcel", "a parcel", "每件", speech.Amount(parcel.Price));
                break;
            case PriceRule.FirstFurther f:
                var kilogram = f.To == Mass.FromKilograms(1);
                yield return Row("first", kilogram ? "first kilogram" : $"first {Speech.Weight(f.To).En}", kilogram ? "首公斤" : $"首重 {Speech.Weight(f.To).Zh}", speech.Amount(f.First));
                if (f.Further is not { } further)
                {
                    yield return Row("further", "heavier", "超过首重", new("is refused", "不予承运"));
                    break;
                }
                var step = Speech.Weight(further.Step);
                if (further.Tiers.Length > 1 || further.Tiers[0].To is not null)
                {
                    yield return Row("read_on", "tier read on", "续重档位依据", further.ReadOn switch
                    {
                        TierReadOn.Total => new("the whole weight", "总重量"),
                        TierReadOn.Excess => new("the weight beyond the first", "首重以外的重量"),
                        _ => new("each part by itself", "分段累进"),
                    });
                }
                for (var i = 0; i < further.Tiers.Length; i++)
                {
                    var tier = further.Tiers[i];
                    var upTo = tier.To is { } end ? new Said($" up to {Speech.Weight(end).En}", $"（至 {Speech.Weight(end).Zh}）") : further.Tiers.Length > 1 ? new(" beyond", "（以上）") : default;
                    yield return Row("further/" + Speech.Number(i).En, $"each further {step.En}{upTo.En}", $"续重每 {step.Zh}{upTo.Zh}", speech.Amount(tier.Price));
                }
                if (further.Tiers[^1].To is { } most) yield return Row("most", "heaviest carried", "最大承运重量", Speech.Weight(most));
                break;
            case PriceRule.Brackets brackets:
                for (var i = 0; i < brackets.Rows.Length; i++)
                {
                    var bracket = brackets.Rows[i];
                    var end = bracket.To is { } to ? new Said($"up to {Speech.Weight(to).En}", $"至 {Speech.Weight(to).Zh}") : new("heavier", "以上");
                    yield return Row("bracket/" + Speech.Number(i).En, end.En, end.Zh, BracketPrice(bracket, speech));
                }
                break;
        }
    }

    private static Said BracketPrice(Bracket b, Speech speech)
    {
        var parts = new List<Said>();
        if (b.Price != 0 || (b.PerKg == 0 && b.PerStep == 0)) parts.Add(speech.Amount(b.Price));
        if (b.PerKg != 0)
        {
            parts.Add(b.PerKgOn == RoundingReadOn.Total
                ? new($"{speech.Amount(b.PerKg).En} a kilogram", $"每公斤 {speech.Amount(b.PerKg).Zh}")
                : new($"{speech.Amount(b.PerKg).En} a kilogram beyond the bracket's beginning", $"超出本档起点每公斤 {speech.Amount(b.PerKg).Zh}"));
        }
        if (b.Step is { } step) parts.Add(new($"{speech.Amount(b.PerStep).En} each {Speech.Weight(step).En} beyond the bracket's beginning", $"超出本档起点每 {Speech.Weight(step).Zh} {speech.Amount(b.PerStep).Zh}"));
        return new(string.Join(" + ", parts.Select(p => p.En)), string.Join(" + ", parts.Select(p => p.Zh)));
    }

    // Instants as people in China read them.
    private sealed class ZonedClock(DateTimeZone zone)
    {
        internal Said Say(Instant instant)
        {
            var local = instant.InZone(zone).LocalDateTime;
            var text = $"{Clauses.Write(local.Date)} {TermsText.Write(local.TimeOfDay)}";
            return new($"{text} (Shanghai)", $"{text}（上海时间）");
        }
    }
}
