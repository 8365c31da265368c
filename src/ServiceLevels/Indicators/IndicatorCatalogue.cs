using System.Collections.Immutable;

namespace KeyAccountLogistics.ServiceLevels.Indicators;

/// <summary>
/// The 22 indicators of TQCSO (domain.md 3.2), each defined here and nowhere else. Levels are proposals that every contract version may override
/// (T3 and T4 are anchored at what the regulator published: 84.39 % within 72 hours, 53.32 hours); a contract adds indicators of its own by code.
/// </summary>
internal static class IndicatorCatalogue
{
    /// <summary>In the order of codes within T, Q, C, S, O.</summary>
    internal static ImmutableArray<Indicator> All { get; } =
    [
        new("T1", "On-time pickup", "准时揽收率", ValueKind.Share,
            "stops with an arrival scan inside the window", "stops due", "stops the client cancelled or whose site was closed", "pickup orders, courier scans", null,
            new(99, 97, 90, 25, 20)),
        new("T2", "On-time delivery", "准时投递率", ValueKind.Share,
            "parcels whose first valid attempt lies within the promise; in doubt counts as late", "parcels due", "force majeure, the client's or consignee's cause", "promises, attempt scans, exclusion codes", null,
            new(97, 93, 80, 40, 50)),
        new("T3", "72-hour rate", "72 小时妥投率", ValueKind.Share,
            "non-local parcels signed within 72 hours of acceptance", "non-local parcels accepted", "as for T2", "acceptance scans, signature scans, zones", null,
            new(92, 84.39m, 70, 15, 50)),
        new("T4", "Mean end-to-end hours", "全程时限均值", ValueKind.MeanHours,
            "hours from acceptance to first signature, added up", "non-local parcels signed in the period", "as for T2", "acceptance scans, signature scans, zones", null,
            new(42, 53.32m, 72, 10, 50)),
        new("T5", "Queries first answered within 30 minutes", "查询 30 分钟首次答复率", ValueKind.Share,
            "queries answered within 30 minutes", "queries", "none", "times of tickets", null,
            new(95, 85, 60, 10, 10)),
        new("Q1", "Loss", "丢失率", ValueKind.PerMillion,
            "parcels declared lost and not found since", "parcels accepted", "none", "exceptions", null,
            new(20, 100, 300, 20, 1_000)),
        new("Q2", "Damage and shortage", "损毁及短少率", ValueKind.PerMillion,
            "parcels with damage or shortage accepted as the carrier's", "parcels accepted", "packaging proved faulty", "handover checks, claims", null,
            new(100, 400, 1_000, 20, 1_000)),
        new("Q3", "First-attempt success", "首次投递成功率", ValueKind.Share,
            "parcels signed at the first attempt", "first attempts", "the parcels excluded from T2", "attempts", null,
            new(96, 90, 75, 20, 50)),
        new("Q4", "Mandatory scan completeness", "必扫节点完整率", ValueKind.Share,
            "mandatory events captured", "mandatory events expected by the route", "none", "journal against the route's template", null,
            new(99.8m, 99, 95, 15, 100)),
        new("Q5", "Weight verified in tolerance", "重量复核合格率", ValueKind.Share,
            "parcels whose reweighing differs from pickup by no more than the tolerance", "parcels reweighed", "weights of a scale in quarantine", "scale events", null,
            new(99, 97, 90, 15, 50)),
        new("Q6", "False sign-off or unauthorised drop", "虚假签收及违规代投率", ValueKind.PerMillion,
            "parcels signed off falsely or left where nobody allowed it", "parcels accepted", "none", "complaints upheld, audits of proofs of delivery", null,
            new(0, 50, 200, 10, 1_000)),
        new("C1", "Invoice line accuracy", "账单行准确率", ValueKind.Share,
            "billed lines that were not adjusted", "billed lines", "none", "billing", null,
            new(99.9m, 99.5m, 98, 50, 50)),
        new("C2", "Cost variance", "单件成本超支率", ValueKind.Overrun,
            "billed freight per parcel above the budget per parcel, 0 when below", "budget per parcel", "none", "billing, the contract's budget", "parcels billed",
            new(0, 3, 10, 30, 1)),
        new("C3", "Cash on delivery remitted on time", "代收货款按时返款率", ValueKind.Share,
            "value remitted on time", "value due", "none", "cash ledger", "remittances due",
            new(100, 99, 95, 20, 1)),
        new("S1", "Complaints first answered in time", "投诉首次响应及时率", ValueKind.Share,
            "complaints first answered within 12 hours in the city, 24 elsewhere (SEED-04-TL1224)", "complaints", "none", "case clocks", null,
            new(98, 90, 70, 35, 5)),
        new("S2", "Complaints closed within 7 days", "投诉 7 日办结率", ValueKind.Share,
            "complaints closed within 7 days", "complaints due", "none", "case clocks", null,
            new(100, 95, 80, 25, 5)),
        new("S3", "Complaints reopened", "投诉重开率", ValueKind.Share,
            "closed complaints opened again", "complaints closed", "a new subject", "cases", null,
            new(0, 5, 20, 15, 5)),
        new("S4", "Contract fulfilment", "合同履约率", ValueKind.Share,
            "obligations met (SEED-03-FULFIL100)", "obligations due", "none", "register of obligations", null,
            new(100, 98, 90, 25, 1)),
        new("O1", "Scans visible to the client within 60 seconds", "扫描 60 秒可见率", ValueKind.Share,
            "events published within 60 seconds", "events", "none", "time of event against time of publication", null,
            new(99.5m, 98, 90, 35, 100)),
        new("O2", "Proactive exception notice", "异常主动告知率", ValueKind.Share,
            "exceptions told within 30 minutes and before any query", "exceptions", "none", "alerts, tickets", null,
            new(95, 85, 60, 30, 10)),
        new("O3", "Improvement actions on time", "改进措施按期完成率", ValueKind.Share,
            "improvement actions done on time", "improvement actions due", "none", "register of actions", null,
            new(100, 80, 50, 20, 1)),
        new("O4", "Webhooks delivered within 15 minutes", "推送 15 分钟送达率", ValueKind.Share,
            "messages delivered within 15 minutes", "messages", "none", "log of webhooks", null,
            new(99.9m, 99, 95, 15, 100)),
    ];

    /// <summary>By code.</summary>
    internal static ImmutableSortedDictionary<string, Indicator> ByCode { get; } = All.ToImmutableSortedDictionary(i => i.Code, i => i, StringComparer.Ordinal);

    /// <summary>An indicator that a contract adds under a code the catalogue has not; its words stand in the contract.</summary>
    internal static Indicator OfContract(string code, ValueKind kind, IndicatorLevels levels) =>
        new(code, code, code, kind, "as the contract says", "as the contract says", "as the contract says", "the contract", null, levels);
}
