using FsCheck.Fluent;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.TermsFolder;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Unit.Contracts;

public sealed class TermsYamlTests
{
    private static readonly string Good = DemoTerms.Files().First().Text;

    [Fact]
    public void Mistakes_are_told_all_at_once_with_line_and_column()
    {
        var broken = Good
            .Replace("currency: CNY", "currancy: CNY", StringComparison.Ordinal)
            .Replace("absolute: 0 g, percent: 0,", "absolute: 0 g, percent: plenty,", StringComparison.Ordinal)
            .Replace("touch: fragile ", "touch: fragil ", StringComparison.Ordinal);
        var file = TermsFile.Read("hdds-a.yaml", broken, []);
        file.Terms.ShouldBeEmpty();
        file.Mistakes.Select(m => m.ToString()).ShouldBe(
        [
            "line 8, column 1, currancy: is not known; did you mean currency?",
            "line 80, column 43, weight.percent: 'plenty' does not fit; write a percentage from 0 to 100.",
            "line 86, column 10, handover.touch: 'fragil' is not known; did you mean fragile? Known: none, fragile_insured, fragile.",
        ]);
    }

    [Fact]
    public void A_broken_file_keeps_the_terms_it_had()
    {
        var before = TermsFile.Read("hdds-a.yaml", Good, []).Terms;
        TermsFile.Read("hdds-a.yaml", Good + "\nmore: 1", before).Terms.ShouldBe(before);
        TermsFile.Read("hdds-a.yaml", "", before).Mistakes.ShouldHaveSingleItem().Message.ShouldStartWith("is empty");
    }

    [Theory]
    [InlineData("a: [1, 2", "is not YAML that can be read")]
    [InlineData("a: b: c", "is not YAML that can be read")]
    [InlineData("a: &x 1\nb: *x", "uses an anchor")]
    [InlineData("a: !!int 1", "uses a tag")]
    [InlineData("? [a]\n: 1", "a key is a word")]
    [InlineData("- 1", "must be a map that begins with contract and account")]
    [InlineData("account: ~", "account: is empty")]
    public void What_is_no_document_of_terms_is_said_plainly(string yaml, string message) =>
        TermsFile.Read("x.yaml", yaml, []).Mistakes.ShouldContain(m => m.ToString().Contains(message, StringComparison.Ordinal));

    [Fact]
    public void Nesting_and_size_have_limits()
    {
        TermsYaml.Read(new string('[', 30) + new string(']', 30)).Mistake!.Message.ShouldContain("nested more than");
        TermsYaml.Read("[" + string.Join(',', Enumerable.Repeat("1", 100_001)) + "]").Mistake!.Message.ShouldContain("more than 100000 values");
        TermsYaml.Read(string.Concat(Enumerable.Repeat("--- 1\n", 101))).Mistake!.Message.ShouldContain("more than 100 documents");
    }

    [Fact]
    public void A_repeated_key_is_a_mistake_and_not_a_crash() =>
        TermsFile.Read("x.yaml", Good + "\naccount: OTHER", []).Mistakes.ShouldContain(m => m.Path == "account" && m.Message.StartsWith("stands here twice", StringComparison.Ordinal));

    [Fact]
    public void A_file_has_one_account_and_each_version_once_from_an_instant_of_its_own()
    {
        Read(Good + "\n---\n" + Good.Replace("HDDS-A", "OTHER", StringComparison.Ordinal)).ShouldContain("an account has a file of its own");
        Read(Good + "\n---\n" + Good).ShouldContain("a second time");
        Read(Good + "\n---\n" + Good.Replace("version: 1", "version: 2", StringComparison.Ordinal)).ShouldContain("in force from the same instant");

        static string Read(string text) => TermsFile.Read("x.yaml", text, []).Mistakes.ShouldHaveSingleItem().Message;
    }

    [Fact]
    public void Two_files_of_one_account_leave_the_first_in_force_and_name_the_other()
    {
        var together = TermsFile.Together([TermsFile.Read("b.yaml", Good, []), TermsFile.Read("a.yaml", Good, [])]);
        together.Select(f => (f.Name, f.Terms.Length, f.Mistakes.Length)).ShouldBe([("a.yaml", 1, 0), ("b.yaml", 0, 1)]);
        together[1].Mistakes[0].Message.ShouldContain("which stand in a.yaml");
    }

    [Fact]
    public void Mutated_files_never_crash_the_reader_and_never_lose_the_terms_before()
    {
        var texts = DemoTerms.Files().Select(f => f.Text).ToArray();
        var before = TermsFile.Read("x.yaml", Good, []).Terms;
        string[] pieces = ["", " ", "\n", "  ", ":", "- ", "[", "]", "{", "}", "\"", "'", "&a", "*a", "!t", "---\n", "...\n", "|\n", ">\n", "#", "\t", "?", "%YAML 9\n", "é", "\u0000", "-1", "99999999999999999999", "~", "account: Z\n"];
        var cases =
            from text in Gen.Elements(texts)
            from edits in (from at in Gen.Choose(0, 3_000) from length in Gen.Choose(0, 9) from piece in Gen.Elements(pieces) select (at, length, piece)).ArrayOf(2)
            select edits.Aggregate(text, (t, e) => t[..(e.at % t.Length)] + e.piece + t[Math.Min(t.Length, (e.at % t.Length) + e.length)..]);
        Seeded.Holds(cases, text => TermsFile.Read("x.yaml", text, before) is var file && (file.Mistakes.IsEmpty ? !file.Terms.IsEmpty : file.Terms == before), tests: 2_000);
    }
}
