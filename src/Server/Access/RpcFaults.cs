using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using KeyAccountLogistics.Kernel;
using RpcStatus = Google.Rpc.Status;

namespace KeyAccountLogistics.Server.Access;

/// <summary>The one table from <see cref="Fault"/> to RPC status. Code and field for programs travel as <c>google.rpc</c> details beside the message for people.</summary>
internal static class RpcFaults
{
    internal const string Domain = "kal";

    /// <summary>The server's time in microseconds, sent with refused tokens: an agent with a wrong clock signs its next token by it.</summary>
    internal const string TimeTrailer = "kal-server-us";

    internal static RpcException ToRpc(this Fault fault) => fault switch
    {
        Fault.NotFound => Make(StatusCode.NotFound, fault.Code, fault.Message),
        Fault.Conflict => Make(StatusCode.FailedPrecondition, fault.Code, fault.Message),
        Fault.Invalid invalid => Make(StatusCode.InvalidArgument, fault.Code, fault.Message, invalid.Field),
        Fault.Forbidden => Make(StatusCode.PermissionDenied, fault.Code, fault.Message),
        Fault.Exhausted => Make(StatusCode.ResourceExhausted, fault.Code, fault.Message),
        Fault.Unavailable => Make(StatusCode.Unavailable, fault.Code, fault.Message),
        _ => Make(StatusCode.Internal, fault.Code, fault.Message),
    };

    internal static T OrThrow<T>(this Outcome<T> outcome) => outcome.IsOk ? outcome.Value : throw outcome.Fault.ToRpc();

    internal static void ThrowIf(Fault? fault)
    {
        if (fault is not null) throw fault.ToRpc();
    }

    internal static RpcException Unauthenticated(string code, string message) => Make(StatusCode.Unauthenticated, code, message);

    private static RpcException Make(StatusCode status, string code, string message, string? field = null)
    {
        var details = new RpcStatus { Code = (int)status, Message = message };
        details.Details.Add(Any.Pack(new ErrorInfo { Domain = Domain, Reason = code }));
        if (field is not null)
            details.Details.Add(Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = field, Description = message } } }));
        return details.ToRpcException();
    }
}
