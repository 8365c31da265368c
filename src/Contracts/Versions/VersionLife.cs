using System.Globalization;
using NodaTime;
using static KeyAccountLogistics.Contracts.Versions.VersionDecision;

namespace KeyAccountLogistics.Contracts.Versions;

/// <summary>
/// The life of a contract version: what may be done to it, by whom, and where that leaves it. Pure; a version's state is the fold of its events, and what is signed goes
/// into force, is superseded and ends by dates alone.
/// </summary>
internal static class VersionLife
{
    /// <summary>A rise of a price is announced so many days before it takes effect (Express Market Measures art. 22).</summary>
    internal const int AnnouncedDaysAhead = 10;

    internal const int NoteMax = 1_000;

    /// <summary>Whose calendar a price lock, an agreement and an announcement are dated by.</summary>
    internal static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    /// <summary>What becomes of a wish; a null standing is a version that does not exist yet.</summary>
    internal static VersionDecision Decide(VersionFacts facts, VersionStanding? standing, VersionWish wish, Actor actor, Instant now) => (wish, standing?.State) switch
    {
        (VersionWish.Draft, null or VersionState.Draft or VersionState.Rejected or VersionState.Withdrawn) =>
            new Done(new VersionEvent(VersionAct.Drafted, actor.Who, now) { Hash = facts.Hash }),
        (VersionWish.Draft, _) => Wrong(facts, standing, "drafted anew"),
        (_, null) => new Refused("version.unknown", $"There is no version {facts.Version.ToString(CultureInfo.InvariantCulture)} of {facts.Contract}.", "version"),
        (VersionWish.Propose propose, VersionState.Draft) => Propose(facts, propose, actor, now),
        (VersionWish.Approve approve, VersionState.Proposed) => Approve(facts, standing!, approve, actor, now),
        (VersionWish.Reject reject, VersionState.Proposed) => Reject(facts, standing!, reject, actor, now),
        (VersionWish.Withdraw withdraw, VersionState.Draft or VersionState.Proposed or VersionState.Approved) =>
            Reason(withdraw.Reason) ?? new Done(new VersionEvent(VersionAct.Withdrawn, actor.Who, now) { Note = withdraw.Reason }),
        (VersionWish.Announce announce, VersionState.Draft or VersionState.Proposed or VersionState.Approved) => Announce(announce, actor, now),
        (VersionWish.Sign sign, VersionState.Approved) => Sign(facts, standing!, sign, actor, now),
        (VersionWish.End end, VersionState.Signed) => End(facts, standing!, end, actor, now),
        (VersionWish.Propose, _) => Wrong(facts, standing, "proposed"),
        (VersionWish.Approve, _) => Wrong(facts, standing, "approved"),
        (VersionWish.Reject, _) => Wrong(facts, standing, "rejected"),
        (VersionWish.Withdraw, _) => Wrong(facts, standing, "withdrawn"),
        (VersionWish.Announce, _) => Wrong(facts, standing, "announced"),
        (VersionWish.Sign, _) => Wrong(facts, standing, "signed"),
        _ => Wrong(facts, standing, "ended"),
    };

    /// <summary>Where a version stands after what happened, oldest first; null before the first.</summary>
    internal static VersionStanding? Fold(IEnumerable<VersionEvent> events) => events.Aggregate((VersionStanding?)null, Apply);

    /// <summary>One event more.</summary>
    internal static VersionStanding Apply(VersionStanding? standing, VersionEvent e) => (e.Act, standing) switch
    {
        // Drafted anew it begins anew: what was said of another text does not count.
        (VersionAct.Drafted, _) => new VersionStanding(VersionState.Draft, e.Hash),
        (_, null) => throw new Kernel.InvariantBrokenException("a version begins as a draft", e.Act.ToString()),
        (VersionAct.Proposed, _) => standing with { State = VersionState.Proposed, ProposedBy = e.Who, Awaiting = e.Awaiting, Concessions = e.Concessions ?? Concessions.None },
        (VersionAct.Endorsed, _) => standing with { Awaiting = e.Awaiting, EndorsedBy = standing.EndorsedBy.Add(e.Who) },
        (VersionAct.Approved, _) => standing with { State = VersionState.Approved, Awaiting = null },
        (VersionAct.Rejected, _) => standing with { State = VersionState.Rejected, Awaiting = null },
        (VersionAct.Withdrawn, _) => standing with { State = VersionState.Withdrawn, Awaiting = null },
        (VersionAct.Announced, _) => standing with { AnnouncedAt = e.Effective },
        (VersionAct.Signed, _) => standing with { State = VersionState.Signed, SignedBy = e.Who, SignedAt = e.Effective, ClientContact = e.ClientContact, Hash = e.Hash },
        (VersionAct.Ended, _) => standing with { EndsAt = e.Effective },
        _ => throw new ArgumentOutOfRangeException(nameof(e), e.Act, null),
    };

    /// <summary>The first instant at which a signed version no longer accepts parcels by its own dates; null = open.</summary>
    internal static Instant? EndOf(Instant? until, bool renews, Instant? endsAt) => Earlier(endsAt, renews ? null : until);

    /// <summary>
    /// The instants between which a signed version accepts parcels: until its end, the version after it, or the account's security agreement ends; null when it never does.
    /// A superseded version does not come back when its successor ends.
    /// </summary>
    internal static (Instant From, Instant? Until)? Span(Instant from, Instant? end, Instant? nextFrom, Instant? agreementUntil)
    {
        if (agreementUntil is null) return null;
        var until = Earlier(Earlier(end, nextFrom), agreementUntil);
        return until <= from ? null : (from, until);
    }

    /// <summary>How a version stands at a moment.</summary>
    /// <param name="stored">As its events leave it.</param>
    /// <param name="from">From when it holds.</param>
    /// <param name="end">Its own end (<see cref="EndOf"/>).</param>
    /// <param name="nextFrom">From when the next signed version of the contract holds.</param>
    /// <param name="agreementUntil">The first instant without a security agreement.</param>
    /// <param name="now">The moment.</param>
    internal static VersionState At(VersionState stored, Instant? from, Instant? end, Instant? nextFrom, Instant? agreementUntil, Instant now)
    {
        if (stored is not VersionState.Signed) return stored;
        if (now >= nextFrom) return VersionState.Superseded;
        if (now >= end) return VersionState.Ended;
        if (now < from) return VersionState.Signed;
        return now < agreementUntil ? VersionState.InForce : VersionState.Suspended;
    }

    private static VersionDecision Propose(VersionFacts facts, VersionWish.Propose wish, Actor actor, Instant now)
    {
        if (wish.Pricing.Parcels <= 0) return new Refused("pricing.parcels", "A proposal is priced: say how many parcels a month are expected.", "pricing.parcels_a_month");
        if (wish.Pricing.RevenueMinor <= 0) return new Refused("pricing.revenue", "A proposal is priced: say what revenue a month is expected.", "pricing.revenue_a_month_minor");
        if (wish.CompensationMinor < 0) return new Refused("compensation.negative", "A compensation is not below zero.", "compensation_minor");
        if (wish.WaiverDays < 0) return new Refused("waiver.negative", "A waiver is not below zero days.", "waiver_days");
        if (facts.GuardMarginLeast is not null && wish.Pricing.MarginPercent is null)
            return new Refused("pricing.margin", "The contract guards its margin: say what margin the proposal leaves (what-if gives it).", "pricing.margin_percent");
        var overGuard = facts.DiscountPercent > facts.GuardDiscountMost || wish.Pricing.MarginPercent < facts.GuardMarginLeast;
        var asked = new Concessions(facts.DiscountPercent, wish.CompensationMinor, wish.WaiverDays, overGuard);
        var awaiting = facts.Authority.FirstCovering(asked, facts.Scope is ContractScope.National);
        return awaiting is null
            ? new Refused("authority.nobody", $"Nobody may grant this ({Words(asked)}). Propose less, or have the limits of authority changed.")
            : new Done(new VersionEvent(VersionAct.Proposed, actor.Who, now) { Awaiting = awaiting.Role, Concessions = asked, Pricing = wish.Pricing, Note = wish.Note, Hash = facts.Hash });
    }

    private static VersionDecision Approve(VersionFacts facts, VersionStanding standing, VersionWish.Approve wish, Actor actor, Instant now)
    {
        if (OwnProposal(standing, actor) is { } own) return own;
        if (facts.Authority.Of(actor) is not { } limit) return new Refused("authority.none", "None of your roles has an authority to approve contracts.");
        if (limit.Covers(standing.Concessions, facts.Scope is ContractScope.National))
            return new Done(new VersionEvent(VersionAct.Approved, actor.Who, now) { Role = limit.Role, Note = wish.Note, Hash = facts.Hash });
        if (standing.EndorsedBy.Contains(actor.Who, StringComparer.Ordinal)) return new Refused("authority.passed_up", $"You have agreed already; it waits for {standing.Awaiting}.");
        return facts.Authority.FirstCovering(standing.Concessions, facts.Scope is ContractScope.National, limit.Rank) is { } next
            ? new Done(new VersionEvent(VersionAct.Endorsed, actor.Who, now) { Role = limit.Role, Awaiting = next.Role, Note = wish.Note })
            : new Refused("authority.nobody", $"Your authority does not reach ({Words(standing.Concessions)}), and nobody's above you does.");
    }

    private static VersionDecision Reject(VersionFacts facts, VersionStanding standing, VersionWish.Reject wish, Actor actor, Instant now)
    {
        if (OwnProposal(standing, actor) is { } own) return own;
        if (facts.Authority.Of(actor) is not { } limit) return new Refused("authority.none", "None of your roles has an authority to reject contracts.");
        return Reason(wish.Reason) ?? new Done(new VersionEvent(VersionAct.Rejected, actor.Who, now) { Role = limit.Role, Note = wish.Reason });
    }

    private static VersionDecision Announce(VersionWish.Announce wish, Actor actor, Instant now)
    {
        if (wish.At > now) return new Refused("announcement.later", "An announcement is recorded once it was made.", "announced_at_us");
        return wish.Reference.Length is 0 or > NoteMax
            ? new Refused("announcement.reference", "Say where the announcement can be read.", "reference")
            : new Done(new VersionEvent(VersionAct.Announced, actor.Who, now) { Effective = wish.At ?? now, Note = wish.Reference });
    }

    private static VersionDecision Sign(VersionFacts facts, VersionStanding standing, VersionWish.Sign wish, Actor actor, Instant now)
    {
        if (!wish.Hash.AsSpan().SequenceEqual(facts.Hash.AsSpan()) || !facts.Hash.AsSpan().SequenceEqual(standing.Hash.AsSpan()))
            return new Refused("hash.differs", "The document is not the one whose hash you give: read it again before you sign.", "hash");
        if (facts.From is not { } from) return new Refused("effective.missing", "The document does not say from when it holds (effective.from). Withdraw it, add the date and propose it again.");
        if (!facts.HasIdentity) return new Refused("identity.missing", "The account's organisation identity is not recorded (unified social credit code, legal representative's document seen).");
        var signedAt = wish.At ?? now;
        if (signedAt > now) return new Refused("signed.later", "A signature lies not in the future.", "signed_at_us");
        // Whoever may date a signature back may make a version hold for parcels that were judged by another: only for contracts signed on paper before the installation.
        if (signedAt < now && !actor.IsLocalAdministrator) return new Refused("signed.earlier", "A signature is recorded when it is made; contracts signed earlier are taken over by the local administrator.", "signed_at_us");
        if (facts.AgreementUntil is not { } agreed || agreed <= from || agreed <= signedAt)
            return new Refused("agreement.missing", "The account has no security agreement that covers the contract's first day (Interim Regulation on Express Delivery art. 32).");
        if (facts.EarlierIsOpen) return new Refused("version.order", "An earlier version of the contract is still open: sign it, reject it or withdraw it first.");
        if (!facts.ClientContactSigns) return new Refused("contact.does_not_sign", "Who signs for the client is a contact of the account that signs contracts.", "client_contact");
        if (facts.Scope is ContractScope.National && facts.Authority.Of(actor) is not { HeadOffice: true })
            return new Refused("signature.head_office", "A national contract is signed with head office's agreement (SEED-03-INTEG).");
        return Amends(facts, standing, from, signedAt) ?? new Done(new VersionEvent(VersionAct.Signed, actor.Who, now)
        {
            Hash = facts.Hash, Effective = signedAt, ClientContact = wish.ClientContact, Role = facts.Authority.Of(actor)?.Role,
        });
    }

    private static VersionDecision? Amends(VersionFacts facts, VersionStanding standing, Instant from, Instant signedAt)
    {
        if (facts.AmendsFrom is not { } before) return null;
        if (from <= before) return new Refused("effective.before", "An amendment holds from later than the version it amends.");
        if (from < signedAt) return new Refused("effective.past", "An amendment does not reach back: parcels accepted before it is signed fall under the version before.");
        if (facts.RaisedClauses.IsEmpty) return null;
        var (clauses, firstDay) = (string.Join(", ", facts.RaisedClauses), from.InZone(Zone).Date);
        if (firstDay < facts.PriceLockUntil) return new Refused("price.locked", string.Create(CultureInfo.InvariantCulture, $"{clauses} rises, and the price is locked until {facts.PriceLockUntil:uuuu-MM-dd}."));
        if (standing.AnnouncedAt is not { } announced) return new Refused("announcement.missing", $"{clauses} rises: record when it was announced, {AnnouncedDaysAhead} days before it takes effect (Market Measures 22).");
        return announced.InZone(Zone).Date.PlusDays(AnnouncedDaysAhead) > firstDay
            ? new Refused("announcement.late", string.Create(CultureInfo.InvariantCulture, $"{clauses} rises and was announced on {announced.InZone(Zone).Date:uuuu-MM-dd}: it takes effect {AnnouncedDaysAhead} days later at the earliest (Market Measures 22)."))
            : null;
    }

    private static VersionDecision End(VersionFacts facts, VersionStanding standing, VersionWish.End wish, Actor actor, Instant now)
    {
        if (Reason(wish.Reason) is { } wrong) return wrong;
        var at = wish.At ?? now;
        if (at < now) return new Refused("end.past", "A contract ends now or later: parcels accepted before fall under it.", "ends_at_us");
        if (standing.EndsAt is not null || at >= EndOf(facts.Until, facts.Renews, standing.EndsAt)) return new Refused("version.ended", "The version ends at that moment or earlier already.", "ends_at_us");
        return new Done(new VersionEvent(VersionAct.Ended, actor.Who, now) { Effective = at, Note = wish.Reason });
    }

    // Four eyes. The local administrator has nobody beside him at the machine; each of his acts is audited.
    private static VersionDecision? OwnProposal(VersionStanding standing, Actor actor) =>
        !actor.IsLocalAdministrator && string.Equals(standing.ProposedBy, actor.Who, StringComparison.Ordinal) ? new Refused("proposal.own", "Nobody decides on a proposal of his own.") : null;

    private static VersionDecision? Reason(string reason) => reason.Length is 0 or > NoteMax ? new Refused("reason.missing", $"Give a reason, at most {NoteMax} characters.", "reason") : null;

    private static Refused Wrong(VersionFacts facts, VersionStanding? standing, string what) =>
        new("version.state", $"{facts.Contract} v{facts.Version.ToString(CultureInfo.InvariantCulture)} is {Word(standing!.State)} and cannot be {what}.");

    private static string Words(Concessions c) =>
        string.Create(CultureInfo.InvariantCulture, $"discount {c.DiscountPercent} %, compensation {c.CompensationMinor / 100m}, waiver {c.WaiverDays} days{(c.OverGuard ? ", over the contract's guard" : "")}");

    internal static string Word(VersionState state) => Verdicts.ReasonCode.Of(state);

    private static Instant? Earlier(Instant? a, Instant? b) => a is null ? b : b is null ? a : Instant.Min(a.Value, b.Value);
}
