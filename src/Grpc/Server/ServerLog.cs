using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>What the server says of its calls: events 901 to 919.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(Level = LogLevel.Debug, EventId = 901, EventName = "CallRefused", Message = "Request to '{Path}' refused with HTTP {HttpStatus}: {Reason}")]
    internal static partial void CallRefused(ILogger logger, string path, int httpStatus, string reason);

    [LoggerMessage(Level = LogLevel.Debug, EventId = 902, EventName = "CallFailed", Message = "Call of '{Method}' ended with {StatusCode}: {Detail}")]
    internal static partial void CallFailed(ILogger logger, string method, StatusCode statusCode, string detail, Exception? exception);

    [LoggerMessage(Level = LogLevel.Error, EventId = 903, EventName = "HandlerThrew", Message = "The handler of '{Method}' threw an exception; the caller was told UNKNOWN.")]
    internal static partial void HandlerThrew(ILogger logger, string method, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, EventId = 904, EventName = "HandlerThrewAfterEnd", Message = "The handler of '{Method}' threw after its call had ended.")]
    internal static partial void HandlerThrewAfterEnd(ILogger logger, string method, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, EventId = 905, EventName = "DeadlineExceeded", Message = "The deadline of '{Method}' passed; the call was ended.")]
    internal static partial void DeadlineExceeded(ILogger logger, string method);

    [LoggerMessage(Level = LogLevel.Information, EventId = 906, EventName = "StreamDrained", Message = "The server is stopping; the stream '{Method}' was ended with UNAVAILABLE.")]
    internal static partial void StreamDrained(ILogger logger, string method);

    [LoggerMessage(Level = LogLevel.Error, EventId = 907, EventName = "CancellationCallbackThrew", Message = "A cancellation callback of '{Method}' threw.")]
    internal static partial void CancellationCallbackThrew(ILogger logger, string method, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, EventId = 908, EventName = "EndNotSent", Message = "The status of '{Method}' could not be sent; the stream was reset.")]
    internal static partial void EndNotSent(ILogger logger, string method, Exception? exception);

    [LoggerMessage(Level = LogLevel.Error, EventId = 909, EventName = "TrailersInvalid", Message = "The trailers of '{Method}' cannot be sent: {Reason}")]
    internal static partial void TrailersInvalid(ILogger logger, string method, string reason);
}
