using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;

namespace KeyAccountLogistics.Unit.Contracts;

public sealed class DemoTermsTests
{
    [Fact]
    public void Every_demo_file_is_read_without_a_mistake_and_names_its_account()
    {
        var files = DemoTerms.Files().Select(f => ContractText.Read(f.Text, static _ => null)).ToList();
        files.SelectMany(f => f.Mistakes).ShouldBeEmpty();
        files.Select(f => f.Versions[0].Account).ShouldBe(DemoTerms.Accounts);
        DemoTerms.Files().Select(f => f.Name).ShouldBe(["hdds-a.yaml", "xysp-c.yaml", "yysm-b.yaml"]);
    }

    [Fact]
    public void The_same_terms_come_back_from_their_JSON()
    {
        foreach (var terms in Terms())
        {
            var json = AccountTermsJson.Write(terms);
            AccountTermsJson.Write(AccountTermsJson.Read(json).Terms.ShouldNotBeNull()).ShouldBe(json);
        }
    }

    [Fact]
    public void The_moment_of_acceptance_picks_the_version_of_the_electronics_account()
    {
        var snapshot = new TermsSnapshot(1, Terms());
        var july = Instant.FromUtc(2026, 6, 30, 16, 0);
        snapshot.InForce("YYSM-B", july - Duration.Epsilon).ShouldNotBeNull().Version.ShouldBe(1u);
        snapshot.InForce("YYSM-B", july).ShouldNotBeNull().Version.ShouldBe(2u);
        snapshot.InForce("YYSM-B", Instant.FromUtc(2025, 12, 31, 15, 59)).ShouldBeNull();
    }

    private static IEnumerable<AccountTerms> Terms() => DemoTerms.Files().SelectMany(f => ContractText.Read(f.Text, static _ => null).Versions).Select(v => v.ToTerms()!);
}
