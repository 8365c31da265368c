using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>
/// Readings as one JSON object a line, the way <c>kal decode --json</c> prints them. Member names and words are a contract with scripts: add, never change.
/// </summary>
public static class ReadingJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"mass_mg":129070,"stability":"stable","condition":"ok","basis":"net","unit":"g","raw_hex":"53 20 …","note":""}</c></summary>
    public static string Write(WeightReading reading) => Object(json =>
    {
        if (reading.Mass is { } mass) json.WriteNumber("mass_mg", mass.Milligrams);
        else json.WriteNull("mass_mg");
        json.WriteString("stability", reading.Stability switch { StabilityFlag.Stable => "stable", StabilityFlag.Moving => "moving", _ => "not_reported" });
        json.WriteString("condition", Word(reading.Condition));
        json.WriteString("basis", reading.Basis switch { Basis.Gross => "gross", Basis.Net => "net", Basis.Tare => "tare", _ => "unknown" });
        json.WriteString("unit", reading.Unit);
        json.WriteString("raw_hex", reading.Raw.ToString());
        json.WriteString("note", reading.Note ?? "");
    });

    /// <summary><c>{"rejected":true,"reason":"checksum","raw_hex":"…","note":"…"}</c></summary>
    public static string Write(RejectedFrame rejected) => Object(json =>
    {
        json.WriteBoolean("rejected", value: true);
        json.WriteString("reason", rejected.Code);
        json.WriteString("raw_hex", rejected.Raw.ToString());
        json.WriteString("note", rejected.Note);
    });

    /// <summary>
    /// <c>{"symbology":"GS1-128","text":"…","elements":{"01":"…"}}</c>; elements are empty where the symbol holds no GS1 data. A symbol whose GS1 data (element strings, Digital Link)
    /// breaks the GS1 dictionary is written as rejected, by content. A partner that GS1 wants on the same item and that is not in this symbol is a note: it may be in another one.
    /// </summary>
    public static string Write(ScanReading scan)
    {
        ArgumentNullException.ThrowIfNull(scan);
        if (!scan.TryReadGs1(out var message, out var flaw)) return Write(new RejectedFrame(RejectReason.Content, flaw!.Message, scan.Raw));
        return Object(json =>
        {
            json.WriteString("symbology", scan.Symbology);
            json.WriteString("text", scan.Text);
            json.WriteStartObject("elements");
            foreach (var element in (message?.Elements ?? []).DistinctBy(element => element.Ai, StringComparer.Ordinal)) json.WriteString(element.Ai, element.Value);
            json.WriteEndObject();
            if (scan.NoRead) json.WriteBoolean("no_read", value: true);
            if (scan.Answer is { } answer) json.WriteString("answer", answer switch { ScannerAnswer.Done => "ack", ScannerAnswer.UnknownCommand => "enq", _ => "nak" });
            if (message is not null && Gs1Message.PairingFlaw(message) is { } missing) json.WriteString("note", missing.Message);
        });
    }

    private static string Word(Condition condition) => condition switch
    {
        Condition.Ok => "ok",
        Condition.Zero => "zero",
        Condition.Over => "over",
        Condition.Under => "under",
        Condition.Negative => "negative",
        Condition.Fault => "fault",
        Condition.NotExecutable => "not_executable",
        _ => "other",
    };

    private static string Object(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
