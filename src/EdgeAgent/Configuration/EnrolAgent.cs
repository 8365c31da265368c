using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Uplink;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.EdgeAgent.Configuration;

/// <summary>Makes an agent known to the backend, once, with the short-lived code of an administrator; from then on its own key is its identity.</summary>
public static class EnrolAgent
{
    /// <summary>
    /// Enrols and keeps the identity in the data directory; gives the agent's id. Faults: Conflict (enrolled already, or another depot's code), the backend's
    /// refusal, Unavailable.
    /// </summary>
    public static async Task<Outcome<string>> RunAsync(AgentConfiguration configuration, string code, string software, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var files = new LinuxFiles();
        files.CreateDirectory(configuration.DataDirectory);
        if (AgentIdentity.Read(files, configuration.DataDirectory) is { } already)
            return new Fault.Conflict("agent.enrolled", $"This agent is enrolled already as {already.Agent} of depot {already.Depot}. Its identity is in {AgentIdentity.PathIn(configuration.DataDirectory)}.");
        using var key = AgentKey.LoadOrMake(files, configuration.KeyFile);
        using var channel = BackendChannel.Open(configuration, null);
        try
        {
            var request = new EnrolRequest { Code = code.Trim(), PublicKey = ByteString.CopyFrom(key.PublicKey), Name = configuration.Depot, Software = software };
            var reply = await new Enrolment.EnrolmentClient(channel).EnrolAsync(request, cancellationToken: ct);
            if (!string.Equals(reply.Depot, configuration.Depot, StringComparison.Ordinal))
                return new Fault.Conflict("agent.other_depot", $"The code is of depot {reply.Depot}, this configuration of {configuration.Depot}. Ask for a code of {configuration.Depot}.");
            new AgentIdentity(reply.Agent, reply.Depot).Write(files, configuration.DataDirectory);
            return reply.Agent;
        }
        catch (RpcException refused)
        {
            return refused.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded
                ? new Fault.Unavailable("backend.unreachable", $"The backend at {configuration.Backend} cannot be reached: {refused.Status.Detail}")
                : new Fault.Forbidden("enrolment.refused", refused.Status.Detail);
        }
    }
}
