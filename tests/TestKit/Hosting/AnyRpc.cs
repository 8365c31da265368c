using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>Calls any RPC by its descriptor: one request message, and what came of it. So that a test can walk all of them, also those of tomorrow.</summary>
public static class AnyRpc
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    /// <summary>The status the call ended with (OK also when a stream was left after its first messages), and the messages that came.</summary>
    public sealed record Answer(Status Status, Metadata Trailers, IReadOnlyList<byte[]> Messages)
    {
        /// <summary>The reason in the details, or empty.</summary>
        public string Reason => Trailers.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason ?? string.Empty;
    }

    /// <summary>Sends one request, closes the sending side, and reads at most a few messages for at most the time given.</summary>
    public static async Task<Answer> CallAsync(ChannelBase channel, MethodDescriptor method, IMessage request, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(method);
        using var patience = new CancellationTokenSource(limit);
        var messages = new List<byte[]>();
        var invoker = channel.CreateCallInvoker();
        var options = new CallOptions(cancellationToken: patience.Token);
        try
        {
            await CallAsync(invoker, method, request.ToByteArray(), options, messages);
            return new Answer(Status.DefaultSuccess, [], messages);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && patience.IsCancellationRequested && (method.IsServerStreaming || method.IsClientStreaming))
        {
            // A stream that stays open was let in.
            return new Answer(Status.DefaultSuccess, [], messages);
        }
        catch (RpcException e)
        {
            return new Answer(e.Status, e.Trailers, messages);
        }
    }

    private static async Task CallAsync(CallInvoker invoker, MethodDescriptor method, byte[] request, CallOptions options, List<byte[]> messages)
    {
        var type = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            _ => MethodType.DuplexStreaming,
        };
        var call = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, Bytes, Bytes);
        switch (type)
        {
            case MethodType.Unary:
                messages.Add(await invoker.AsyncUnaryCall(call, host: null, options, request).ResponseAsync);
                break;
            case MethodType.ServerStreaming:
                using (var stream = invoker.AsyncServerStreamingCall(call, host: null, options, request)) await ReadAsync(stream.ResponseStream, messages, options.CancellationToken);
                break;
            case MethodType.ClientStreaming:
                using (var stream = invoker.AsyncClientStreamingCall(call, host: null, options))
                {
                    await SendAsync(stream.RequestStream, request);
                    messages.Add(await stream.ResponseAsync);
                }
                break;
            default:
                using (var stream = invoker.AsyncDuplexStreamingCall(call, host: null, options))
                {
                    await SendAsync(stream.RequestStream, request);
                    await ReadAsync(stream.ResponseStream, messages, options.CancellationToken);
                }
                break;
        }
    }

    // A server that refuses at once ends the sending side too; its status is read from the answer.
    private static async Task SendAsync(IClientStreamWriter<byte[]> up, byte[] request)
    {
        try
        {
            await up.WriteAsync(request);
            await up.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // Refused; the answer says why.
        }
    }

    private static async Task ReadAsync(IAsyncStreamReader<byte[]> down, List<byte[]> messages, CancellationToken ct)
    {
        while (messages.Count < 100 && await down.MoveNext(ct)) messages.Add(down.Current);
    }
}
