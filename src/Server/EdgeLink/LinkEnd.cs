using Grpc.Core;

namespace KeyAccountLogistics.Server.EdgeLink;

/// <summary>Why the server ends a link: what the agent is told, and the status of the stream.</summary>
internal sealed record LinkEnd(string Code, StatusCode Status, string Message)
{
    internal static readonly LinkEnd Revoked = new("revoked", StatusCode.PermissionDenied, "The agent is revoked. Enrol it anew.");

    internal static readonly LinkEnd ShuttingDown = new("shutting_down", StatusCode.Unavailable, "The server is stopping. Connect again.");

    internal static readonly LinkEnd Replaced = new("replaced", StatusCode.Aborted, "A newer link of the same agent took over.");

    internal static LinkEnd Protocol(string message) => new("protocol", StatusCode.InvalidArgument, message);

    internal static LinkEnd Refused(StatusCode status, string message) => new("refused", status, message);
}
