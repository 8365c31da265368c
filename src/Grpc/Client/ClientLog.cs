using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>What the client says of its calls: events 921 to 939.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(Level = LogLevel.Debug, EventId = 921, EventName = "ClientCallFailed", Message = "Call of '{Method}' at {Target} ended with {StatusCode}: {Detail}")]
    internal static partial void CallFailed(ILogger logger, string method, string target, StatusCode statusCode, string detail, Exception? exception);

    [LoggerMessage(Level = LogLevel.Warning, EventId = 922, EventName = "CredentialsNotSent", Message = "Call credentials of '{Method}' were not sent: the channel to {Target} is cleartext.")]
    internal static partial void CredentialsNotSent(ILogger logger, string method, string target);

    [LoggerMessage(Level = LogLevel.Error, EventId = 923, EventName = "ClientCancellationCallbackThrew", Message = "A cancellation callback of the call of '{Method}' threw.")]
    internal static partial void CancellationCallbackThrew(ILogger logger, string method, Exception exception);
}
