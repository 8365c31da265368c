using KeyAccountLogistics.FirmwareAdapters.Nodes;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sensors;
using KeyAccountLogistics.TestKit.Devices;

namespace KeyAccountLogistics.Unit.Firmware.Around;

/// <summary>Presence and height from the kernel's files, GPIO edges and I2C: an error is never a distance, and nothing here is a weight.</summary>
public sealed class SensorTests : IDisposable
{
    private readonly string _iio = Directory.CreateTempSubdirectory("kal-iio-").FullName;

    public void Dispose() => Directory.Delete(_iio, recursive: true);

    private void Device(int number, string name, params (string File, string Text)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_iio, $"iio:device{number}")).FullName;
        File.WriteAllText(Path.Combine(folder, "name"), name + "\n");
        foreach (var (file, text) in files) File.WriteAllText(Path.Combine(folder, file), text + "\n");
    }

    private IioDistance Distance(string name = "vl53l0x", decimal? celsius = null) =>
        new(new IioChannel(name, "in_distance", _iio), celsius is null ? DistanceRange.Vl53l0x : DistanceRange.HcSr04, celsius);

    [Fact]
    public void A_distance_is_raw_plus_offset_times_scale_in_metres()
    {
        Device(0, "bme280", ("in_distance_raw", "1"));
        Device(1, "vl53l0x", ("in_distance_raw", "512"), ("in_distance_scale", "0.001000"), ("in_distance_offset", "-12"));
        Distance().Read().Millimetres.ShouldBe(500);
    }

    [Fact]
    public void A_device_is_found_by_its_name_wherever_the_kernel_numbers_it()
    {
        Device(0, "vl53l0x", ("in_distance_raw", "300"), ("in_distance_scale", "0.001"));
        var sensor = Distance();
        sensor.Read().Millimetres.ShouldBe(300);
        Directory.Delete(Path.Combine(_iio, "iio:device0"), recursive: true);
        sensor.Read().ShouldSatisfyAllConditions(r => r.Millimetres.ShouldBeNull(), r => r.Reason.ShouldContain("no measurement"));
        sensor.Read().Reason.ShouldContain("no sensor 'vl53l0x'");
        Device(3, "vl53l0x", ("in_distance_raw", "310"), ("in_distance_scale", "0.001"));
        sensor.Read().Millimetres.ShouldBe(310);
    }

    [Theory]
    [InlineData("8190")]
    [InlineData("20")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    public void What_lies_outside_the_sensors_range_is_no_distance(string raw)
    {
        Device(0, "vl53l0x", ("in_distance_raw", raw), ("in_distance_scale", "0.001"));
        Distance().Read().ShouldSatisfyAllConditions(r => r.Millimetres.ShouldBeNull(), r => r.Reason.ShouldNotBeEmpty());
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1e3")]
    public void What_is_no_number_is_no_distance(string raw)
    {
        Device(0, "vl53l0x", ("in_distance_raw", raw), ("in_distance_scale", "0.001"));
        Distance().Read().ShouldSatisfyAllConditions(r => r.Millimetres.ShouldBeNull(), r => r.Reason.ShouldContain("where a number should be"));
    }

    [Theory]
    [InlineData(20, 1_000)]
    [InlineData(0, 965)]
    [InlineData(40, 1_035)]
    public void An_ultrasonic_distance_is_put_right_for_the_airs_temperature(int celsius, int expected)
    {
        Device(0, "srf04", ("in_distance_raw", "1000"), ("in_distance_scale", "0.001"));
        Distance("srf04", celsius).Read().Millimetres.ShouldBe(expected);
    }

    [Fact]
    public void Presence_by_distance_says_empty_occupied_or_that_it_cannot_say()
    {
        var sensor = new ScriptedDistance();
        using var presence = new DistancePresence(sensor, emptyMm: 600, marginMm: 40);
        (Occupancy At, int Mm)[] expected = [(Occupancy.Empty, 600), (Occupancy.Empty, 590), (Occupancy.Occupied, 560), (Occupancy.Occupied, 100), (Occupancy.Unknown, 575), (Occupancy.Unknown, 700)];
        foreach (var (occupancy, mm) in expected)
        {
            sensor.Next = DistanceReading.Of(mm);
            presence.Read().Occupancy.ShouldBe(occupancy, $"{mm} mm");
        }
        sensor.Next = DistanceReading.None("nothing within the sensor's range");
        presence.Read().ShouldBe(new PresenceReading(Occupancy.Unknown, "nothing within the sensor's range"));
    }

    [Fact]
    public void Height_is_what_is_missing_to_the_platform()
    {
        var sensor = new ScriptedDistance();
        using var gauge = new HeightGauge(sensor, mountMm: 1_200, floorMm: 10);
        foreach (var (mm, height) in ((int, int?)[])[(1_200, 0), (1_195, 0), (1_180, 20), (700, 500), (1_300, null)])
        {
            sensor.Next = DistanceReading.Of(mm);
            gauge.Read().Millimetres.ShouldBe(height, $"{mm} mm");
        }
    }

    [Fact]
    public void A_load_cell_tells_presence_by_its_counts()
    {
        Device(0, "hx711", ("in_voltage0_raw", "84000"), ("in_voltage0_scale", "0.0000119"));
        var presence = new LoadCellPresence(new IioChannel("hx711", "in_voltage0", _iio), emptyCounts: 84_500, marginCounts: 2_000);
        presence.Read().Occupancy.ShouldBe(Occupancy.Empty);
        Device(0, "hx711", ("in_voltage0_raw", "91000"));
        presence.Read().Occupancy.ShouldBe(Occupancy.Occupied);
        Device(0, "hx711", ("in_voltage0_raw", "86000"));
        presence.Read().Occupancy.ShouldBe(Occupancy.Unknown);
        Device(0, "hx711", ("in_voltage0_raw", "8388607"));
        presence.Read().ShouldSatisfyAllConditions(r => r.Occupancy.ShouldBe(Occupancy.Unknown), r => r.Reason.ShouldContain("saturated"));
    }

    [Fact]
    public void Nothing_around_the_scale_can_give_a_weight()
    {
        var around = typeof(LoadCellPresence).Assembly.GetTypes().Where(t => t.Namespace == typeof(LoadCellPresence).Namespace);
        Type[] weights = [typeof(WeightReading), typeof(KeyAccountLogistics.Kernel.Mass), typeof(IReadingSink)];
        const System.Reflection.BindingFlags any =
            System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static;
        var mentioned = around.SelectMany(t => t.GetMethods(any).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)).Concat(t.GetFields(any).Select(f => f.FieldType)));
        mentioned.Select(static t => t.IsByRef ? t.GetElementType()! : Nullable.GetUnderlyingType(t) ?? t).ShouldAllBe(t => !weights.Contains(t));
    }

    [Fact]
    public void A_barrier_is_a_line_and_its_loss_is_not_an_empty_platform()
    {
        var (chip, nodes) = (new FakeGpioChip(8), new FakeNodes());
        nodes.Plug("/dev/gpiochip0", chip.Open);
        using var barrier = new BarrierPresence(nodes, "/dev/gpiochip0", 3, activeLow: true);
        barrier.Read().Occupancy.ShouldBe(Occupancy.Occupied);
        chip.Drive(3, true);
        barrier.Read().Occupancy.ShouldBe(Occupancy.Empty);
        chip.Gone = true;
        barrier.Read().ShouldBe(new PresenceReading(Occupancy.Unknown, "/dev/gpiochip0 is gone"));
        chip.Gone = false;
        barrier.Read().Occupancy.ShouldBe(Occupancy.Empty);
    }

    [Theory]
    [InlineData(5_822_416, 20, 1_000)]
    [InlineData(5_822_416, 0, 965)]
    [InlineData(100_000, 20, null)]
    [InlineData(40_500_000, 20, null)]
    public void An_echo_is_timed_by_the_kernels_stamps(long echoNs, int celsius, int? expected)
    {
        var (chip, nodes) = (new FakeGpioChip(8), new FakeNodes());
        nodes.Plug("/dev/gpiochip0", chip.Open);
        chip.Driven = (line, level) =>
        {
            if (line != 1 || level) return;
            chip.Drive(2, true, 1_000_000);
            chip.Drive(2, false, 1_000_000 + echoNs);
        };
        using var sensor = new HcSr04(nodes, "/dev/gpiochip0", triggerLine: 1, echoLine: 2, airCelsius: celsius);
        sensor.Read().Millimetres.ShouldBe(expected);
        sensor.Read().Millimetres.ShouldBe(expected);
    }

    [Fact]
    public void A_late_echo_is_not_the_next_measurements()
    {
        var (chip, nodes) = (new FakeGpioChip(8), new FakeNodes());
        nodes.Plug("/dev/gpiochip0", chip.Open);
        using var sensor = new HcSr04(nodes, "/dev/gpiochip0", 1, 2);
        sensor.Read().Reason.ShouldBe("the sensor does not answer its trigger");
        chip.Drive(2, true, 1_000);
        chip.Driven = (line, level) =>
        {
            if (line == 1 && !level) chip.Drive(2, false, 2_000_000);
        };
        sensor.Read().ShouldSatisfyAllConditions(r => r.Millimetres.ShouldBeNull());
        chip.Gone = true;
        sensor.Read().Reason.ShouldBe("/dev/gpiochip0 is gone");
        chip.Held.ShouldBeEmpty();
    }

    [Fact]
    public void A_light_sensor_on_the_bus_gives_the_measurement_that_was_begun_before()
    {
        var bus = new FakeVl53l0x { Millimetres = 420 };
        using var sensor = new Vl53l0x(bus, "/dev/i2c-1");
        sensor.Read().IsPending.ShouldBeTrue();
        sensor.Read().Millimetres.ShouldBe(420);
        bus.Millimetres = 300;
        sensor.Read().Millimetres.ShouldBe(420);
        sensor.Read().Millimetres.ShouldBe(300);
        bus.Status = 4;
        sensor.Read();
        sensor.Read().ShouldSatisfyAllConditions(r => r.Millimetres.ShouldBeNull(), r => r.IsPending.ShouldBeFalse());
    }

    [Fact]
    public void A_light_sensor_that_stops_or_goes_away_is_no_distance_and_comes_back()
    {
        var bus = new FakeVl53l0x { Millimetres = 420, IsFrozen = true };
        using var sensor = new Vl53l0x(bus, "/dev/i2c-1");
        var readings = Enumerable.Range(0, 6).Select(_ => sensor.Read()).ToList();
        readings.ShouldAllBe(static r => r.Millimetres == null);
        readings.ShouldContain(static r => r.Reason.Contains("does not end it", StringComparison.Ordinal));
        bus.IsFrozen = false;
        bus.IsGone = true;
        sensor.Read().Reason.ShouldContain("does not answer");
        bus.IsGone = false;
        sensor.Read();
        sensor.Read().Millimetres.ShouldBe(420);
        bus.Model = 0xEA;
        bus.IsGone = true;
        sensor.Read();
        bus.IsGone = false;
        sensor.Read().Reason.ShouldContain("no VL53L0X");
    }

    [Fact]
    public void A_bus_that_does_not_exist_is_said_so()
    {
        using var sensor = new Vl53l0x(new I2cBus("/dev/i2c-none"), "/dev/i2c-none");
        sensor.Read().Reason.ShouldContain("no such device");
        DeviceNodes.OfThisMachine.Open("/dev/gpiochip-none", out var reason).ShouldBeNull();
        reason.ShouldContain("no such device");
    }

    private sealed class ScriptedDistance : IDistanceSensor
    {
        public DistanceReading Next { get; set; } = DistanceReading.None("nothing yet");

        public DistanceReading Read() => Next;

        public void Dispose()
        {
        }
    }

    /// <summary>The chip's registers as its single measurements use them: started by register 0, complete in bit 0 of register 0x14, its interrupt cleared by 0x0B.</summary>
    private sealed class FakeVl53l0x : II2cBus
    {
        private bool _measuring;
        private bool _uncleared;
        private int _latched;

        public int Millimetres { get; set; }

        public int Status { get; set; } = 11;

        public byte Model { get; set; } = 0xEE;

        public bool IsFrozen { get; set; }

        public bool IsGone { get; set; }

        public int Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
        {
            if (IsGone || address != 0x29) return -6;
            switch (write[0])
            {
                case 0xC0: read[0] = Model; break;
                case 0x00 when write.Length == 2 && write[1] == 1:
                    if (_uncleared) return -5;
                    (_measuring, _latched) = (true, Millimetres);
                    break;
                case 0x0B: _uncleared = false; break;
                case 0x14:
                    read.Clear();
                    if (!_measuring || IsFrozen) break;
                    read[0] = (byte)((Status << 3) | 1);
                    (read[10], read[11]) = ((byte)(_latched >> 8), (byte)(_latched & 0xFF));
                    (_measuring, _uncleared) = (false, true);
                    break;
                default: return -5;
            }
            return 0;
        }

        public void Dispose()
        {
        }
    }
}
