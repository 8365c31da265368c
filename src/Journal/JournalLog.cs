using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Journal;

/// <summary>The journal's log events, 1001 to 1099.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(1001, LogLevel.Error, "The disk is full: a batch of {Source} was not accepted ({Reason}). Free space; acceptance resumes by itself.")]
    internal static partial void DiskFull(ILogger logger, string source, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "The database did not answer: a batch of {Source} was not acknowledged and will come again ({Reason}).")]
    internal static partial void DatabaseUnavailable(ILogger logger, string source, string reason);

    [LoggerMessage(1003, LogLevel.Error, "A batch of {Source} from sequence {FirstSequence} could not be journalled and stops its source until the cause is mended.")]
    internal static partial void BatchBroke(ILogger logger, Exception failure, string source, long firstSequence);

    [LoggerMessage(1010, LogLevel.Warning, "Outbox {Topic} #{Id}: attempt {Attempt} failed and will be made again.")]
    internal static partial void OutboxAttemptFailed(ILogger logger, Exception failure, string topic, long id, int attempt);

    [LoggerMessage(1011, LogLevel.Error, "Outbox {Topic} #{Id} is parked after {Attempts} attempts ({Why}). Mend the cause, then set parked_us of the entry to null.")]
    internal static partial void OutboxParked(ILogger logger, string topic, long id, int attempts, string why);

    [LoggerMessage(1012, LogLevel.Warning, "The outbox could not be read or written ({Reason}); it is tried again.")]
    internal static partial void OutboxUnavailable(ILogger logger, string reason);

    [LoggerMessage(1020, LogLevel.Information, "Chain of {Source}: head {HeadIndex}, {HeadHash}. Kept outside the database, this line proves a cut tail.")]
    internal static partial void ChainHead(ILogger logger, string source, long headIndex, string headHash);

    [LoggerMessage(1021, LogLevel.Error, "The chain of {Source} is broken at index {ChainIndex} (position {Position}): {Reason}. Run kal verify-journal, compare with a backup.")]
    internal static partial void ChainBroken(ILogger logger, string source, long chainIndex, long position, string reason);

    [LoggerMessage(1030, LogLevel.Information, "{Count} stored command replies older than {Before} were deleted.")]
    internal static partial void CommandsPurged(ILogger logger, int count, NodaTime.Instant before);
}
