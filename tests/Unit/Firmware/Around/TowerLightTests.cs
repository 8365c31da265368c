using KeyAccountLogistics.FirmwareAdapters.Sensors;
using KeyAccountLogistics.TestKit.Devices;
using KeyAccountLogistics.Unit.EdgeAgent;

namespace KeyAccountLogistics.Unit.Firmware.Around;

/// <summary>Lamps and buzzer: the plan by itself, then on a chip that keeps the kernel's rules.</summary>
public sealed class TowerLightTests
{
    private const int Green = 5, Red = 6, Amber = 7, Buzzer = 8;
    private static readonly TowerLightWiring Wiring = new("/dev/gpiochip0", Green, Red, Amber, Buzzer);

    private readonly FakeGpioChip _chip = new(32);
    private readonly FakeNodes _nodes = new();
    private readonly ManualTime _time = new();

    public TowerLightTests() => _nodes.Plug("/dev/gpiochip0", _chip.Open);

    private (bool Green, bool Red, bool Amber, bool Buzzer) Lamps => (_chip.Level(Green), _chip.Level(Red), _chip.Level(Amber), _chip.Level(Buzzer));

    [Theory]
    [InlineData(LightSignal.Accept, 1)]
    [InlineData(LightSignal.Look, 2)]
    [InlineData(LightSignal.Hold, 3)]
    [InlineData(LightSignal.Trouble, 0)]
    [InlineData(LightSignal.Off, 0)]
    public void A_signal_sounds_its_tones_once(LightSignal signal, int tones)
    {
        var (heard, sounding) = (0, false);
        for (var ms = 0; ms < 10_000; ms += 10)
        {
            var (lamps, _) = LightPlan.At(signal, TimeSpan.FromMilliseconds(ms));
            if (lamps.Buzzer && !sounding) heard++;
            sounding = lamps.Buzzer;
        }
        heard.ShouldBe(tones);
    }

    [Fact]
    public void The_plan_says_for_how_long_it_holds()
    {
        foreach (var signal in Enum.GetValues<LightSignal>())
        {
            for (var at = TimeSpan.Zero; at < TimeSpan.FromSeconds(5);)
            {
                var (lamps, until) = LightPlan.At(signal, at);
                if (until is not { } wait)
                {
                    LightPlan.At(signal, at + TimeSpan.FromHours(1)).Lamps.ShouldBe(lamps);
                    break;
                }
                wait.ShouldBeGreaterThan(TimeSpan.Zero);
                LightPlan.At(signal, at + wait - TimeSpan.FromMilliseconds(1)).Lamps.ShouldBe(lamps);
                at += wait;
            }
        }
    }

    [Fact]
    public void A_steady_signal_needs_no_timer()
    {
        LightPlan.At(LightSignal.Off, TimeSpan.Zero).Until.ShouldBeNull();
        LightPlan.At(LightSignal.Accept, TimeSpan.FromSeconds(1)).Until.ShouldBeNull();
        LightPlan.At(LightSignal.Hold, TimeSpan.FromSeconds(100)).Until.ShouldNotBeNull();
    }

    [Fact]
    public void The_lamps_follow_the_signal_and_blink_by_the_clock()
    {
        using var light = new TowerLight(_nodes, Wiring, _time);
        light.Show(LightSignal.Accept);
        Lamps.ShouldBe((true, false, false, true));
        _time.Pass(TimeSpan.FromMilliseconds(100));
        Lamps.ShouldBe((true, false, false, false));
        light.Show(LightSignal.Hold);
        Lamps.ShouldBe((false, true, false, true));
        _time.Pass(TimeSpan.FromMilliseconds(600));
        Lamps.Red.ShouldBeFalse();
        _time.Pass(TimeSpan.FromMilliseconds(500));
        Lamps.Red.ShouldBeTrue();
        light.Show(LightSignal.Off);
        Lamps.ShouldBe((false, false, false, false));
        light.Trouble.ShouldBeNull();
    }

    [Fact]
    public void Disposed_it_is_off_and_its_lines_are_free()
    {
        var light = new TowerLight(_nodes, Wiring, _time);
        light.Show(LightSignal.Hold);
        _chip.Held.ShouldBe([Green, Red, Amber, Buzzer]);
        light.Dispose();
        Lamps.ShouldBe((false, false, false, false));
        _chip.Held.ShouldBeEmpty();
        light.Show(LightSignal.Accept);
        _chip.Held.ShouldBeEmpty();
    }

    [Fact]
    public void Active_low_lamps_are_dark_when_their_lines_are_high()
    {
        using var light = new TowerLight(_nodes, Wiring with { ActiveLow = true }, _time);
        light.Show(LightSignal.Accept);
        Lamps.ShouldBe((false, true, true, false));
    }

    [Fact]
    public void No_lamp_flashes_when_the_lines_are_requested()
    {
        var flashed = new List<int>();
        _chip.Driven = (line, _) => flashed.Add(line);
        using var light = new TowerLight(_nodes, Wiring, _time);
        light.Show(LightSignal.Off);
        flashed.ShouldBeEmpty();
        _chip.Held.Count.ShouldBe(4);
    }

    [Fact]
    public void A_line_that_another_program_holds_is_told_and_tried_again()
    {
        using var other = GpioLines.Request(_nodes, "/dev/gpiochip0", [Red], GpioUse.Output, out _);
        using var light = new TowerLight(_nodes, Wiring, _time);
        light.Show(LightSignal.Accept);
        light.Trouble.ShouldNotBeNull().ShouldContain("in use by another program");
        other!.Dispose();
        _time.Pass(TimeSpan.FromSeconds(2));
        light.Trouble.ShouldBeNull();
        Lamps.Green.ShouldBeTrue();
    }

    [Fact]
    public void A_chip_that_is_pulled_out_is_told_and_found_again()
    {
        using var light = new TowerLight(_nodes, Wiring, _time);
        light.Show(LightSignal.Look);
        _chip.Gone = true;
        light.Show(LightSignal.Accept);
        light.Trouble.ShouldBe("/dev/gpiochip0 is gone");
        _chip.Gone = false;
        _time.Pass(TimeSpan.FromSeconds(2));
        (Lamps.Green, light.Trouble).ShouldBe((true, null));
    }

    [Fact]
    public void The_chip_of_these_tests_keeps_the_kernels_rules()
    {
        using var inputs = GpioLines.Request(_nodes, "/dev/gpiochip0", [1], GpioUse.Input, out _)!;
        inputs.Set(1).ShouldBeFalse();
        GpioLines.Request(_nodes, "/dev/gpiochip0", [1], GpioUse.Input, out var busy).ShouldBeNull();
        busy.ShouldContain("in use");
        GpioLines.Request(_nodes, "/dev/gpiochip0", [32], GpioUse.Input, out _).ShouldBeNull();
        GpioLines.Request(_nodes, "/dev/gpiochip0", [2], GpioUse.Output | GpioUse.EdgeRising, out _).ShouldBeNull();
        GpioLines.Request(_nodes, "/dev/gpiochip0", [2], GpioUse.Input | GpioUse.Output, out _).ShouldBeNull();
        GpioLines.Request(_nodes, "/dev/gpiochip9", [2], GpioUse.Input, out var none).ShouldBeNull();
        none.ShouldContain("no such device");
    }
}
