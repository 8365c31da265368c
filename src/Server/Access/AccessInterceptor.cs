using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Server.Access;

/// <summary>
/// The one door: finds out who calls, compares with what the RPC's descriptor demands, tells the modules who it is, and records privileged acts.
/// A privileged unary act is recorded before its reply leaves; a privileged stream before its first message and again at its end.
/// </summary>
internal sealed class AccessInterceptor(
    RequiredPermissions required, Authenticator authenticator, ICallerScope scope, AuditLog audit, TimeProvider time) : Interceptor
{
    private const string Started = "started";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var act = await AdmitAsync(context, request as IMessage);
        if (act is null) return await continuation(request, context);
        return await RecordAsync(act, () => continuation(request, context));
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var act = await AdmitAsync(context, request as IMessage);
        if (act is null)
        {
            await continuation(request, responseStream, context);
            return;
        }
        await WriteAsync(act, Started);
        await RecordAsync(act, async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var act = await AdmitAsync(context, null);
        if (act is null) return await continuation(requestStream, context);
        await WriteAsync(act, Started);
        return await RecordAsync(act, () => continuation(requestStream, context));
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var act = await AdmitAsync(context, null);
        if (act is null)
        {
            await continuation(requestStream, responseStream, context);
            return;
        }
        await WriteAsync(act, Started);
        await RecordAsync(act, async () =>
        {
            await continuation(requestStream, responseStream, context);
            return true;
        });
    }

    private sealed record PrivilegedAct(string Actor, string Name, string Subject, string Reason);

    private Task WriteAsync(PrivilegedAct act, string result) => audit.WriteAsync(act.Actor, act.Name, act.Subject, result, act.Reason);

    /// <summary>Lets the call in or throws; the act to record when it is a privileged one.</summary>
    private async Task<PrivilegedAct?> AdmitAsync(ServerCallContext context, IMessage? request)
    {
        var demanded = required.Of(context.Method);
        Invariant.Holds(demanded != Permission.Unspecified, "every mapped RPC says which permission it demands");
        if (demanded == Permission.Anyone)
        {
            scope.Set(Caller.Anonymous);
            return null;
        }
        var read = await authenticator.ReadAsync(context.GetHttpContext());
        if (read is Authentication.Revoked revoked) throw new Fault.Forbidden(revoked.Code, revoked.Message).ToRpc();
        if (read is not Authentication.Accepted { Who: var who }) throw Unauthenticated(read);
        var act = Roles.Audited.Contains(demanded) || (who.Caller.Kind == CallerKind.System && demanded != Permission.SignedIn)
            ? new PrivilegedAct(who.Caller.Id, NameOf(context.Method), AuditSubject.Of(request), AuditSubject.ReasonOf(request))
            : null;
        if (!who.Caller.May(demanded))
        {
            if (act is not null) await WriteAsync(act, nameof(StatusCode.PermissionDenied));
            throw new Fault.Forbidden("access.denied", $"{NameOf(context.Method)} demands the permission {demanded}, which {who.Caller.Id} does not have.").ToRpc();
        }
        scope.Set(who.Caller);
        CallAccess.Leave(context, who);
        return act;
    }

    private async Task<T> RecordAsync<T>(PrivilegedAct act, Func<Task<T>> run)
    {
        T answer;
        try
        {
            answer = await run();
        }
        catch (Exception e)
        {
            var result = e switch
            {
                RpcException rpc => rpc.StatusCode.ToString(),
                OperationCanceledException => nameof(StatusCode.Cancelled),
                _ => nameof(StatusCode.Internal),
            };
            await WriteAsync(act, result);
            throw;
        }
        await WriteAsync(act, AuditLog.Ok);
        return answer;
    }

    private RpcException Unauthenticated(Authentication read)
    {
        var (code, message) = read is Authentication.Refused refused
            ? (refused.Code, refused.Message)
            : ("token.missing", "This call needs a sign-in: send the header 'authorization: Bearer TOKEN'.");
        var exception = RpcFaults.Unauthenticated(code, message);
        exception.Trailers.Add(RpcFaults.TimeTrailer, time.Now().ToUnixMicros().ToString(CultureInfo.InvariantCulture));
        return exception;
    }

    // "/kal.identity.v1.People/Create" is "People/Create" to who reads the audit.
    private static string NameOf(string method) => method[(method.LastIndexOf('.', method.LastIndexOf('/')) + 1)..];
}

/// <summary>What an act is about, from the request's own fields: names and ids, never secrets.</summary>
internal static class AuditSubject
{
    /// <summary>Why it was done, where the request says so.</summary>
    internal static string ReasonOf(IMessage? request) => request is null ? string.Empty : TextOf(request, "reason");

    private static readonly string[] Fields =
        ["person", "agent", "id", "name", "depot", "parcel", "waybill", "event_id", "source", "handover", "contract", "account", "case_id", "subject"];

    internal static string Of(IMessage? request) => request is null ? string.Empty : Fields
        .Select(field => TextOf(request, field))
        .FirstOrDefault(value => value.Length > 0) ?? string.Empty;

    private static string TextOf(IMessage request, string name) =>
        request.Descriptor.FindFieldByName(name) is { IsRepeated: false, FieldType: FieldType.String } field ? (string)field.Accessor.GetValue(request) : string.Empty;
}
