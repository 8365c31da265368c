using System.Collections.Frozen;
using System.Globalization;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Verdicts;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>Why a shipment has no price. Never a zero (laws 3 and 4).</summary>
internal enum RateRefusal
{
    /// <summary>There is a price.</summary>
    None = 0,

    /// <summary>No tariff names the service, and none is for any.</summary>
    NoService = 1,

    /// <summary>Origin and destination have no row in the zone table, or the zone was not given.</summary>
    NoZone = 2,

    /// <summary>The zone has no price.</summary>
    NoRate = 3,

    /// <summary>Heavier than the last bracket or tier.</summary>
    TooHeavy = 4,

    /// <summary>The contract has no cash on delivery.</summary>
    NoCod = 5,

    /// <summary>More cash than is collected per shipment.</summary>
    CodTooHigh = 6,

    /// <summary>Freight paid by the consignee was not agreed.</summary>
    NoFreightCollect = 7,

    /// <summary>A declared value, and no insurance clause for the service.</summary>
    NotInsurable = 8,

    /// <summary>A declared value above the highest insured.</summary>
    InsuredTooHigh = 9,

    /// <summary>Accepted before the first row of a dated table.</summary>
    NoFuelRow = 10,

    /// <summary>No version of the account's contract covers the moment of acceptance.</summary>
    NotInForce = 11,

    /// <summary>A number that no shipment has: weight zero, no piece, declared value zero.</summary>
    OutOfRange = 12,

    /// <summary>It went back, and the contract says no price for that.</summary>
    NoReturn = 13,

    /// <summary>It was sent on, and the contract says no price for that.</summary>
    NoRedirect = 14,

    /// <summary>A dated clause applies and the moment of acceptance is unknown.</summary>
    NoAcceptance = 15,

    /// <summary>A line of a file that cannot be read.</summary>
    BadLine = 16,

    /// <summary>The account has no contract.</summary>
    NoContract = 17,

    /// <summary>An audited line without a weight in the file of weights.</summary>
    NoWeight = 18,
}

/// <summary>The code and the sentences of a refusal: what happened, to what, and what to do.</summary>
internal static class RefusalTexts
{
    private static readonly FrozenDictionary<RateRefusal, string> Codes =
        Enum.GetValues<RateRefusal>().ToFrozenDictionary(r => r, r => ReasonCode.Of(r).ToUpperInvariant());

    /// <summary><c>NO_ZONE</c></summary>
    internal static string Code(RateRefusal reason) => Codes[reason];

    internal static RateOutcome.Refused Of(RateRefusal reason, string? clause, ShipmentToRate shipment, long billsMg, string? zone)
    {
        var (zh, en) = Text(reason, shipment, billsMg, zone);
        return new RateOutcome.Refused(Code(reason), clause, clause is null ? zh : $"{zh}（条款 {clause}）", clause is null ? en : $"{en} (clause {clause})");
    }

    private static (string Zh, string En) Text(RateRefusal reason, ShipmentToRate s, long billsMg, string? zone)
    {
        var kg = Explain.Kilograms(billsMg);
        var when = s.Accepted is { } accepted ? accepted.ToString("uuuu-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture) : "?";
        return reason switch
        {
            RateRefusal.NoService => ($"合同没有产品“{s.Service}”的运价。请核对产品代码，或在合同中加入运价。", $"The contract has no tariff for the service '{s.Service}'. Check the service, or add a tariff."),
            RateRefusal.NoZone when s.Zone is null => ($"从 {s.Origin} 到 {s.Destination} 没有分区。请核对地区代码，或在分区表中加入该线路。", $"{s.Origin} to {s.Destination} has no zone. Check the codes, or add the lane to the zone table."),
            RateRefusal.NoZone => ($"分区“{s.Zone}”不可用。", $"The zone '{s.Zone}' cannot be used."),
            RateRefusal.NoRate => ($"分区“{zone}”没有价格。请在合同中加入该分区的价格。", $"The zone '{zone}' has no price. Add one to the tariff."),
            RateRefusal.TooHeavy => ($"计费重量 {kg} kg 超过运价的最高重量，合同不承运。", $"The chargeable weight of {kg} kg is above the heaviest that the tariff carries."),
            RateRefusal.NoCod => ("合同没有代收货款条款，不能代收。", "The contract has no cash on delivery: nothing can be collected."),
            RateRefusal.CodTooHigh => ("代收金额超过每票上限。", "The cash to collect is above the most that is collected per shipment."),
            RateRefusal.NoFreightCollect => ("合同未约定到付。", "Freight paid by the consignee is not agreed."),
            RateRefusal.NotInsurable => ($"产品“{s.Service}”没有保价条款，声明价值不能承保。", $"The service '{s.Service}' has no insurance clause: a declared value cannot be insured."),
            RateRefusal.InsuredTooHigh => ("声明价值超过最高保价金额。", "The declared value is above the highest insured."),
            RateRefusal.NoFuelRow => ($"收寄时间 {when} 早于附加费率表的第一行。请补充费率表。", $"Accepted {when}, before the first row of the surcharge's table. Add the row."),
            RateRefusal.NotInForce => ($"收寄时间 {when} 不在任何生效的合同版本内。", $"No version of the contract is in force at {when}."),
            RateRefusal.OutOfRange => ("重量、件数、尺寸或金额超出可计费的范围（须大于零）。", "A weight, number of pieces, size or amount is outside of what can be rated (above zero)."),
            RateRefusal.NoReturn => ("合同没有退回的价格。", "The contract has no price for a return."),
            RateRefusal.NoRedirect => ("合同没有改寄的价格。", "The contract has no price for a redirect."),
            RateRefusal.NoAcceptance => ("有按日期生效的条款，而收寄时间未知。", "A dated clause applies, and the moment of acceptance is unknown."),
            RateRefusal.NoContract => ("该客户没有合同。", "The account has no contract."),
            RateRefusal.BadLine => ("该行无法读取。", "The line cannot be read."),
            RateRefusal.NoWeight => ("重量文件中没有该运单。", "The waybill is not in the file of weights."),
            RateRefusal.None => throw new InvariantBrokenException("A price is no refusal.", null),
            _ => throw new InvariantBrokenException("A refusal is of a closed set.", reason.ToString()),
        };
    }
}
