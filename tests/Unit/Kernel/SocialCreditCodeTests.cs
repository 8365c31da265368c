using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class SocialCreditCodeTests
{
    [Theory]
    [InlineData("91350100M000100Y43")]   // the example of GB 32100-2015
    [InlineData("9135 0100 m000-100y43")]
    public void Reads_a_code_as_typed(string text)
    {
        SocialCreditCode.TryRead(text, out var code, out _).ShouldBeTrue();
        code.Text.ShouldBe("91350100M000100Y43");
    }

    [Theory]
    [InlineData("91350100M000100Y44", "last character")]
    [InlineData("91350100M001000Y43", "last character")]   // two swapped
    [InlineData("91350100M000100Y4", "18 characters")]
    [InlineData("91350100I000100Y43", "'I'")]
    [InlineData("", "18 characters")]
    [InlineData(null, "18 characters")]
    public void Says_what_is_wrong(string? text, string what)
    {
        SocialCreditCode.TryRead(text, out var code, out var flaw).ShouldBeFalse();
        flaw.ShouldContain(what);
        Should.Throw<InvalidOperationException>(() => code.Text);
    }

    [Fact]
    public void Every_single_slip_is_found()
    {
        const string good = "91350100M000100Y43";
        foreach (var at in Enumerable.Range(0, good.Length))
        {
            foreach (var other in "0123456789ABCDEFGHJKLMNPQRTUWXY".Where(c => c != good[at]))
                SocialCreditCode.TryRead(good[..at] + other + good[(at + 1)..], out _, out _).ShouldBeFalse();
        }
    }
}
