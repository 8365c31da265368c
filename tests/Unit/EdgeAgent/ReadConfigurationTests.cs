using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sensors;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Devices;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.Unit.EdgeAgent;

public sealed class ReadConfigurationTests
{
    private const string Whole = """
        depot: HZ-01
        zone: Asia/Shanghai
        backend: https://backend.example:8443
        data: /var/lib/kal/edge
        station_url: http://192.0.2.10:8090
        waybills: KAL, KAM
        page:
          address: 0.0.0.0
          port: 8090
          folder: /opt/kal/pages
        windows:
          scan_before: 8s
          scan_after: 12s
          duplicate: 4h
          idle: 10min
        journal:
          keep_mib: 128
        shifts:
          - {start: "08:00", grace: 5min}
          - start: "13:30"
        stations:
          - id: S1
            name: Inbound 1
            purpose: reweigh
            hold_place: cage-1
            devices:
              - id: scale-1
                kind: scale
                protocol: mt-sics
                line: /dev/serial/by-id/usb-FTDI_FT232R-if00-port0
                serial: 9600 7E1
                usb: 0403:6001:A50285BI
                scale:
                  serial: B123
                  class: III
                  interval: 10 g
                  capacity: 30 kg
                  minimum: 200 g
                  verified_until: 2027-03-31
              - id: scanner-1
                kind: scanner
                protocol: aim
                line: tcp://192.0.2.5:4001
          - id: S2
            attended: no
            devices:
              - {id: scanner-2, kind: scanner, protocol: aim, line: /dev/ttyACM0}
        """;

    [Fact]
    public void A_whole_file_is_read()
    {
        var read = Read(Whole.Replace("protocol: aim", "protocol: " + ScannerProtocol, StringComparison.Ordinal).Replace("protocol: mt-sics", "protocol: " + ScaleProtocol, StringComparison.Ordinal));
        (read.Depot, read.KeyFile, read.Page).ShouldBe(("HZ-01", "/var/lib/kal/edge/agent.key", new PageEndpoint("0.0.0.0", 8090, "/opt/kal/pages")));
        read.Windows.ShouldBe(new WindowConfiguration
        {
            ScanBefore = Duration.FromSeconds(8), ScanAfter = Duration.FromSeconds(12), Duplicate = Duration.FromHours(4), Idle = Duration.FromMinutes(10),
        });
        read.Journal.ShouldBe(new JournalConfiguration(8, 128, 64));
        read.WaybillPrefixes.ShouldBe(["KAL", "KAM"]);
        var first = read.Stations[0];
        (first.Purpose, first.Attended, first.HoldPlace).ShouldBe((StationPurpose.Reweigh, true, "cage-1"));
        first.Devices[0].Scale.ShouldBe(new ScaleFacts(
            "scale-1", "B123", AccuracyClass.III, Mass.FromGrams(10), Mass.FromKilograms(30), Mass.FromGrams(200), new LocalDate(2027, 3, 31)));
        first.Devices[0].Settings.LineSettings.ShouldBe(new LineSettings(9600, 7, Parity.Even, 1));
        first.Devices[1].Settings.Line.ShouldBe("tcp://192.0.2.5:4001");
        read.Stations[1].Attended.ShouldBeFalse();
        read.Stations[1].Name.ShouldBe("S2");
        read.Shifts.Select(static s => (s.Start, s.Grace, s.Zone.Id)).ShouldBe(
            [(new LocalTime(8, 0), Duration.FromMinutes(5), "Asia/Shanghai"), (new LocalTime(13, 30), Duration.FromMinutes(10), "Asia/Shanghai")]);
    }

    [Fact]
    public void Every_mistake_is_told_at_once_with_its_line()
    {
        var mistakes = Mistakes($"""
            depot: Hang zhou
            backend: backend:8443
            data: var/lib
            colour: red
            windows: {"{"}idle: 3 parsecs{"}"}
            stations:
              - id: S1
                devices:
                  - id: scale-1
                    kind: scanner
                    protocol: {ScaleProtocol}
                    line: COM1
                  - id: scale-1
                    kind: scale
                    protocol: nobody-speaks-this
                    line: /dev/ttyUSB0
                    scale: {"{"}class: V, interval: 10, capacity: 30 kg{"}"}
                  - {"{"}id: scale-1, kind: scanner, protocol: {ScannerProtocol}, line: /dev/ttyUSB1{"}"}
            """);
        mistakes.ShouldContain(static m => m.StartsWith("line 1: depot 'Hang zhou' is no code", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.StartsWith("line 2: backend 'backend:8443' is no address", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.StartsWith("line 3: data 'var/lib' must be an absolute path", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.StartsWith("line 4: colour is not known here", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.StartsWith("line 5: windows.idle '3 parsecs' is not a time", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.Contains("stations[0].devices[0].kind says Scanner", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.StartsWith("line 12: stations[0].devices[0].line 'COM1' is no line", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.Contains("'nobody-speaks-this' is not a protocol; known are:", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.Contains("scale.class 'V' is none of I, II, III, IIII", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.Contains("scale.interval '10' is not a mass with its unit", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.Contains("scale.minimum is missing", StringComparison.Ordinal));
        mistakes.ShouldContain(static m => m.Contains("name the device 'scale-1' more than once", StringComparison.Ordinal));
        mistakes.Count.ShouldBe(12);
    }

    private static string Station(string devices) => $"""
        depot: D1
        backend: http://127.0.0.1:8081
        data: /data
        stations:
          - id: S1
            devices:
              - {"{"}id: scanner-1, kind: scanner, protocol: {ScannerProtocol}, line: /dev/ttyUSB1{"}"}
        {devices}
        """;

    [Fact]
    public void What_stands_around_the_scale_is_read()
    {
        var station = Read(Station("""
                  - {id: presence-1, kind: presence, sensor: vl53l0x, bus: /dev/i2c-1, empty_mm: 600, margin_mm: 40}
                  - {id: height-1, kind: height, sensor: iio, device: srf04, mount_mm: 1200, air_celsius: 25}
                  - {id: light-1, kind: tower_light, chip: /dev/gpiochip0, green: 17, red: 27, amber: 22, buzzer: 5, active_low: yes}
                  - {id: camera-1, kind: camera, device: /dev/v4l/by-id/usb-cam, width: 1920, height: 1080}
            """)).Stations.Single();
        station.Devices.ShouldHaveSingleItem();
        station.Around.Ids.ShouldBe([("presence-1", "presence"), ("height-1", "height"), ("light-1", "tower_light"), ("camera-1", "camera")]);
        station.Around.Light!.Wiring.ShouldBe(new TowerLightWiring("/dev/gpiochip0", 17, 27, 22, 5, ActiveLow: true));
        var nodes = new FakeNodes();
        using var presence = station.Around.Presence!.Make(nodes).ShouldBeOfType<DistancePresence>();
        using var height = station.Around.Height!.Make(nodes);
        station.Around.Camera!.Make(nodes).Take().Reason.ShouldBe("/dev/v4l/by-id/usb-cam: no such device");
    }

    [Theory]
    [InlineData("{id: p, kind: presence, sensor: barrier, chip: /dev/gpiochip0, line: 4, active_low: yes}", typeof(BarrierPresence))]
    [InlineData("{id: p, kind: presence, sensor: load_cell, empty: 84500, margin: 2000}", typeof(LoadCellPresence))]
    [InlineData("{id: p, kind: presence, sensor: hc-sr04, chip: /dev/gpiochip0, trigger: 23, echo: 24, empty_mm: 800, air_celsius: -5}", typeof(DistancePresence))]
    [InlineData("{id: p, kind: presence, sensor: iio, empty_mm: 600}", typeof(DistancePresence))]
    public void Presence_has_several_makes(string device, Type expected)
    {
        using var sensor = Read(Station("      - " + device)).Stations.Single().Around.Presence!.Make(new FakeNodes());
        sensor.ShouldBeOfType(expected);
    }

    [Theory]
    [InlineData("{id: p, kind: presence}", "sensor is missing")]
    [InlineData("{id: p, kind: presence, sensor: radar}", "'radar' is none of iio, vl53l0x, hc-sr04, load_cell, barrier")]
    [InlineData("{id: p, kind: presence, sensor: iio}", "empty_mm is missing")]
    [InlineData("{id: p, kind: presence, sensor: barrier, chip: gpiochip0, line: 4}", "'gpiochip0' must be an absolute path")]
    [InlineData("{id: h, kind: height, sensor: iio, mount_mm: 12000}", "is not a whole number from 100 to 4000")]
    [InlineData("{id: h, kind: height, sensor: iio, mount_mm: 1200, air_celsius: hot}", "'hot' is no temperature")]
    [InlineData("{id: l, kind: tower_light, chip: /dev/gpiochip0}", "neither green, red, amber nor buzzer has a line")]
    [InlineData("{id: l, kind: tower_light, chip: /dev/gpiochip0, green: 4, red: 4}", "two of its lamps have the same line")]
    [InlineData("{id: c, kind: camera, device: /dev/video0, protocol: mjpeg}", "protocol is not known here")]
    [InlineData("{id: x, kind: thermometer}", "'thermometer' is none of scale, scanner, presence, height, tower_light, camera")]
    [InlineData("{id: scanner-1, kind: camera, device: /dev/video0}", "name the device 'scanner-1' more than once")]
    public void Mistakes_around_the_scale_are_told(string device, string expected) => Mistakes(Station("      - " + device)).ShouldContain(m => m.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void One_of_each_kind_is_enough() =>
        Mistakes(Station("      - {id: a, kind: camera, device: /dev/video0}\n      - {id: b, kind: camera, device: /dev/video1}")).ShouldHaveSingleItem().ShouldContain("names a second camera");

    [Theory]
    [InlineData("")]
    [InlineData("depot: [")]
    [InlineData("- a\n- b")]
    [InlineData("just words")]
    public void What_is_no_configuration_is_refused_and_never_throws_anything_else(string text) => Mistakes(text).ShouldNotBeEmpty();

    [Fact]
    public void A_scale_that_cannot_exist_is_explained()
    {
        var mistakes = Mistakes($"""
            depot: D1
            backend: http://127.0.0.1:8081
            data: /data
            stations:
              - id: S1
                devices:
                  - id: s
                    kind: scale
                    protocol: {ScaleProtocol}
                    line: /dev/ttyUSB0
                    scale: {"{"}class: III, interval: 1 g, capacity: 60 kg, minimum: 20 g{"}"}
            """);
        mistakes.ShouldHaveSingleItem().ShouldContain("at most 10000 intervals");
    }

    [Fact]
    public void A_file_that_is_not_there_says_so() =>
        Should.Throw<ConfigurationException>(static () => ReadConfiguration.FromFile("/nowhere/edge.yaml")).Message.ShouldContain("/nowhere/edge.yaml cannot be used");

    private static string ScaleProtocol => ProtocolList.All.First(static p => p.Kind == DeviceKind.Scale).Id;

    private static string ScannerProtocol => ProtocolList.All.First(static p => p.Kind == DeviceKind.Scanner).Id;

    private static AgentConfiguration Read(string yaml) => ReadConfiguration.From(new StringReader(yaml), "edge.yaml");

    private static IReadOnlyList<string> Mistakes(string yaml) => Should.Throw<ConfigurationException>(() => Read(yaml)).Mistakes;
}
