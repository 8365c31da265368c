using System.Buffers.Binary;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.EdgeAgent.Around;
using KeyAccountLogistics.FirmwareAdapters.Cameras;
using KeyAccountLogistics.FirmwareAdapters.Nodes;
using KeyAccountLogistics.FirmwareAdapters.Sensors;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Devices;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>Presence, light and camera in the real agent, their device files made by the test.</summary>
public sealed class AroundScaleTests
{
    private const int Barrier = 1, Green = 5, Red = 6, Amber = 7;
    private const string Good = "KAL2610120000017", Heavy = "KAL2610120000025";

    private readonly FakeGpioChip _chip = new(16);
    private readonly FakeNodes _nodes = new();
    private readonly FakeVideoDevice _video = new(0x4750_4A4D, static n => [0xFF, 0xD8, 0xFF, 0xE0, (byte)n]);

    [Fact]
    public async Task A_sensor_that_fails_beyond_all_thought_is_logged_and_weighing_goes_on()
    {
        await using var bench = await StartAsync(static _ => new BrokenSensor());
        bench.Log.Expect(6406);
        await AgentBench.WaitAsync(() => bench.Log.Saw(6406), "the failure is logged");
        (await bench.WeighAsync(Good, 2m)).Tone.ShouldBe("good");
    }

    private sealed class BrokenSensor : IPresenceSensor
    {
        public PresenceReading Read() => throw new InvalidTimeZoneException("nobody thought of this");

        public void Dispose()
        {
        }
    }

    private Task<AgentBench> StartAsync(Func<IDeviceNodes, IPresenceSensor>? presence = null)
    {
        _nodes.Plug("/dev/gpiochip0", _chip.Open);
        _nodes.Plug("/dev/video0", _video.Open);
        var around = new AroundConfiguration
        {
            Presence = new PresenceDevice("presence-1", presence ?? (nodes => new BarrierPresence(nodes, "/dev/gpiochip0", Barrier, activeLow: false))),
            Light = new TowerLightDevice("light-1", new TowerLightWiring("/dev/gpiochip0", Green, Red, Amber, null)),
            Camera = new CameraDevice("camera-1", nodes => new VideoCamera(nodes, "/dev/video0")),
        };
        return AgentBench.StartAsync([AgentBench.Parcel(Good, 2m, 2m), AgentBench.Parcel(Heavy, 2m, 2m)], with: bench => AgentBench.Variant(bench, around: around, nodes: _nodes));
    }

    private Task LampsAsync(bool green, bool red, bool amber, string what) =>
        AgentBench.WaitAsync(() => _chip.Level(Green) == green && (_chip.Level(Red) || !red) && (red || !_chip.Level(Red)) && _chip.Level(Amber) == amber, what);

    [Fact]
    public async Task The_light_follows_the_verdict_and_goes_out_with_the_agent()
    {
        await using (var bench = await StartAsync())
        {
            await bench.Scanner.ScanAsync(Good);
            await bench.UntilAsync(s => s.Pairing.Parcel == Good, "scanned");
            await bench.Scale.PlaceAsync(Mass.FromKilograms(2m));
            await bench.UntilAsync(s => s.Judged is { Tone: "good" }, "accepted");
            await LampsAsync(green: true, red: false, amber: false, "green for what is accepted");
            await bench.ClearAsync();
            await bench.Scanner.ScanAsync(Heavy);
            await bench.UntilAsync(s => s.Pairing.Parcel == Heavy, "scanned");
            await LampsAsync(green: false, red: false, amber: false, "dark for the next parcel");
            await bench.Scale.PlaceAsync(Mass.FromKilograms(3m));
            await bench.UntilAsync(s => s.Judged is { Tone: "stop" }, "held");
            await LampsAsync(green: false, red: true, amber: false, "red for what is held");
            (await bench.StateAsync()).Devices.ShouldContain(static d => d.Device == "light-1" && d.Kind == "tower_light" && d.State == "live");
        }
        _chip.Level(Red).ShouldBeFalse();
        _chip.Held.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_held_parcel_is_photographed_and_its_photo_is_named_by_a_fact()
    {
        await using var bench = await StartAsync();
        await bench.UntilAsync(s => s.Devices.Any(static d => d is { Device: "camera-1", State: "live" }), "the camera has shown that it works");
        await bench.WeighAsync(Heavy, 3m);
        await AgentBench.WaitAsync(() => bench.Backend.Facts.Any(static f => f.Kind == EventKind.PhotoTaken), "the photo's fact has arrived");
        var photo = bench.Backend.Facts.Single(static f => f.Kind == EventKind.PhotoTaken);
        (photo.Parcel, photo.Device, photo.Photo.MediaType, photo.Photo.Length).ShouldBe((Heavy, "camera-1", "image/jpeg", 5));
        photo.Photo.Sha256.ToByteArray().ShouldBe(System.Security.Cryptography.SHA256.HashData([0xFF, 0xD8, 0xFF, 0xE0, 9]), "each photo is the fifth frame, and the first was the trial");
        await AgentBench.WaitAsync(() => bench.Backend.Blobs.Count == 1, "the photo itself has arrived");
        await bench.WeighAsync(Good, 2m);
        await bench.DrainedAsync();
        bench.Backend.Facts.Count(static f => f.Kind == EventKind.PhotoTaken).ShouldBe(1);
    }

    [Fact]
    public async Task A_zero_with_something_on_the_platform_is_no_return_to_zero()
    {
        await using var bench = await StartAsync();
        await bench.Scanner.ScanAsync(Good);
        await bench.UntilAsync(s => s.Pairing.Parcel == Good, "scanned");
        await bench.Scale.PlaceAsync(Mass.FromKilograms(2m));
        await bench.UntilAsync(s => s.Judged is { Tone: "good" }, "accepted");
        _chip.Drive(Barrier, true);
        await bench.UntilAsync(s => s.Devices.Any(static d => d is { Device: "presence-1", State: "live" }), "the sensor is live");
        // Zeroed with the parcel on it: the scale shows zero, and the barrier is still interrupted.
        bench.Scale.Clear();
        await bench.UntilAsync(s => s.Instruction.Code == "platform_not_empty", "the zero is contradicted");
        (await bench.StateAsync()).Pairing.State.ShouldBe("paired");
        _chip.Drive(Barrier, false);
        await bench.UntilAsync(s => s.Pairing.State == "idle" && !s.Weight.NeedsZero, "the platform is empty for both");
    }

    [Fact]
    public async Task A_sensor_that_is_gone_contradicts_nothing()
    {
        await using var bench = await StartAsync();
        await bench.UntilAsync(s => s.Devices.Any(static d => d is { Device: "presence-1", State: "live" }), "the sensor is live");
        _chip.Drive(Barrier, true);
        await AgentBench.WaitAsync(() => _chip.Held.Contains(Barrier), "the barrier is read");
        _chip.Gone = true;
        await bench.UntilAsync(s => s.Devices.Any(static d => d is { Device: "presence-1", State: "lost", Reason: "/dev/gpiochip0 is gone" }), "the sensor is lost");
        (await bench.WeighAsync(Good, 2m)).Tone.ShouldBe("good");
    }
}
