using System.Globalization;
using System.Text;
using CsvHelper;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Acceptance.Olist;

/// <summary>
/// The orders of data/olist_2017_10k as the two canonical files, the way data/README.md says: an order is a shipment of the seller of its first item (UNASSIGNED without
/// one), accepted when it was approved, promised for its estimated date; approved, given to the carrier and delivered are its events. All times are Sao Paulo's.
/// </summary>
internal static class OlistFiles
{
    internal const string ShipmentsHeader =
        "waybill,account,product,origin,destination,accepted_at,promised_by,declared_grams,length_mm,width_mm,height_mm,declared_value,cod_amount,freight_collect,currency\n";

    internal const string EventsHeader = "event_id,waybill,kind,occurred_at,captured_at,node,next_node,device,actor,grams,reason\n";

    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/Sao_Paulo"];
    private static readonly LocalDateTimePattern Local = LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd HH:mm:ss");

    private sealed record Item(int Number, string Product, string Seller, decimal Price);

    private sealed record Product(decimal? Grams, string Length, string Width, string Height);

    /// <summary>Shipments and events as CSV text.</summary>
    internal static (string Shipments, string Events) Convert(string folder)
    {
        var products = Rows(folder, "products.csv").ToDictionary(
            r => r["product_id"],
            r => new Product(Number(r["product_weight_g"]), Millimetres(r["product_length_cm"]), Millimetres(r["product_width_cm"]), Millimetres(r["product_height_cm"])),
            StringComparer.Ordinal);
        var items = Rows(folder, "order_items.csv").ToLookup(
            r => r["order_id"], r => new Item(int.Parse(r["order_item_id"], CultureInfo.InvariantCulture), r["product_id"], r["seller_id"], Number(r["price"]) ?? 0),
            StringComparer.Ordinal);
        var places = Rows(folder, "customers.csv").ToDictionary(r => r["customer_id"], r => $"{r["customer_state"]}-{r["customer_zip_code_prefix"]}", StringComparer.Ordinal);
        var (shipments, events) = (new StringBuilder(ShipmentsHeader), new StringBuilder(EventsHeader));
        foreach (var order in Rows(folder, "orders.csv"))
        {
            var contents = items[order["order_id"]].OrderBy(i => i.Number).ToList();
            shipments.AppendLine(Shipment(order, contents, products, places[order["customer_id"]]));
            Event(events, order, "order_accepted", order["order_approved_at"]);
            Event(events, order, "collected", order["order_delivered_carrier_date"]);
            // Delivered is what says so and has a time (data/README.md): status and time.
            if (order["order_status"] is "delivered") Event(events, order, "delivered", order["order_delivered_customer_date"]);
        }
        return (shipments.ToString(), events.ToString());
    }

    private static string Shipment(Dictionary<string, string> order, List<Item> items, Dictionary<string, Product> products, string destination)
    {
        var seller = items.Count > 0 ? items[0].Seller : "UNASSIGNED";
        var weights = items.Select(i => products.GetValueOrDefault(i.Product)?.Grams).ToList();
        var grams = items.Count > 0 && weights.TrueForAll(w => w > 0) ? weights.Sum()!.Value.ToString(CultureInfo.InvariantCulture) : "";
        // Sides are known of a parcel with one thing in it.
        var sides = items.Count == 1 && products.TryGetValue(items[0].Product, out var only) && only is { Length.Length: > 0, Width.Length: > 0, Height.Length: > 0 } ? only : null;
        string[] fields =
        [
            order["order_id"], seller, "STANDARD", "", destination, Time(order["order_approved_at"]), Time(order["order_estimated_delivery_date"]), grams,
            sides?.Length ?? "", sides?.Width ?? "", sides?.Height ?? "", items.Sum(i => i.Price).ToString("0.00", CultureInfo.InvariantCulture), "", "", "BRL",
        ];
        return string.Join(',', fields);
    }

    private static void Event(StringBuilder events, Dictionary<string, string> order, string kind, string local)
    {
        if (local.Length == 0) return;
        events.AppendLine(CultureInfo.InvariantCulture, $"{order["order_id"]}:{kind},{order["order_id"]},{kind},{Time(local)},{Time(local)},,,,,,");
    }

    private static string Time(string local) =>
        local.Length == 0 ? "" : OffsetDateTimePattern.Rfc3339.Format(Local.Parse(local).Value.InZoneLeniently(Zone).ToOffsetDateTime());

    private static decimal? Number(string text) => text.Length == 0 ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Millimetres(string centimetres) => Number(centimetres) is { } cm and > 0 ? decimal.ToInt32(cm * 10).ToString(CultureInfo.InvariantCulture) : "";

    private static IEnumerable<Dictionary<string, string>> Rows(string folder, string file)
    {
        using var reader = CsvReader.FromFile(Path.Combine(folder, file));
        while (reader.Read()) yield return reader.Headers.Select((name, i) => (name, value: reader.GetString(i))).ToDictionary(f => f.name, f => f.value, StringComparer.Ordinal);
    }
}
