using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.Words;

/// <summary>What counts by period and what both sides owe, in words.</summary>
internal static class PeriodWords
{
    private static readonly ImmutableSortedDictionary<string, Said> Dimensions = ImmutableSortedDictionary<string, Said>.Empty
        .Add("T", new("time (T)", "时效（T）")).Add("Q", new("quality (Q)", "质量（Q）")).Add("C", new("cost (C)", "成本（C）")).Add("S", new("service (S)", "服务（S）")).Add("O", new("openness (O)", "透明与改进（O）"));

    internal static ClauseWords Of(RenewalClause r) => new(r.Clause.Value, "renewal", new("renewal", "续约"),
    [
        new("automatic", new("by itself", "自动续约"), r.Automatic ? Speech.Yes : Speech.No),
        new("months", new("for", "续期"), Speech.Counted(r.Months, "month", "个月")),
        new("notice", new("people are told before the end", "到期前提醒"), Speech.Days(r.NoticeDays)),
    ]);

    internal static ClauseWords Of(RebateClause r, Speech speech)
    {
        var facts = new List<Fact>
        {
            new("period", new("counted by", "统计周期"), Of(r.Period)),
            new("mode", new("a tier reached holds for", "达到档位后适用于"), r.Mode == RebateMode.Marginal ? new("the part that lies in it", "落入该档的部分") : new("the whole period", "整个周期")),
            new("services", new("for", "适用产品"), Speech.Services(r.Services)),
        };
        if (r.Mark is { } mark) facts.Add(new("mark", new("only parcels marked", "仅限标注"), Said.Same(mark)));
        facts.AddRange(r.Tiers.Select(t => new Fact($"tier/{TermsText.Write(t.From)}", Basis(t.From, r.Basis, speech) is var (en, zh) ? new($"back from {en}", $"{zh}起返") : default, Speech.Percent(t.Percent))));
        facts.Add(ContractWords.Amounts(r.Rounding, speech));
        return new(r.Clause.Value, "rebates", r is { Period: TermPeriod.Year, Tiers.Length: <= 2 } ? new("year-end bonus", "年终奖励") : new("rebate", "返利"), [.. facts]);
    }

    internal static ClauseWords Of(CommitmentClause c, Speech speech) => new(c.Clause.Value, "commitments", new("committed volume", "保底量"),
    [
        new("period", new("counted by", "统计周期"), Of(c.Period)),
        new("at_least", new("at least", "最低"), Basis(c.AtLeast, c.Basis, speech)),
        c.Basis == VolumeBasis.Parcels
            ? new("missing", new("a parcel missing costs", "每少一件补"), speech.Amount(c.PerMissing))
            : new("missing", new("of the freight missing", "按不足运费补"), Speech.Percent(c.PerMissing)),
        ContractWords.Amounts(c.Rounding, speech),
    ]);

    internal static ClauseWords Of(PriceLockClause p) =>
        new(p.Clause.Value, "price_lock", new("price lock", "价格锁定"), [new("until", new("no amendment in force before this date raises a price", "此日之前生效的变更不得涨价"), Speech.Date(p.Until))]);

    internal static ClauseWords Of(GuardClause g)
    {
        var facts = new List<Fact> { new("discount", new("highest sum of discounts and rebates", "折扣与返利合计上限"), Speech.Percent(g.DiscountMost)) };
        if (g.MarginLeast is { } margin) facts.Add(new("margin", new("least margin", "最低毛利率"), Speech.Percent(margin)));
        return new(g.Clause.Value, "guard", new("limits of what may be agreed", "折扣与毛利底线"), [.. facts]);
    }

    internal static ClauseWords Of(CreditClause c, Speech speech) => new(c.Clause.Value, "credit", new("monthly settlement", "月结"),
    [
        new("bill_day", new("billed on day", "出账日"), Speech.Number(c.BillDay)),
        new("due_days", new("due after", "付款期限"), Speech.Days(c.DueDays)),
        new("limit", new("credit limit", "信用额度"), c.Limit is { } limit ? speech.Amount(limit) : new("none agreed", "未约定")),
        new("dispute_days", new("a line may be disputed for", "账单异议期"), Speech.Days(c.DisputeDays)),
    ]);

    internal static ClauseWords Of(ServiceClause s)
    {
        var facts = s.Weights.OrderBy(w => "TQCSO".IndexOf(w.Key, StringComparison.Ordinal)).Select(w => new Fact($"weight/{w.Key}", Dimensions[w.Key], Speech.Percent(w.Value))).ToList();
        facts.Add(new("sqi", new("profile of the service quality index", "服务质量指数方案"), Said.Same(s.SqiProfile)));
        foreach (var i in s.Indicators)
        {
            var (target, threshold, floor) = (TermsText.Write(i.Target), TermsText.Write(i.Threshold), TermsText.Write(i.Floor));
            var en = $"target {target}, threshold {threshold}, floor {floor}";
            var zh = $"目标 {target}，门槛 {threshold}，底线 {floor}";
            if (i.Weight is { } weight) (en, zh) = ($"{en}, weight {TermsText.Write(weight)}", $"{zh}，权重 {TermsText.Write(weight)}");
            if (i.MinimumSample is { } sample) (en, zh) = ($"{en}, from {Speech.Counted(sample, "parcel", "件").En}", $"{zh}，至少 {Speech.Counted(sample, "parcel", "件").Zh}");
            facts.Add(new($"indicator/{i.Code}", new($"indicator {i.Code}", $"指标 {i.Code}"), new(en, zh)));
        }
        return new(s.Clause.Value, "service", new("how the service is scored", "服务评分"), [.. facts]);
    }

    internal static ClauseWords Of(ObligationClause o) => new(o.Clause.Value, "obligations", new("due regularly", "定期事项"),
    [
        new("what", new("what", "事项"), new(o.En, o.Zh)),
        new("by", new("owed by", "责任方"), o.By == ObligationParty.Carrier ? new("the carrier", "承运方") : new("the client", "客户")),
        new("every", new("every", "周期"), Of(o.Every)),
        new("due_day", new("by this day of the period after", "次周期第几日前"), Speech.Number(o.DueDay)),
    ]);

    private static Said Of(TermPeriod period) => period switch { TermPeriod.Month => new("month", "月"), TermPeriod.Quarter => new("quarter", "季"), _ => new("year", "年") };

    private static Said Basis(decimal number, VolumeBasis basis, Speech speech) =>
        basis == VolumeBasis.Parcels ? Speech.Counted(number, "parcel", "件") : new($"{speech.Amount(number).En} of freight", $"运费 {speech.Amount(number).Zh}");
}
