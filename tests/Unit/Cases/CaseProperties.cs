using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Kernel;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;
using static KeyAccountLogistics.Unit.Cases.WeighedBed;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>What holds of every case, whatever people and clocks do to it.</summary>
public sealed class CaseProperties
{
    private static readonly string[] Steps = ["shown", "accept", "dispute", "silence_accepts", "silence_decides", "nonsense"];
    private static readonly string[] Outcomes = ["keep_first", "take_new", "credit", "re_rate", "withdrawn"];
    private static readonly Actor[] People = [Client, Manager, Head, new("kam-2", Side.Carrier)];

    // A person's limit is his own for good: manager 0.50, the other manager 2.00, the head office without limit, the client none.
    private static AuthorityLimit LimitOf(Actor person) => person.Id switch
    {
        "kam-1" => AuthorityLimit.Of(Yuan(0.5m)),
        "kam-2" => AuthorityLimit.Of(Yuan(2)),
        "head-1" => AuthorityLimit.Unlimited,
        _ => AuthorityLimit.None,
    };

    [Fact]
    public void A_command_has_one_effect_however_often_it_comes() => Prop.ForAll(Histories(), history =>
    {
        var (state, minute) = (Opened(), 60.0);
        foreach (var (command, after) in history)
        {
            minute += after;
            var decision = Run(state, minute, command);
            if (decision.Refused is not null)
            {
                decision.Entries.ShouldBeEmpty();
                continue;
            }
            state = decision.State!;
            // Again at once, and again much later: nothing.
            Run(state, minute, command).Entries.ShouldBeEmpty();
            Run(state, minute + 100_000, command).Entries.ShouldBeEmpty();
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void No_path_leads_to_a_decision_over_authority_or_of_ones_own_case() => Prop.ForAll(Histories(), history =>
    {
        var (state, minute, entries) = (Opened(), 60.0, new List<CaseEntry>());
        foreach (var (command, after) in history)
        {
            minute += after;
            var openedBy = state.OpenedByHand;
            var decision = Run(state, minute, command);
            foreach (var entry in decision.Entries.Where(e => e.Kind == EntryKind.Decided))
            {
                var gives = CaseDecide.MoneyOf(entry.Outcome.Gives);
                LimitOf(People.Single(p => p.Id == entry.Actor)).Covers(gives).ShouldBeTrue();
                entry.Side.ShouldBe(Side.Carrier);
                openedBy.Contains(entry.Actor).ShouldBeFalse();
                string.Equals(entry.Outcome.ProposedBy, entry.Actor, StringComparison.Ordinal).ShouldBeFalse();
            }
            entries.AddRange(decision.Entries);
            state = decision.State!;
        }
        // Nothing closes a case but a decision, the client's own word, and silence where it was agreed.
        entries.Where(e => e.Closes).ShouldAllBe(e => e.Kind == EntryKind.Decided || (e.Kind == EntryKind.Step && e.Side == Side.Client) || e.Kind == EntryKind.Lapsed);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_history_folds_to_the_state_it_led_to_and_its_ids_are_all_different() => Prop.ForAll(Histories(), history =>
    {
        var first = ObserveEntries(null, 60, Parcel(Weighed(1, 30, 2500, BillingAnswer.Over)), Say);
        var (state, minute, entries) = (first.State, 60.0, first.Entries.ToList());
        foreach (var (command, after) in history)
        {
            minute += after;
            var decision = Run(state, minute, command);
            entries.AddRange(decision.Entries);
            if (decision.Refused is null) state = decision.State!;
        }
        var folded = CaseFold.Of(entries.Select(e => CaseEntry.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(e))))!;
        (folded.Stage, folded.Word, folded.Owner, folded.Entries, folded.Reopened, folded.Outcome, folded.Proposal, folded.ShownUs).ShouldBe(
            (state.Stage, state.Word, state.Owner, state.Entries, state.Reopened, state.Outcome, state.Proposal, state.ShownUs));
        folded.Clocks.Values.ShouldBe(state.Clocks.Values);
        entries.Select(e => e.Id).Distinct().Count().ShouldBe(entries.Count);
        // A closed case has no running clock, an open one has.
        folded.Clocks.Values.Any(c => c.State is ClockState.Running or ClockState.Paused).ShouldBe(!folded.Closed);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void The_order_in_which_verdicts_arrive_does_not_change_the_case() => Prop.ForAll(Arrivals(), arrivals =>
    {
        var whole = Observe(null, 600, Parcel(arrivals), Say);
        CaseState? state = null;
        // One after the other, each twice.
        for (var n = 1; n <= arrivals.Length; n++)
        {
            for (var again = 0; again < 2; again++) state = Observe(state, 600, Parcel(arrivals.Take(n)), Say);
        }
        (state is null).ShouldBe(whole is null);
        if (state is null || whole is null) return;
        (state.Weights, state.Stage, state.Closed, state.Owner).ShouldBe((whole.Weights, whole.Stage, whole.Closed, whole.Owner));
        state.Clocks.Values.Where(c => c.State == ClockState.Running).ShouldBe(whole.Clocks.Values.Where(c => c.State == ClockState.Running));
        Observe(state, 600, Parcel(arrivals), Say).ShouldBe(state);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Looking_late_gives_what_looking_every_minute_gives() => Prop.ForAll(Gen.Choose(0, 40_000).ToArbitrary(), minutes =>
    {
        var shown = Done(Opened(), 120, Step(1, Client, "shown"));
        var often = shown;
        for (var minute = 120; minute <= 120 + minutes; minute += 97) often = Lapsed(often, minute);
        often = Lapsed(often, 120 + minutes);
        var once = Lapsed(shown, 120 + minutes);
        (once.Stage, once.Closed, once.Entries).ShouldBe((often.Stage, often.Closed, often.Entries));
        once.Clocks.Values.ShouldBe(often.Clocks.Values);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    private static CaseState Lapsed(CaseState state, double minute)
    {
        var draft = Draft(state, minute);
        CaseClocks.Lapse(draft);
        return draft.State;
    }

    private static Arbitrary<WeightLink[]> Arrivals() => (
        from count in Gen.Choose(1, 5)
        from minutes in Gen.Choose(0, 30).ArrayOf(count)
        from grams in Gen.Elements(1500L, 2000L, 2500L, 3000L).ArrayOf(count)
        from integrity in Gen.Elements(IntegrityAnswer.Intact, IntegrityAnswer.HeldOver, IntegrityAnswer.NoReference).ArrayOf(count)
        let weights = Enumerable.Range(0, count).Select(i => Weighed(i, minutes[i], grams[i], grams[i] switch { > 2000 => BillingAnswer.Over, < 2000 => BillingAnswer.Under, _ => BillingAnswer.SameBill }, integrity[i])).ToArray()
        from shuffled in Gen.Shuffle(weights)
        select shuffled).ToArbitrary();

    private static Arbitrary<(CaseCommand Command, int After)[]> Histories() => (
        from count in Gen.Choose(1, 12)
        from commands in Commands().ArrayOf(count)
        from pauses in Gen.Elements(1, 30, 700, 5_000, 12_000).ArrayOf(count)
        select commands.Zip(pauses, (c, p) => (c, p)).ToArray()).ToArbitrary();

    private static Gen<CaseCommand> Commands() => Gen.OneOf(
        from id in Ids() from who in Gen.Elements(People) from step in Gen.Elements(Steps) select Step(id, who, step, "packaging"),
        from id in Ids()
        from who in Gen.Elements(People)
        from outcome in Gen.Elements(Outcomes)
        from amount in Gen.Elements(30, 150, 500)
        select Decide(id, who, outcome, LimitOf(who), new Money(amount, "CNY"), 2_200_000, new Charge { Rated = true, Minor = 440, Currency = "CNY" }),
        from id in Ids() from who in Gen.Elements(People.Skip(1).ToArray()) select (CaseCommand)new CaseCommand.Reopen(Id(id), who, "new_evidence", null),
        from id in Ids() from who in Gen.Elements(People) from clock in Gen.Elements("answer", "decide", "show") select (CaseCommand)new CaseCommand.Pause(Id(id), who, clock, "client_asked", null),
        from id in Ids() from who in Gen.Elements(People) from clock in Gen.Elements("answer", "decide") select (CaseCommand)new CaseCommand.Resume(Id(id), who, clock, null),
        from id in Ids() from who in Gen.Elements(People) from owner in Gen.Elements("a", "b") select (CaseCommand)new CaseCommand.Add(Id(id), who, [], owner, "", null));

    private static Gen<int> Ids() => Gen.Choose(1, 40);
}
