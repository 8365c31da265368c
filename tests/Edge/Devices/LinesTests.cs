using System.Net;
using System.Net.Sockets;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Pty;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>The lines themselves: settings read back, exclusivity, waking, and a device server over TCP.</summary>
public sealed class LinesTests : IDisposable
{
    private readonly DeviceBench _bench = new();

    private TtyLine Opened(LineSettings settings)
    {
        var line = _bench.Own(new TtyLine(_bench.Link(), settings));
        line.Open().Result.ShouldBe(OpenResult.Opened);
        return line;
    }

    [Fact]
    public void Seven_bits_and_parity_on_a_pseudo_terminal_are_not_supported_and_no_failure()
    {
        _bench.Own(PtyDevice.Create(_bench.Link()));
        using var line = new TtyLine(_bench.Link(), new LineSettings(9600, 7, Parity.Even));
        var opening = line.Open();
        opening.Result.ShouldBe(OpenResult.Opened);
        opening.NotSupported.ShouldBe("9600 7E1 is not supported here, the line runs 9600 8N1");
    }

    [Fact]
    public void Modem_lines_on_a_pseudo_terminal_are_not_supported_and_no_failure()
    {
        _bench.Own(PtyDevice.Create(_bench.Link()));
        using var line = new TtyLine(_bench.Link(), new LineSettings(Dtr: false, Rts: false));
        line.Open().ShouldSatisfyAllConditions(o => o.Result.ShouldBe(OpenResult.Opened), o => o.NotSupported.ShouldBe("modem lines are not supported here"));
    }

    [Theory]
    [InlineData(9600)]
    [InlineData(14400)]
    [InlineData(250000)]
    public void Any_baud_rate_is_set_and_read_back(int baud)
    {
        _bench.Own(PtyDevice.Create(_bench.Link()));
        using var line = new TtyLine(_bench.Link(), new LineSettings(baud));
        line.Open().NotSupported.ShouldBeNull();
    }

    [Fact]
    public void A_file_that_is_no_terminal_is_refused_with_the_reason()
    {
        File.WriteAllText(_bench.Link(), "");
        using var line = new TtyLine(_bench.Link(), LineSettings.Default);
        line.Open().ShouldSatisfyAllConditions(o => o.Result.ShouldBe(OpenResult.Refused), o => o.Reason.ShouldContain("cannot be set"));
    }

    [Fact]
    public void Another_adapter_than_expected_is_refused()
    {
        _bench.Own(PtyDevice.Create(_bench.Link()));
        using var line = new TtyLine(_bench.Link(), LineSettings.Default, "0403:6001:A50285BI");
        line.Open().ShouldSatisfyAllConditions(o => o.Result.ShouldBe(OpenResult.Refused), o => o.Reason.ShouldContain("0403:6001:A50285BI"));
    }

    [Fact]
    public void What_was_received_before_opening_is_thrown_away()
    {
        var pty = _bench.Own(PtyDevice.Create(_bench.Link()));
        pty.Write("old weights"u8);
        var line = Opened(LineSettings.Default);
        pty.Write("new"u8);
        var buffer = new byte[64];
        var read = line.Read(buffer, TimeSpan.FromSeconds(2));
        System.Text.Encoding.ASCII.GetString(buffer, 0, read.Count).ShouldBe("new");
    }

    [Fact]
    public void Bytes_of_every_value_pass_unchanged_both_ways()
    {
        var all = Enumerable.Range(0, 256).Select(b => (byte)b).ToArray();
        var back = new List<byte>();
        var pty = _bench.Own(PtyDevice.Create(_bench.Link()));
        pty.FromHost = bytes =>
        {
            lock (back) back.AddRange(bytes.ToArray());
        };
        foreach (var settings in new[] { LineSettings.Default, new LineSettings(9600, 7, Parity.Even) })
        {
            var line = Opened(settings);
            pty.Write(all);
            var got = new List<byte>();
            var buffer = new byte[300];
            while (got.Count < all.Length)
            {
                var read = line.Read(buffer, TimeSpan.FromSeconds(2));
                read.Event.ShouldBe(LineEvent.Bytes);
                got.AddRange(buffer.AsSpan(0, read.Count));
            }
            got.ShouldBe(all);
            line.Write(all).ShouldBeTrue();
            _bench.Sink.WaitUntil(_ => Count(back) == all.Length, "the bytes at the device");
            lock (back)
            {
                back.ShouldBe(all);
                back.Clear();
            }
            line.Close();
        }
    }

    [Fact]
    public async Task A_wait_without_end_is_woken_from_another_thread()
    {
        _bench.Own(PtyDevice.Create(_bench.Link()));
        var line = Opened(LineSettings.Default);
        var waiting = Task.Run(() => line.Read(new byte[16], wait: null).Event);
        line.Wake();
        (await waiting.WaitAsync(TimeSpan.FromSeconds(2))).ShouldBe(LineEvent.Woken);
    }

    [Fact]
    public void A_device_server_over_TCP_is_read_lost_and_taken_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _bench.Session("yaohua-=2", $"tcp://127.0.0.1:{port}");
        for (var round = 0; round < 2; round++)
        {
            using var server = listener.AcceptSocket();
            server.Send(YaohuaStreamSimulator.Frame(Mass.FromGrams(2340 + round), 3, reversed: false));
            _bench.Sink.WaitUntil(s => s.Weights.Count == round + 1 && s.Weights[^1].Mass == Mass.FromGrams(2340 + round), "the weight");
            server.Close();
            _bench.Sink.WaitUntil(s => s.Changes.Count(c => c.To == DeviceState.Lost) == round + 1, "the loss");
        }
        _bench.Sink.Changes.Where(c => c.To == DeviceState.Lost).ShouldAllBe(c => c.Reason.Contains("closed by the device server", StringComparison.Ordinal));
    }

    [Fact]
    public void A_device_server_that_nobody_runs_is_absent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var line = new TcpLine("127.0.0.1", port);
        line.Open().ShouldSatisfyAllConditions(o => o.Result.ShouldBe(OpenResult.Missing), o => o.Reason.ShouldBe("ConnectionRefused"));
    }

    private static int Count(List<byte> bytes)
    {
        lock (bytes) return bytes.Count;
    }

    public void Dispose() => _bench.Dispose();
}
