using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Cli.Contracts;

/// <summary>What the contract verbs say to scripts, one JSON object a line.</summary>
internal static class ContractLines
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"file":"…","good":true,"versions":[{"contract":"KA-2026-0001","version":1,"account":"…","draft":true,"hash":"…"}],"mistakes":[{"table":"lanes.csv","line":7,"column":3,"path":"…","message":"…"}]}</c></summary>
    internal static string Checked(string file, ContractDocuments read) => Line(json =>
    {
        json.WriteString("file", file);
        json.WriteBoolean("good", read.Mistakes.IsEmpty);
        json.WriteStartArray("versions");
        foreach (var version in read.Versions)
        {
            json.WriteStartObject();
            json.WriteString("contract", version.Contract);
            json.WriteNumber("version", version.Version);
            json.WriteString("account", version.Account);
            json.WriteBoolean("draft", version.IsDraft);
            json.WriteString("hash", version.Hash);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("mistakes");
        foreach (var mistake in read.Mistakes)
        {
            json.WriteStartObject();
            if (mistake.Table is { } table) json.WriteString("table", table);
            if (mistake.Line is { } line) json.WriteNumber("line", line);
            if (mistake.Column is { } column) json.WriteNumber("column", column);
            json.WriteString("path", mistake.Path);
            json.WriteString("message", mistake.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary><c>{"contract":"…","version":1,"hash":"…","clauses":[{"id":"T-3","kind":"tariff","title":{"en":"…","zh":"…"},"says":[{"about":{"en":"…","zh":"…"},"is":{"en":"…","zh":"…"}}]}]}</c></summary>
    internal static string Said(ContractDocument document) => Line(json =>
    {
        json.WriteString("contract", document.Contract);
        json.WriteNumber("version", document.Version);
        json.WriteString("hash", document.Hash);
        json.WriteStartArray("clauses");
        foreach (var clause in document.Words())
        {
            json.WriteStartObject();
            json.WriteString("id", clause.Id);
            json.WriteString("kind", clause.Kind);
            Both(json, "title", clause.TitleEn, clause.TitleZh);
            json.WriteStartArray("says");
            foreach (var statement in clause.Statements)
            {
                json.WriteStartObject();
                Both(json, "about", statement.AboutEn, statement.AboutZh);
                Both(json, "is", statement.SaysEn, statement.SaysZh);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary><c>{"contract":"…","from":1,"to":2,"differences":[{"clause":"T-3","kind":"changed","text":{"en":"…","zh":"…"}}],"raises_a_price":true,"raised":[{"clause":"T-3","why":{…}}]}</c></summary>
    internal static string Compared(ContractDocument earlier, ContractDocument later, ContractComparison compared) => Line(json =>
    {
        json.WriteString("contract", later.Contract);
        json.WriteNumber("from", earlier.Version);
        json.WriteNumber("to", later.Version);
        json.WriteStartArray("differences");
        foreach (var difference in compared.Differences)
        {
            json.WriteStartObject();
            json.WriteString("clause", difference.Clause);
            json.WriteString("kind", difference.Kind);
            Both(json, "text", difference.TextEn, difference.TextZh);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("raises_a_price", compared.RaisesAPrice);
        json.WriteStartArray("raised");
        foreach (var rise in compared.Raised)
        {
            json.WriteStartObject();
            json.WriteString("clause", rise.Clause);
            Both(json, "why", rise.WhyEn, rise.WhyZh);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void Both(Utf8JsonWriter json, string name, string en, string zh)
    {
        json.WriteStartObject(name);
        json.WriteString("en", en);
        json.WriteString("zh", zh);
        json.WriteEndObject();
    }

    private static string Line(Action<Utf8JsonWriter> body)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
