namespace KeyAccountLogistics.EdgeAgent.Journal;

internal static partial class JournalLog
{
    [LoggerMessage(6101, LogLevel.Warning, "The journal's end was torn by the last stop: {Bytes} bytes in {Segments} segment(s) were never accepted and are cut off.")]
    public static partial void TornTail(ILogger log, long bytes, int segments);

    [LoggerMessage(6102, LogLevel.Error, "Journal gap: events {First} to {Last} of boot {Boot} cannot be read ({Reason}); what is left of them lies in {Aside}. The backend is told.")]
    public static partial void Gap(ILogger log, Guid boot, ulong first, ulong last, string reason, string aside);

    [LoggerMessage(6103, LogLevel.Error, "Acceptance stopped ({Code}): {Reason}")]
    public static partial void AcceptanceStopped(ILogger log, string code, string reason);

    [LoggerMessage(6104, LogLevel.Warning, "Acceptance resumed: the journal takes events again.")]
    public static partial void AcceptanceResumed(ILogger log);

    [LoggerMessage(6105, LogLevel.Warning, "A commit of boot {Boot} failed; the events were refused at their stations.")]
    public static partial void CommitFailed(ILogger log, Exception fault, Guid boot);

    [LoggerMessage(6106, LogLevel.Warning, "The unaccepted end of {Path} could not be cut off; a new boot is begun.")]
    public static partial void TruncateFailed(ILogger log, Exception fault, string path);

    [LoggerMessage(6107, LogLevel.Warning, "{Path} could not be read as the journal's positions; everything kept is sent again, which changes nothing.")]
    public static partial void StateLost(ILogger log, string path);

    [LoggerMessage(6108, LogLevel.Warning, "{Path} could not be written; the positions are kept in memory and written later.")]
    public static partial void StateNotSaved(ILogger log, Exception fault, string path);

    [LoggerMessage(6109, LogLevel.Warning, "{Path} could not be deleted; it is tried again later.")]
    public static partial void DeleteFailed(ILogger log, Exception fault, string path);

    [LoggerMessage(6110, LogLevel.Warning, "The backend holds boot {Boot} only up to {Now}, once it had acknowledged {Before}: it was set back. What is still kept is sent again.")]
    public static partial void BackendSetBack(ILogger log, Guid boot, ulong before, ulong now);
}
