using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Sessions;

/// <summary>
/// Where a session delivers. Called on the device's own thread, in wire order: do not block, copy what is kept, throw nothing (an exception ends the
/// process, because a device thread that died silently would look like a quiet scale).
/// </summary>
public interface IDeviceSink
{
    /// <summary>An accepted frame of a scale.</summary>
    void OnWeight(string deviceId, in WeightReading reading, in Receipt receipt);

    /// <summary>An accepted scan.</summary>
    void OnScan(string deviceId, ScanReading reading, in Receipt receipt);

    /// <summary>Bytes that were refused; only worth counting and showing.</summary>
    void OnRejected(string deviceId, in RejectedFrame rejected, in Receipt receipt);

    /// <summary>The session changed its state. A weight shown before is live no longer unless the state is <see cref="DeviceState.Live"/>.</summary>
    void OnChange(DeviceChange change);
}
