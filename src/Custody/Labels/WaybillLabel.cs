namespace KeyAccountLogistics.Custody.Labels;

/// <summary>Paper of a waybill label.</summary>
/// <param name="Name">As asked for.</param>
/// <param name="WidthMm">Width in millimetres.</param>
/// <param name="HeightMm">Height in millimetres.</param>
internal sealed record LabelPaper(string Name, int WidthMm, int HeightMm)
{
    /// <summary>The large label.</summary>
    internal static LabelPaper Large { get; } = new("100x150", 100, 150);

    /// <summary>The one-part waybill (一联单) of the carriers' thermal printers.</summary>
    internal static LabelPaper OnePart { get; } = new("76x130", 76, 130);

    /// <summary>By name; null when there is no such paper. Empty is the large one.</summary>
    internal static LabelPaper? Find(string name) => name switch
    {
        "" or "100x150" => Large,
        "76x130" => OnePart,
        _ => null,
    };
}

/// <summary>
/// What stands on a label: the zones of GB/T 41833-2022 (code, destination, consignee, sender, contents, sign-off) with personal data masked already. Empty texts
/// are left out.
/// </summary>
internal sealed record WaybillLabel
{
    /// <summary>The parcel's code; becomes Code 128, an SSCC GS1-128 with AI (00).</summary>
    internal required string Parcel { get; init; }

    /// <summary>The waybill, when the parcel is one of several under it.</summary>
    internal string Waybill { get; init; } = "";

    /// <summary>What the QR Code holds: the code, for an SSCC its GS1 Digital Link.</summary>
    internal required string Link { get; init; }

    internal bool IsSscc { get; init; }

    internal string Destination { get; init; } = "";

    internal string Origin { get; init; } = "";

    internal string Product { get; init; } = "";

    internal string Account { get; init; } = "";

    internal (string Name, string Phone, string Address) Consignee { get; init; } = ("", "", "");

    internal (string Name, string Phone, string Address) Sender { get; init; } = ("", "", "");

    internal string Pieces { get; init; } = "";

    internal string Mass { get; init; } = "";

    internal string CashOnDelivery { get; init; } = "";

    internal string FreightCollect { get; init; } = "";

    internal bool Insured { get; init; }

    internal bool Fragile { get; init; }
}

/// <summary>The printed words of a label.</summary>
internal sealed record LabelWords(
    string To, string From, string Pieces, string Mass, string CashOnDelivery, string FreightCollect, string Insured, string Fragile, string SignedBy, string Date, string Waybill)
{
    internal static LabelWords Chinese { get; } = new("收", "寄", "件数", "重量", "代收货款", "到付", "保价", "易碎", "签收人", "日期", "运单号");

    internal static LabelWords English { get; } = new("TO", "FROM", "Pieces", "Weight", "COD", "Freight collect", "INSURED", "FRAGILE", "Received by", "Date", "Waybill");

    internal static LabelWords Of(string language) => language is "en" ? English : Chinese;
}
