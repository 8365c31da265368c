using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Contracts.Versions;
using NodaTime;
using static KeyAccountLogistics.Unit.Contracts.Versions.VersionLifeTests;

namespace KeyAccountLogistics.Unit.Contracts.Versions;

/// <summary>Whatever is wished in whatever order by whomever: what is in force was approved within authority by another, signed as it was read, and has its papers.</summary>
public sealed class VersionPathsTests
{
    private static readonly Actor[] Actors = [Seller, Colleague, Area, HeadOffice, new Actor("P-both", ["KeyAccountManager", "SalesManager"], false), new Actor("P-none", ["Finance"], false)];

    [Fact]
    public void No_path_leads_into_force_past_papers_approval_and_signature() => Seeded.Holds(Paths(), path =>
    {
        var facts = path.Facts;
        var life = new Life(facts);
        foreach (var (wish, actor) in path.Steps)
        {
            life.Try(Wish(wish, facts), Actors[actor]);
            if (life.Standing is not { } standing) continue;
            var at = VersionLife.At(standing.State, facts.From, VersionLife.EndOf(facts.Until, facts.Renews, standing.EndsAt), null, facts.AgreementUntil, Now + Duration.FromDays(31));
            if (at is not VersionState.InForce) continue;
            facts.HasIdentity.ShouldBeTrue();
            facts.AgreementUntil.ShouldNotBeNull();
            var last = life.Events.FindLastIndex(e => e.Act is VersionAct.Drafted);
            var chain = life.Events.Skip(last).ToList();
            var proposal = chain.Last(e => e.Act is VersionAct.Proposed);
            var approval = chain.Last(e => e.Act is VersionAct.Approved);
            var signature = chain.Single(e => e.Act is VersionAct.Signed);
            string.Equals(approval.Who, proposal.Who, StringComparison.Ordinal).ShouldBeFalse();
            var limit = AuthorityLadder.Usual.Single(l => l.Role == approval.Role);
            limit.Covers(proposal.Concessions!, facts.Scope is ContractScope.National).ShouldBeTrue();
            if (facts.Scope is ContractScope.National) AuthorityLadder.Usual.Single(l => l.Role == signature.Role).HeadOffice.ShouldBeTrue();
            signature.Hash.ShouldBe(facts.Hash);
            chain.IndexOf(approval).ShouldBeLessThan(chain.IndexOf(signature));
            if (facts is { AmendsFrom: not null, RaisedClauses.IsEmpty: false }) chain.ShouldContain(e => e.Act == VersionAct.Announced);
        }
        return true;
    });

    [Fact]
    public void The_paths_do_reach_force()
    {
        var reached = Seeded.Sample(Paths(), 400).Count(path =>
        {
            var life = new Life(path.Facts);
            foreach (var (wish, actor) in path.Steps) life.Try(Wish(wish, path.Facts), Actors[actor]);
            return life.Standing?.State is VersionState.Signed;
        });
        reached.ShouldBeGreaterThan(5);
    }

    // Mostly along the way, so that the far states are reached; with every wrong turn in between.
    private static Gen<Path> Paths() =>
        from discount in Gen.Elements(0m, 10m, 15m, 30m)
        from national in Gen.Elements(true, false)
        from identity in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
        from agreed in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
        from amends in Gen.Elements(true, false)
        from steps in Gen.ListOf(Gen.Zip(Gen.Frequency((3, Gen.Choose(0, 2)), (4, Gen.Choose(4, 6)), (1, Gen.Choose(0, 8))), Gen.Choose(0, Actors.Length - 1)), 24)
        select new Path(
            Facts with
            {
                DiscountPercent = discount, Scope = national ? ContractScope.National : ContractScope.Local, HasIdentity = identity, AgreementUntil = agreed ? Facts.AgreementUntil : null,
                AmendsFrom = amends ? Now - Duration.FromDays(100) : null, RaisedClauses = amends ? ["T-1"] : [],
            },
            [(0, 0), .. steps.Select(s => (s.Item1, s.Item2))]);

    private static VersionWish Wish(int n, VersionFacts facts) => n switch
    {
        0 => new VersionWish.Draft(),
        1 => new VersionWish.Propose(new Pricing(1, 1, 1), 0, 0, ""),
        2 or 4 => new VersionWish.Approve(""),
        5 => new VersionWish.Announce(null, "somewhere"),
        6 => new VersionWish.Sign(facts.Hash, "C-1", null),
        3 => new VersionWish.Reject("no"),
        7 => new VersionWish.Withdraw("no"),
        _ => new VersionWish.End(Now + Duration.FromDays(90), "over"),
    };

    internal sealed record Path(VersionFacts Facts, IReadOnlyList<(int Wish, int Actor)> Steps);
}
