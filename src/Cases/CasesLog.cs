using Microsoft.Extensions.Logging;
using NodaTime;

namespace KeyAccountLogistics.Cases;

/// <summary>What the module logs; ids 4001 to 4099.</summary>
internal static partial class CasesLog
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Case {Case}: the clock '{Clock}' ran out at {Due}; owner {Owner}. See to it, or pass it on.")]
    internal static partial void Overdue(ILogger logger, string @case, string clock, Instant due, string owner);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "Case {Case}: what was due could not be done: {Why} It is tried again in a minute.")]
    internal static partial void NotLapsed(ILogger logger, string @case, string why);
}
