using System.Threading.Channels;
using KeyAccountLogistics.EdgeAgent.Around;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sensors;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using NodaTime;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>Something that happens at a station; handled one after the other, so that a station needs no locks.</summary>
internal abstract record StationInput
{
    private StationInput()
    {
    }

    /// <summary>A reading of the station's scale.</summary>
    public sealed record Weighed(string Device, WeightReading Reading, Duration At) : StationInput;

    /// <summary>A scan.</summary>
    public sealed record Scanned(string Device, ScanReading Reading, Duration At) : StationInput;

    /// <summary>A device changed its state.</summary>
    public sealed record DeviceChanged(DeviceChange Change) : StationInput;

    /// <summary>The presence sensor sees the platform otherwise than before.</summary>
    public sealed record PlatformSeen(Occupancy Occupancy) : StationInput;

    /// <summary>A device around the scale stands otherwise than before.</summary>
    public sealed record AroundChanged(AroundHealth Health) : StationInput;

    /// <summary>The photo that was asked for.</summary>
    public sealed record Photographed(string Device, string Parcel, byte[] Jpeg) : StationInput;

    /// <summary>Time passes: windows close.</summary>
    public sealed record Tick : StationInput;

    /// <summary>An act of a person through the page, or the page asking for the state.</summary>
    public sealed record Act(Func<ValueTask> Do) : StationInput;
}

/// <summary>
/// Between the device threads and the station: never blocks a device thread. Weights give way when the station does not keep up (the newest matters);
/// scans and acts have room kept for them and are refused loudly only when that is full too.
/// </summary>
internal sealed class StationQueue(AgentClock clock, ILogger log) : IDeviceSink
{
    private const int Capacity = 1_024;
    private const int WeightsMax = 768;

    private readonly Channel<StationInput> _channel = Channel.CreateBounded<StationInput>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private long _weightsDropped;

    public ChannelReader<StationInput> Reader => _channel.Reader;

    public long WeightsDropped => Interlocked.Read(ref _weightsDropped);

    public bool TryPost(StationInput input) => _channel.Writer.TryWrite(input);

    public void Complete() => _channel.Writer.TryComplete();

    public void OnWeight(string deviceId, in WeightReading reading, in Receipt receipt)
    {
        if (_channel.Reader.Count < WeightsMax && _channel.Writer.TryWrite(new StationInput.Weighed(deviceId, reading, clock.At(receipt.Timestamp)))) return;
        Interlocked.Increment(ref _weightsDropped);
    }

    public void OnScan(string deviceId, ScanReading reading, in Receipt receipt)
    {
        if (!_channel.Writer.TryWrite(new StationInput.Scanned(deviceId, reading, clock.At(receipt.Timestamp)))) StationLog.ScanLost(log, deviceId);
    }

    public void OnRejected(string deviceId, in RejectedFrame rejected, in Receipt receipt)
    {
        // The session counts and judges refused bytes; a single one means nothing to a station.
    }

    public void OnChange(DeviceChange change)
    {
        if (!_channel.Writer.TryWrite(new StationInput.DeviceChanged(change))) StationLog.ChangeLost(log, change.DeviceId);
    }
}

internal static partial class StationLog
{
    [LoggerMessage(6401, LogLevel.Error, "A scan of {Device} was lost: the station's queue is full, the disk does not keep up.")]
    public static partial void ScanLost(ILogger log, string device);

    [LoggerMessage(6402, LogLevel.Error, "A state change of {Device} was lost: the station's queue is full, the disk does not keep up.")]
    public static partial void ChangeLost(ILogger log, string device);

    [LoggerMessage(6403, LogLevel.Error, "Station {Station} failed while handling {Input}; the input is given up, the station goes on.")]
    public static partial void InputFailed(ILogger log, Exception fault, string station, string input);

    [LoggerMessage(6406, LogLevel.Error, "{Devices} failed for a reason nobody thought of, and are not looked at until the agent starts anew; weighing goes on without them.")]
    public static partial void SensorsFailed(ILogger log, Exception fault, string devices);

    [LoggerMessage(6404, LogLevel.Warning, "Station {Station}: {Kind} was not accepted ({Code}): {Message}")]
    public static partial void NotAccepted(ILogger log, string station, string kind, string code, string message);

    [LoggerMessage(6405, LogLevel.Information, "Station {Station} goes on from the journal: {Parcels} parcels judged today, handover {Handover}.")]
    public static partial void Recovered(ILogger log, string station, int parcels, string handover);
}
