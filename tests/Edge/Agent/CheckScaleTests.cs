using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Scales;
using NodaTime;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>The daily check with test weights on the real road: simulator, pseudo-terminal, agent, page; and the scale that others do not believe.</summary>
public sealed class CheckScaleTests
{
    // Due all day long, whatever the time of day is while the test runs.
    private static readonly DailyCheckRule Rule = new([Mass.FromKilograms(5), Mass.FromKilograms(20)], LocalTime.Midnight);

    [Fact]
    public async Task A_missed_check_blocks_and_the_guided_check_opens_the_day_also_over_a_restart()
    {
        await using var bench = await StartAsync();
        (await bench.StateAsync()).ScaleStanding.ShouldBe("check_missed");
        (await bench.StateAsync()).Instruction.Code.ShouldBe("scale_check_due");
        (await bench.WeighAsync("ORDER-0001", 2.020m)).Headline.ShouldBe("no_verdict_check_missed");

        using var page = await SignedInAsync(bench);
        (await page.ActAsync("BeginScaleCheck", Begin())).AnswerCase.ShouldBe(StationReply.AnswerOneofCase.Done);
        await bench.UntilAsync(static s => s.Instruction is { Code: "check_place_weight" } i && i.Figures["next_mg"] == "5000000", "the first weight is asked for");
        await bench.Scanner.ScanAsync("ORDER-0001");
        await bench.UntilAsync(static s => s.Instruction.Code == "check_under_way", "a scan in between is no weighing");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(20));
        await bench.UntilAsync(static s => s.Check.OtherWeightMg == 20_000_000 && s.Check.Weights.Count == 0, "another weight is not taken");
        await PlaceAsync(bench, 5m);
        await PlaceAsync(bench, 20.010m);
        var passed = await bench.UntilAsync(static s => s.Check?.Phase == "passed" && s.ScaleStanding == "trusted", "passed");
        passed.Check.Weights.Select(static w => (w.NominalMg, w.ShownMg, w.LimitMg, w.Passed)).ShouldBe([(5_000_000, 5_000_000, 10_000, true), (20_000_000, 20_010_000, 20_000, true)]);
        await bench.ClearAsync();
        (await page.ActAsync("EndScaleCheck", new EndScaleCheckRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station })).Done.ShouldNotBeNull();

        // The same parcel again is no duplicate: the first time gave no weight.
        (await bench.WeighAsync("ORDER-0001", 2.020m)).Headline.ShouldBe("over");
        await bench.DrainedAsync();
        var fact = bench.Backend.Facts.Single(static f => f.Kind == EventKind.ScaleChecked);
        (fact.Device, fact.Actor, fact.ScaleCheck.Passed, fact.ScaleCheck.Scale.IntervalMg).ShouldBe(("scale-1", "p-li", true, 10_000));
        fact.ScaleCheck.Steps.ShouldAllBe(static s => s.Frames.Count == 1 && s.Frames[0].ToStringUtf8().StartsWith("S S "));

        await bench.Agent.DisposeAsync();
        await bench.StartAgentAsync();
        await bench.UntilAsync(static s => s.ScaleStanding == "trusted", "the check of the morning counts after a restart");
    }

    [Fact]
    public async Task A_check_done_under_a_wall_clock_two_days_slow_counts_for_the_servers_day_also_after_a_restart()
    {
        var time = new ShiftingTime();
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", 2m)], with: bench => AgentBench.Variant(bench, dailyCheck: Rule, time: time));
        using var page = await SignedInAsync(bench);
        time.Shift(TimeSpan.FromDays(-2));
        (await page.ActAsync("BeginScaleCheck", Begin())).Done.ShouldNotBeNull();
        await PlaceAsync(bench, 5m);
        await PlaceAsync(bench, 20m);
        await bench.UntilAsync(static s => s.ScaleStanding == "trusted", "passed");
        await bench.DrainedAsync();
        await bench.Agent.DisposeAsync();
        await bench.StartAgentAsync();
        await bench.UntilAsync(static s => s.ScaleStanding == "trusted", "the check was today");
    }

    [Fact]
    public async Task A_failed_check_blocks_until_one_passes_and_a_check_given_up_counts_for_nothing()
    {
        await using var bench = await StartAsync();
        using var page = await SignedInAsync(bench);
        (await page.ActAsync("BeginScaleCheck", Begin())).Done.ShouldNotBeNull();
        (await page.ActAsync("BeginScaleCheck", Begin())).Refused.Code.ShouldBe("check_under_way");
        await PlaceAsync(bench, 5.020m);
        await PlaceAsync(bench, 20m);
        await bench.UntilAsync(static s => s.Check?.Phase == "failed" && s.ScaleStanding == "check_failed" && s.Instruction.Code == "scale_check_failed", "failed");
        await bench.ClearAsync();
        (await bench.WeighAsync("ORDER-0001", 2m)).Headline.ShouldBe("no_verdict_check_failed");
        (await page.ActAsync("BeginScaleCheck", Begin())).Done.ShouldNotBeNull();
        await PlaceAsync(bench, 5m);
        (await page.ActAsync("EndScaleCheck", new EndScaleCheckRequest { CommandId = StationClient.NewCommand(), Station = AgentBench.Station })).Done.ShouldNotBeNull();
        var state = await bench.UntilAsync(static s => s.Check is null, "given up");
        state.ScaleStanding.ShouldBe("check_failed");
        await bench.DrainedAsync();
        bench.Backend.Facts.Single(static f => f.Kind == EventKind.ScaleChecked).Reason.ShouldBe("check_failed");
    }

    [Fact]
    public async Task A_quarantined_scale_judges_nothing_and_what_another_handed_on_from_quarantine_holds_no_parcel()
    {
        var doubted = AgentBench.Parcel("ORDER-0002", handedOnKg: 10m);
        doubted.HandedOn.Node = "SH-02";
        await using var bench = await AgentBench.StartAsync([AgentBench.Parcel("ORDER-0001", handedOnKg: 10m), doubted]);
        bench.Backend.Scales = new Api.Edge.V1.ScaleDoubts { Version = 1, Scales = { new ScaleDoubt { Node = "SH-02", Device = "pickup", Quarantined = true } } };
        await ReconnectAsync(bench, 1);
        (await bench.WeighAsync("ORDER-0001", 10.050m)).Headline.ShouldBe("held_over");
        (await bench.WeighAsync("ORDER-0002", 10.050m)).Verdict.Integrity.ShouldBe(IntegrityAnswer.NoReference);

        bench.Backend.Scales = new Api.Edge.V1.ScaleDoubts { Version = 2, Scales = { new ScaleDoubt { Node = AgentBench.Depot, Device = "scale-1", Quarantined = true } } };
        await ReconnectAsync(bench, 2);
        var state = await bench.UntilAsync(static s => s.ScaleStanding == "quarantined", "in quarantine");
        state.Instruction.Code.ShouldBe("scale_quarantined");
        (await bench.WeighAsync("ORDER-0001", 10.050m)).Headline.ShouldBe("no_verdict_scale_quarantined");
    }

    private static async Task<AgentBench> StartAsync() => await AgentBench.StartAsync(
        [AgentBench.Parcel("ORDER-0001", 2m)], with: static bench => AgentBench.Variant(bench, dailyCheck: Rule));

    private static async Task ReconnectAsync(AgentBench bench, ulong version)
    {
        await bench.Backend.StopAsync();
        await bench.UntilAsync(static s => s.Link.State != "connected", "offline");
        await bench.Backend.ResumeAsync();
        await AgentBench.WaitAsync(() => bench.Agent.DoubtsVersion == version, "told of the scales");
    }

    private static async Task<StationClient> SignedInAsync(AgentBench bench)
    {
        var page = bench.Page();
        await page.SignInAsync(AgentBench.Station, "li", AgentBench.Pin);
        return page;
    }

    private static BeginScaleCheckRequest Begin() => new() { CommandId = StationClient.NewCommand(), Station = AgentBench.Station };

    /// <summary>Takes off what is there, and places a weight once it is asked for.</summary>
    private static async Task PlaceAsync(AgentBench bench, decimal kilograms)
    {
        bench.Scale.Clear();
        var asked = await bench.UntilAsync(static s => s.Check is { Phase: "place_weight", OtherWeightMg: 0 } && s.Weight.State == "zero", "a weight is asked for");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(kilograms));
        await bench.UntilAsync(s => s.Check.Weights.Count == asked.Check.Weights.Count + 1, $"{kilograms} kg is taken");
    }
}
