using System.Globalization;
using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Labels;

/// <summary>The waybill label of a parcel, to print. Personal details are masked on it as GB/T 41833-2022 asks: whoever needs them scans it.</summary>
internal sealed class PrintLabel(ReadParcel read)
{
    /// <summary>Dots a millimetre of the PNG: twice a 203 dpi printer's, so that its bars come out even there too.</summary>
    private const int PngDotsPerMm = 16;

    internal async Task<Outcome<PrintedLabel>> RunAsync(PrintLabelRequest request, CancellationToken ct)
    {
        if (request.Format is not ("png" or "pdf" or "zpl")) return new Fault.Invalid("format", "label.format", "A label is printed as png, pdf or zpl.");
        if (LabelPaper.Find(request.Paper) is not { } paper) return new Fault.Invalid("paper", "label.paper", "A label is 100x150 or 76x130 (millimetres).");
        var life = await read.RunAsync(request.Code, ct);
        return life.IsOk ? Draw(ContentOf(life.Value), request.Format, paper, LabelWords.Of(request.Language)) : life.Fault;
    }

    private static Outcome<PrintedLabel> Draw(WaybillLabel content, string format, LabelPaper paper, LabelWords words)
    {
        try
        {
            using var font = LabelFont.Open();
            var drawing = DrawLabel.Of(content, paper, words, font.Measure);
            return format switch
            {
                "png" => Printed("image/png", LabelPicture.Of(drawing, font, PngDotsPerMm).ToPng(PngDotsPerMm)),
                "pdf" => Printed("application/pdf", LabelPdf.Of(drawing, font)),
                _ => Printed("application/zpl; charset=utf-8", Encoding.UTF8.GetBytes(LabelZpl.Of(drawing, font))),
            };
        }
        catch (LabelFontException lacking)
        {
            return new Fault.Conflict("label.font", lacking.Message);
        }
        catch (ArgumentException unfit)
        {
            return new Fault.Invalid("code", "label.code", "This code cannot be printed as Code 128: " + unfit.Message);
        }
    }

    private static PrintedLabel Printed(string mediaType, byte[] content) => new() { MediaType = mediaType, Content = ByteString.CopyFrom(content) };

    internal static WaybillLabel ContentOf(Api.Custody.V1.ParcelLife life)
    {
        var (one, shipment, personal) = (life.Summary, life.Shipment, life.Personal ?? new MaskedPersonal());
        var isSscc = Sscc.TryRead(one.Parcel, out _);
        var pieces = Math.Max(1, shipment.Pieces);
        var at = life.Pieces.IndexOf(one.Parcel);
        return new WaybillLabel
        {
            Parcel = one.Parcel,
            Waybill = one.Waybill,
            IsSscc = isSscc,
            Link = isSscc ? "https://id.gs1.org/00/" + one.Parcel : one.Parcel,
            Destination = one.Destination,
            Origin = one.Origin,
            Product = one.Product,
            Account = one.Account,
            Consignee = (personal.ConsigneeName, personal.ConsigneePhone, personal.ConsigneeAddress),
            Sender = (personal.SenderName, personal.SenderPhone, personal.SenderAddress),
            Pieces = at >= 0 && pieces > 1 ? string.Create(CultureInfo.InvariantCulture, $"{at + 1}/{pieces}") : pieces.ToString(CultureInfo.InvariantCulture),
            Mass = shipment.DeclaredMg == 0 ? "" : Mass.FromMilligrams(shipment.DeclaredMg).Kilograms.ToString("0.###", CultureInfo.InvariantCulture) + " kg",
            CashOnDelivery = Amount(shipment.CodMinor, shipment.Currency),
            FreightCollect = Amount(shipment.FreightCollectMinor, shipment.Currency),
            Insured = shipment.Insured,
            Fragile = shipment.Fragile,
        };
    }

    private static string Amount(long minor, string currency) =>
        minor == 0 || !Money.IsCurrency(currency) ? "" : new Money(minor, currency).ToString();
}
