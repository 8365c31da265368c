using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.FirmwareAdapters.Sessions;

/// <summary>Log events of the device layer: 7001 to 7099.</summary>
internal static partial class DeviceLog
{
    [LoggerMessage(EventId = 7001, EventName = "DeviceStateChanged", Level = LogLevel.Information, Message = "Device {DeviceId} on {Line}: {From} -> {To}: {Reason}")]
    internal static partial void StateChanged(ILogger logger, string deviceId, string line, DeviceState from, DeviceState to, string reason);

    [LoggerMessage(EventId = 7002, EventName = "LineNotSupported", Level = LogLevel.Information, Message = "Device {DeviceId} on {Line}: {What}")]
    internal static partial void NotSupported(ILogger logger, string deviceId, string line, string what);
}
