using FsCheck.Fluent;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Writing;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Unit.Contracts;

/// <summary>What issue 4 promises of every document: exported and imported it is the same version; whatever is broken in it, it is never signed by mistake.</summary>
public sealed class ContractProperties
{
    private static readonly string[] Pieces =
    [
        "", " ", "\n", "  ", ":", "- ", "[", "]", "{", "}", "\"", "'", "&a", "*a", "!t", "---\n", "|\n", "#", "\t", "é", "\u0000", "-1", "0", "99999999999999999999", "~", "1e9", "0.000000001",
        "first: ", "price: 1", "to: 1 kg", "zone: a", "\\ud800", "id: T-1", "8.00 USD", "lanes.csv", "{table: lanes.csv}",
    ];

    [Fact]
    public void A_version_exported_and_imported_is_the_same_version() => Seeded.Holds(
        DrawnDocument.Any,
        version =>
        {
            var hash = ContractHash.Of(version);
            var yaml = ContractYaml.Write(version);
            var reading = ContractText.Read(yaml, static _ => null);
            reading.Mistakes.Select(m => m.ToString()).ShouldBeEmpty(yaml);
            ContractHash.Of(reading.Versions.ShouldHaveSingleItem()).ShouldBe(hash, yaml);
            return ContractHash.Of(ContractText.ReadJson(ContractJson.Write(version)).Version.ShouldNotBeNull()) == hash;
        },
        tests: 200);

    /// <summary>Bytes replaced, dropped and put in; two places a document.</summary>
    [Fact]
    public void Documents_with_mutated_bytes_never_crash_and_never_give_a_version_with_a_mistake()
    {
        var texts = DemoTerms.Files().Select(f => f.Text).Concat(Enumerable.Repeat(Contract.Sample, 6)).ToArray();   // the short one more often: it costs a tenth
        var cases =
            from text in Gen.Elements(texts)
            from edits in (from at in Gen.Choose(0, 6_000) from length in Gen.Choose(0, 9) from piece in Gen.Elements(Pieces) select (at, length, piece)).ArrayOf(2)
            select edits.Aggregate(text, (t, e) => t[..(e.at % t.Length)] + e.piece + t[Math.Min(t.Length, (e.at % t.Length) + e.length)..]);
        Seeded.Holds(cases, text => IsWholeOrExplained(ContractText.Read(text, Contract.Table)), tests: 2_500);
    }

    /// <summary>Entries dropped, doubled, renamed, moved; values exchanged with others of any document. What YAML costs is left out.</summary>
    [Fact]
    public void Documents_with_mutated_structure_never_crash_and_never_give_a_version_with_a_mistake()
    {
        var documents = Contract.Demos().Concat(Enumerable.Repeat(Contract.Read(Contract.Sample), 2)).Select(ContractNodes.Of).ToArray();
        var parts = documents.SelectMany(Parts).ToArray();
        var cases =
            from document in Gen.Elements(documents)
            from edits in (from at in Gen.Choose(0, 5_000) from kind in Gen.Choose(0, 4) from other in Gen.Choose(0, parts.Length - 1) select (at, kind, other)).ArrayOf(2)
            select edits.Aggregate((TermsNode)document, (d, e) => Mutated(d, e.at, e.kind, parts[e.other]));
        Seeded.Holds(
            cases,
            document =>
            {
                var reading = ContractReader.Read(document, Contract.Table);
                return IsWholeOrExplained(new(reading.Version is { } version ? [version] : [], reading.Mistakes));
            },
            tests: 6_500);
    }

    [Fact]
    public void Mutated_tables_never_crash_the_reader()
    {
        string[] pieces = ["", ",", "\"", "\n", "\r\n", "\r", "\uFEFF", "*", "31*", "-1", "61", ";", "from", "\"a\"\"b\"", "\u0000"];
        var cases =
            from edits in (from at in Gen.Choose(0, 100) from length in Gen.Choose(0, 4) from piece in Gen.Elements(pieces) select (at, length, piece)).ArrayOf(3)
            select edits.Aggregate(Contract.Lanes, (t, e) => t.Length == 0 ? e.piece : t[..(e.at % t.Length)] + e.piece + t[Math.Min(t.Length, (e.at % t.Length) + e.length)..]);
        Seeded.Holds(cases, lanes => IsWholeOrExplained(ContractText.Read(Contract.Sample, name => name is "lanes.csv" ? lanes : Contract.Table(name))), tests: 1_000);
    }

    private static bool IsWholeOrExplained(ContractTextReading reading)
    {
        if (reading.Versions.IsEmpty) return !reading.Mistakes.IsEmpty && reading.Mistakes.All(m => m.Message.Length > 0);
        return reading.Mistakes.IsEmpty && reading.Versions.All(v =>
        {
            var again = ContractReader.Read(ContractNodes.Of(v), static _ => null);
            again.Mistakes.Select(m => m.ToString()).ShouldBeEmpty();
            var terms = v.ToTerms();
            return ContractHash.Of(again.Version!) == ContractHash.Of(v) && (terms is null || AccountTermsJson.Read(AccountTermsJson.Write(terms)).Terms is not null);
        });
    }

    private static IEnumerable<TermsNode> Parts(TermsNode node) => node switch
    {
        TermsNode.Map map => map.Entries.SelectMany(e => Parts(e.Value)).Append(map),
        TermsNode.List list => list.Items.SelectMany(Parts).Append(list),
        _ => [node],
    };

    private static int Count(TermsNode node) => node switch
    {
        TermsNode.Map map => 1 + map.Entries.Sum(e => Count(e.Value)),
        TermsNode.List list => 1 + list.Items.Sum(Count),
        _ => 1,
    };

    // The at-th node of the document, counted in order, is changed; beyond the last nothing is.
    private static TermsNode Mutated(TermsNode root, int at, int kind, TermsNode other)
    {
        var count = at % Count(root);
        return Walk(root);

        TermsNode Walk(TermsNode node)
        {
            if (count-- == 0) return Changed(node);
            return node switch
            {
                TermsNode.Map map => map with { Entries = [.. map.Entries.Select(e => e with { Value = Walk(e.Value) })] },
                TermsNode.List list => list with { Items = [.. list.Items.Select(Walk)] },
                _ => node,
            };
        }

        TermsNode Changed(TermsNode node) => (kind, node) switch
        {
            (0, TermsNode.Map { Entries.IsEmpty: false } map) => map with { Entries = map.Entries.RemoveAt(at % map.Entries.Length) },
            (1, TermsNode.Map { Entries.IsEmpty: false } map) => map with { Entries = map.Entries.Add(map.Entries[at % map.Entries.Length]) },
            (2, TermsNode.Map { Entries.IsEmpty: false } map) => map with { Entries = map.Entries.SetItem(at % map.Entries.Length, map.Entries[at % map.Entries.Length] with { Key = other is TermsNode.Text t ? t.Value : "prise" }) },
            (0, TermsNode.List { Items.IsEmpty: false } list) => list with { Items = list.Items.RemoveAt(at % list.Items.Length) },
            (1, TermsNode.List { Items.IsEmpty: false } list) => list with { Items = list.Items.Add(list.Items[at % list.Items.Length]) },
            (2, TermsNode.List { Items.Length: > 1 } list) => list with { Items = [.. list.Items.Reverse()] },
            (3, TermsNode.Text text) => text with { Value = text.Value + "0" },
            _ => other,
        };
    }
}
