using KeyAccountLogistics.EdgeAgent.Stations;
using NodaTime;

namespace KeyAccountLogistics.Unit.EdgeAgent;

/// <summary>One act of a scanner against the next (issue 3, section 3; devices.md 2).</summary>
public sealed class ScanRepeatsTests
{
    private readonly ScanRepeats _repeats = new(Duration.FromSeconds(1));

    private ScanRepeat At(int milliseconds, string text, string symbology = "]C0", string device = "scanner-1", string? parcel = null) =>
        _repeats.Note(device, symbology, text, parcel ?? text, Duration.FromMilliseconds(milliseconds));

    [Fact]
    public void The_same_symbol_within_the_window_is_the_same_act_and_each_sight_renews_it()
    {
        At(0, "A").ShouldBe(ScanRepeat.None);
        for (var t = 900; t < 60_000; t += 900) At(t, "A").ShouldBe(ScanRepeat.SameSymbol);
    }

    [Fact]
    public void The_same_parcel_scanned_again_after_the_window_is_an_act_of_its_own()
    {
        At(0, "A");
        At(1_000, "A").ShouldBe(ScanRepeat.SameSymbol);
        At(2_001, "A").ShouldBe(ScanRepeat.None);
    }

    [Fact]
    public void Two_labels_of_one_parcel_are_one_act_however_often_they_take_turns()
    {
        At(0, "A").ShouldBe(ScanRepeat.None);
        At(100, "https://a.example/t/A", "]Q1", parcel: "A").ShouldBe(ScanRepeat.OtherLabel);
        for (var t = 200; t < 10_000; t += 200)
        {
            At(t, "A").ShouldBe(ScanRepeat.SameSymbol);
            At(t + 100, "https://a.example/t/A", "]Q1", parcel: "A").ShouldBe(ScanRepeat.SameSymbol);
        }
    }

    [Fact]
    public void Two_labels_that_name_different_parcels_are_two_acts_and_no_more_than_two()
    {
        At(0, "A").ShouldBe(ScanRepeat.None);
        At(100, "B").ShouldBe(ScanRepeat.None);
        At(200, "A").ShouldBe(ScanRepeat.SameSymbol);
        At(300, "B").ShouldBe(ScanRepeat.SameSymbol);
    }

    [Fact]
    public void Another_scanner_reads_for_itself()
    {
        At(0, "A").ShouldBe(ScanRepeat.None);
        At(100, "A", device: "scanner-2").ShouldBe(ScanRepeat.None);
        At(200, "A").ShouldBe(ScanRepeat.SameSymbol);
    }

    [Fact]
    public void The_memory_is_bounded()
    {
        for (var i = 0; i <= ScanRepeats.LabelsMax; i++) At(i, $"P{i}").ShouldBe(ScanRepeat.None);
        At(50, "P0").ShouldBe(ScanRepeat.None, "the oldest of seventeen is forgotten");
        At(50, $"P{ScanRepeats.LabelsMax}").ShouldBe(ScanRepeat.SameSymbol);
    }
}
