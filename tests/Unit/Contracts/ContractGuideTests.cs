using System.Text.Json;
using System.Text.RegularExpressions;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Writing;
using KeyAccountLogistics.Unit.Architecture;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Unit.Contracts;

/// <summary>The guide's examples read as they stand, and the published schema knows what the reader knows, no more and no less.</summary>
public sealed partial class ContractGuideTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(SourceRules.Root, "src", "guides", "write-a-contract.md"));
    private static readonly string Lanes = Block("csv").Single();

    private static IEnumerable<string> Block(string language) => Fenced().Matches(Guide).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value);

    [Fact]
    public void Every_example_of_the_guide_reads_and_comes_back()
    {
        var examples = Block("yaml").Select(Whole).ToList();
        examples.Count.ShouldBe(5);
        foreach (var example in examples)
        {
            var version = Contract.Read(example, Table);
            ContractHash.Of(Contract.Read(ContractYaml.Write(version))).ShouldBe(ContractHash.Of(version));
        }
    }

    [Fact]
    public void The_schema_knows_every_word_the_reader_knows_and_no_other()
    {
        var known = new SortedSet<string>(StringComparer.Ordinal);
        var texts = Block("yaml").Select(Whole).Concat(DemoTerms.Files().Select(f => f.Text)).Append(Contract.Sample);
        foreach (var document in texts.SelectMany(t => TermsYaml.Read(t).Documents)) ContractReader.Read(document, Table, known).Mistakes.ShouldBeEmpty();
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceRules.Root, "src", "guides", "contract.schema.json")));
        var published = new SortedSet<string>(StringComparer.Ordinal);
        Walk(schema.RootElement, schema.RootElement, "", published);
        // No example has every field of every clause: a document with nothing but the way to one field asks for it, whatever else is wrong with it.
        foreach (var path in published) ContractReader.Read(Towards(path), Table, known);
        known.Except(published, StringComparer.Ordinal).ShouldBeEmpty("the reader knows what the schema does not");
        // A table is put in before the reader sees its clause.
        published.Except(known, StringComparer.Ordinal).Where(p => !p.EndsWith(".table", StringComparison.Ordinal)).ShouldBeEmpty("the schema knows what the reader does not");
    }

    private static void Walk(JsonElement node, JsonElement root, string path, SortedSet<string> paths)
    {
        if (node.TryGetProperty("$ref", out var reference))
        {
            if (reference.GetString() is "#/$defs/table") return;   // the same rows elsewhere
            Walk(root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]), root, path, paths);
        }
        if (node.TryGetProperty("anyOf", out var either))
        {
            foreach (var one in either.EnumerateArray()) Walk(one, root, path, paths);
        }
        if (node.TryGetProperty("items", out var items)) Walk(items, root, path + "[]", paths);
        if (!node.TryGetProperty("properties", out var properties)) return;
        foreach (var property in properties.EnumerateObject())
        {
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            paths.Add(at);
            Walk(property.Value, root, at, paths);
        }
    }

    private static TermsNode Towards(string path)
    {
        var (head, rest) = path.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? (path[..dot], path[(dot + 1)..]) : (path, "");
        var isList = head.EndsWith("[]", StringComparison.Ordinal);
        var key = isList ? head[..^2] : head;
        var below = rest.Length == 0 ? new TermsNode.Text("1", null) : Towards(rest);
        var value = isList ? new TermsNode.List([below], null) : below;
        // Steps beyond are looked at beside a first weight only.
        TermsEntry[] beside = key is "further" ? [new("first", null, new TermsNode.Map([new("to", null, new TermsNode.Text("1 kg", null)), new("price", null, new TermsNode.Text("1", null))], null))] : [];
        return new TermsNode.Map([.. beside, new TermsEntry(key, null, value)], null);
    }

    private static string Whole(string example) => example.StartsWith("contract:", StringComparison.Ordinal) ? example
        : "contract: KA-1\naccount: A\n" + example + (example.Contains("\nweight:", StringComparison.Ordinal) ? "" : "\n" + Contract.Rest);

    private static string? Table(string name) => name is "lanes.csv" ? Lanes : Contract.Table(name);

    [GeneratedRegex("^```(\\w+)\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Fenced();
}
