using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Reading;

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
        var file = ContractText.Read(broken, static _ => null);
        file.Versions.ShouldBeEmpty();
        file.Mistakes.Select(m => m.ToString()).ShouldBe(
        [
            "line 8, column 1, currancy: is not known; did you mean currency?",
            "line 80, column 43, weight.percent: 'plenty' does not fit; write a percentage from 0 to 100.",
            "line 86, column 10, handover.touch: 'fragil' is not known; did you mean fragile? Known: none, fragile_insured, fragile.",
        ]);
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
        ContractText.Read(yaml, static _ => null).Mistakes.ShouldContain(m => m.ToString().Contains(message, StringComparison.Ordinal));

    [Fact]
    public void Nesting_and_size_have_limits()
    {
        TermsYaml.Read(new string('[', 30) + new string(']', 30)).Mistake!.Message.ShouldContain("nested more than");
        TermsYaml.Read("[" + string.Join(',', Enumerable.Repeat("1", 100_001)) + "]").Mistake!.Message.ShouldContain("more than 100000 values");
        TermsYaml.Read(string.Concat(Enumerable.Repeat("--- 1\n", 101))).Mistake!.Message.ShouldContain("more than 100 documents");
    }

    [Fact]
    public void A_repeated_key_is_a_mistake_and_not_a_crash() =>
        ContractText.Read(Good + "\naccount: OTHER", static _ => null).Mistakes.ShouldContain(m => m.Path == "account" && m.Message.StartsWith("stands here twice", StringComparison.Ordinal));
}
