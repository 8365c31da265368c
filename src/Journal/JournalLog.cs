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
}
