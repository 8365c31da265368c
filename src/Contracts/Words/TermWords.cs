using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Words;

/// <summary>The clauses depots judge by, in words.</summary>
internal static class TermWords
{
    internal static ClauseWords Of(WeightTerms w)
    {
        var facts = new List<Fact>
        {
            new("absolute", new("allowed on top of the scales' own errors", "在衡器允差之外允许"), Speech.Weight(w.Absolute)),
            new("percent", new("and of the weight", "另按重量"), Speech.Percent(w.Percent)),
        };
        if (w.Dispute is { } dispute)
        {
            facts.Add(new("by", new("may be disputed by", "可提出异议的一方"), dispute.By == DisputeParty.Client ? new("the client", "客户") : new("either side", "任何一方")));
            facts.Add(new("within", new("within", "异议期限"), dispute.Within.TotalHours % 24 == 0 ? Speech.Days(dispute.Within.Days) : Speech.Counted((decimal)(dispute.Within.BclCompatibleTicks / NodaTime.NodaConstants.TicksPerHour), "hour", "小时")));
            facts.Add(new("silence", new("silence means", "逾期未答复"), dispute.OnSilence == OnSilence.AutoAccept ? new("the new weight counts", "以新重量为准") : new("a person decides", "由人工裁定")));
        }
        else facts.Add(new("by", new("may be disputed", "异议"), new("by nobody; the carrier decides", "无约定，由承运方决定")));
        return new(w.Clause.Value, "weight", new("weight", "重量"), [.. facts]);
    }

    internal static ClauseWords Of(HandoverTerms h, string currency, Speech speech)
    {
        var facts = new List<Fact>
        {
            new("insured_from", new("insured from a declared value of", "视为保价的声明价值起点"), h.InsuredFrom is { } from ? speech.Amount(new Money(from, currency).Amount) : new("the shipment's own mark", "以运单标注为准")),
            new("insured", new("an insured parcel is", "保价件须"), Speech.List(Checks(h.Insured))),
            new("touch", new("shaken and touched", "摇、触检查"), h.Touch switch
            {
                TouchCheck.Fragile => new("every fragile parcel", "所有易碎件"),
                TouchCheck.FragileInsured => new("fragile parcels that are insured", "保价的易碎件"),
                _ => new("none", "无"),
            }),
        };
        foreach (var (risk, proofs) in h.DeliveryProofs)
        {
            var of = risk == RiskClass.High ? new Said("an insured parcel is delivered against", "保价件签收凭") : new("an ordinary parcel is delivered against", "普通件签收凭");
            facts.Add(new($"proof/{risk}", of, Speech.List(Proofs(proofs))));
        }
        return new(h.Clause.Value, "handover", new("handover", "交接"), [.. facts]);
    }

    private static IEnumerable<Said> Checks(InsuredChecks checks)
    {
        if (checks.HasFlag(InsuredChecks.ItemByItem)) yield return new("handed over singly", "逐件交接");
        if (checks.HasFlag(InsuredChecks.Seal)) yield return new("compared by its seal", "核对封志");
        if (checks.HasFlag(InsuredChecks.Reweigh)) yield return new("weighed again", "复重");
    }

    private static IEnumerable<Said> Proofs(DeliveryProofs proofs)
    {
        if (proofs.HasFlag(DeliveryProofs.Code)) yield return new("the consignee's code", "收件码");
        if (proofs.HasFlag(DeliveryProofs.Signature)) yield return new("a signature", "签名");
        if (proofs.HasFlag(DeliveryProofs.Photo)) yield return new("a photograph", "照片");
    }

    internal static ClauseWords Of(PromiseTerms p)
    {
        var facts = new List<Fact>
        {
            new("cut_off", new("accepted after this time counts as the next working day", "超过此时间收寄按次一工作日计"), Speech.Time(p.CutOff)),
            new("calendar", new("working days of", "工作日历"), new($"{p.CalendarRegion} in {p.Zone}", $"{p.CalendarRegion}（{p.Zone}）")),
        };
        facts.AddRange(p.Transit.Select(t => new Fact($"transit/{t.Lane}", new($"first attempt, {Speech.Places(t.Lane).En}", $"首次派送（{Speech.Places(t.Lane).Zh}）"), Speech.WorkingDays(t.WorkingDays), InTable: true)));
        facts.Add(new("by", new("by", "时限"), p.By is { } by ? Speech.Time(by) : new("the end of the day", "当日结束")));
        facts.Add(new("decided_by", new("on time is judged by", "准时判定"), p.DecidedBy == DecidedBy.Date ? new("the date", "按日期") : new("the instant", "按时刻")));
        foreach (var gate in p.Gates)
        {
            var of = gate.Kind switch
            {
                GateKind.Pickup => new Said("picked up", "揽收"),
                GateKind.DepotOut => new("left the depot of origin", "出始发站"),
                GateKind.Hub => new("left the last hub", "出末端中转"),
                _ => new("out for delivery", "派件出站"),
            };
            var days = Speech.WorkingDays(gate.Days);
            facts.Add(new($"gate/{gate.Kind}", of, (gate.From, gate.Days) switch
            {
                (GateCount.AfterAcceptance, 0) => new($"by {Speech.Time(gate.By).En} of the day of acceptance", $"收寄当日 {Speech.Time(gate.By).Zh} 前"),
                (GateCount.AfterAcceptance, _) => new($"by {Speech.Time(gate.By).En}, {days.En} after acceptance", $"收寄后 {days.Zh} {Speech.Time(gate.By).Zh} 前"),
                (_, 0) => new($"by {Speech.Time(gate.By).En} of the promised day", $"承诺日 {Speech.Time(gate.By).Zh} 前"),
                _ => new($"by {Speech.Time(gate.By).En}, {days.En} before the promised day", $"承诺日前 {days.Zh} {Speech.Time(gate.By).Zh} 前"),
            }));
        }
        return new(p.Clause.Value, "promise", new("promise", "时限承诺"), [.. facts]);
    }

    internal static ClauseWords Of(DispatchTerms d) => new(d.Clause.Value, "dispatch", new("dispatch", "派送"),
    [
        new("priority", new("order", "顺序"), d.Priority == DispatchPriority.First ? new("before others", "优先") : new("in its turn", "按序")),
        new("delivery", new("deliveries are made", "派送要求"), Speech.List(Constraints(d.Delivery))),
    ]);

    private static IEnumerable<Said> Constraints(DeliveryConstraints c)
    {
        if (c.HasFlag(DeliveryConstraints.Appointment)) yield return new("by appointment", "预约派送");
        if (c.HasFlag(DeliveryConstraints.ToTheDoor)) yield return new("to the door", "送货上门");
        if (c.HasFlag(DeliveryConstraints.NoLocker)) yield return new("into no locker", "不入柜");
    }
}
