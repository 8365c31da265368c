using System.Globalization;
using System.Text;
using System.Text.Json;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Kernel;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.Parcel;

/// <summary>A parcel's life as JSON with the canonical CSV's words: snake_case names, RFC 3339 instants, grams as numbers, absent as null.</summary>
internal static class ParcelJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ParcelLife life)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable)) Life(json, life);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>An enum's word as the canonical CSV has it: OrderAccepted.</summary>
    public static string Word(Enum value, string typeName)
    {
        var name = value.ToString();
        return name == "Unspecified" ? "" : name.StartsWith(typeName, StringComparison.Ordinal) ? name[typeName.Length..] : name;
    }

    private static void Life(Utf8JsonWriter json, ParcelLife life)
    {
        var one = life.Summary;
        json.WriteStartObject();
        json.WriteString("parcel", one.Parcel);
        json.WriteString("waybill", one.Waybill);
        json.WriteString("state", one.State);
        json.WriteBoolean("held", one.Held);
        Text(json, "hold_reason", one.HoldReason);
        json.WriteStartObject("custodian");
        Text(json, "kind", one.CustodianKind);
        Text(json, "id", one.Custodian);
        json.WriteEndObject();
        Text(json, "place", one.Place);
        Shipment(json, life.Shipment);
        json.WriteStartArray("weights");
        foreach (var weight in life.Weights) Weight(json, weight);
        json.WriteEndArray();
        json.WriteStartArray("events");
        foreach (var entry in life.Timeline) Entry(json, entry);
        json.WriteEndArray();
        json.WriteStartArray("holds");
        foreach (var hold in life.Holds)
        {
            json.WriteStartObject();
            Text(json, "reason", hold.Reason);
            Text(json, "place", hold.Place);
            Text(json, "owner", hold.Owner);
            At(json, "since", hold.SinceUs);
            At(json, "released_at", hold.ReleasedAtUs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("exceptions");
        foreach (var odd in life.Exceptions)
        {
            json.WriteStartObject();
            json.WriteString("code", odd.Code);
            Text(json, "event_id", odd.EventId);
            Text(json, "message", odd.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Shipment(Utf8JsonWriter json, ShipmentView? shipment)
    {
        if (shipment is null)
        {
            json.WriteNull("shipment");
            return;
        }
        json.WriteStartObject("shipment");
        json.WriteBoolean("registered", shipment.Registered);
        Text(json, "account", shipment.Account);
        Text(json, "product", shipment.Product);
        Text(json, "origin", shipment.Origin);
        Text(json, "destination", shipment.Destination);
        At(json, "accepted_at", shipment.AcceptedAtUs);
        At(json, "promised_by", shipment.PromisedByUs);
        Grams(json, "declared_grams", shipment.DeclaredMg);
        Number(json, "length_mm", shipment.LengthMm);
        Number(json, "width_mm", shipment.WidthMm);
        Number(json, "height_mm", shipment.HeightMm);
        Amount(json, "declared_value", shipment.DeclaredValueMinor, shipment.Currency);
        Amount(json, "cod_amount", shipment.CodMinor, shipment.Currency);
        Amount(json, "freight_collect", shipment.FreightCollectMinor, shipment.Currency);
        Text(json, "currency", shipment.Currency);
        Text(json, "contract", shipment.Contract);
        Number(json, "contract_version", shipment.ContractVersion);
        json.WriteEndObject();
    }

    private static void Weight(Utf8JsonWriter json, WeightLink weight)
    {
        json.WriteStartObject();
        json.WriteString("purpose", Word(weight.Purpose, "WeightPurpose").ToLowerInvariant());
        Grams(json, "grams", weight.MassMg);
        json.WriteBoolean("typed", weight.Typed);
        Text(json, "device", weight.Scale?.Device ?? "");
        Grams(json, "error_grams", weight.ErrorMg);
        At(json, "at", weight.AtUs);
        Text(json, "node", weight.Node);
        Text(json, "actor", weight.Actor);
        Text(json, "event_id", weight.EventId);
        Verdict(json, weight.Verdict);
        json.WriteEndObject();
    }

    private static void Verdict(Utf8JsonWriter json, WeighVerdict? verdict)
    {
        if (verdict is null)
        {
            json.WriteNull("verdict");
            return;
        }
        json.WriteStartObject("verdict");
        Text(json, "billing", Word(verdict.Billing, "BillingAnswer"));
        Text(json, "integrity", Word(verdict.Integrity, "IntegrityAnswer"));
        Text(json, "no_verdict", Word(verdict.NoVerdict, "NoVerdictReason"));
        Grams(json, "billing_limit_grams", verdict.BillingLimitMg);
        Grams(json, "integrity_limit_grams", verdict.IntegrityLimitMg);
        Grams(json, "bills_grams", verdict.BillsMg);
        Text(json, "clause", verdict.Clause);
        Text(json, "contract", verdict.Contract);
        Number(json, "contract_version", verdict.ContractVersion);
        json.WriteEndObject();
    }

    private static void Entry(Utf8JsonWriter json, TimelineEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("event_id", entry.EventId);
        json.WriteString("kind", Word(entry.Kind, "EventKind"));
        At(json, "at", entry.AtUs);
        At(json, "earliest", entry.EarliestUs);
        At(json, "latest", entry.LatestUs);
        At(json, "occurred_at", entry.OccurredAtUs);
        At(json, "captured_at", entry.CapturedAtUs);
        At(json, "received_at", entry.ReceivedAtUs);
        Text(json, "node", entry.Node);
        Text(json, "next_node", entry.NextNode);
        Text(json, "device", entry.Device);
        Text(json, "actor", entry.Actor);
        if (entry.Weight is { } weight) json.WriteNumber("grams", weight.MassMg / 1000m);
        else json.WriteNull("grams");
        Text(json, "reason", entry.Reason);
        json.WriteBoolean("out_of_order", entry.OutOfOrder);
        Text(json, "corrected_by", entry.CorrectedBy);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length == 0) json.WriteNull(name);
        else json.WriteString(name, value);
    }

    private static void At(Utf8JsonWriter json, string name, long us)
    {
        if (us == 0) json.WriteNull(name);
        else json.WriteString(name, InstantPattern.ExtendedIso.Format(Clock.FromUnixMicros(us)));
    }

    private static void Grams(Utf8JsonWriter json, string name, long mg)
    {
        if (mg == 0) json.WriteNull(name);
        else json.WriteNumber(name, mg / 1000m);
    }

    private static void Number(Utf8JsonWriter json, string name, long value)
    {
        if (value == 0) json.WriteNull(name);
        else json.WriteNumber(name, value);
    }

    private static void Amount(Utf8JsonWriter json, string name, long minor, string currency)
    {
        if (minor == 0 || !Money.IsCurrency(currency)) json.WriteNull(name);
        else json.WriteString(name, new Money(minor, currency).Amount.ToString(CultureInfo.InvariantCulture));
    }
}
