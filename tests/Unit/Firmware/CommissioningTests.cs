using KeyAccountLogistics.FirmwareAdapters.Commissioning;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Unit.Firmware;

public sealed class CommissioningTests
{
    [Theory]
    [InlineData(StabilityFlag.Stable, StabilityFlag.Moving, ShakeAnswer.FlagWorks)]
    [InlineData(StabilityFlag.Moving, StabilityFlag.Stable, ShakeAnswer.FlagTurned)]   // devices.md 1.4, trap 3: SCP-12 for SCP-01
    [InlineData(StabilityFlag.NotReported, StabilityFlag.NotReported, ShakeAnswer.NoFlag)]
    [InlineData(StabilityFlag.Stable, StabilityFlag.Stable, ShakeAnswer.FlagStuck)]
    public void The_shake_test_tells_what_a_flag_is_worth(StabilityFlag atRest, StabilityFlag shaken, ShakeAnswer expected) =>
        ShakeTest.Judge(Readings(atRest, 0), Readings(shaken, 30)).ShouldBe(expected);

    [Fact]
    public void Nothing_is_proved_when_nobody_shook_or_nothing_came()
    {
        ShakeTest.Judge(Readings(StabilityFlag.Stable, 0), Readings(StabilityFlag.Stable, 0)).ShouldBe(ShakeAnswer.NotShaken);
        ShakeTest.Judge(Readings(StabilityFlag.Stable, 0), []).ShouldBe(ShakeAnswer.NotShaken);
    }

    [Theory]
    [InlineData("5.003", "kg", "5.003", true, null, null)]
    [InlineData("5.1", "kg", "5.1", false, null, null)]
    [InlineData("5000", "kg", "5000", false, "g", null)]
    [InlineData("11.023", "kg", "11.023", false, "lb", null)]
    [InlineData("50.00", "kg", "50.00", false, null, 3)]
    [InlineData("500000", "kg", "500000", false, null, 5)]
    public void A_known_weight_finds_unit_and_point(string number, string unit, string shown, bool right, string? otherUnit, int? decimals)
    {
        var value = decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
        Mass.TryFrom(value, unit, out var mass).ShouldBeTrue(shown);
        KnownWeightTest.Judge(Mass.FromKilograms(5), new WeightReading { Mass = mass, Number = value, Unit = unit, Condition = Condition.Ok }).ShouldBe(new KnownWeightAnswer(right, otherUnit, decimals));
    }

    [Fact]
    public void What_is_plugged_in_is_read_from_the_kernels_directories()
    {
        var root = Directory.CreateTempSubdirectory("kal-plugged-").FullName;
        try
        {
            var (dev, sys) = (Path.Combine(root, "dev"), Path.Combine(root, "sys"));
            Adapter(dev, sys, "ttyUSB0", "0403", "6001", "A50285BI", "FTDI", "FT232R USB UART");
            Directory.CreateDirectory(Path.Combine(dev, "serial", "by-id"));
            File.CreateSymbolicLink(Path.Combine(dev, "serial", "by-id", "usb-FTDI_A50285BI-if00-port0"), Path.Combine(dev, "ttyUSB0"));
            // A port that every machine lists, with nothing behind it, and a virtual terminal.
            Empty(dev, sys, "ttyS3", "0");
            Directory.CreateDirectory(Path.Combine(sys, "class", "tty", "tty1"));
            File.WriteAllText(Path.Combine(dev, "tty1"), "");

            PluggedDevices.List(dev, sys).ShouldHaveSingleItem().ShouldBe(
                new PluggedDevice(Path.Combine(dev, "serial", "by-id", "usb-FTDI_A50285BI-if00-port0"), Path.Combine(dev, "ttyUSB0"), "serial", "0403:6001:A50285BI", "FTDI FT232R USB UART"));
            PluggedDevices.List(Path.Combine(root, "nothing"), Path.Combine(root, "nothing")).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Adapter(string dev, string sys, string tty, string vendor, string product, string serial, string maker, string name)
    {
        Directory.CreateDirectory(dev);
        File.WriteAllText(Path.Combine(dev, tty), "");
        var usb = Path.Combine(sys, "devices", "usb1", "1-1");
        Directory.CreateDirectory(Path.Combine(usb, "1-1:1.0", tty));
        foreach (var (file, text) in ((string, string)[])[("idVendor", vendor), ("idProduct", product), ("serial", serial), ("manufacturer", maker), ("product", name)]) File.WriteAllText(Path.Combine(usb, file), text + "\n");
        Directory.CreateDirectory(Path.Combine(sys, "class", "tty", tty));
        Directory.CreateSymbolicLink(Path.Combine(sys, "class", "tty", tty, "device"), Path.Combine(usb, "1-1:1.0", tty));
    }

    private static void Empty(string dev, string sys, string tty, string type)
    {
        File.WriteAllText(Path.Combine(dev, tty), "");
        Directory.CreateDirectory(Path.Combine(sys, "class", "tty", tty, "device"));
        File.WriteAllText(Path.Combine(sys, "class", "tty", tty, "type"), type + "\n");
    }

    private static List<WeightReading> Readings(StabilityFlag stability, int spreadGrams) =>
        [.. Enumerable.Range(0, 10).Select(i => new WeightReading { Mass = Mass.FromGrams(5_000 + (i % 3 * spreadGrams)), Stability = stability, Condition = Condition.Ok })];
}
