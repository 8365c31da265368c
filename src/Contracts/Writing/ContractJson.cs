using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.Writing;

/// <summary>
/// The JSON of a version: canonical, so that equal versions give equal bytes. Every scalar is a string, since a JSON number is a float to most who read it
/// and no price here is one. <see cref="Reading.ContractText.ReadJson"/> reads it back.
/// </summary>
internal static class ContractJson
{
    internal static byte[] Write(ContractVersion version) => Write(ContractNodes.Of(version), indented: false);

    /// <summary>The same for people: indented.</summary>
    internal static byte[] WriteIndented(ContractVersion version) => Write(ContractNodes.Of(version), indented: true);

    private static byte[] Write(TermsNode node, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>(4_096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented, NewLine = "\n" })) Write(json, node);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, TermsNode node)
    {
        switch (node)
        {
            case TermsNode.Text text:
                json.WriteStringValue(text.Value);
                break;
            case TermsNode.List list:
                json.WriteStartArray();
                foreach (var item in list.Items) Write(json, item);
                json.WriteEndArray();
                break;
            case TermsNode.Map map:
                json.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(json, entry.Value);
                }
                json.WriteEndObject();
                break;
            default:
                throw new InvariantBrokenException("A document is made of texts, lists and maps.", node.GetType().Name);
        }
    }
}

/// <summary>What is signed: SHA-256 of the canonical JSON. Two versions are equal when their hashes are.</summary>
internal static class ContractHash
{
    /// <summary>64 hexadecimal digits, lower case.</summary>
    internal static string Of(ContractVersion version) => Convert.ToHexStringLower(SHA256.HashData(ContractJson.Write(version)));
}
