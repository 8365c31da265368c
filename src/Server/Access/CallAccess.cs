using Grpc.Core;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Server.Access;

/// <summary>What the interceptor left for the server's own services about the call under way.</summary>
internal static class CallAccess
{
    private static readonly object WhoKey = new();

    internal static void Leave(ServerCallContext context, SignedIn who) => context.UserState[WhoKey] = who;

    /// <summary>Who calls; only asked where the permission demands a sign-in.</summary>
    internal static SignedIn Who(this ServerCallContext context)
    {
        var known = context.UserState.TryGetValue(WhoKey, out var who);
        Invariant.Holds(known, "a call behind a permission has a caller");
        return (SignedIn)who!;
    }

    /// <summary>For limits per address: the IP, or the socket for local verbs.</summary>
    internal static string RemoteAddress(this ServerCallContext context) => context.GetHttpContext().Connection.RemoteIpAddress?.ToString() ?? "local";
}
