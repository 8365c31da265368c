using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

// Any sequence of acts of two people at a depot, sensible or not.
public sealed class HandoverProperties
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 0, 0);
    private static readonly string[] Parcels = ["A", "B", "C", "X", "Y"];
    private static readonly string[] People = ["p-wang", "p-li", "p-sun"];

    private static readonly HandoverStep.Opened Opened = new(
        At,
        "p-wang",
        "h-1",
        HandoverKind.DepotToCourier,
        new Party(PartyKind.Depot, "HZ01"),
        new Party(PartyKind.Courier, "p-li"),
        "HZ01",
        [new("A", CodMinor: 500, Currency: "CNY"), new("B", Fragile: true), new("C")]);

    private sealed record Act(int Kind, string Parcel, LineResult Result, bool Good, string Person, Side Side);

    private static Gen<Act[]> Acts =>
        (from kind in Gen.Frequency((6, Gen.Constant(0)), (2, Gen.Constant(1)), (4, Gen.Constant(2)), (1, Gen.Constant(3)))
         from parcel in Gen.Elements(Parcels)
         from result in Gen.Elements(Enum.GetValues<LineResult>())
         from good in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
         from person in Gen.Elements(People)
         from side in Gen.Elements(Side.Giver, Side.Receiver)
         select new Act(kind, parcel, result, good, person, side)).ArrayOf(25).SelectMany(acts => Gen.Choose(0, 25).SelectMany(at => Gen.Elements(true, false)
            .Select(ends => ends ? [.. acts[..at], .. Agreement, .. acts[at..]] : acts)));

    private static readonly Act[] Agreement =
    [
        new(0, "A", LineResult.Accepted, true, "p-wang", Side.Giver),
        new(1, "A", LineResult.Accepted, true, "p-wang", Side.Giver),
        new(2, "A", LineResult.Accepted, true, "p-wang", Side.Giver),
        new(2, "A", LineResult.Accepted, true, "p-li", Side.Receiver),
    ];

    [Fact]
    public void Custody_moves_at_most_once_only_after_two_persons_agreed_and_only_for_what_was_accepted_and_expected() => Seeded.Holds(Acts, acts =>
    {
        var (state, steps) = Play(acts);
        var words = steps.OfType<HandoverStep.Confirmed>().ToList();
        if (state.Outcome is not { } outcome) return state.Phase != HandoverPhase.Confirmed;
        var accepted = Opened.Expected.Where(e => state.Lines[e.Parcel].Result == LineResult.Accepted).Select(e => e.Parcel).ToList();
        return outcome.Moves.Select(m => m.Parcel).SequenceEqual(accepted, StringComparer.Ordinal)
            && outcome.Moves.All(m => m.From == Opened.Giver && m.To == Opened.Receiver)
            && outcome.Moves.Length + outcome.Stays.Length == state.Lines.Count
            && Opened.Expected.All(e => state.Lines.ContainsKey(e.Parcel))
            && words[^1].Confirmation is { Side: Side.Receiver, Person: "p-li" }
            && words[^2].Confirmation is { Side: Side.Giver, Person: not "p-li" }
            && steps[^1] == words[^1];
    });

    [Fact]
    public void What_the_rules_journal_folds_back_to_the_same_state_without_a_misplaced_step() => Seeded.Holds(Acts, acts =>
    {
        var (state, steps) = Play(acts);
        var folded = HandoverState.Fold(steps)!;
        return folded.Misplaced.IsEmpty && folded.Phase == state.Phase && folded.Totals == state.Totals && folded.Counted == state.Counted
            && folded.GiverConfirmed == state.GiverConfirmed && folded.Lines.Count == state.Lines.Count && folded.Lines.All(l => state.Lines[l.Key] == l.Value);
    });

    [Fact]
    public void A_refused_act_changes_nothing_and_no_act_throws() => Seeded.Holds(Acts, acts =>
    {
        var state = HandoverState.Begin(Opened);
        foreach (var act in acts)
        {
            var before = state;
            if (Decide(state, act) is HandoverDecision.Done done) state = done.Next;
            else if (!ReferenceEquals(before, state)) return false;
        }
        return true;
    });

    [Fact]
    public void The_fold_of_any_steps_in_any_order_never_throws_and_confirms_only_agreed_totals()
    {
        var cases =
            from acts in Acts
            from seed in Gen.Choose(0, int.MaxValue)
            select (acts, seed);
        Seeded.Holds(cases, c =>
        {
            var steps = Play(c.acts).Steps.ToArray();
            new Random(c.seed).Shuffle(steps);
            var state = HandoverState.Fold(steps);
            return state is not { Phase: HandoverPhase.Confirmed }
                || (state.GiverConfirmed!.Totals == state.Totals && state.ReceiverConfirmed!.Totals == state.Totals && state.GiverConfirmed.Person != state.ReceiverConfirmed.Person);
        });
    }

    [Fact]
    public void Sensible_acts_do_reach_the_end()
    {
        var ends = 0;
        Seeded.Holds(Acts, acts =>
        {
            if (Play(acts).State.Outcome is { Moves.IsEmpty: false }) ends++;
            return true;
        });
        ends.ShouldBeGreaterThan(200);
    }

    private static (HandoverState State, ImmutableArray<HandoverStep> Steps) Play(Act[] acts)
    {
        var state = HandoverState.Begin(Opened);
        var steps = ImmutableArray.Create<HandoverStep>(Opened);
        foreach (var act in acts)
        {
            if (Decide(state, act) is not HandoverDecision.Done done) continue;
            state = done.Next;
            steps = steps.AddRange(done.Steps);
        }
        return (state, steps);
    }

    private static HandoverDecision Decide(HandoverState state, Act act) => act.Kind switch
    {
        0 => HandoverRules.CheckLine(
            state,
            new HandoverLine(act.Parcel, act.Result, TouchOk: act.Good, CodMinor: act.Good && act.Parcel == "A" ? 500 : 0, Currency: act.Good && act.Parcel == "A" ? "CNY" : "", Reason: act.Good ? "seen" : ""),
            new ParcelNow(Scanned: act.Good),
            At,
            act.Person),
        1 => HandoverRules.Count(state, At, act.Person),
        2 => HandoverRules.Confirm(
            state,
            new Confirmation(act.Side, act.Person, ConfirmationMethod.Pin, act.Good ? state.Totals : state.Totals with { Accepted = 9 }, DeliveryProofs.None),
            At,
            _ => null),
        _ => act.Good ? HandoverRules.Count(state, At, act.Person) : HandoverRules.Abandon(state, act.Parcel == "Y" ? "given up" : "", At, act.Person),
    };
}
