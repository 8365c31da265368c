using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Pairing;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

public sealed class PairingTests
{
    [Fact]
    public void A_scan_before_the_load_pairs_as_soon_as_it_rests()
    {
        var station = new Bench().Zero().Scan("A").Moving("1.2").Stable("2.345");
        var paired = station.Paired.ShouldHaveSingleItem();
        (paired.Code, paired.Mass, paired.Weighing, paired.Chosen, paired.Replaces).ShouldBe(("A", Mass.FromKilograms(2.345m), 1L, false, null));
        paired.LeftZeroAt.ShouldBeLessThan(paired.StableAt);
        paired.ScannedAt.ShouldBeLessThan(paired.LeftZeroAt);
        station.Now.ShouldBe((PairingPhase.Paired, PairingInstruction.RemoveParcel));
        station.Zero().Now.ShouldBe((PairingPhase.Idle, PairingInstruction.ScanParcel));
    }

    [Fact]
    public void A_scan_after_the_load_rests_pairs_at_once()
    {
        var station = new Bench().Zero().Moving("1.2").Stable("2.345");
        station.Now.ShouldBe((PairingPhase.WaitingForScan, PairingInstruction.ScanParcel));
        station.Scan("A").Paired.ShouldHaveSingleItem().Code.ShouldBe("A");
    }

    [Fact]
    public void The_instructions_follow_the_parcel()
    {
        var station = new Bench();
        station.Now.ShouldBe((PairingPhase.WaitingForZero, PairingInstruction.ZeroScale));
        station.Zero().Now.ShouldBe((PairingPhase.Idle, PairingInstruction.ScanParcel));
        station.Scan("A").Now.ShouldBe((PairingPhase.WaitingForWeight, PairingInstruction.PlaceParcel));
        station.State.Parcel.ShouldBe("A");
        station.Moving("1.2").Now.ShouldBe((PairingPhase.WaitingForWeight, PairingInstruction.WaitStable));
        station.Stable("2").Now.ShouldBe((PairingPhase.Paired, PairingInstruction.RemoveParcel));
        station.State.Parcel.ShouldBe("A");
    }

    [Fact]
    public void Two_codes_before_the_load_are_ambiguous_and_a_person_chooses()
    {
        var station = new Bench().Zero().Scan("A").Scan("B");
        station.Now.ShouldBe((PairingPhase.Ambiguous, PairingInstruction.ChooseParcel));
        station.Moving("1").Stable("2").Paired.ShouldBeEmpty();
        station.State.Candidates.ShouldBe(["A", "B"]);
        station.State.Parcel.ShouldBeNull();
        var paired = station.Choose("B").Paired.ShouldHaveSingleItem();
        (paired.Code, paired.Chosen).ShouldBe(("B", true));
        station.Outputs.OfType<PairingOutput.ScanUnused>().ShouldHaveSingleItem().ShouldBe(new("A", station.TimeOf("A"), UnpairedReason.NotChosen));
    }

    [Fact]
    public void A_code_whose_business_is_done_waits_for_no_weight_and_is_still_the_same_act_when_read_twice()
    {
        var station = new Bench().Zero().Scan("A").Done("A").Scan("A");
        station.State.Candidates.ShouldBeEmpty();
        station.Outputs.OfType<PairingOutput.Repeated>().ShouldHaveSingleItem();
        station.Scan("B").Moving("1").Stable("2").Paired.ShouldHaveSingleItem().Code.ShouldBe("B");
        station.Outputs.OfType<PairingOutput.ScanUnused>().ShouldHaveSingleItem().Why.ShouldBe(UnpairedReason.NotNeeded);
    }

    [Fact]
    public void A_code_done_while_a_load_lies_there_stays_a_candidate()
    {
        var station = new Bench().Zero().Scan("A").Scan("B").Moving("1").Stable("2").Done("A");
        station.State.Candidates.ShouldBe(["A", "B"]);
        station.Paired.ShouldBeEmpty();
    }

    [Fact]
    public void A_code_that_is_no_candidate_cannot_be_chosen()
    {
        var station = new Bench().Zero().Scan("A").Scan("B").Stable("2").Choose("C");
        station.Paired.ShouldBeEmpty();
        station.State.Phase.ShouldBe(PairingPhase.Ambiguous);
    }

    [Fact]
    public void The_choice_may_come_after_the_parcel_was_taken_off()
    {
        var station = new Bench().Zero().Scan("A").Scan("B").Stable("2").Zero();
        station.State.Phase.ShouldBe(PairingPhase.Ambiguous);
        station.Choose("A").Paired.ShouldHaveSingleItem().Code.ShouldBe("A");
        station.State.Phase.ShouldBe(PairingPhase.Idle);
    }

    [Fact]
    public void Without_a_choice_before_the_next_load_the_weight_is_nobodys()
    {
        var station = new Bench().Zero().Scan("A").Scan("B").Stable("2").Zero().Stable("3");
        station.Paired.ShouldBeEmpty();
        station.Outputs.OfType<PairingOutput.WeightUnused>().ShouldHaveSingleItem().Why.ShouldBe(UnpairedReason.Unresolved);
        station.Scan("C").Paired.ShouldHaveSingleItem().Weighing.ShouldBe(2);
    }

    [Fact]
    public void A_second_label_on_a_paired_parcel_contests_the_pairing()
    {
        var station = new Bench().Zero().Scan("A").Stable("2").Scan("B");
        station.Outputs.OfType<PairingOutput.Contested>().ShouldHaveSingleItem().ShouldBe(new(1, "A", "B"));
        station.State.Candidates.ShouldBe(["A", "B"]);
        station.Choose("A").Outputs.OfType<PairingOutput.Upheld>().ShouldHaveSingleItem().ShouldBe(new(1, "A"));
        station.Now.ShouldBe((PairingPhase.Paired, PairingInstruction.RemoveParcel));
        station.Paired.Count.ShouldBe(1);
    }

    [Fact]
    public void A_person_may_say_that_the_second_label_is_the_right_one()
    {
        var station = new Bench().Zero().Scan("A").Stable("2").Scan("B").Choose("B");
        station.Paired.Count.ShouldBe(2);
        (station.Paired[1].Code, station.Paired[1].Weighing, station.Paired[1].Chosen, station.Paired[1].Replaces).ShouldBe(("B", 1L, true, "A"));
    }

    [Fact]
    public void A_contested_pairing_that_nobody_settles_is_withdrawn_at_the_next_scan()
    {
        var station = new Bench().Zero().Scan("A").Stable("2").Scan("B").Zero();
        station.State.Phase.ShouldBe(PairingPhase.Ambiguous);
        station.Wait(2).Scan("C").Outputs.OfType<PairingOutput.Withdrawn>().ShouldHaveSingleItem().ShouldBe(new(1, "A"));
        station.State.Parcel.ShouldBe("C");
    }

    [Fact]
    public void The_same_code_again_is_one_act()
    {
        var station = new Bench().Zero().Scan("A").Scan("A").Stable("2").Scan("A").Zero().Scan("A");
        station.Paired.Count.ShouldBe(1);
        station.Outputs.OfType<PairingOutput.Repeated>().Count().ShouldBe(3);
        station.State.Phase.ShouldBe(PairingPhase.Idle);
    }

    [Fact]
    public void The_same_parcel_scanned_anew_later_is_weighed_anew()
    {
        var station = new Bench().Zero().Scan("A").Stable("2").Zero().Wait(2).Scan("A").Stable("2.1");
        station.Paired.Select(p => (p.Weighing, p.Code)).ShouldBe([(1L, "A"), (2L, "A")]);
    }

    [Fact]
    public void A_weight_that_nobody_scanned_is_shown_and_never_given_to_the_next_scan()
    {
        var station = new Bench().Zero().Stable("2").Zero().Scan("B");
        station.Paired.ShouldBeEmpty();
        station.Outputs.OfType<PairingOutput.WeightUnused>().ShouldHaveSingleItem().ShouldBe(new(1, Mass.FromKilograms(2), UnpairedReason.NoScan));
        station.Stable("3").Paired.ShouldHaveSingleItem().Mass.ShouldBe(Mass.FromKilograms(3));
    }

    [Fact]
    public void A_load_not_scanned_in_time_must_be_taken_off_first()
    {
        var station = new Bench().Zero().Stable("2").Wait(16);
        station.Now.ShouldBe((PairingPhase.WaitingForZero, PairingInstruction.RemoveParcel));
        station.State.NeedsZero.ShouldBe(NeedsZeroReason.NotScannedInTime);
        station.Scan("A").Outputs.OfType<PairingOutput.ScanUnused>().ShouldHaveSingleItem().Why.ShouldBe(UnpairedReason.NeedsZero);
        station.Paired.ShouldBeEmpty();
    }

    [Fact]
    public void A_code_scanned_after_the_window_joins_no_question()
    {
        var station = new Bench().Zero().Scan("A").Scan("B").Stable("2").Wait(16).Scan("C").Scan("A");
        station.State.Candidates.ShouldBe(["A", "B"]);
        station.Outputs.OfType<PairingOutput.ScanUnused>().ShouldHaveSingleItem().Why.ShouldBe(UnpairedReason.TooLate);
        var paired = station.Choose("A").Paired.ShouldHaveSingleItem();
        paired.ScannedAt.ShouldBeLessThan(paired.StableAt);
    }

    [Fact]
    public void A_scan_that_no_load_follows_expires_and_is_shown()
    {
        var station = new Bench().Zero().Scan("A").Wait(11);
        station.Outputs.OfType<PairingOutput.ScanUnused>().ShouldHaveSingleItem().Why.ShouldBe(UnpairedReason.NoWeight);
        station.Stable("2").Paired.ShouldBeEmpty();
    }

    [Fact]
    public void A_refused_scan_may_be_tried_again_at_once()
    {
        var station = new Bench().Scan("A").Zero().Scan("A").Stable("2");
        station.Paired.ShouldHaveSingleItem().Code.ShouldBe("A");
    }

    [Fact]
    public void A_scan_that_was_dropped_may_be_made_again_at_once() =>
        new Bench().Zero().Scan("A").Kind(SampleKind.Lost).Zero().Scan("A").Stable("2").Paired.ShouldHaveSingleItem().Code.ShouldBe("A");

    [Fact]
    public void Another_parcel_put_on_top_needs_zero_and_the_pairing_stands()
    {
        var station = new Bench().Zero().Scan("A").Stable("2").Moving("3").Stable("5");
        station.Outputs.OfType<PairingOutput.Stepped>().ShouldHaveSingleItem().ShouldBe(new(1, "A", Mass.FromKilograms(2), Mass.FromKilograms(5)));
        station.Now.ShouldBe((PairingPhase.WaitingForZero, PairingInstruction.RemoveParcel));
        station.State.NeedsZero.ShouldBe(NeedsZeroReason.SteppedWhileLoaded);
        station.Scan("B").Paired.Count.ShouldBe(1);
        station.Stable("3").Paired.Count.ShouldBe(1);
        station.Zero().State.NeedsZero.ShouldBeNull();
    }

    [Fact]
    public void Two_parcels_before_any_scan_are_nobodys_weight()
    {
        var station = new Bench().Zero().Stable("2").Stable("5").Scan("A");
        station.Paired.ShouldBeEmpty();
        station.Outputs.OfType<PairingOutput.WeightUnused>().ShouldHaveSingleItem().Why.ShouldBe(UnpairedReason.SteppedWhileLoaded);
    }

    [Fact]
    public void Swapped_without_a_return_to_zero_nothing_is_paired_for_the_second()
    {
        var station = new Bench().Zero().Scan("A").Stable("2").Moving("1").Moving("3").Stable("4").Scan("B");
        station.Paired.ShouldHaveSingleItem().Code.ShouldBe("A");
        station.State.NeedsZero.ShouldBe(NeedsZeroReason.SteppedWhileLoaded);
    }

    [Fact]
    public void Drift_within_a_step_is_the_same_load()
    {
        var station = new Bench().Zero().Stable("2.000").Stable("2.010").Stable("2.020").Scan("A");
        station.Paired.ShouldHaveSingleItem().Mass.ShouldBe(Mass.FromKilograms(2));
    }

    [Fact]
    public void A_parcel_taken_off_before_it_came_to_rest_takes_its_scan_with_it()
    {
        var station = new Bench().Zero().Scan("A").Moving("1").Zero().Stable("3");
        station.Paired.ShouldBeEmpty();
        station.Outputs.OfType<PairingOutput.ScanUnused>().ShouldHaveSingleItem().Why.ShouldBe(UnpairedReason.NoWeight);
    }

    [Fact]
    public void Trembling_at_zero_is_no_load()
    {
        var station = new Bench().Zero().Scan("A").Moving("0.010").Moving("-0.010").Zero().Stable("2");
        station.Paired.ShouldHaveSingleItem().Code.ShouldBe("A");
    }

    [Theory]
    [InlineData("0.010", NeedsZeroReason.OffZero)]
    [InlineData("-0.010", NeedsZeroReason.Negative)]
    public void A_scale_resting_off_zero_must_be_set_to_zero(string kilograms, NeedsZeroReason reason)
    {
        var station = new Bench().Zero().Stable(kilograms);
        station.State.NeedsZero.ShouldBe(reason);
        station.Now.ShouldBe((PairingPhase.WaitingForZero, PairingInstruction.ZeroScale));
        station.Stable("2").Scan("A").Paired.ShouldBeEmpty();
    }

    [Fact]
    public void Half_an_interval_off_zero_is_zero() => new Bench().Zero().Stable("0.005").Stable("-0.005").State.NeedsZero.ShouldBeNull();

    [Fact]
    public void Over_capacity_and_a_lost_scale_take_the_load_away()
    {
        new Bench().Zero().Scan("A").Kind(SampleKind.Over).Stable("29").Paired.ShouldBeEmpty();
        var lost = new Bench().Zero().Stable("2").Kind(SampleKind.Lost);
        lost.State.NeedsZero.ShouldBe(NeedsZeroReason.ScaleLost);
        lost.Outputs.OfType<PairingOutput.WeightUnused>().ShouldHaveSingleItem().Why.ShouldBe(UnpairedReason.ScaleLost);
        new Bench().Zero().Scan("A").Stable("2").Kind(SampleKind.Lost).Outputs.OfType<PairingOutput.Withdrawn>().ShouldBeEmpty();
        new Bench().Zero().Scan("A").Stable("2").Scan("B").Kind(SampleKind.Lost).Outputs.OfType<PairingOutput.Withdrawn>().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_bounce_below_zero_keeps_the_question_open()
    {
        var station = new Bench().Zero().Scan("A").Scan("B").Stable("2").Kind(SampleKind.Negative, "-0.050").Zero();
        station.Choose("A").Paired.ShouldHaveSingleItem().Code.ShouldBe("A");
    }

    [Fact]
    public void None_of_them_means_weigh_again()
    {
        var station = new Bench().Zero().Scan("A").Scan("B").Stable("2").Discard();
        station.State.NeedsZero.ShouldBe(NeedsZeroReason.Discarded);
        station.Outputs.OfType<PairingOutput.WeightUnused>().ShouldHaveSingleItem().Why.ShouldBe(UnpairedReason.NotChosen);
        station.Outputs.OfType<PairingOutput.ScanUnused>().Count().ShouldBe(2);
        new Bench().Zero().Scan("A").Stable("2").Discard().Outputs.OfType<PairingOutput.Withdrawn>().ShouldHaveSingleItem().Code.ShouldBe("A");
        new Bench().Zero().Scan("A").Discard().Now.ShouldBe((PairingPhase.Idle, PairingInstruction.ScanParcel));
    }

    [Fact]
    public void A_load_left_from_before_the_start_is_never_weighed()
    {
        var station = new Bench().Stable("2").Scan("A");
        station.Paired.ShouldBeEmpty();
        station.Now.ShouldBe((PairingPhase.WaitingForZero, PairingInstruction.RemoveParcel));
    }

    [Fact]
    public void More_codes_than_are_kept_are_refused_one_by_one()
    {
        var station = new Bench().Zero();
        for (var i = 0; i < 10; i++) station.Scan($"P{i}");
        station.State.Candidates.Length.ShouldBe(8);
        station.Outputs.OfType<PairingOutput.ScanUnused>().Select(u => (u.Code, u.Why)).ShouldBe([("P8", UnpairedReason.TooMany), ("P9", UnpairedReason.TooMany)]);
    }

    [Fact]
    public void A_time_before_the_last_one_is_taken_as_the_last_one()
    {
        var (state, _) = ScanWeightPairing.Next(PairingState.Start, new PairingInput.Sample(Duration.FromSeconds(100), SampleKind.Stable, Mass.Zero), Bench.Options);
        (state, _) = ScanWeightPairing.Next(state, new PairingInput.Scan(Duration.FromSeconds(5), "A"), Bench.Options);
        var (_, outputs) = ScanWeightPairing.Next(state, new PairingInput.Sample(Duration.FromSeconds(101), SampleKind.Stable, Mass.FromKilograms(2)), Bench.Options);
        outputs.OfType<PairingOutput.Paired>().ShouldHaveSingleItem().ScannedAt.ShouldBe(Duration.FromSeconds(100));
    }

    [Fact]
    public void What_is_zero_cannot_be_a_load() => Should.Throw<InvariantBrokenException>(() =>
        ScanWeightPairing.Next(PairingState.Start, new PairingInput.Tick(Duration.Zero), new PairingOptions { ZeroBand = Mass.FromGrams(20), StepMin = Mass.FromGrams(10) }));

    // A station at a 10 g scale; every act takes a tenth of a second.
    private sealed class Bench
    {
        internal static readonly PairingOptions Options = PairingOptions.For(Mass.FromGrams(10));

        private readonly Dictionary<string, Duration> _scans = new(StringComparer.Ordinal);
        private Duration _now = Duration.FromSeconds(1_000);

        internal PairingState State { get; private set; } = PairingState.Start;

        internal List<PairingOutput> Outputs { get; } = [];

        internal List<PairingOutput.Paired> Paired => [.. Outputs.OfType<PairingOutput.Paired>()];

        internal (PairingPhase, PairingInstruction) Now => (State.Phase, State.Instruction);

        internal Duration TimeOf(string code) => _scans[code];

        internal Bench Zero() => Stable("0");

        internal Bench Stable(string kilograms) => Kind(SampleKind.Stable, kilograms);

        internal Bench Moving(string kilograms) => Kind(SampleKind.Moving, kilograms);

        internal Bench Kind(SampleKind kind, string? kilograms = null) => Do(at => new PairingInput.Sample(at, kind, kilograms is null ? null : Sample.Kg(kilograms)));

        internal Bench Scan(string code)
        {
            Do(at => new PairingInput.Scan(at, code));
            _scans[code] = _now;
            return this;
        }

        internal Bench Choose(string code) => Do(at => new PairingInput.Choose(at, code));

        internal Bench Done(string code) => Do(at => new PairingInput.Done(at, code));

        internal Bench Discard() => Do(at => new PairingInput.Discard(at));

        internal Bench Wait(int seconds)
        {
            _now += Duration.FromSeconds(seconds);
            return Do(at => new PairingInput.Tick(at));
        }

        private Bench Do(Func<Duration, PairingInput> input)
        {
            _now += Duration.FromMilliseconds(100);
            var (state, outputs) = ScanWeightPairing.Next(State, input(_now), Options);
            State = state;
            Outputs.AddRange(outputs);
            return this;
        }
    }
}
