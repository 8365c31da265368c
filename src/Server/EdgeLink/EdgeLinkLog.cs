using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Server.EdgeLink;

internal static partial class EdgeLinkLog
{
    [LoggerMessage(EventId = 5201, EventName = "LinkOpened", Level = LogLevel.Information, Message = "Agent {Agent} of depot {Depot} is linked (software {Software}, {UnsentBoots} boots with unsent events)")]
    internal static partial void LinkOpened(ILogger log, string agent, string depot, string software, int unsentBoots);

    [LoggerMessage(EventId = 5202, EventName = "LinkEnded", Level = LogLevel.Information, Message = "Link of agent {Agent} ended after {Events} events: {Reason}")]
    internal static partial void LinkEnded(ILogger log, string agent, long events, string reason);

    [LoggerMessage(EventId = 5203, EventName = "SequenceGap", Level = LogLevel.Warning, Message = "Agent {Agent} left out the events {FirstMissing} to {LastMissing} of boot {Boot}: they are in the gap report until they come")]
    internal static partial void SequenceGap(ILogger log, string agent, Guid boot, long firstMissing, long lastMissing);

    [LoggerMessage(EventId = 5204, EventName = "EventsRejected", Level = LogLevel.Warning, Message = "{Count} events of agent {Agent} cannot be read as facts, the first is sequence {Sequence} ({Code}): kept as bytes")]
    internal static partial void EventsRejected(ILogger log, string agent, int count, long sequence, string code);

    [LoggerMessage(EventId = 5205, EventName = "FeedFailed", Level = LogLevel.Error, Message = "Agent {Agent} cannot be brought up to date; tried again in a few seconds")]
    internal static partial void FeedFailed(ILogger log, string agent, Exception exception);

    [LoggerMessage(EventId = 5206, EventName = "RevocationLookFailed", Level = LogLevel.Error, Message = "Revocations of other servers cannot be read; tried again in a few seconds")]
    internal static partial void RevocationLookFailed(ILogger log, Exception exception);
}
