using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Life;

/// <summary>
/// Deciding within authority (SEED-03-AUTH): what a decision gives away is held against the decider's limit; over it the decision is a proposal that another person confirms.
/// Nobody decides a case that they opened by hand, or confirms their own proposal. Pure.
/// </summary>
internal static class CaseDecide
{
    private const string NoCharge = "not_rated";

    internal static CaseRefusal? Run(CaseDraft draft, CaseCommand.Decide c)
    {
        if (draft.Kind.Outcome(c.Outcome) is not { ByRuleOnly: false } rule) return CaseLife.Refusal("outcome.unknown", "outcome", $"'{c.Outcome}' is no outcome of a case of kind {draft.Kind.Name}.");
        if (WhyNot(draft, c, rule) is { } why) return why;
        var taken = Taken(rule, draft.State, c.Stated);
        var limit = c.LimitFor(taken.Gives.Known ? taken.Gives.Currency : null);
        taken.Limit = ToWire(limit);
        var within = limit.Covers(MoneyOf(taken.Gives));
        if (draft.State.Proposal is { } proposal)
        {
            var same = Same(proposal, taken);
            if (same && string.Equals(draft.State.ProposedBy, c.Actor.Id, StringComparison.Ordinal))
                return CaseLife.Refusal("decide.own_proposal", "outcome", "You proposed this; another person with a higher limit confirms it.");
            if (same) taken.ProposedBy = draft.State.ProposedBy;
        }
        var closes = within && draft.Kind.DecidedStage is null;
        var entry = CaseLife.WithNote(new CaseEntry { Id = c.Id, Kind = within ? EntryKind.Decided : EntryKind.Proposed, Reason = c.Reason, Outcome = taken, Closes = closes }, c.Note);
        draft.Enter(entry, within ? draft.Kind.DecidedStage ?? draft.Kind.ClosedStage : draft.Kind.ProposedStage, draft.NowUs, closed: closes);
        draft.Add(c.Actor, entry);
        return null;
    }

    /// <summary>The outcomes that this person may decide or propose now.</summary>
    internal static IEnumerable<OutcomeRule> OutcomesOpen(CaseKind kind, CaseState state, Actor actor) =>
        state.Closed || actor.Side != Side.Carrier ? [] : kind.Outcomes.Where(o => !o.ByRuleOnly && !IsOwnCase(kind, state, o, actor) && IsTime(kind, state, o) && IsKnown(state, o));

    /// <summary>What an outcome comes to: the weight that bills, the charge at it, what is paid back, what is given away by it.</summary>
    internal static OutcomeTaken Taken(OutcomeRule rule, CaseState state, Stated? stated)
    {
        var figures = state.Weights;
        var (bills, charge) = rule.Bills switch
        {
            Bills.First => (figures?.FirstMg ?? 0, figures?.FirstCharge),
            Bills.New => (figures?.NewMg ?? 0, figures?.NewCharge),
            _ => (stated!.BillsMg, stated.Charge),
        };
        var taken = new OutcomeTaken { Outcome = rule.Name, BillsMg = bills, Charge = charge?.Clone(), Gives = GivesOf(rule, state, stated) };
        if (rule is { Gives: Gives.Stated, IsCost: false }) taken.Credit = ToWire(stated!.Amount!.Value);
        return taken;
    }

    private static CaseRefusal? WhyNot(CaseDraft draft, CaseCommand.Decide c, OutcomeRule rule)
    {
        var state = draft.State;
        if (state.Closed) return CaseLife.Refusal("case.closed", "case_id", $"The case {state.Id} is closed; it must be reopened first.");
        if (IsOwnCase(draft.Kind, state, rule, c.Actor)) return CaseLife.Refusal("decide.own_case", "case_id", "You opened this case by hand; another person decides it.");
        if (c.Actor.Side != Side.Carrier) return CaseLife.Refusal("decide.not_yours", "case_id", "The carrier's side decides.");
        if (!draft.Kind.DecideReasons.Contains(c.Reason, StringComparer.Ordinal)) return CaseLife.Refusal("reason.unknown", "reason", $"Say why, with one of: {string.Join(", ", draft.Kind.DecideReasons)}.");
        if (rule.Gives == Gives.Stated && c.Stated.Amount is not { Minor: > 0 }) return CaseLife.Refusal("amount.missing", "amount_minor", "Say how much is paid back, or what it costs: an amount above zero with its currency.");
        if (!IsKnown(state, rule)) return CaseLife.Refusal("amount.no_rule", "outcome", "No agreed rule gives the amount of this claim; a person states it, with the reason.");
        if (rule.WithinLoss && c.Stated.Amount is { } pays && !IsWithinLoss(state, pays)) return CaseLife.Refusal("amount.over_loss", "amount_minor", "A claim pays at most the loss, in its currency.");
        if (rule.Bills == Bills.Stated && c.Stated.BillsMg <= 0) return CaseLife.Refusal("weight.missing", "bills_mg", "Say by which weight it is charged: above zero.");
        return IsTime(draft.Kind, state, rule)
            ? null
            : CaseLife.Refusal("decide.window_open", "outcome", $"The case {state.Id} is at '{state.Stage}': the client has not answered yet. Only what favours the client is decided before.");
    }

    private static bool IsOwnCase(CaseKind kind, CaseState state, OutcomeRule rule, Actor actor) =>
        state.OpenedByHand.Contains(actor.Id) && !(kind.OpenerMayGiveNothing && rule.Gives == Gives.Nothing);

    private static bool IsKnown(CaseState state, OutcomeRule rule) => !rule.NeedsKnown || state.OnHold is { Known: true };

    private static bool IsWithinLoss(CaseState state, Money pays) =>
        state.Claim is { } claim && string.Equals(claim.Currency, pays.Currency, StringComparison.Ordinal) && pays.Minor <= claim.LossMinor;

    // Before the client has had its say only what costs the carrier may be decided.
    private static bool IsTime(CaseKind kind, CaseState state, OutcomeRule rule) =>
        kind.DecidedIn.Contains(state.Stage, StringComparer.Ordinal) || (rule.Early && MoneyOf(GivesOf(rule, state, null)) is { Minor: > 0 });

    private static Amount GivesOf(OutcomeRule rule, CaseState state, Stated? stated) => rule.Gives switch
    {
        Gives.Nothing => new Amount { Known = true, Currency = state.Weights?.NewCharge is { Rated: true } rated ? rated.Currency : "" },
        Gives.Held => AtLeastNothing(state.OnHold ?? Unknown("no_figures")),
        Gives.Difference => AtLeastNothing(Minus(state.Weights?.NewCharge, stated!.Charge)),
        _ => ToWire(stated!.Amount!.Value),
    };

    /// <summary>The difference of two charges, or why there is none (law 3).</summary>
    internal static Amount Minus(Charge? of, Charge? less)
    {
        if (of is not { Rated: true }) return Unknown(of?.NotRated);
        if (less is not { Rated: true }) return Unknown(less?.NotRated);
        return string.Equals(of.Currency, less.Currency, StringComparison.Ordinal) ? new Amount { Known = true, Minor = checked(of.Minor - less.Minor), Currency = of.Currency } : Unknown("other_currency");
    }

    internal static Money? MoneyOf(Amount amount) => amount.Known ? Kernel.Money.IsCurrency(amount.Currency) ? new Money(amount.Minor, amount.Currency) : NothingInNoCurrency(amount) : null;

    // What gives nothing away is nothing in any currency; "XXX" is ISO 4217's code for no currency.
    private static Money NothingInNoCurrency(Amount amount)
    {
        Invariant.Holds(amount.Minor == 0, "an amount has its currency");
        return Money.Zero("XXX");
    }

    private static Amount AtLeastNothing(Amount amount)
    {
        if (amount is { Known: true, Minor: < 0 }) return new Amount { Known = true, Currency = amount.Currency };
        return amount.Clone();
    }

    private static bool Same(OutcomeTaken a, OutcomeTaken b) =>
        string.Equals(a.Outcome, b.Outcome, StringComparison.Ordinal) && a.BillsMg == b.BillsMg && Equals(a.Gives, b.Gives) && Equals(a.Credit, b.Credit);

    private static Amount Unknown(string? why) => new() { Unknown = why is { Length: > 0 } ? why : NoCharge };

    private static Amount ToWire(Money money) => new() { Known = true, Minor = money.Minor, Currency = money.Currency };

    /// <summary>A limit as it is shown: an amount, or "unlimited" or "none".</summary>
    internal static Amount ToWire(AuthorityLimit limit) => limit.UpTo is { } most ? ToWire(most) : Unknown(limit.IsUnlimited ? "unlimited" : "none");
}
