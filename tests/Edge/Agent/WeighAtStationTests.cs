using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Simulators.Scanners;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>From the bytes of scanner and scale on pseudo-terminals to the verdict at the station and the fact at the backend.</summary>
public sealed class WeighAtStationTests
{
    /// <summary>The issue's examples: scale 30 kg, e = 10 g; first 1 kg, then 0.5 kg up; no terms of the contract's own.</summary>
    public static TheoryData<decimal?, decimal?, decimal, BillingAnswer, IntegrityAnswer, decimal, string> Examples => new()
    {
        { 2.000m, null, 2.010m, BillingAnswer.Within, IntegrityAnswer.NoReference, 2.0m, "accepted" },
        { 2.000m, null, 2.020m, BillingAnswer.Over, IntegrityAnswer.NoReference, 2.5m, "over" },
        { 2.100m, null, 2.400m, BillingAnswer.SameBill, IntegrityAnswer.NoReference, 2.5m, "same_bill" },
        { null, 10.000m, 10.040m, BillingAnswer.Within, IntegrityAnswer.Intact, 10.0m, "accepted" },
        { null, 10.000m, 10.050m, BillingAnswer.Over, IntegrityAnswer.HeldOver, 10.5m, "held_over" },
        { null, 2.450m, 2.150m, BillingAnswer.SameBill, IntegrityAnswer.HeldUnder, 2.5m, "held_under" },
        { 0.100m, null, 0.150m, BillingAnswer.FirstWeight, IntegrityAnswer.NoReference, 1.0m, "below_minimum" },
    };

    [Fact]
    public async Task The_issues_examples_from_bytes_to_verdict_to_backend()
    {
        var examples = Examples.Select(static (row, i) => (Code: $"ORDER-{i:D4}", Row: row)).ToList();
        await using var bench = await AgentBench.StartAsync(examples.Select(static e => AgentBench.Parcel(e.Code, (decimal?)e.Row[0], (decimal?)e.Row[1])));
        foreach (var (code, row) in examples)
        {
            var judged = await bench.WeighAsync(code, (decimal)row[2]!);
            (judged.Parcel, judged.Headline, judged.Verdict.Billing, judged.Verdict.Integrity).ShouldBe((code, (string)row[6]!, (BillingAnswer)row[3]!, (IntegrityAnswer)row[4]!));
            judged.Verdict.BillsMg.ShouldBe(Mass.FromKilograms((decimal)row[5]!).Milligrams);
            (judged.Verdict.Clause, judged.Verdict.Contract, judged.Verdict.ContractVersion).ShouldBe(("W-2", "KA-2026-0001", 3u));
        }
        await bench.DrainedAsync();
        var facts = bench.Backend.Facts;
        var weighed = facts.Where(static f => f.Kind == EventKind.Weighed).ToList();
        weighed.Select(static f => f.Parcel).ShouldBe(examples.Select(static e => e.Code));
        facts.Where(static f => f.Kind == EventKind.Held).Select(static f => (f.Parcel, f.Reason)).ShouldBe([("ORDER-0004", "weight_over"), ("ORDER-0005", "weight_under")]);
        facts.Count(static f => f.Kind == EventKind.Scanned).ShouldBe(examples.Count);
        foreach (var fact in weighed)
        {
            fact.TermsVersion.ShouldBe(7ul);
            (fact.Weight.Scale.IntervalMg, fact.Weight.Scale.CapacityMg, fact.Weight.Typed).ShouldBe((10_000, 30_000_000, false));
            fact.Weight.Frames.Count.ShouldBeInRange(1, 32);
            fact.Weight.Frames[^1].ToStringUtf8().ShouldStartWith("S S ");
            fact.Weight.Frames[^1].ToStringUtf8().ShouldContain(fact.Weight.NumberSent);
        }
    }

    [Fact]
    public async Task Over_capacity_gives_no_weight()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 30m)]);
        await bench.Scanner.ScanAsync("ORDER-0001");
        await bench.UntilAsync(static s => s.Pairing.Parcel == "ORDER-0001", "scanned");
        bench.Scale.Platform.Place(Mass.FromKilograms(30.20m));
        var state = await bench.UntilAsync(static s => s.Weight.State == "over" && s.Judged is not null, "over");
        (state.Judged.Headline, state.Judged.MassMg, state.Weight.MassMg).ShouldBe(("no_verdict_over_capacity", 0, 0));
        await bench.ClearAsync();
        await bench.DrainedAsync();
        bench.Backend.Facts.ShouldNotContain(static f => f.Kind == EventKind.Weighed);
    }

    [Fact]
    public async Task Two_parcels_on_the_scale_are_shown_and_the_second_is_not_weighed()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m), AgentBench.Parcel("ORDER-0002", 3m)]);
        await bench.Scanner.ScanAsync("ORDER-0001");
        await bench.UntilAsync(static s => s.Pairing.Parcel == "ORDER-0001", "scanned");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(2m));
        await bench.UntilAsync(static s => s.Judged?.Headline == "same_bill", "the first is judged");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(5m));
        var state = await bench.UntilAsync(static s => s.Instruction.Code == "two_parcels", "shown as two parcels");
        state.Weight.NeedsZero.ShouldBeTrue();
        await bench.Scanner.ScanAsync("ORDER-0002");
        await bench.UntilAsync(static s => s.Judged?.Headline == "no_verdict_no_return_to_zero", "the second is refused");
        await bench.ClearAsync();
        await bench.DrainedAsync();
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.Weighed).ShouldHaveSingleItem().Parcel.ShouldBe("ORDER-0001");
    }

    [Fact]
    public async Task Two_codes_for_one_weight_are_shown_and_a_person_chooses()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m), AgentBench.Parcel("ORDER-0002", 2m)], attended: true);
        using var page = bench.Page();
        await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        await bench.Scanner.ScanAsync("ORDER-0001");
        await bench.Scanner.ScanAsync("ORDER-0002");
        var state = await bench.UntilAsync(static s => s.Pairing.State == "ambiguous", "ambiguous");
        state.Pairing.Candidates.ShouldBe(["ORDER-0001", "ORDER-0002"]);
        state.Instruction.Code.ShouldBe("choose_parcel");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(2m));
        await bench.UntilAsync(static s => s.Weight.State == "stable", "stable");
        (await bench.StateAsync()).Judged.ShouldBeNull();
        var reply = await page.ActAsync("ResolvePairing", new ResolvePairingRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station, Parcel = "ORDER-0002" });
        reply.Done.ShouldNotBeNull();
        (await bench.UntilAsync(static s => s.Judged is not null, "judged")).Judged.Parcel.ShouldBe("ORDER-0002");
    }

    [Fact]
    public async Task A_scanner_that_reads_labels_in_its_view_over_and_over_makes_one_fact_of_each_parcel()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m), AgentBench.Parcel("ORDER-0002", 2m)]);
        for (var round = 0; round < 5; round++)
        {
            await bench.Scanner.ScanAsync("ORDER-0001");
            await bench.Scanner.ScanAsync("ORDER-0001", SimulatedSymbology.Qr);   // the second label of the same parcel
            await bench.Scanner.ScanAsync("ORDER-0002");
        }
        var state = await bench.UntilAsync(static s => s.Pairing.State == "ambiguous" && s.Scan is { Repeated: true, Text: "ORDER-0002" }, "two parcels, read again");
        state.Pairing.Candidates.ShouldBe(["ORDER-0001", "ORDER-0002"]);
        await bench.DrainedAsync();
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.Scanned).Select(static f => f.Parcel).ShouldBe(["ORDER-0001", "ORDER-0002"]);
    }

    [Fact]
    public async Task The_same_parcel_again_is_a_duplicate_and_a_twin_of_another_weight_is_held()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)]);
        (await bench.WeighAsync("ORDER-0001", 2m)).Headline.ShouldBe("same_bill");
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);   // the same act of the scanner within a second is no second scan
        var again = await bench.WeighAsync("ORDER-0001", 2m);
        (again.Headline, again.Tone).ShouldBe(("duplicate", "warn"));
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
        var twin = await bench.WeighAsync("ORDER-0001", 4m);
        (twin.Headline, twin.Tone).ShouldBe(("duplicate", "stop"));
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
        await bench.Scanner.ScanAsync("KAL:CMD:REWEIGH");
        (await bench.WeighAsync("ORDER-0001", 2m)).Headline.ShouldBe("same_bill");
        await bench.DrainedAsync();
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.Held).ShouldHaveSingleItem().Reason.ShouldBe("duplicate");
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.Weighed).Select(static f => f.Weight.Purpose)
            .ShouldBe([WeightPurpose.Depot, WeightPurpose.Reweigh, WeightPurpose.Reweigh, WeightPurpose.Reweigh]);
    }

    [Fact]
    public async Task Unknown_and_unlabelled_parcels_are_put_apart()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)]);
        var unknown = await bench.WeighAsync("NOBODY-KNOWS-IT", 2m);
        (unknown.Headline, unknown.Tone, unknown.Verdict.NoVerdict).ShouldBe(("unknown_parcel", "stop", NoVerdictReason.UnknownParcel));
        await bench.Scale.PlaceAsync(Mass.FromKilograms(1m));
        await bench.UntilAsync(static s => s.Pairing.State == "waiting_for_scan" && s.Instruction.Code == "scan_parcel", "a weight without a scan");
        bench.Scale.Clear();
        await bench.UntilAsync(static s => s.Judged?.Headline == "unlabelled", "unlabelled");
        await bench.DrainedAsync();
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.Held).ShouldHaveSingleItem().Reason.ShouldBe("unknown_parcel");
        bench.Backend.Facts.Count(static f => f.Kind == EventKind.Weighed).ShouldBe(1);
    }

    [Fact]
    public async Task Without_terms_the_answer_is_pending_and_never_accepted()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)], terms: false);
        var judged = await bench.WeighAsync("ORDER-0001", 2m);
        (judged.Headline, judged.Tone, judged.Verdict.NoVerdict).ShouldBe(("pending", "wait", NoVerdictReason.NoTerms));
        await bench.DrainedAsync();
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.Weighed).ShouldHaveSingleItem().TermsVersion.ShouldBe(0ul);
    }

    [Fact]
    public async Task A_clock_set_back_a_day_changes_no_pairing_and_the_counter_tells_the_truth()
    {
        var time = new ShiftingTime();
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m), AgentBench.Parcel("ORDER-0002", 2m)], with: b => AgentBench.Variant(b, time: time));
        await bench.WeighAsync("ORDER-0001", 2m);
        time.Shift(TimeSpan.FromDays(-1));
        (await bench.WeighAsync("ORDER-0002", 2m)).Headline.ShouldBe("same_bill");
        await bench.DrainedAsync();
        var weighed = bench.Backend.Facts.Where(static f => f.Kind == EventKind.Weighed).ToList();
        weighed[1].CapturedAtUs.ShouldBeLessThan(weighed[0].CapturedAtUs);
        (weighed[1].MonotonicUs - weighed[0].MonotonicUs).ShouldBeInRange(100_000, 60_000_000);
        bench.Backend.Clocks.ShouldAllBe(static c => c.ContactInBoot && c.ContactMonotonicUs > 0);
    }

    [Theory]
    [InlineData(LineFault.SlowDrip)]
    [InlineData(LineFault.CutOff)]
    [InlineData(LineFault.Garbage)]
    public async Task A_bad_line_gives_no_number_and_the_depot_goes_on_when_it_is_mended(LineFault fault)
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)]);
        bench.Scale.Fault = fault;
        if (fault != LineFault.SlowDrip)
        {
            var bad = await bench.UntilAsync(static s => s.Devices[0].State is "garbled" or "silent", "the device is named as bad");
            bad.Instruction.Code.ShouldBe("scale_absent");
            bad.Weight.MassMg.ShouldBe(0);
        }
        bench.Scale.Fault = fault == LineFault.SlowDrip ? fault : LineFault.None;
        await bench.UntilAsync(static s => s.Weight.State == "zero" && !s.Weight.NeedsZero, "zero again");
        (await bench.WeighAsync("ORDER-0001", 2m)).Headline.ShouldBe("same_bill");
        await bench.DrainedAsync();
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.Weighed).ShouldHaveSingleItem().Weight.MassMg.ShouldBe(2_000_000);
    }

    [Fact]
    public async Task Unplugged_in_the_middle_of_a_weighing_the_load_must_be_weighed_anew()
    {
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)]);
        await bench.Scanner.ScanAsync("ORDER-0001");
        await bench.UntilAsync(static s => s.Pairing.Parcel == "ORDER-0001", "scanned");
        bench.Scale.Platform.Place(Mass.FromKilograms(2m));
        bench.Scale.Unplug();
        var gone = await bench.UntilAsync(static s => s.Devices[0].State == "lost", "lost");
        (gone.Instruction.Code, gone.Weight.State).ShouldBe(("scale_absent", "none"));
        bench.Scale.Replug();
        await bench.UntilAsync(static s => s.Devices[0].State == "live" && s.Weight.State == "stable" && s.Weight.NeedsZero, "back, with the load on it, and not weighed");
        await bench.ClearAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
        (await bench.WeighAsync("ORDER-0001", 2m)).Headline.ShouldBe("same_bill");
        await bench.DrainedAsync();
        bench.Backend.Facts.Count(static f => f.Kind == EventKind.Weighed).ShouldBe(1);
        bench.Backend.Facts.Where(static f => f.Kind == EventKind.DeviceState && f.Device == "scale-1").ShouldContain(static f => f.DeviceState.State == "lost");
    }

    [Fact]
    public async Task A_full_disk_stops_acceptance_loudly_while_the_display_goes_on()
    {
        var files = new FillableFiles();
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)], with: b => AgentBench.Variant(b, files: files));
        bench.Log.Expect(6103);
        files.Free = 0;
        await bench.Scanner.ScanAsync("ORDER-0001");
        var full = await bench.UntilAsync(static s => s.Instruction.Code == "call_supervisor", "the refusal is shown");
        full.Instruction.Figures["reason"].ShouldBe("journal_full");
        full.Judged.Headline.ShouldBe("not_accepted");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(2m));
        await bench.UntilAsync(static s => s.Weight is { State: "stable", MassMg: 2_000_000 }, "the live weight is still shown");
        bench.Scale.Clear();
        await bench.UntilAsync(static s => s.Weight.State == "zero", "zero");
        files.Free = long.MaxValue;
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
        (await bench.WeighAsync("ORDER-0001", 2m)).Headline.ShouldBe("same_bill");
        await bench.DrainedAsync();
        bench.Backend.Facts.Count(static f => f.Kind == EventKind.Weighed).ShouldBe(1);
    }
}
