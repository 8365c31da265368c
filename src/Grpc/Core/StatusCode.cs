namespace Grpc.Core;

/// <summary>The status codes of gRPC (grpc/doc/statuscodes.md); the numbers are the wire's.</summary>
public enum StatusCode
{
    /// <summary>No error.</summary>
    OK = 0,

    /// <summary>The caller cancelled.</summary>
    Cancelled = 1,

    /// <summary>An error without a better code, such as an exception in a handler.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended.</summary>
    DeadlineExceeded = 4,

    /// <summary>The thing asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>The thing to be made exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known but may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is reached: size, rate, space.</summary>
    ResourceExhausted = 8,

    /// <summary>The state of the system forbids it; a retry does not help until the state changes.</summary>
    FailedPrecondition = 9,

    /// <summary>A conflict between concurrent callers; retry at a higher level.</summary>
    Aborted = 10,

    /// <summary>Past the end of a valid range.</summary>
    OutOfRange = 11,

    /// <summary>The method is not offered here.</summary>
    Unimplemented = 12,

    /// <summary>An invariant of the wire or the system is broken.</summary>
    Internal = 13,

    /// <summary>Not now; the call may be retried with backoff.</summary>
    Unavailable = 14,

    /// <summary>Data were lost or are corrupt.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
