using KeyAccountLogistics.Journal.Access;
using NodaTime;

namespace KeyAccountLogistics.Server.Identity;

/// <summary>A depot's agent, known by the public key it enrolled once. Its id names its chain in the journal, so it is never used again.</summary>
internal sealed class Agent : IDepotScoped
{
    internal const int NameMax = 100;

    public required string Id { get; init; }

    public required string Depot { get; init; }

    public required string Name { get; init; }

    public required byte[] PublicKey { get; init; }

    public Instant EnrolledAt { get; init; }

    public Instant? LastContactAt { get; set; }

    public required string Software { get; set; }

    public Instant? RevokedAt { get; set; }

    public string? RevokedBecause { get; set; }
}

/// <summary>Lets one agent enrol, once, soon. Only its hash is kept.</summary>
internal sealed class EnrolmentCode
{
    public required byte[] Hash { get; init; }

    public required string Depot { get; init; }

    public required string Name { get; init; }

    public Instant ValidUntil { get; init; }

    public required string MadeBy { get; init; }

    /// <summary>The agent that used it; with that agent's key the same enrolment again gives the same answer (law 5).</summary>
    public string? Agent { get; set; }
}

/// <summary>A client's key for its systems: some permissions on some accounts.</summary>
internal sealed class ApiKey
{
    internal const int NameMax = 100;

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required byte[] SecretHash { get; init; }

    public required string[] Accounts { get; init; }

    /// <summary>Numbers of <see cref="Api.Access.V1.Permission"/>.</summary>
    public required string[] Permissions { get; init; }

    public Instant CreatedAt { get; init; }

    public Instant? LastUsedAt { get; set; }

    public Instant? ValidUntil { get; init; }

    public Instant? RevokedAt { get; set; }

    public string? RevokedBecause { get; set; }

    public required string MadeBy { get; init; }

    public required byte[] CommandId { get; init; }

    public required byte[] CommandHash { get; init; }
}

/// <summary>A privileged act that was done or tried. Rows are only ever added: the database refuses to change or remove one.</summary>
internal sealed class AuditEntry
{
    public long Id { get; init; }

    public Instant At { get; init; }

    public required string Actor { get; init; }

    public required string Act { get; init; }

    public required string Subject { get; init; }

    public required string Result { get; init; }

    public required string Reason { get; init; }
}

/// <summary>Counts every change of a kind of row, so that who holds a copy (an agent's people) can tell whether it is the newest.</summary>
internal sealed class IdentityVersion
{
    internal const string People = "people";

    public required string Name { get; init; }

    public long Version { get; set; }
}
