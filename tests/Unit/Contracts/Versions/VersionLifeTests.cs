using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Versions;
using NodaTime;
using static KeyAccountLogistics.Contracts.Versions.VersionDecision;

namespace KeyAccountLogistics.Unit.Contracts.Versions;

public sealed class VersionLifeTests
{
    internal static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 2, 0);
    internal static readonly ImmutableArray<byte> Hash = [1, 2, 3];
    internal static readonly Actor Seller = new("P-seller", ["KeyAccountManager"], false);
    internal static readonly Actor Colleague = new("P-colleague", ["KeyAccountManager"], false);
    internal static readonly Actor Area = new("P-area", ["AreaManager"], false);
    internal static readonly Actor HeadOffice = new("P-head", ["SalesManager"], false);
    internal static readonly Actor Local = new("local-administrator", [], true);

    internal static readonly VersionFacts Facts = new()
    {
        Contract = "KA-2026-0009", Version = 1, Hash = Hash, From = Now + Duration.FromDays(30), HasIdentity = true, AgreementUntil = Now + Duration.FromDays(400),
        ClientContactSigns = true, Authority = new AuthorityLadder(AuthorityLadder.Usual), DiscountPercent = 5,
    };

    private static readonly VersionWish.Propose Proposal = new(new Pricing(20_000, 16_000_000, 12.5m), 0, 0, "");
    private static readonly VersionWish.Sign Signature = new(Hash, "C-1", null);

    [Fact]
    public void A_version_goes_from_draft_over_proposal_and_approval_to_signature()
    {
        var life = new Life(Facts);
        life.Do(new VersionWish.Draft(), Seller).State.ShouldBe(VersionState.Draft);
        life.Do(Proposal, Seller).Awaiting.ShouldBe("KeyAccountManager");
        life.Do(new VersionWish.Approve(""), Colleague).State.ShouldBe(VersionState.Approved);
        var signed = life.Do(Signature, HeadOffice);
        (signed.State, signed.SignedBy, signed.ClientContact, signed.SignedAt).ShouldBe((VersionState.Signed, "P-head", "C-1", Now));
        life.Do(new VersionWish.End(Now + Duration.FromDays(200), "moved to another carrier"), HeadOffice).EndsAt.ShouldBe(Now + Duration.FromDays(200));
    }

    [Fact]
    public void Nobody_approves_or_rejects_his_own_proposal_but_the_local_administrator()
    {
        var life = Proposed(Facts, HeadOffice);
        life.Refusal(new VersionWish.Approve(""), HeadOffice).ShouldBe("proposal.own");
        life.Refusal(new VersionWish.Reject("no"), HeadOffice).ShouldBe("proposal.own");
        Proposed(Facts, Local).Do(new VersionWish.Approve(""), Local).State.ShouldBe(VersionState.Approved);
    }

    [Fact]
    public void SEED_03_AUTH_over_the_limit_the_approval_goes_up_rank_by_rank()
    {
        var life = Proposed(Facts with { DiscountPercent = 25 }, Seller);
        life.Standing!.Awaiting.ShouldBe("SalesManager");
        var passed = life.Do(new VersionWish.Approve("agreed"), Colleague);
        (passed.State, passed.Awaiting).ShouldBe((VersionState.Proposed, "SalesManager"));
        life.Refusal(new VersionWish.Approve(""), Colleague).ShouldBe("authority.passed_up");
        life.Do(new VersionWish.Approve(""), HeadOffice).State.ShouldBe(VersionState.Approved);
    }

    [Theory]
    [InlineData(10, 0, 0, "KeyAccountManager")]
    [InlineData(10.01, 0, 0, "AreaManager")]
    [InlineData(0, 500_001, 0, "AreaManager")]
    [InlineData(0, 0, 2, "AreaManager")]
    [InlineData(20, 2_000_000, 4, "SalesManager")]
    public void SEED_03_AUTH_each_of_the_three_limits_counts(double discount, long compensation, int waiver, string awaited)
    {
        var life = new Life(Facts with { DiscountPercent = (decimal)discount });
        life.Do(new VersionWish.Draft(), Seller);
        life.Do(Proposal with { CompensationMinor = compensation, WaiverDays = waiver }, Seller).Awaiting.ShouldBe(awaited);
    }

    [Fact]
    public void SEED_03_INTEG_what_is_national_needs_head_office_at_quote_and_at_signature()
    {
        var life = Proposed(Facts with { Scope = ContractScope.National, DiscountPercent = 0 }, Seller);
        life.Standing!.Awaiting.ShouldBe("SalesManager");
        life.Do(new VersionWish.Approve(""), Area).State.ShouldBe(VersionState.Proposed);
        life.Do(new VersionWish.Approve(""), HeadOffice).State.ShouldBe(VersionState.Approved);
        life.Refusal(Signature, Area).ShouldBe("signature.head_office");
        life.Do(Signature, HeadOffice).State.ShouldBe(VersionState.Signed);
    }

    [Fact]
    public void SEED_02_NODISCOUNT_over_the_contracts_own_guard_head_office_decides()
    {
        Proposed(Facts with { GuardDiscountMost = 4 }, Seller).Standing!.Awaiting.ShouldBe("SalesManager");
        Proposed(Facts with { GuardMarginLeast = 13 }, Seller).Standing!.Awaiting.ShouldBe("SalesManager");
        Proposed(Facts with { GuardMarginLeast = 12.5m }, Seller).Standing!.Awaiting.ShouldBe("KeyAccountManager");
        var life = new Life(Facts with { GuardMarginLeast = 10 });
        life.Do(new VersionWish.Draft(), Seller);
        life.Refusal(Proposal with { Pricing = new Pricing(1, 1, null) }, Seller).ShouldBe("pricing.margin");
    }

    [Fact]
    public void A_proposal_that_nobody_may_grant_is_refused_at_once()
    {
        var life = new Life(Facts with { DiscountPercent = 25, Authority = new AuthorityLadder([AuthorityLadder.Usual[0]]) });
        life.Do(new VersionWish.Draft(), Seller);
        life.Refusal(Proposal, Seller).ShouldBe("authority.nobody");
    }

    [Fact]
    public void Without_identity_agreement_signatory_date_or_the_read_document_nothing_is_signed()
    {
        Refused(Facts with { HasIdentity = false }).ShouldBe("identity.missing");
        Refused(Facts with { AgreementUntil = null }).ShouldBe("agreement.missing");
        Refused(Facts with { AgreementUntil = Facts.From }).ShouldBe("agreement.missing");
        Refused(Facts with { ClientContactSigns = false }).ShouldBe("contact.does_not_sign");
        Refused(Facts with { From = null }).ShouldBe("effective.missing");
        Refused(Facts with { EarlierIsOpen = true }).ShouldBe("version.order");
        Approved(Facts).Refusal(Signature with { Hash = [9] }, HeadOffice).ShouldBe("hash.differs");
        Approved(Facts).Refusal(Signature with { At = Now - Duration.FromDays(1) }, HeadOffice).ShouldBe("signed.earlier");
        Approved(Facts).Refusal(Signature with { At = Now + Duration.FromTicks(10) }, Local).ShouldBe("signed.later");
        Approved(Facts).Do(Signature with { At = Now - Duration.FromDays(60) }, Local).SignedAt.ShouldBe(Now - Duration.FromDays(60));

        static string Refused(VersionFacts facts) => Approved(facts).Refusal(Signature, HeadOffice);
    }

    [Theory]
    [InlineData(10, 0, "announcement.late")]    // 9 calendar days in Shanghai
    [InlineData(10, 1, null)]
    [InlineData(9, 0, "announcement.late")]
    [InlineData(40, 0, null)]
    public void Market_Measures_22_a_rise_is_announced_ten_days_before_it_takes_effect(int daysAhead, int hoursEarlier, string? refused)
    {
        // Announced at 02:00 or 01:00 UTC, in Shanghai the same day; in force from the first moment of a Shanghai day.
        var announced = Now - Duration.FromDays(5) - Duration.FromHours(hoursEarlier == 0 ? 0 : 24);
        var firstDay = (Now - Duration.FromDays(5)).InZone(VersionLife.Zone).Date.PlusDays(daysAhead == 10 ? 9 : daysAhead);
        var from = VersionLife.Zone.AtStartOfDay(firstDay).ToInstant();
        var life = Approved(Facts with { AmendsFrom = Now - Duration.FromDays(90), From = from, RaisedClauses = ["T-3"] });
        life.Refusal(Signature, HeadOffice).ShouldBe("announcement.missing");
        life.Do(new VersionWish.Announce(announced, "ka.example/tariff"), Seller);
        if (refused is null) life.Do(Signature, HeadOffice).State.ShouldBe(VersionState.Signed);
        else life.Refusal(Signature, HeadOffice).ShouldBe(refused);
    }

    [Fact]
    public void Inside_a_price_lock_no_price_rises_and_what_rises_nothing_needs_no_announcement()
    {
        var from = VersionLife.Zone.AtStartOfDay(new LocalDate(2026, 7, 1)).ToInstant();
        var facts = Facts with { AmendsFrom = Now - Duration.FromDays(90), From = from, RaisedClauses = ["T-3"], PriceLockUntil = new LocalDate(2026, 7, 2) };
        var life = Approved(facts);
        life.Do(new VersionWish.Announce(null, "ka.example/tariff"), Seller);
        life.Refusal(Signature, HeadOffice).ShouldBe("price.locked");
        life.With(facts with { PriceLockUntil = new LocalDate(2026, 7, 1) }).Do(Signature, HeadOffice).State.ShouldBe(VersionState.Signed);
        Approved(facts with { RaisedClauses = [] }).Do(Signature, HeadOffice).State.ShouldBe(VersionState.Signed);
    }

    [Fact]
    public void An_amendment_does_not_reach_back()
    {
        var facts = Facts with { AmendsFrom = Now - Duration.FromDays(90) };
        Approved(facts with { From = Now - Duration.FromSeconds(1) }).Refusal(Signature, HeadOffice).ShouldBe("effective.past");
        Approved(facts with { From = facts.AmendsFrom }).Refusal(Signature, HeadOffice).ShouldBe("effective.before");
        // The first version of a contract may: it takes no parcel from another.
        Approved(Facts with { From = Now - Duration.FromDays(3) }).Do(Signature, HeadOffice).State.ShouldBe(VersionState.Signed);
    }

    [Fact]
    public void Rejected_or_withdrawn_it_is_drafted_anew_and_what_was_said_of_the_old_text_does_not_count()
    {
        var life = Proposed(Facts, Seller);
        life.Do(new VersionWish.Announce(Now, "ka.example/tariff"), Seller);
        life.Refusal(new VersionWish.Draft(), Seller).ShouldBe("version.state");
        life.Do(new VersionWish.Reject("too cheap"), Colleague).State.ShouldBe(VersionState.Rejected);
        var anew = life.With(Facts with { Hash = [7] }).Do(new VersionWish.Draft(), Seller);
        (anew.State, anew.AnnouncedAt, anew.ProposedBy).ShouldBe((VersionState.Draft, null, null));
        life.Do(new VersionWish.Withdraw("client went away"), Seller).State.ShouldBe(VersionState.Withdrawn);
    }

    [Theory]
    [InlineData(-1, null, null, 100, "Signed")]
    [InlineData(0, null, null, 100, "InForce")]
    [InlineData(9, 10, null, 100, "InForce")]
    [InlineData(10, 10, null, 100, "Ended")]
    [InlineData(10, 10, 10, 100, "Superseded")]
    [InlineData(10, null, 10, 100, "Superseded")]
    [InlineData(100, null, null, 100, "Suspended")]
    [InlineData(0, null, null, null, "Suspended")]
    public void What_is_signed_is_in_force_superseded_or_ended_by_dates_alone(int day, int? ends, int? next, int? agreement, string expected)
    {
        Instant? Day(int? n) => n is { } days ? Now + Duration.FromDays(days) : null;
        VersionLife.At(VersionState.Signed, Now, Day(ends), Day(next), Day(agreement), Day(day)!.Value).ToString().ShouldBe(expected);
        var span = VersionLife.Span(Now, Day(ends), Day(next), Day(agreement));
        (span is { } s && Day(day) >= s.From && (s.Until is null || Day(day) < s.Until)).ShouldBe(expected is "InForce");
    }

    [Fact]
    public void A_term_that_renews_by_itself_ends_only_by_an_act()
    {
        var until = Now + Duration.FromDays(365);
        VersionLife.EndOf(until, renews: true, null).ShouldBeNull();
        VersionLife.EndOf(until, renews: false, null).ShouldBe(until);
        VersionLife.EndOf(until, renews: true, Now).ShouldBe(Now);
    }

    private static Life Proposed(VersionFacts facts, Actor by)
    {
        var life = new Life(facts);
        life.Do(new VersionWish.Draft(), by);
        life.Do(Proposal, by);
        return life;
    }

    private static Life Approved(VersionFacts facts)
    {
        var life = Proposed(facts with { AgreementUntil = Facts.AgreementUntil }, Seller);
        life.Do(new VersionWish.Approve(""), HeadOffice);
        return life.With(facts);
    }

    internal sealed class Life(VersionFacts facts)
    {
        private VersionFacts _facts = facts;

        internal VersionStanding? Standing { get; private set; }

        internal List<VersionEvent> Events { get; } = [];

        internal Life With(VersionFacts other)
        {
            _facts = other;
            return this;
        }

        internal VersionDecision Try(VersionWish wish, Actor actor, Instant? now = null)
        {
            var decision = VersionLife.Decide(_facts, Standing, wish, actor, now ?? Now);
            if (decision is not Done { Event: var e }) return decision;
            Events.Add(e);
            Standing = VersionLife.Apply(Standing, e);
            VersionLife.Fold(Events)!.State.ShouldBe(Standing.State);
            return decision;
        }

        internal VersionStanding Do(VersionWish wish, Actor actor)
        {
            if (Try(wish, actor) is Refused refused) throw new InvalidOperationException($"{refused.Code}: {refused.Message}");
            return Standing!;
        }

        internal string Refusal(VersionWish wish, Actor actor) => Try(wish, actor).ShouldBeOfType<Refused>().Code;
    }
}
