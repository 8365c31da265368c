using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.ServiceLevels;

/// <summary>What the module logs; ids 5001 to 5099.</summary>
internal static partial class LevelsLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "{Subject} cannot be judged by this program; it counts as before. Its facts are in the journal.")]
    internal static partial void NotJudged(ILogger logger, Exception failure, string subject);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "Figures could not be brought up to date: {Why} It is tried again.")]
    internal static partial void NotFollowed(ILogger logger, string why);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "Event {Id} tells of an account's service and names no account, or has no name of its own: it counts nowhere. Tell it again with both.")]
    internal static partial void NobodysFact(ILogger logger, Guid id);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Warning, Message = "The warning {Warning} opens no regress: {Why}")]
    internal static partial void NoRegress(ILogger logger, string warning, string why);

    [LoggerMessage(EventId = 5005, Level = LogLevel.Information, Message = "Account {Account}: the figures of {From} to {To} counted again from the journal are what is kept.")]
    internal static partial void CountedAgain(ILogger logger, string account, string from, string to);

    [LoggerMessage(EventId = 5006, Level = LogLevel.Error, Message = "Account {Account}: {Differences} figures of {From} to {To} counted again from the journal are not what is kept, the first: {First}. 'kal rebuild' puts them right; tell who maintains the program.")]
    internal static partial void Differs(ILogger logger, string account, int differences, string from, string to, string first);
}
