using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Scales.ToledoContinuous;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>Whether frames carry a checksum is learned from the stream, and unlearned when the indicator's setup is changed.</summary>
public sealed class ToledoLearningTests
{
    private readonly CollectingSink _sink = new();
    private readonly ToledoContinuousDecoder _decoder = new();

    /// <summary>A heavy tare, because only with it some loads have a checksum that equals STX.</summary>
    private static readonly Mass Tare = Mass.FromGrams(99_999);

    private static byte[] Frame(int grams, bool checksum) =>
        ToledoContinuousSimulator.Frame(new Indication(Mass.FromGrams(grams) + Tare, Moving: true, false, false), Tare, false, new ToledoSetup { Checksum = checksum });

    private void Push(bool checksum, params int[] grams)
    {
        foreach (var load in grams) _decoder.Push(Frame(load, checksum), _sink);
    }

    [Fact]
    public void One_frame_with_a_right_checksum_teaches_the_checksum()
    {
        Push(checksum: true, 1000);
        _decoder.Framing.ShouldBe(ToledoFraming.Checked);
        _sink.Weights.Count.ShouldBe(1);
    }

    [Fact]
    public void Two_frames_on_each_others_heels_teach_that_there_is_none()
    {
        Push(checksum: false, 1000, 2000);
        _decoder.Framing.ShouldBe(ToledoFraming.Plain);
        _sink.Weights.Count.ShouldBe(2);
    }

    [Fact]
    public void A_checksum_equal_to_STX_is_told_from_the_next_frames_start()
    {
        var load = Enumerable.Range(1, 99_999).First(grams => Frame(grams, checksum: true)[^1] == 0x02);
        Push(checksum: true, load, load, 1000, load);
        _decoder.FlushIdle(_sink);
        _decoder.Framing.ShouldBe(ToledoFraming.Checked);
        _sink.Weights.Select(w => w.Mass!.Value.Grams).ShouldBe([load, load, 1000, load]);
        _sink.Rejected.ShouldBeEmpty();
    }

    [Fact]
    public void Plain_frames_whose_sum_would_be_STX_are_not_taken_for_checked_ones()
    {
        var load = Enumerable.Range(1, 99_999).First(grams => Frame(grams, checksum: true)[^1] == 0x02);
        Push(checksum: false, load, load, load);
        _decoder.FlushIdle(_sink);
        _decoder.Framing.ShouldBe(ToledoFraming.Plain);
        _sink.Weights.Count.ShouldBe(3);
        _sink.Rejected.ShouldBeEmpty();
    }

    [Fact]
    public void A_checksum_switched_on_later_is_noticed()
    {
        Push(checksum: false, 1000, 1000);
        Push(checksum: true, 2000, 3000, 4000, 5000, 6000, 7000);
        _decoder.FlushIdle(_sink);
        _decoder.Framing.ShouldBe(ToledoFraming.Checked);
        _sink.Weights.Select(w => w.Mass!.Value.Grams).ShouldBe([1000, 1000, 2000, 3000, 4000, 5000, 6000, 7000]);
    }

    [Fact]
    public void A_checksum_switched_off_later_is_noticed()
    {
        Push(checksum: true, 1000, 1000);
        Push(checksum: false, 2000, 3000, 4000, 5000, 6000, 7000, 8000);
        _decoder.FlushIdle(_sink);
        _decoder.Framing.ShouldBe(ToledoFraming.Plain);
        _sink.Weights[^1].Mass.ShouldBe(Mass.FromGrams(8000));
    }

    [Fact]
    public void Set_by_commissioning_it_is_not_learned()
    {
        var strict = new ToledoContinuousDecoder(ToledoFraming.Checked);
        for (var i = 0; i < 20; i++) strict.Push(Frame(1000, checksum: false), _sink);
        strict.FlushIdle(_sink);
        _sink.Weights.ShouldBeEmpty();
        _sink.Rejected.ShouldNotBeEmpty();
    }

    [Fact]
    public void Seven_bit_frames_read_as_eight_bit_ones_keep_their_bytes_as_they_came()
    {
        byte[] frame = ToledoContinuousSimulator.Frame(new Indication(Mass.FromGrams(2340), true, false, false), Mass.Zero, false, new ToledoSetup { EvenParity = true });
        frame[0].ShouldBe((byte)0x82);
        _decoder.Push(frame, _sink);
        var reading = _sink.Weights.ShouldHaveSingleItem();
        reading.Mass.ShouldBe(Mass.FromGrams(2340));
        reading.Stability.ShouldBe(StabilityFlag.Moving);
        reading.Raw.ToArray().ShouldBe(frame);
    }
}
