using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Pty;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>
/// The raw report pipe of HID devices, with a pseudo-terminal in the device's place and the kernel's class folder made of files: it hangs up, is lost and returns as
/// a report pipe does. No HID device was at hand.
/// </summary>
public sealed class HidrawLineTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private readonly DeviceBench _bench = new();

    private string SysClass => _bench.Link("sys");

    private string Dev => _bench.Link("dev");

    private PtyDevice Plug(int number, string vendor = "00000922", string product = "00008003", string serial = "")
    {
        var device = Directory.CreateDirectory(Path.Combine(SysClass, $"hidraw{number}", "device")).FullName;
        File.WriteAllText(Path.Combine(device, "uevent"), $"DRIVER=hid-generic\nHID_ID=0003:{vendor}:{product}\nHID_NAME=Some Scale\nHID_PHYS=usb-1/input0\nHID_UNIQ={serial}\n");
        return _bench.Own(PtyDevice.Create(Path.Combine(Dev, $"hidraw{number}")));
    }

    private HidrawLine Line(string address, string? expectedUsb = null) => _bench.Own(new HidrawLine(address, expectedUsb, SysClass, Dev));

    [Fact]
    public void A_device_is_found_by_its_ids_whatever_number_it_has()
    {
        Plug(0, "0000046D", "0000C31C");
        var scale = Plug(3);
        var line = Line("hid:0922:8003");
        line.Open().ShouldSatisfyAllConditions(o => o.Result.ShouldBe(OpenResult.Opened));
        line.Identity.Usb.ShouldBe("0922:8003:");
        scale.Write([3, 4, 2, 0, 1, 0]);
        var buffer = new byte[64];
        line.Read(buffer, Soon).ShouldBe(new LineRead(LineEvent.Bytes, 6));
        buffer[..6].ShouldBe([3, 4, 2, 0, 1, 0]);
    }

    [Fact]
    public void Two_of_the_same_kind_are_told_apart_by_their_serial_number_or_refused()
    {
        Plug(0, serial: "A1");
        Plug(1, serial: "B2");
        Line("hid:0922:8003").Open().ShouldSatisfyAllConditions(
            o => o.Result.ShouldBe(OpenResult.Refused), o => o.Reason.ShouldBe("2 such devices are plugged in: add the serial number (0922:8003:A1, 0922:8003:B2)"));
        var line = Line("hid:0922:8003:B2");
        line.Open().Result.ShouldBe(OpenResult.Opened);
        line.Identity.Usb.ShouldBe("0922:8003:B2");
        Line("hid:0922:8003:C3").Open().ShouldSatisfyAllConditions(o => o.Result.ShouldBe(OpenResult.Missing), o => o.Reason.ShouldBe("no such device"));
    }

    [Fact]
    public void A_path_that_leads_to_another_device_than_expected_is_refused()
    {
        Plug(0, serial: "A1");
        var path = Path.Combine(Dev, "hidraw0");
        Line(path, "0922:8003:A1").Open().Result.ShouldBe(OpenResult.Opened);
        Line(path, "0922:8003:B2").Open().ShouldSatisfyAllConditions(o => o.Result.ShouldBe(OpenResult.Refused), o => o.Reason.ShouldContain("'0922:8003:A1' instead of '0922:8003:B2'"));
        Line(Path.Combine(Dev, "hidraw7"), "0922:8003:A1").Open().Result.ShouldBe(OpenResult.Missing);
    }

    [Fact]
    public void A_device_in_use_is_refused()
    {
        Plug(0);
        Line("hid:0922:8003").Open().Result.ShouldBe(OpenResult.Opened);
        Line("hid:0922:8003").Open().ShouldBe(new LineOpening(OpenResult.Refused, "in use by another program"));
    }

    [Fact]
    public void Pulled_out_it_is_lost_at_once_and_found_again_under_another_number()
    {
        var scale = Plug(0);
        var line = Line("hid:0922:8003");
        line.Open();
        var buffer = new byte[64];
        line.Read(buffer, TimeSpan.FromMilliseconds(20)).Event.ShouldBe(LineEvent.TimedOut);
        scale.Unplug();
        Directory.Delete(Path.Combine(SysClass, "hidraw0"), recursive: true);
        line.Read(buffer, Soon).Event.ShouldBe(LineEvent.Lost);
        line.Close();
        line.Open().Result.ShouldBe(OpenResult.Missing);
        line.Read(buffer, Soon).ShouldBe(new LineRead(LineEvent.Lost, Reason: "not open"));

        var began = System.Diagnostics.Stopwatch.StartNew();
        var returned = Plug(5);
        while (line.Open().Result != OpenResult.Opened)
        {
            began.Elapsed.ShouldBeLessThan(Soon);
            line.WaitForReturn(TimeSpan.FromSeconds(5));
        }
        began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        returned.Write([3, 2, 2, 0, 0, 0]);
        line.Read(buffer, Soon).Count.ShouldBe(6);
    }

    [Fact]
    public void Reports_queued_before_it_was_opened_are_old_weights()
    {
        var scale = Plug(0);
        scale.Write([3, 4, 2, 0, 99, 0]);
        var line = Line("hid:0922:8003");
        line.Open();
        scale.Write([3, 4, 2, 0, 1, 0]);
        var buffer = new byte[64];
        line.Read(buffer, Soon).Count.ShouldBe(6);
        buffer[4].ShouldBe((byte)1);
    }

    [Fact]
    public async Task A_wait_is_woken_and_a_report_is_written_whole()
    {
        var written = new TaskCompletionSource<byte[]>();
        var scale = Plug(0);
        scale.FromHost = bytes => written.TrySetResult(bytes.ToArray());
        var line = Line("hid:0922:8003");
        line.Open();
        line.Write([0, 0x77]).ShouldBeTrue();
        (await written.Task.WaitAsync(Soon)).ShouldBe([0, 0x77]);
        var reading = Task.Run(() => line.Read(new byte[8], null));
        line.Wake();
        (await reading.WaitAsync(Soon)).Event.ShouldBe(LineEvent.Woken);
    }

    [Fact]
    public void A_USB_scale_weighs_through_it_and_is_back_within_a_second_under_another_number()
    {
        var scale = Plug(0);
        var dialect = ProtocolList.Find("usb-hid-pos-scale")!.Configure(ProtocolSettings.Default);
        var session = _bench.Own(new DeviceSession("scale-1", new HidrawLine("hid:0922:8003", null, SysClass, Dev), dialect, SessionTiming.Default, _bench.Sink, TimeProvider.System, _bench.Log));
        session.Start();
        _bench.Sink.WaitUntil(s => s.Changes.Count > 0 && s.Changes[^1].To == DeviceState.Silent, "open");
        scale.Write([3, 4, 2, 0, 0xE8, 3]);
        _bench.Sink.WaitUntil(static s => s.Weights.Count == 1, "a report is a weight");
        _bench.Sink.Weights[0].Mass.ShouldBe(Mass.FromGrams(1_000));
        for (var number = 1; number < 6; number++)
        {
            scale.Unplug();
            Directory.Delete(Path.Combine(SysClass, $"hidraw{number - 1}"), recursive: true);
            _bench.Sink.WaitFor(DeviceState.Lost, seconds: 1);
            _bench.Sink.Forget();
            scale = Plug(number);
            _bench.Sink.WaitFor(DeviceState.Silent, seconds: 1);
            scale.Write([3, 4, 2, 0, (byte)number, 0]);
            _bench.Sink.WaitUntil(static s => s.Weights.Count == 1, "it weighs again");
            _bench.Sink.Weights[0].Mass.ShouldBe(Mass.FromGrams(number));
        }
        session.Status.Usb.ShouldBe("0922:8003:");
        _bench.Log.Lines.Count.ShouldBe(_bench.Sink.Changes.Count, "one log line per change");
    }

    [Theory]
    [InlineData("hid:0922")]
    [InlineData("hid:922:8003")]
    [InlineData("hid:0922:8003:")]
    [InlineData("hid:zzzz:8003")]
    public void An_address_that_is_none_is_refused_when_it_is_written(string address)
    {
        Should.Throw<FormatException>(() => new HidrawLine(address)).Message.ShouldContain("is no HID device");
        Should.Throw<FormatException>(() => LineFactory.Create(address, LineSettings.Default));
    }

    [Fact]
    public void Addresses_choose_their_line()
    {
        foreach (var address in (string[])["hid:0922:8003", "hid:0922:8003:A1", "/dev/hidraw0"]) _bench.Own(LineFactory.Create(address, LineSettings.Default)).ShouldBeOfType<HidrawLine>();
        _bench.Own(LineFactory.Create("/dev/ttyUSB0", LineSettings.Default)).ShouldBeOfType<TtyLine>();
    }

    public void Dispose() => _bench.Dispose();
}
