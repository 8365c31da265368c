using System.Diagnostics;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Simulators.Pty;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>A device thread with nothing to do does nothing: it is blocked in one poll and does not wake itself.</summary>
public sealed class QuietThreadsTests : IDisposable
{
    private readonly DeviceBench _bench = new();

    [Fact]
    public void Threads_of_quiet_devices_make_no_voluntary_switch_in_four_seconds()
    {
        _bench.Own(PtyDevice.Create(_bench.Link("quiet-yaohua")));
        _bench.Own(PtyDevice.Create(_bench.Link("quiet-toledo")));
        _bench.Own(PtyDevice.Create(_bench.Link("quiet-scanner")));
        _bench.Session("yaohua-=1", _bench.Link("quiet-yaohua"), id: "quiet-yaohua");
        _bench.Session("toledo-continuous", _bench.Link("quiet-toledo"), id: "quiet-toledo");
        _bench.Session("scanner-aim", _bench.Link("quiet-scanner"), id: "quiet-scanner");
        _bench.Sink.WaitUntil(s => s.Changes.Count == 3, "all open");
        Await(TimeSpan.FromSeconds(1.5));
        var before = Switches("quiet-");
        before.Count.ShouldBe(3);
        Await(TimeSpan.FromSeconds(4));
        Switches("quiet-").ShouldBe(before);
    }

    [Fact]
    public void A_live_stream_that_fell_silent_leaves_its_thread_blocked()
    {
        var scale = _bench.Own(new YaohuaStreamSimulator(_bench.Link(), new PlatformSettings(), TimeProvider.System, reversed: false));
        _bench.Session("yaohua-=2", id: "fell-silent");
        _bench.Sink.WaitFor(DeviceState.Live);
        scale.Fault = LineFault.Silence;
        _bench.Sink.WaitFor(DeviceState.Silent);
        Await(TimeSpan.FromSeconds(0.5));
        var before = Switches("fell-silent");
        before.Count.ShouldBe(1);
        Await(TimeSpan.FromSeconds(3));
        Switches("fell-silent").ShouldBe(before);
    }

    /// <summary>Lets real time pass: what is measured is that nothing happens in it.</summary>
    private static void Await(TimeSpan time)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(time).ShouldBeFalse();
    }

    private static SortedDictionary<string, long> Switches(string namePrefix)
    {
        var switches = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var task in Directory.GetDirectories($"/proc/{Environment.ProcessId}/task"))
        {
            string line;
            string name;
            try
            {
                name = File.ReadAllText(Path.Combine(task, "comm")).Trim();
                if (!name.StartsWith(namePrefix, StringComparison.Ordinal)) continue;
                line = File.ReadLines(Path.Combine(task, "status")).First(l => l.StartsWith("voluntary_ctxt_switches", StringComparison.Ordinal));
            }
            catch (IOException)
            {
                // A thread of another test that ended since the folder was read.
                continue;
            }
            switches[name] = long.Parse(line.Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        return switches;
    }

    public void Dispose() => _bench.Dispose();
}
