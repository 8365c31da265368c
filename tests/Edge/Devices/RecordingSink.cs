using System.Diagnostics;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>Keeps what a session delivers and lets a test wait for it with a limit.</summary>
internal sealed class RecordingSink : IDeviceSink
{
    private readonly object _gate = new();
    private readonly List<WeightReading> _weights = [];
    private readonly List<ScanReading> _scans = [];
    private readonly List<RejectedFrame> _rejected = [];
    private readonly List<DeviceChange> _changes = [];
    private readonly List<Receipt> _receipts = [];

    internal IReadOnlyList<WeightReading> Weights => Copy(_weights);

    internal IReadOnlyList<ScanReading> Scans => Copy(_scans);

    internal IReadOnlyList<RejectedFrame> Rejected => Copy(_rejected);

    internal IReadOnlyList<DeviceChange> Changes => Copy(_changes);

    internal IReadOnlyList<Receipt> Receipts => Copy(_receipts);

    public void OnWeight(string deviceId, in WeightReading reading, in Receipt receipt) => Add(_weights, reading, receipt);

    public void OnScan(string deviceId, ScanReading reading, in Receipt receipt) => Add(_scans, reading, receipt);

    public void OnRejected(string deviceId, in RejectedFrame rejected, in Receipt receipt) => Add(_rejected, rejected, null);

    public void OnChange(DeviceChange change) => Add(_changes, change, null);

    /// <summary>Waits until the condition holds; fails the test with <paramref name="what"/> after the limit.</summary>
    internal void WaitUntil(Func<RecordingSink, bool> condition, string what, double seconds = 5)
    {
        var clock = Stopwatch.StartNew();
        lock (_gate)
        {
            while (!condition(this))
            {
                var left = TimeSpan.FromSeconds(seconds) - clock.Elapsed;
                if (left <= TimeSpan.Zero) throw new TimeoutException($"not within {seconds} s: {what}. {Describe()}");
                Monitor.Wait(_gate, left < TimeSpan.FromMilliseconds(50) ? left : TimeSpan.FromMilliseconds(50));
            }
        }
    }

    internal void WaitFor(DeviceState state, double seconds = 5) =>
        WaitUntil(sink => sink._changes.Count > 0 && sink._changes[^1].To == state, $"state {state}", seconds);

    internal void Forget()
    {
        lock (_gate)
        {
            _weights.Clear();
            _scans.Clear();
            _rejected.Clear();
        }
    }

    private string Describe() =>
        $"states: {string.Join(", ", _changes.Select(c => $"{c.To} ({c.Reason})"))}; {_weights.Count} weights, {_scans.Count} scans, "
        + $"{_rejected.Count} rejected{(_rejected.Count > 0 ? ", last " + _rejected[^1] : "")}";

    private void Add<T>(List<T> list, T item, Receipt? receipt)
    {
        lock (_gate)
        {
            list.Add(item);
            if (receipt is { } known) _receipts.Add(known);
            Monitor.PulseAll(_gate);
        }
    }

    private T[] Copy<T>(List<T> list)
    {
        lock (_gate) return [.. list];
    }
}
