using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using KeyAccountLogistics.Kernel;
using RpcStatus = Google.Rpc.Status;

namespace KeyAccountLogistics.Journal.Access;

/// <summary>The one table from <see cref="Fault"/> to RPC status. Code and field for programs travel as <c>google.rpc</c> details beside the message for people.</summary>
public static class FaultMapping
{
    /// <summary>The domain of every <c>google.rpc.ErrorInfo</c>.</summary>
    public const string Domain = "kal";

    /// <summary>The exception that carries the fault over the wire.</summary>
    public static RpcException ToRpc(this Fault fault) => fault switch
    {
        Fault.NotFound => Make(StatusCode.NotFound, fault.Code, fault.Message),
        Fault.Conflict => Make(StatusCode.FailedPrecondition, fault.Code, fault.Message),
        Fault.Invalid invalid => Make(StatusCode.InvalidArgument, fault.Code, fault.Message, invalid.Field),
        Fault.Forbidden => Make(StatusCode.PermissionDenied, fault.Code, fault.Message),
        Fault.Exhausted => Make(StatusCode.ResourceExhausted, fault.Code, fault.Message),
        Fault.Unavailable => Make(StatusCode.Unavailable, fault.Code, fault.Message),
        null => throw new ArgumentNullException(nameof(fault)),
        _ => Make(StatusCode.Internal, fault.Code, fault.Message),
    };

    /// <summary>The value, or the fault thrown as an <see cref="RpcException"/>: the last line of an RPC's mapping.</summary>
    public static T OrThrow<T>(this Outcome<T> outcome) => outcome.IsOk ? outcome.Value : throw outcome.Fault.ToRpc();

    /// <summary>A refusal with its details, for the one status that no fault has: who the caller is, is not known.</summary>
    public static RpcException Unauthenticated(string code, string message) => Make(StatusCode.Unauthenticated, code, message);

    private static RpcException Make(StatusCode status, string code, string message, string? field = null)
    {
        var details = new RpcStatus { Code = (int)status, Message = message };
        details.Details.Add(Any.Pack(new ErrorInfo { Domain = Domain, Reason = code }));
        if (field is not null)
            details.Details.Add(Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = field, Description = message } } }));
        return details.ToRpcException();
    }
}
