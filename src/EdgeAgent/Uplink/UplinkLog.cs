namespace KeyAccountLogistics.EdgeAgent.Uplink;

internal static partial class UplinkLog
{
    [LoggerMessage(6501, LogLevel.Information, "Connected to the backend as {Agent}; {Unsent} events to send.")]
    public static partial void Connected(ILogger log, string agent, long unsent);

    [LoggerMessage(6502, LogLevel.Information, "The line to the backend is down ({State}): {Reason}. Next attempt in {Seconds:0.0} s; the depot works on.")]
    public static partial void Down(ILogger log, string state, string reason, double seconds);

    [LoggerMessage(6503, LogLevel.Warning, "The backend could not read event {Sequence} as a fact ({Code}: {Message}); it is kept there as bytes.")]
    public static partial void Rejected(ILogger log, ulong sequence, string code, string message);

    [LoggerMessage(6504, LogLevel.Debug, "A side of the link ended: {Reason}")]
    public static partial void SideEnded(ILogger log, string reason);

    [LoggerMessage(6505, LogLevel.Information, "Blob {Name} is at the backend.")]
    public static partial void BlobStored(ILogger log, string name);

    [LoggerMessage(6506, LogLevel.Warning, "Blob {Name} could not be sent: {Reason}. It is tried again.")]
    public static partial void BlobFailed(ILogger log, string name, string reason);

    [LoggerMessage(6507, LogLevel.Error, "The uplink failed; it is begun again.")]
    public static partial void Failed(ILogger log, Exception fault);

    [LoggerMessage(6508, LogLevel.Warning, "What is kept of clock, positions or manifest could not be written: {Reason}. It is tried again.")]
    public static partial void NotSaved(ILogger log, string reason);
}
