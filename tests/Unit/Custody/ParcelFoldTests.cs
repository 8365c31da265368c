using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;

namespace KeyAccountLogistics.Unit.Custody;

public sealed class ParcelFoldTests
{
    private static readonly EventKind[] Kinds = Enum.GetValues<EventKind>();
    private static readonly string[] Nodes = ["", "HZ01", "SH02", "GZ03"];

    [Fact]
    public void A_corrected_event_no_longer_counts_and_the_correction_stays_visible()
    {
        var life = new Life();
        life.At(10, EventKind.OutForDelivery);
        var wrong = life.At(20, EventKind.Delivered);
        life.At(30, EventKind.Corrected, e => e.Corrects = wrong);
        var state = life.State;
        state.Stage.ShouldBe(ParcelStage.OutForDelivery);
        state.Corrected.ShouldBe([wrong]);
        state.Events.ShouldBe(2);
    }

    [Fact]
    public void A_corrected_correction_has_no_effect()
    {
        var life = new Life();
        var delivered = life.At(20, EventKind.Delivered);
        var corrected = life.At(30, EventKind.Corrected, e => e.Corrects = delivered);
        life.At(40, EventKind.Corrected, e => e.Corrects = corrected);
        life.State.Stage.ShouldBe(ParcelStage.Delivered);
    }

    [Fact]
    public void An_event_that_corrects_another_takes_its_place()
    {
        var life = new Life();
        var wrong = life.At(20, EventKind.Weighed, e => e.Weight = new Weight { MassMg = 9 });
        life.At(30, EventKind.Weighed, e => (e.Weight, e.Corrects) = (new Weight { MassMg = 5 }, wrong));
        life.State.Weights.ShouldHaveSingleItem().MassMg.ShouldBe(5);
    }

    [Fact]
    public void A_correction_that_came_before_what_it_corrects_still_counts()
    {
        var life = new Life();
        life.At(10, EventKind.OutForDelivery);
        life.At(15, EventKind.Corrected, e => e.Corrects = Life.Id(99));
        var state = life.State;
        var late = new LifeFact(new ParcelEvent { Id = Life.Id(99), Kind = EventKind.Delivered }, Life.Minute(20), Life.Minute(20), Life.Minute(20));
        ParcelFold.TryApply(state, late).ShouldBeTrue();
        state.Stage.ShouldBe(ParcelStage.OutForDelivery);
        state.ShouldBe(ParcelFold.Fold([.. life.Facts, late]));
    }

    [Fact]
    public void A_state_of_another_format_is_never_carried_on()
    {
        var state = new ParcelState { Format = ParcelFold.Format + 1 };
        ParcelFold.TryApply(state, new LifeFact(new ParcelEvent { Id = Life.Id(1) }, 0, 0, 0)).ShouldBeFalse();
    }

    [Fact]
    public void Arrival_order_and_repetitions_change_nothing() => Prop.ForAll(Histories(), history =>
    {
        var expected = ParcelFold.Fold(history.Facts);
        ParcelFold.Fold(history.Shuffled).ShouldBe(expected);
        ParcelFold.Fold([.. history.Shuffled, .. history.Facts]).ShouldBe(expected);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void Adding_one_by_one_gives_what_the_whole_fold_gives_however_the_batches_are_cut() => Prop.ForAll(Histories(), history =>
    {
        var known = new List<LifeFact>();
        var state = ParcelFold.Empty();
        foreach (var fact in history.Shuffled.Concat(history.Shuffled.Take(3)).Concat(history.Shuffled.Take(2).Select(Later)))
        {
            var before = state.Clone();
            known.Add(fact);
            if (!ParcelFold.TryApply(state, fact))
            {
                state.ShouldBe(before);
                state = ParcelFold.Fold(known);
            }
            state.ShouldBe(ParcelFold.Fold(known));
            state = ParcelState.Parser.ParseFrom(state.ToByteArray());
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void The_fast_path_is_taken_when_events_come_in_order()
    {
        var life = new Life();
        for (var i = 0; i < 12; i++) life.At(i * 60, EventKind.Scanned);
        var state = ParcelFold.Empty();
        foreach (var fact in life.Facts) ParcelFold.TryApply(state, fact).ShouldBeTrue();
    }

    // The same event by another way, adjudged otherwise: it counts once, at its earliest time.
    private static LifeFact Later(LifeFact f) => f with { EarliestUs = f.EarliestUs + Life.Minute(500), BestUs = f.BestUs + Life.Minute(500), LatestUs = f.LatestUs + Life.Minute(500) };

    private sealed record History(LifeFact[] Facts, LifeFact[] Shuffled);

    private static Arbitrary<History> Histories()
    {
        var fact =
            from id in Gen.Choose(1, 40)
            from kind in Gen.Elements(Kinds)
            from minute in Gen.Choose(0, 90)
            from doubt in Gen.Elements(0, 0, 0, 5, 40)
            from node in Gen.Elements(Nodes)
            from handover in Gen.Elements("", "h1", "h2")
            from corrects in Gen.Choose(1, 400)
            from mass in Gen.Elements(0L, 0L, 1_000_000L)
            select Make(id, kind, minute, doubt, node, handover, corrects, mass);
        var history =
            from facts in fact.ArrayOf(14)
            let distinct = facts.DistinctBy(f => f.Id).ToArray()
            from shuffled in Gen.Shuffle(distinct)
            select new History(distinct, shuffled);
        return history.ToArbitrary();
    }

    private static LifeFact Make(int id, EventKind kind, int minute, int doubt, string node, string handover, int corrects, long mass)
    {
        var e = new ParcelEvent { Id = Life.Id(id), Kind = kind, Node = node, Handover = handover };
        if (handover.Length > 0) (e.From, e.To) = (Life.Party(PartyKind.Depot, node), Life.Party(PartyKind.Courier, "c-" + handover));
        if (corrects <= 40) e.Corrects = Life.Id(corrects);
        if (mass > 0) e.Weight = new Weight { MassMg = mass, Verdict = new WeighVerdict { Integrity = (IntegrityAnswer)(id % 6) } };
        return new LifeFact(e, Life.Minute(minute - doubt), Life.Minute(minute), Life.Minute(minute + doubt));
    }
}
