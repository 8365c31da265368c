using System.Globalization;
using System.Text.RegularExpressions;
using KeyAccountLogistics.Api.Levels.V1;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>The words of a report in one language. Immutable.</summary>
internal sealed partial class ReportWords
{
    private const string Flaw = "The contract's service clause makes no plan: ";
    private readonly bool _zh;

    private ReportWords(bool zh) => _zh = zh;

    internal string Language => _zh ? "zh-CN" : "en";

    /// <summary>Null for a language that no report is written in.</summary>
    internal static ReportWords? For(string language) => language switch { "zh" => new(true), "en" => new(false), _ => null };

    /// <summary>The one of both that is spoken here.</summary>
    internal string This(string zh, string en) => _zh ? zh : en;

    internal string NameOf(Card card) => First(This(card.NameZh, card.NameEn), First(This(card.NameEn, card.NameZh), card.Account));

    internal string NameOf(IndicatorScore i) => First(This(i.NameZh, i.NameEn), i.Indicator);

    internal string Dimension(string letter) => letter switch
    {
        "T" => This("时效", "Time"), "Q" => This("质量", "Quality"), "C" => This("成本", "Cost"), "S" => This("服务", "Service"), "O" => This("透明", "Openness"), _ => letter,
    };

    internal string Gate(string code) => Coded(code, Gates);

    internal string Reason(string code) => Coded(code, Reasons);

    internal string KnockOut(string code) => Coded(code, KnockOuts);

    internal string Component(string code) => Coded(code, Components);

    internal string Because(string code) => Coded(code, Becauses);

    internal string Unit(string unit) => unit switch { "percent" => "%", "ppm" => "ppm", "hours" => This("小时", "h"), _ => unit };

    /// <summary>Why there is no value: the API's sentence, in Chinese where it is known; never swallowed.</summary>
    internal string Why(string reason)
    {
        if (!_zh || reason.Length == 0) return reason;
        if (TooFew().Match(reason) is { Success: true } few) return $"数量不足：{few.Groups[1].Value}，至少需要 {few.Groups[2].Value}";
        return reason.StartsWith(Flaw, StringComparison.Ordinal) ? "合同服务条款无法构成评分方案：" + reason[Flaw.Length..] : Sentences.GetValueOrDefault(reason, reason);
    }

    internal string Count(long n, string zh, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{n:N0} {(_zh ? zh : n == 1 ? one : many)}");

    private string Coded(string code, Dictionary<string, (string Zh, string En)> known) =>
        known.TryGetValue(code, out var words) ? This(words.Zh, words.En) : code.Replace('_', ' ');

    private static string First(string text, string otherwise) => text.Length > 0 ? text : otherwise;

    [GeneratedRegex(@"^Too few: ([0-9.]+), and at least ([0-9]+) are needed\.$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TooFew();

    private static readonly Dictionary<string, (string Zh, string En)> Gates = new(StringComparer.Ordinal)
    {
        ["pickup"] = ("揽收", "Pickup"), ["depot_out"] = ("网点发出", "Departure from depot"), ["hub"] = ("枢纽发出", "Departure from hub"), ["out_for_delivery"] = ("派送出班", "Out for delivery"),
        ["delivery"] = ("投递", "Delivery"), ["lost"] = ("丢失", "Loss"),
    };

    private static readonly Dictionary<string, (string Zh, string En)> Reasons = new(StringComparer.Ordinal)
    {
        ["force_majeure"] = ("不可抗力", "Force majeure"), ["client"] = ("客户原因", "Client's cause"), ["consignee"] = ("收件人原因", "Consignee's cause"), ["requested_date"] = ("收件人指定日期", "Date the consignee asked for"),
        ["packaging"] = ("包装不当", "Packaging"), ["scale_quarantined"] = ("衡器停用", "Scale in quarantine"),
    };

    private static readonly Dictionary<string, (string Zh, string En)> KnockOuts = new(StringComparer.Ordinal)
    {
        ["insured_parcel_lost"] = ("保价快件丢失：等级不高于 C", "Insured parcel lost: no grade above C"), ["privacy_breach"] = ("个人信息泄露：等级不高于 C", "Personal data disclosed: no grade above C"),
        ["false_events_proved"] = ("查实虚假记录：等级不高于 C", "False records proved: no grade above C"), ["contract_unfulfilled"] = ("合同履约率低于 90 %：等级不高于 C", "Contract fulfilment under 90 %: no grade above C"),
    };

    private static readonly Dictionary<string, (string Zh, string En)> Becauses = new(StringComparer.Ordinal)
    {
        ["late_fact"] = ("记录迟到", "records came late"), ["correction"] = ("记录更正", "a record was corrected"), ["exclusion"] = ("快件剔除", "a parcel was excluded"),
    };

    private static readonly Dictionary<string, (string Zh, string En)> Components = new(StringComparer.Ordinal)
    {
        ["right_day_late"] = ("当日晚投", "Late on the right day"), ["wrong_day_late"] = ("隔日晚投", "Late by a day or more"), ["missed_pickup"] = ("漏揽", "Missed pickup"), ["lost"] = ("丢失", "Lost"),
        ["damaged"] = ("破损", "Damaged or short"), ["missing_pod"] = ("缺签收凭证", "No proof of delivery"), ["overgoods"] = ("面单丢失或难辨", "Waybill missing or illegible"),
    };

    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        ["No figures."] = "尚无数据来源",
        ["Nothing was due: the denominator is 0."] = "本期没有应计数量",
        ["No queries are recorded."] = "没有查询记录",
        ["Complaints are cases; what they say of a sign-off is not counted here yet."] = "投诉已按工单处理，尚未计入评分",
        ["Complaints are cases, and are not counted here yet."] = "投诉已按工单处理，尚未计入评分",
        ["No invoices are recorded."] = "没有账单记录",
        ["The cash ledger publishes no due dates of remittances."] = "没有返款期限",
        ["Obligations are registered, and are not counted here yet."] = "义务已登记，尚未计入评分",
        ["Nothing records when an event was shown to the client."] = "没有客户可见时间的记录",
        ["No notices to clients are recorded."] = "没有告知客户的记录",
        ["There is no register of improvement actions."] = "没有改进措施登记",
        ["No webhooks are sent."] = "没有推送",
        ["The contract's own indicator is not counted from facts."] = "合同自定指标，不由记录统计",
        ["No dimension with a weight has a score."] = "没有可评分的维度",
    };
}
