using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.ServiceLevels.Contributing;
using static KeyAccountLogistics.Unit.ServiceLevels.Lives;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>Counters are the sum of what subjects add, whatever came in which order: ten thousand histories.</summary>
public sealed class ContributionProperties
{
    private static readonly EventKind[] Kinds =
    [
        EventKind.Collected, EventKind.ArrivedNode, EventKind.DepartedNode, EventKind.OutForDelivery, EventKind.AttemptFailed, EventKind.ReturnedToCustody, EventKind.Delivered, EventKind.Lost, EventKind.Found,
        EventKind.Damaged, EventKind.WaybillProblem, EventKind.Weighed, EventKind.Refused, EventKind.Cancelled, EventKind.Corrected, EventKind.ParcelExcluded, EventKind.ExclusionConfirmed,
        EventKind.PromiseLapsed, EventKind.Returned,
    ];

    /// <summary>A history, the order it arrives in with repetitions, and where it is cut into batches.</summary>
    private sealed record Drawn(RegisteredShipment Shipment, LivedFact[] Facts, LivedFact[] Arrival, int Batch, int RegisteredAt);

    private static Gen<LivedFact> FactOf(int id) =>
        from kind in Gen.Elements(Kinds)
        from hours in Gen.Choose(0, 120)
        from spread in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 600)))
        from other in Gen.Choose(0, 11)
        from pick in Gen.Choose(0, 3)
        select Fact(id, kind, At(8, 10) + hours * 3_600_000_000L, spread * 60_000_000L, e =>
        {
            (e.Actor, e.Node) = ("p-" + (pick % 2), "D" + (other % 3));
            e.Reason = kind switch { EventKind.ParcelExcluded => Exclusion.Reasons[pick], EventKind.PromiseLapsed => pick == 0 ? PromiseLapse.ThoroughDelay : PromiseLapse.Promise, EventKind.WaybillProblem => pick == 0 ? "missing" : "damaged_slight", EventKind.AttemptFailed => pick == 0 ? "no_time" : "absent", _ => "" };
            if (kind is EventKind.Corrected) e.Corrects = IdOf(other);
            if (kind is EventKind.ExclusionConfirmed) e.Reference = Exclusion.Name(IdOf(other));
            if (kind is EventKind.Weighed) e.Weight = new Weight { Purpose = WeightPurpose.Depot, Verdict = new WeighVerdict { Integrity = (IntegrityAnswer)(1 + pick) } };
        });

    private static Gen<Drawn> Histories =>
        from count in Gen.Choose(0, 12)
        from facts in Gen.CollectToArray(Enumerable.Range(0, count), FactOf)
        from repeated in count == 0 ? Gen.Constant(Array.Empty<LivedFact>()) : Gen.ArrayOf(Gen.Elements(facts), 4)
        from arrival in Gen.Shuffle(facts.Concat(repeated).ToArray())
        from batch in Gen.Choose(1, 7)
        from registered in Gen.Choose(0, 12)
        from promised in Gen.Elements<long?>(null, At(10, 18), At(10, 0), At(9, 9))
        from accepted in Gen.Elements<long?>(null, At(8, 10))
        select new Drawn(Promised with { PromisedUs = promised, AcceptedUs = accepted }, facts, arrival.ToArray(), batch, registered);

    [Fact]
    public void Whatever_comes_in_whatever_order_and_batches_leaves_the_same_counters_and_taking_all_back_leaves_none()
    {
        var histories = 0;
        Seeded.Holds(Gen.ArrayOf(Histories, 10), drawn =>
        {
            histories += drawn.Length;
            var (followed, counted, last) = (new Counters(), new Counters(), new List<Contribution>());
            foreach (var one in drawn)
            {
                last.Add(Follow(one, followed));
                counted.Add(ContributeParcel.Of(Lives.Of(one.Shipment, one.Facts), ByTimestamp));
            }
            var same = followed.InOrder.SequenceEqual(counted.InOrder);
            foreach (var contribution in last) followed.TakeBack(contribution);
            return same && !followed.InOrder.Any();
        });
        histories.ShouldBeGreaterThanOrEqualTo(10_000);
    }

    /// <summary>What is told of one fact of an account's service: revisions, corrections and corrections of corrections, and the order they arrive in with repetitions.</summary>
    private sealed record Heard(LivedFact[] Told, LivedFact[] Arrival, int Batch);

    private static Gen<LivedFact> ToldOf(EventKind kind, int id) =>
        from takesOut in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from other in Gen.Choose(0, 7)
        from revision in Gen.Choose(0, 3)
        from told in Gen.Choose(0, 240)
        from began in Gen.Choose(0, 120)
        from done in Gen.Choose(-2, 200)
        from money in Gen.Choose(-5, 900)
        from flags in Gen.Choose(0, 7)
        select takesOut ? Services.TakenOut(id, other, At(8, 0) + told * 3_600_000_000L) : Services.Told(id, kind, At(8, 0) + told * 3_600_000_000L, s =>
        {
            (s.Revision, s.AmountMinor, s.BudgetMinor, s.HasBudget, s.Failed) = ((uint)revision, money, 500, (flags & 1) > 0, (flags & 2) > 0);
            (s.BeganUs, s.DueUs, s.DoneUs) = (At(8, 0) + began * 3_600_000_000L, At(8, 0) + (began + 30) * 3_600_000_000L, done <= 0 ? 0 : At(8, 0) + done * 3_600_000_000L);
            s.Complaint = new Complaint { About = "false_sign_off", Found = (flags & 4) > 0 ? "upheld" : "", OpenedUs = s.BeganUs, AnswerDueUs = s.DueUs, AnsweredUs = s.DoneUs, StatuteDueUs = s.DueUs + 1, ClosedUs = s.DoneUs, ReopenedUs = (flags & 2) > 0 ? s.DoneUs + money * 3_600_000_000L : 0 };
        }, reason: "privacy_breach");

    private static Gen<Heard> Words =>
        from kind in Gen.Elements(Enum.GetValues<EventKind>().Where(FactKey.IsOfService).ToArray())
        from count in Gen.Choose(1, 8)
        from told in Gen.CollectToArray(Enumerable.Range(0, count), id => ToldOf(kind, id))
        from repeated in Gen.ArrayOf(Gen.Elements(told), 3)
        from arrival in Gen.Shuffle(told.Concat(repeated).ToArray())
        from batch in Gen.Choose(1, 5)
        select new Heard(told, arrival.ToArray(), batch);

    [Fact]
    public void Facts_of_service_late_corrected_revised_and_repeated_leave_the_same_counters_and_taking_all_back_leaves_none()
    {
        var histories = 0;
        Seeded.Holds(Gen.ArrayOf(Words, 10), heard =>
        {
            histories += heard.Length;
            var (followed, counted, last) = (new Counters(), new Counters(), new List<Contribution>());
            foreach (var one in heard)
            {
                last.Add(Hear(one, followed));
                counted.Add(Said(one.Told));
            }
            var same = followed.InOrder.SequenceEqual(counted.InOrder);
            foreach (var contribution in last) followed.TakeBack(contribution);
            return same && !followed.InOrder.Any();
        });
        histories.ShouldBeGreaterThanOrEqualTo(10_000);
    }

    [Fact]
    public void Every_tally_of_a_fact_makes_sense_by_itself() => Seeded.Holds(Words, one => Said(one.Told).Tallies is var tallies
        && tallies.Select(static t => t.Figure).Distinct(StringComparer.Ordinal).Count() == tallies.Count
        && tallies.All(static t => t.Denominator >= 0 && (t.Figure is "C2" || t.Numerator >= 0) && (t.Figure is "C2" or "Q6" || t.Numerator <= t.Denominator) && !(t.LeftOut && (t.Denominator != 0 || t.Open)) && !(t.Open && t.Denominator != 0)), 5_000);

    private static Contribution Said(IEnumerable<LivedFact> told) => told.Any(static f => FactKey.Of(f.Event) is not null) ? Services.Ask(told) : new Contribution();

    private static Contribution Hear(Heard one, Counters counters)
    {
        var (known, before) = (new List<LivedFact>(), new Contribution());
        foreach (var batch in one.Arrival.Chunk(one.Batch))
        {
            known.AddRange(batch);
            var now = Said(known);
            counters.TakeBack(before);
            counters.Add(now);
            before = now;
        }
        return before;
    }

    [Fact]
    public void Every_tally_makes_sense_by_itself() => Seeded.Holds(Histories, one =>
    {
        var contribution = ContributeParcel.Of(Lives.Of(one.Shipment, one.Facts), ByDate);
        var figures = contribution.Tallies.Select(t => t.Figure).ToList();
        return figures.Distinct(StringComparer.Ordinal).Count() == figures.Count
            && !(figures.Contains("right_day_late") && figures.Contains("wrong_day_late"))
            && contribution.Tallies.All(t => t.Numerator >= 0 && t.Denominator >= 0 && (t.Figure == "T4" || t.Numerator <= t.Denominator) && !(t.LeftOut && (t.Denominator != 0 || t.InDoubt || t.Open)) && !(t.Open && t.Denominator != 0));
    }, 5_000);

    // As the follower does: after each batch the subject is asked again by everything known of it, and the difference applied.
    private static Contribution Follow(Drawn one, Counters counters)
    {
        var (known, before) = (new List<LivedFact>(), new Contribution());
        for (var at = 0; at <= one.Arrival.Length + one.Batch; at += one.Batch)
        {
            known.AddRange(one.Arrival.Skip(at).Take(one.Batch));
            var now = ContributeParcel.Of(Lives.Of(at >= one.RegisteredAt || at >= one.Arrival.Length ? one.Shipment : null, known), ByTimestamp);
            counters.TakeBack(before);
            counters.Add(now);
            before = now;
        }
        return before;
    }
}
