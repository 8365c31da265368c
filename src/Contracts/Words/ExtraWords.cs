using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Words;

/// <summary>What comes on top of freight, in words.</summary>
internal sealed class ExtraWords(Speech speech)
{
    internal ClauseWords Of(SurchargeClause s)
    {
        var facts = new List<Fact> { new("when", new("applies to", "适用于"), When(s.When)), new("services", new("for", "适用产品"), Speech.Services(s.Services)) };
        switch (s.Price)
        {
            case SurchargePrice.PerShipment p:
                facts.Add(new("price/shipment", new("a shipment", "每票"), speech.Amount(p.Amount)));
                break;
            case SurchargePrice.PerPiece p:
                facts.Add(new("price/piece", new("a piece", "每件"), speech.Amount(p.Amount)));
                break;
            case SurchargePrice.PerKg p:
                facts.Add(new("price/kg", new("a kilogram billed", "计费重量每公斤"), speech.Amount(p.Amount)));
                break;
            case SurchargePrice.Percent p:
                facts.Add(new("price/percent", new("of the freight", "占运费"), Speech.Percent(p.Value)));
                break;
            case SurchargePrice.PercentByDate p:
                facts.AddRange(p.Rows.Select(r => new Fact($"price/from {Clauses.Write(r.From)}", new($"of the freight, accepted from {Clauses.Write(r.From)}", $"占运费（{Clauses.Write(r.From)} 起收寄）"), Speech.Percent(r.Percent), InTable: true)));
                facts.Add(new("zone", new("dates are those of", "日期所用时区"), Said.Same(s.Zone.Id)));
                break;
        }
        facts.AddRange(Dates(s.From, s.Until, s.Zone));
        facts.Add(ContractWords.Amounts(s.Rounding, speech));
        return new(s.Clause.Value, "surcharges", s.Price is SurchargePrice.PercentByDate ? new("fuel surcharge", "燃油附加费") : new("surcharge", "附加费"), [.. facts]);
    }

    private static Said When(SurchargeWhen when)
    {
        switch (when)
        {
            case SurchargeWhen.Remote r:
                var places = Speech.List(r.Places.Select(Speech.Place));
                return r.Ends switch
                {
                    LaneEnds.Destination => new($"parcels to {places.En}", $"寄往 {places.Zh} 的快件"),
                    LaneEnds.Origin => new($"parcels from {places.En}", $"寄自 {places.Zh} 的快件"),
                    _ => new($"parcels from or to {places.En}", $"寄自或寄往 {places.Zh} 的快件"),
                };
            case SurchargeWhen.Oversize o:
                var limits = new List<Said>();
                if (o.LongestMm is { } longest) limits.Add(new($"longer than {WordLists.WriteLength(longest)}", $"最长边超过 {WordLists.WriteLength(longest)}"));
                if (o.GirthMm is { } girth) limits.Add(new($"length and girth over {WordLists.WriteLength(girth)}", $"长加围长超过 {WordLists.WriteLength(girth)}"));
                if (o.Weight is { } weight) limits.Add(new($"heavier than {Speech.Weight(weight).En}", $"重于 {Speech.Weight(weight).Zh}"));
                return new(string.Join(" or ", limits.Select(l => l.En)), string.Join("或", limits.Select(l => l.Zh)));
            case SurchargeWhen.Marked m:
                return new($"parcels marked {m.Mark}", $"标注 {m.Mark} 的快件");
            default:
                return new("every shipment", "每一票");
        }
    }

    private static IEnumerable<Fact> Dates(LocalDate? from, LocalDate? until, DateTimeZone zone)
    {
        if (from is { } first) yield return new("from", new("accepted from", "收寄日期自"), new($"{Clauses.Write(first)} ({zone.Id})", $"{Clauses.Write(first)}（{zone.Id}）"));
        if (until is { } last) yield return new("until", new("accepted until", "收寄日期至"), new($"{Clauses.Write(last)} ({zone.Id})", $"{Clauses.Write(last)}（{zone.Id}）"));
    }

    internal static ClauseWords Of(DiscountClause d)
    {
        var facts = new List<Fact> { new("percent", new("off the freight", "运费优惠"), Speech.Percent(d.Percent)), new("services", new("for", "适用产品"), Speech.Services(d.Services)) };
        if (d.Mark is { } mark) facts.Add(new("mark", new("only parcels marked", "仅限标注"), Said.Same(mark)));
        facts.AddRange(Dates(d.From, d.Until, d.Zone));
        return new(d.Clause.Value, "discounts", new("discount", "折扣"), [.. facts]);
    }

    internal ClauseWords Of(InsuranceClause i)
    {
        var facts = new List<Fact> { new("services", new("for", "适用产品"), Speech.Services(i.Services)) };
        facts.AddRange(Rows("ordinary", i.Ordinary, new("", "")));
        facts.AddRange(Rows("fragile", i.Fragile, new("fragile, ", "易碎品")));
        facts.Add(new("maximum", new("highest value insured", "最高保价金额"), i.Maximum is { } most ? speech.Amount(most) : Speech.Any));
        facts.Add(ContractWords.Amounts(i.Rounding, speech));
        return new(i.Clause.Value, "insurance", new("insured value", "保价"), [.. facts]);
    }

    private IEnumerable<Fact> Rows(string key, ImmutableArray<InsuranceRow> rows, Said goods)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            var end = row.To is { } to ? new Said($"value up to {speech.Amount(to).En}", $"声明价值至 {speech.Amount(to).Zh}") : new("higher value", "更高价值");
            var parts = new List<Said>();
            if (row.Price != 0 || row.PerMille == 0) parts.Add(speech.Amount(row.Price));
            if (row.PerMille != 0) parts.Add(Said.Same(TermsText.Write(row.PerMille) + " ‰"));
            var (en, zh) = (string.Join(" + ", parts.Select(p => p.En)), string.Join(" + ", parts.Select(p => p.Zh)));
            var least = row.Minimum == 0 ? default : new Said($", at least {speech.Amount(row.Minimum).En}", $"，最低 {speech.Amount(row.Minimum).Zh}");
            yield return new($"{key}/{Speech.Number(i).En}", new(goods.En + end.En, goods.Zh + end.Zh), new(en + least.En, zh + least.Zh));
        }
    }

    internal ClauseWords Of(CodClause c)
    {
        var facts = new List<Fact>
        {
            new("percent", new("fee, of the amount collected", "手续费占代收金额"), Speech.Percent(c.Percent)),
            new("minimum", new("least fee", "最低手续费"), speech.Amount(c.Minimum)),
        };
        if (c.Maximum is { } most) facts.Add(new("maximum", new("highest fee", "最高手续费"), speech.Amount(most)));
        facts.Add(new("highest", new("most collected a shipment", "每票代收上限"), c.HighestAmount is { } highest ? speech.Amount(highest) : Speech.Any));
        facts.Add(new("remit", new("remitted", "回款"), c.Remit switch
        {
            RemitCycle.WorkingDays d => new($"{Speech.WorkingDays(d.Days).En} after collection", $"收款后 {Speech.WorkingDays(d.Days).Zh}"),
            RemitCycle.Weekly w => new($"weekly on {w.On}", $"每周{"一二三四五六日"[(int)w.On - 1]}"),
            _ => throw new InvariantBrokenException("Money is remitted in one of two ways.", c.Remit.GetType().Name),
        }));
        facts.Add(new("cut_off", new("collected after this time counts as the next day", "超过此时间按次日计"), Speech.Time(c.CutOff)));
        facts.Add(ContractWords.Amounts(c.Rounding, speech));
        return new(c.Clause.Value, "cod", new("cash on delivery", "代收货款"), [.. facts]);
    }

    internal ClauseWords Of(FreightCollectClause c) => new(c.Clause.Value, "freight_collect", new("freight paid by the consignee", "到付"),
    [
        new("fee", new("fee a shipment", "每票手续费"), speech.Amount(c.Fee)),
        new("refused", new("when the consignee refuses, the shipper pays", "收件人拒付时寄件方承担"), c.Refused == RefusedFreight.BothWays ? new("both ways", "往返运费") : new("the way out", "去程运费")),
        ContractWords.Amounts(c.Rounding, speech),
    ]);
}
