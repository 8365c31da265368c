using System.Globalization;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.FirmwareAdapters.Cameras;
using KeyAccountLogistics.FirmwareAdapters.Nodes;
using KeyAccountLogistics.FirmwareAdapters.Sensors;

namespace KeyAccountLogistics.EdgeAgent.Around;

/// <summary>The entries of <c>devices:</c> that are neither scale nor scanner.</summary>
internal static class ReadAround
{
    private const int LineMax = 1_023;

    public static bool IsKind(string kind) => kind is "presence" or "height" or "tower_light" or "camera";

    /// <summary>Takes one such entry; a second one of its kind is a mistake.</summary>
    public static AroundConfiguration Add(AroundConfiguration around, YamlReader device, string kind, string id)
    {
        var read = kind switch
        {
            "presence" => around with { Presence = ReadPresence(device, id) },
            "height" => around with { Height = ReadHeight(device, id) },
            "tower_light" => around with { Light = ReadLight(device, id) },
            _ => around with { Camera = ReadCamera(device, id) },
        };
        if (around.Ids.Any(known => string.Equals(known.Kind, kind, StringComparison.Ordinal))) device.Mistake("kind", $"names a second {kind} of this station; one is enough");
        device.NothingElse();
        return read;
    }

    private static PresenceDevice ReadPresence(YamlReader device, string id)
    {
        var sensor = device.Required("sensor", "", static text => text is "iio" or "vl53l0x" or "hc-sr04" or "load_cell" or "barrier"
            ? (text, null) : ("", $"'{text}' is none of iio, vl53l0x, hc-sr04, load_cell, barrier"));
        switch (sensor)
        {
            case "barrier":
                var (chip, line, low) = (ReadChip(device), ReadLine(device, "line"), device.YesNo("active_low", fallback: false));
                return new PresenceDevice(id, nodes => new BarrierPresence(nodes, chip, line, low));
            case "load_cell":
                var name = device.OptionalText("device") ?? "hx711";
                var (empty, margin) = (device.Number("empty", 0, -8_388_608, 8_388_607), device.Number("margin", 1_000, 1, 8_388_607));
                return new PresenceDevice(id, _ => new LoadCellPresence(name, empty, margin));
            case "":
                return new PresenceDevice(id, static _ => new LoadCellPresence("", 0, 1)); // a mistake was noted; nothing is made of it
            default:
                var (make, emptyMm, marginMm) = (ReadDistance(device, sensor), Millimetres(device, "empty_mm", 50, 4_000), device.Number("margin_mm", 30, 5, 1_000));
                return new PresenceDevice(id, nodes => new DistancePresence(make(nodes), emptyMm, marginMm));
        }
    }

    private static HeightDevice ReadHeight(YamlReader device, string id)
    {
        var sensor = device.Required("sensor", "iio", static text => text is "iio" or "vl53l0x" or "hc-sr04" ? (text, null) : ("iio", $"'{text}' is none of iio, vl53l0x, hc-sr04"));
        var (make, mount, floor) = (ReadDistance(device, sensor), Millimetres(device, "mount_mm", 100, 4_000), device.Number("floor_mm", 10, 1, 200));
        return new HeightDevice(id, nodes => new HeightGauge(make(nodes), mount, floor));
    }

    private static Func<IDeviceNodes, IDistanceSensor> ReadDistance(YamlReader device, string sensor)
    {
        var celsius = device.Read<decimal?>("air_celsius", null, static text =>
            decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var t) && t is >= -40 and <= 60
                ? (t, null) : (null, $"'{text}' is no temperature from -40 to 60"));
        switch (sensor)
        {
            case "hc-sr04":
                var (chip, trigger, echo) = (ReadChip(device), ReadLine(device, "trigger"), ReadLine(device, "echo"));
                return nodes => new HcSr04(nodes, chip, trigger, echo, celsius ?? 20);
            case "vl53l0x":
                var (bus, address) = (device.Required("bus", "/dev/i2c-1", AbsolutePath), device.Number("address", Vl53l0x.UsualAddress, 0x08, 0x77));
                return _ => new Vl53l0x(new I2cBus(bus), bus, address);
            default:
                var name = device.OptionalText("device") ?? "vl53l0x";
                // By light the air's temperature does not matter, and a temperature therefore says that it is an ultrasonic one.
                return _ => new IioDistance(name, celsius is null ? DistanceRange.Vl53l0x : DistanceRange.HcSr04, celsius);
        }
    }

    private static TowerLightDevice ReadLight(YamlReader device, string id)
    {
        var wiring = new TowerLightWiring(ReadChip(device), Lamp(device, "green"), Lamp(device, "red"), Lamp(device, "amber"), Lamp(device, "buzzer"), device.YesNo("active_low", fallback: false));
        var lines = new[] { wiring.Green, wiring.Red, wiring.Amber, wiring.Buzzer }.OfType<int>().ToList();
        if (lines.Count == 0) device.Mistake("kind", "says tower_light, and neither green, red, amber nor buzzer has a line");
        if (lines.Distinct().Count() < lines.Count) device.Mistake("kind", "says tower_light, and two of its lamps have the same line");
        return new TowerLightDevice(id, wiring);
    }

    private static CameraDevice ReadCamera(YamlReader device, string id)
    {
        var path = device.Required("device", "/dev/video0", AbsolutePath);
        var (width, height) = (device.Number("width", 1_280, 160, 8_192), device.Number("height", 720, 120, 8_192));
        return new CameraDevice(id, nodes => new VideoCamera(nodes, path, width, height));
    }

    private static int? Lamp(YamlReader device, string name) => device.Has(name) ? ReadLine(device, name) : null;

    private static string ReadChip(YamlReader device) => device.Required("chip", "/dev/gpiochip0", AbsolutePath);

    private static int ReadLine(YamlReader device, string name) => Whole(device, name, 0, LineMax);

    private static int Millimetres(YamlReader device, string name, int min, int max) => Whole(device, name, min, max);

    private static int Whole(YamlReader device, string name, int min, int max) => device.Required(name, min, text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? (number, null) : (min, string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a whole number from {min} to {max}")));

    private static (string Value, string? Wrong) AbsolutePath(string text) => Path.IsPathRooted(text) ? (text, null) : ("/", $"'{text}' must be an absolute path");
}
