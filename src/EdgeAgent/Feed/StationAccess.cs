using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.EdgeAgent.People;
using WireStation = KeyAccountLogistics.Api.Edge.V1.Station;

namespace KeyAccountLogistics.EdgeAgent.Feed;

/// <summary>
/// The station feed's door: what each RPC demands stands in its descriptor, as at the backend; here only "anyone" and "station work" exist, and station
/// work is a session of this agent.
/// </summary>
internal sealed class StationAccess(StationSessions sessions) : Interceptor
{
    private const string SessionKey = "kal.station.session";

    private static readonly Dictionary<string, Permission> Demanded = WireStation.Descriptor.Methods.ToDictionary(
        static method => $"/{WireStation.Descriptor.FullName}/{method.Name}", static method => DemandOf(method), StringComparer.Ordinal);

    /// <summary>The session behind the call; only methods that demand station work may ask.</summary>
    public static SignedIn SessionOf(ServerCallContext context) => (SignedIn)context.UserState[SessionKey];

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(request, responseStream, context);
    }

    private void Admit(ServerCallContext context)
    {
        if (!Demanded.TryGetValue(context.Method, out var demanded)) throw new RpcException(new Status(StatusCode.Unimplemented, "The station feed has no such method."));
        if (demanded == Permission.Anyone) return;
        var header = context.RequestHeaders.GetValue("authorization") ?? "";
        const string bearer = "Bearer ";
        var session = header.StartsWith(bearer, StringComparison.Ordinal) ? sessions.Find(header[bearer.Length..]) : null;
        context.UserState[SessionKey] = session
            ?? throw new RpcException(new Status(StatusCode.Unauthenticated, "Sign in at the station: there is no session, or it has ended."));
    }

    private static Permission DemandOf(MethodDescriptor method)
    {
        var demanded = method.GetOptions()?.GetExtension(AccessExtensions.Requires) ?? Permission.Unspecified;
        Kernel.Invariant.Holds(demanded is Permission.Anyone or Permission.StationWork, "every method of the station feed demands nothing or station work");
        return demanded;
    }
}
