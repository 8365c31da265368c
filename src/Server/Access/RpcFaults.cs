using Grpc.Core;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Server.Access;

/// <summary>What the server adds to the table of faults (<see cref="FaultMapping"/>).</summary>
internal static class RpcFaults
{
    internal const string Domain = FaultMapping.Domain;

    /// <summary>The server's time in microseconds, sent with refused tokens: an agent with a wrong clock signs its next token by it.</summary>
    internal const string TimeTrailer = "kal-server-us";

    internal static void ThrowIf(Fault? fault)
    {
        if (fault is not null) throw fault.ToRpc();
    }

    internal static RpcException Unauthenticated(string code, string message) => FaultMapping.Unauthenticated(code, message);
}
