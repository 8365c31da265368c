using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Verdicts.Terms.Documents;

/// <summary>
/// The JSON in which terms travel to agents (<c>TermsSnapshot.account_terms_json</c>) and are kept. Canonical: equal terms give equal bytes, so a
/// hash of the bytes tells whether anything changed.
/// </summary>
/// <remarks>
/// Written and read by hand rather than by a serializer: the order of the fields is fixed here, nothing is found by reflection, and reading goes
/// through <see cref="AccountTermsReader"/>, which names every mistake where a serializer stops at the first.
/// </remarks>
public static class AccountTermsJson
{
    /// <summary>The largest document read, in bytes.</summary>
    public const int BytesMax = 1_048_576;

    private const int DepthMax = 16;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = false };

    /// <summary>Reads one document.</summary>
    public static TermsReading Read(ReadOnlyMemory<byte> json)
    {
        var (node, mistake) = Node(json, BytesMax);
        return node is null ? TermsReading.Of([mistake!]) : AccountTermsReader.Read(node);
    }

    /// <summary>JSON as the readers of documents take it, or the one mistake that stops it from being read.</summary>
    internal static (TermsNode? Node, TermsMistake? Mistake) Node(ReadOnlyMemory<byte> json, int bytesMax)
    {
        if (json.Length > bytesMax) return Broken(null, $"has {json.Length.ToString(CultureInfo.InvariantCulture)} bytes; at most {bytesMax.ToString(CultureInfo.InvariantCulture)} are read.");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DepthMax });
            return (NodeOf(document.RootElement), null);
        }
        catch (JsonException broken)
        {
            return Broken(new TermsMark((int)(broken.LineNumber ?? 0) + 1, (int)(broken.BytePositionInLine ?? 0) + 1), $"is not JSON: {broken.Message}");
        }
        catch (InvalidOperationException broken)   // a text with half a surrogate pair
        {
            return Broken(null, $"has a text that is not Unicode: {broken.Message}");
        }
    }

    /// <summary>Writes terms; equal terms give equal bytes.</summary>
    public static byte[] Write(AccountTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString("account", terms.Account);
            json.WriteStartObject("name");
            json.WriteString("zh", terms.NameZh);
            json.WriteString("en", terms.NameEn);
            json.WriteEndObject();
            json.WriteString("contract", terms.Contract);
            json.WriteNumber("version", terms.Version);
            json.WriteStartObject("effective");
            json.WriteString("from", TermsText.Write(terms.EffectiveFrom));
            if (terms.EffectiveUntil is { } until) json.WriteString("until", TermsText.Write(until));
            json.WriteEndObject();
            json.WriteString("currency", terms.Currency);
            json.WriteStartArray("chargeable");
            foreach (var rule in terms.Chargeable.OrderBy(c => c.Clause.Value, StringComparer.Ordinal)) Write(json, rule);
            json.WriteEndArray();
            json.WriteStartObject("weight");
            json.WriteString("id", terms.Weight.Clause.Value);
            json.WriteString("absolute", TermsText.Write(terms.Weight.Absolute));
            json.WriteString("percent", TermsText.Write(terms.Weight.Percent));
            if (terms.Weight.Dispute is { } dispute)
            {
                json.WriteString("dispute_by", TermsText.WordOf(TermsText.DisputeWords, dispute.By));
                json.WriteString("within", TermsText.Write(dispute.Within));
                json.WriteString("else", TermsText.WordOf(TermsText.SilenceWords, dispute.OnSilence));
            }
            json.WriteEndObject();
            Write(json, terms.Handover, terms.Currency);
            if (terms.Promise is { } promise) Write(json, promise);
            if (terms.Dispatch is { } dispatch) Write(json, dispatch);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ChargeableWeightTerms rule)
    {
        json.WriteStartObject();
        json.WriteString("id", rule.Clause.Value);
        if (!rule.Services.IsEmpty) WriteAll(json, "services", rule.Services.Order(StringComparer.Ordinal));
        json.WriteString("first", TermsText.Write(rule.First));
        Write(json, "rounding", rule.Rounding, rule.ReadOn);
        if (rule.Volumetric is { } volumetric)
        {
            json.WriteStartObject("volumetric");
            json.WriteNumber("divisor", volumetric.Divisor);
            json.WriteString("side", TermsText.WordOf(TermsText.SideWords, volumetric.Side));
            if (volumetric.Rounding is { } own) Write(json, "weight", own, null);
            if (!volumetric.Lanes.IsEmpty)
            {
                json.WriteStartArray("lanes");
                foreach (var lane in volumetric.Lanes) Write(json, lane.Lane, "divisor", lane.Divisor);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, WeightRounding rounding, RoundingReadOn? readOn)
    {
        json.WriteStartObject(name);
        switch (rounding)
        {
            case WeightRounding.CeilStep ceil:
                json.WriteString("mode", "CeilStep");
                json.WriteString("step", TermsText.Write(ceil.Step));
                break;
            case WeightRounding.TruncDecimals trunc:
                json.WriteString("mode", "TruncDecimals");
                json.WriteNumber("decimals", trunc.Decimals);
                break;
            case WeightRounding.HalfUpDecimals halfUp:
                json.WriteString("mode", "HalfUpDecimals");
                json.WriteNumber("decimals", halfUp.Decimals);
                break;
            default: throw new InvariantBrokenException("A weight is rounded in one of three ways.", rounding.GetType().Name);
        }
        if (readOn is { } part) json.WriteString("read_on", TermsText.WordOf(TermsText.ReadOnWords, part));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HandoverTerms terms, string currency)
    {
        json.WriteStartObject("handover");
        json.WriteString("id", terms.Clause.Value);
        if (terms.InsuredFrom is { } from) json.WriteString("insured_from", TermsText.Write(new Money(from, currency).Amount));
        WriteAll(json, "insured", TermsText.InsuredWords.Where(w => terms.Insured.HasFlag(w.Value)).Select(w => w.Key));
        json.WriteString("touch", TermsText.WordOf(TermsText.TouchWords, terms.Touch));
        if (!terms.DeliveryProofs.IsEmpty)
        {
            json.WriteStartObject("delivery");
            foreach (var (risk, proofs) in terms.DeliveryProofs)
            {
                WriteAll(json, TermsText.WordOf(TermsText.RiskWords, risk), TermsText.ProofWords.Where(w => proofs.HasFlag(w.Value)).Select(w => w.Key));
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PromiseTerms terms)
    {
        json.WriteStartObject("promise");
        json.WriteString("id", terms.Clause.Value);
        json.WriteString("cut_off", TermsText.Write(terms.CutOff));
        json.WriteString("zone", terms.Zone);
        json.WriteString("calendar", terms.CalendarRegion);
        json.WriteStartArray("transit");
        foreach (var lane in terms.Transit) Write(json, lane.Lane, "days", lane.WorkingDays);
        json.WriteEndArray();
        if (terms.By is { } by) json.WriteString("by", TermsText.Write(by));
        json.WriteString("decided_by", TermsText.WordOf(TermsText.DecidedByWords, terms.DecidedBy));
        if (!terms.Gates.IsEmpty)
        {
            json.WriteStartArray("gates");
            foreach (var gate in terms.Gates)
            {
                json.WriteStartObject();
                json.WriteString("gate", TermsText.WordOf(TermsText.GateWords, gate.Kind));
                json.WriteNumber(gate.From == GateCount.AfterAcceptance ? "after" : "before", gate.Days);
                json.WriteString("by", TermsText.Write(gate.By));
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Lane lane, string figure, int value)
    {
        json.WriteStartObject();
        json.WriteString("from", lane.From);
        json.WriteString("to", lane.To);
        json.WriteNumber(figure, value);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DispatchTerms dispatch)
    {
        json.WriteStartObject("dispatch");
        json.WriteString("id", dispatch.Clause.Value);
        json.WriteString("priority", TermsText.WordOf(TermsText.PriorityWords, dispatch.Priority));
        if (dispatch.Delivery != DeliveryConstraints.None)
            WriteAll(json, "delivery", TermsText.ConstraintWords.Where(w => dispatch.Delivery.HasFlag(w.Value)).Select(w => w.Key).Order(StringComparer.Ordinal));
        json.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static TermsNode NodeOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new TermsNode.Map([.. element.EnumerateObject().Select(p => new TermsEntry(p.Name, null, NodeOf(p.Value)))], null),
        JsonValueKind.Array => new TermsNode.List([.. element.EnumerateArray().Select(NodeOf)], null),
        JsonValueKind.String => new TermsNode.Text(element.GetString()!, null),
        JsonValueKind.Null => new TermsNode.Text("", null),
        _ => new TermsNode.Text(element.GetRawText(), null),
    };

    private static (TermsNode? Node, TermsMistake? Mistake) Broken(TermsMark? mark, string message) => (null, new TermsMistake("", mark, message));
}
