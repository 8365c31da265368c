using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using Card = KeyAccountLogistics.Api.Levels.V1.Scorecard;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>The words of a report in one language. Immutable.</summary>
internal sealed class ReportWords
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

    /// <summary>A figure that is no indicator: parcels, the steps to a gate, a failure, what caps a grade.</summary>
    internal string Figure(string code) => code is FigureCodes.Parcels ? This("收寄件数", "Parcels accepted")
        : FigureCodes.GateOf(code) is { } gate ? This("到达节点：", "Step to: ") + Gate(gate) : Coded(code, Components);

    internal string Unit(string unit) => unit switch { "percent" => "%", "ppm" => "ppm", "hours" => This("小时", "h"), _ => unit };

    /// <summary>Why an indicator has no value, by its code; a code of a later server shows the server's sentence.</summary>
    internal string Why(IndicatorScore i) => i.ReasonCode switch
    {
        WhyWithout.TooFew => string.Create(CultureInfo.InvariantCulture, $"{This("数量不足：", "Too few: ")}{i.Sample}{This("，至少需要 ", ", and at least ")}{i.Minimum}{This("", " are needed.")}"),
        _ when Whys.TryGetValue(i.ReasonCode, out var zh) && WhyWithout.Sentences.TryGetValue(i.ReasonCode, out var en) => This(zh, en),
        _ => i.Reason,
    };

    /// <summary>Why there is no score: the API's sentence, in Chinese where it is known; never swallowed.</summary>
    internal string Why(string reason)
    {
        if (!_zh || reason.Length == 0) return reason;
        if (reason.StartsWith(Flaw, StringComparison.Ordinal)) return "合同服务条款无法构成评分方案：" + reason[Flaw.Length..];
        return reason switch { "No dimension with a weight has a score." => "没有可评分的维度", ScoreViews.NoVersion => "该客户没有此合同版本，无从评分", _ => reason };
    }

    internal string Count(long n, string zh, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{n:N0} {(_zh ? zh : n == 1 ? one : many)}");

    private string Coded(string code, Dictionary<string, (string Zh, string En)> known) =>
        known.TryGetValue(code, out var words) ? This(words.Zh, words.En) : code.Replace('_', ' ');

    private static string First(string text, string otherwise) => text.Length > 0 ? text : otherwise;

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
        ["traces"] = ("查询无果", "Query without an answer"), ["complaints_reopened"] = ("投诉重开", "Complaint reopened"), ["complaints_unresolved"] = ("投诉未解决", "Complaint not resolved"),
        ["invoice_adjustment"] = ("账单更正", "Invoice adjusted"), ["linehaul_delay"] = ("干线晚点", "Line haul late"), ["abandoned_calls"] = ("来电放弃", "Call abandoned"),
        [FigureCodes.InsuredLost] = ("保价快件丢失", "Insured parcel lost"), [FigureCodes.PrivacyBreach] = ("个人信息泄露", "Personal data disclosed"), [FigureCodes.FalseEventsProved] = ("查实虚假记录", "False records proved"),
    };

    private static readonly Dictionary<string, string> Whys = new(StringComparer.Ordinal)
    {
        ["no_figures"] = "尚无数据来源", ["own_indicator"] = "合同自定指标，不由记录统计", ["nothing_decided"] = "已知的均未到期", ["all_left_out"] = "全部被剔除", ["no_pickups"] = "没有应揽收的订单",
        ["no_deliveries"] = "没有应投递的快件", ["no_nonlocal"] = "没有异地快件", ["no_parcels"] = "没有收寄快件", ["no_attempts"] = "没有投递", ["no_signed"] = "没有签收", ["no_weighings"] = "没有复重",
        ["no_queries"] = "没有查询记录", ["no_invoices"] = "没有账单记录", ["no_budgets"] = "账单行未列预算", ["no_remittances"] = "没有到期返款", ["no_complaints"] = "没有到期投诉", ["no_closed"] = "没有办结的投诉",
        ["no_obligations"] = "没有到期义务", ["no_scans"] = "没有设备扫描记录", ["no_exceptions"] = "没有异常记录", ["no_actions"] = "没有到期的改进措施", ["no_messages"] = "没有推送记录",
    };
}
