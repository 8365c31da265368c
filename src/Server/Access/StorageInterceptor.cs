using Grpc.Core;
using Grpc.Core.Interceptors;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Server.Access;

/// <summary>
/// The outermost one: when the database fails under a call, also while it is found out who calls, the caller hears what is the matter and what to do, in place of
/// UNKNOWN.
/// </summary>
internal sealed partial class StorageInterceptor(ILogger<StorageInterceptor> log) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        NameAsync(context, () => continuation(request, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        NameAsync(context, () => DoneAsync(continuation(request, responseStream, context)));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        NameAsync(context, () => continuation(requestStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        NameAsync(context, () => DoneAsync(continuation(requestStream, responseStream, context)));

    private static async Task<bool> DoneAsync(Task call)
    {
        await call;
        return true;
    }

    private async Task<T> NameAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (StorageFaults.Of(failure) is { } fault)
        {
            // A database that is away comes back; a full disk waits for a person.
            StorageFailed(log, fault is Fault.Unavailable ? LogLevel.Warning : LogLevel.Error, context.Method, fault.Code, (failure.InnerException ?? failure).Message);
            throw fault.ToRpc();
        }
    }

    [LoggerMessage(EventId = 5101, EventName = "StorageFailed", Message = "{Method} was answered {Code}: {Reason}")]
    private static partial void StorageFailed(ILogger log, LogLevel level, string method, string code, string reason);
}
