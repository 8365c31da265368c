namespace KeyAccountLogistics.Server.AdministerAgents;

/// <summary>Tells the open links of this process that an agent is revoked, so that permission is asked once per stream and not per message.</summary>
internal sealed class Revocations
{
    /// <summary>The agent's id.</summary>
    internal event Action<string>? Revoked;

    internal void Revoke(string agent) => Revoked?.Invoke(agent);
}
