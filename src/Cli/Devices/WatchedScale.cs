using System.Threading.Channels;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary>A scale that is being commissioned: its readings as they come, read by the agent's own session. Dispose closes the line.</summary>
internal sealed class WatchedScale : IDeviceSink, IDisposable
{
    private const int ReadingsMax = 4_096;
    private readonly Channel<WeightReading> _readings = Channel.CreateBounded<WeightReading>(new BoundedChannelOptions(ReadingsMax) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly ResolutionLearner _resolution = new();
    private readonly StabilityWindow _stability = new(StabilityRule.Default);
    private readonly HashSet<string> _units = new(StringComparer.Ordinal);
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly DeviceSession _session;

    internal WatchedScale(string line, Protocol protocol, ProtocolSettings settings, LineSettings? serial)
    {
        _session = DeviceOptions.Open(line, protocol, settings, serial, this, _time);
        _session.Start();
    }

    internal WeightReading Last { get; private set; }

    /// <summary>The last reading in the scale's own words.</summary>
    internal string Shown => Last.Number is { } number ? $"{number} {Last.Unit ?? ""}".TrimEnd() : Last.Condition.ToString().ToLowerInvariant();

    internal Mass? Resolution => _resolution.Current;

    internal string? OnlyUnit => _units.Count == 1 ? _units.Single() : null;

    internal string Usb => _session.Status.Usb;

    /// <summary>Null once readings come; else why none did.</summary>
    internal async Task<string?> LiveAsync(TimeSpan limit, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(limit);
        try
        {
            await NextAsync(patience.Token);
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"{_session.Status.State.ToString().ToLowerInvariant()}, {_session.Status.Reason}";
        }
    }

    /// <summary>The first load at rest, by the wire's word or computed; after the limit the last one, whatever it is.</summary>
    internal async Task<WeightReading> SettledAsync(TimeSpan limit, CancellationToken ct)
    {
        while (_readings.Reader.TryRead(out _))
        {
            // What came before the question was asked is no answer to it.
        }
        _stability.Reset();
        var began = _time.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(limit);
        try
        {
            while (true)
            {
                var reading = await NextAsync(patience.Token);
                // A flag may be turned round, which only the shake will show: rest is what both say, or what the readings themselves show.
                var computed = _stability.Add(reading with { Stability = StabilityFlag.NotReported }, _resolution.Current ?? reading.Resolution ?? Mass.FromGrams(1), _time.GetElapsedTime(began));
                if (computed == StabilityFlag.Stable) return reading;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Last;
        }
    }

    /// <summary>Everything that comes within the span.</summary>
    internal async Task<List<WeightReading>> WatchAsync(TimeSpan span, CancellationToken ct)
    {
        while (_readings.Reader.TryRead(out _))
        {
            // As above.
        }
        var seen = new List<WeightReading>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(span);
        try
        {
            while (true) seen.Add(await NextAsync(patience.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return seen;
        }
    }

    public void OnWeight(string deviceId, in WeightReading reading, in Receipt receipt) => _readings.Writer.TryWrite(reading);

    public void OnScan(string deviceId, ScanReading reading, in Receipt receipt)
    {
        // A scale scans nothing.
    }

    public void OnRejected(string deviceId, in RejectedFrame rejected, in Receipt receipt)
    {
        // The session's state says when refusals are all that comes.
    }

    public void OnChange(DeviceChange change)
    {
        // Asked for when it matters.
    }

    public void Dispose() => _session.Dispose();

    private async Task<WeightReading> NextAsync(CancellationToken ct)
    {
        var reading = await _readings.Reader.ReadAsync(ct);
        Last = reading;
        _resolution.Add(in reading);
        if (reading.Unit is { } unit) _units.Add(unit);
        return reading;
    }
}
