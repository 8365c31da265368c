using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>How a call ended: a code and a text for people. As opposed to <c>Google.Rpc.Status</c>, which carries typed details.</summary>
[SuppressMessage("Design", "MA0066:Hash table unfriendly type is used in a hash table", Justification = "Equality is by value below.")]
public readonly struct Status : IEquatable<Status>
{
    /// <summary>OK without a text.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>CANCELLED without a text.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>A status.</summary>
    public Status(StatusCode statusCode, string detail) : this(statusCode, detail, null)
    {
    }

    /// <summary>A status with the local cause; <paramref name="debugException"/> never goes on the wire.</summary>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        Detail = detail ?? "";
        DebugException = debugException;
    }

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>The text; empty, never null in a constructed status.</summary>
    public string Detail { get; }

    /// <summary>On the client, what broke underneath (a socket, a stream); null otherwise.</summary>
    public Exception? DebugException { get; }

    /// <summary>The status as text for a log.</summary>
    public override string ToString() => DebugException is null
        ? $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")"
        : $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\", DebugException=\"{DebugException.GetType()}: {DebugException.Message}\")";

    /// <summary>Equal code and text.</summary>
    public bool Equals(Status other) => StatusCode == other.StatusCode && string.Equals(Detail, other.Detail, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Status other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StatusCode, Detail);

    /// <summary>Equal code and text.</summary>
    public static bool operator ==(Status left, Status right) => left.Equals(right);

    /// <summary>Different code or text.</summary>
    public static bool operator !=(Status left, Status right) => !left.Equals(right);
}

/// <summary>A call that did not end with OK: thrown by clients, and by handlers to end a call with a status.</summary>
public class RpcException : Exception
{
    /// <summary>A failed call.</summary>
    public RpcException(Status status) : this(status, Metadata.Empty)
    {
    }

    /// <summary>A failed call; <paramref name="message"/> is the exception's own text and does not go on the wire.</summary>
    public RpcException(Status status, string message) : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>A failed call with trailing metadata; on a server it is sent to the client.</summary>
    public RpcException(Status status, Metadata trailers) : this(status, trailers, status.ToString())
    {
    }

    /// <summary>A failed call with trailing metadata and the exception's own text.</summary>
    public RpcException(Status status, Metadata trailers, string message) : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>The status.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>Trailing metadata; empty and read-only if there are none.</summary>
    public Metadata Trailers { get; }
}
