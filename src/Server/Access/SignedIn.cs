using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Server.Identity;

namespace KeyAccountLogistics.Server.Access;

/// <summary>A caller as authenticated: what the modules see of it (<see cref="Caller"/>), and what only the server needs.</summary>
internal sealed record SignedIn(Caller Caller, string Kind, string DisplayName, IReadOnlyList<string> Roles, string Language)
{
    internal const string LocalAdministratorId = "local-administrator";

    /// <summary>The session of a person; empty for everybody else.</summary>
    internal string Session { get; init; } = string.Empty;

    internal static SignedIn LocalAdministrator { get; } = new(
        new Caller(LocalAdministratorId, CallerKind.System, Access.Roles.OfLocalAdministrator, Accounts: null, Depots: null),
        "local_administrator", "Local administrator", [Access.Roles.Administrator], "en");

    /// <summary>A client's person is bound by its accounts alone: depots are the carrier's own, and its parcels pass through any of them.</summary>
    internal static SignedIn Of(Person person, string session) => new(
        new Caller(
            person.Id, CallerKind.Person, Access.Roles.PermissionsOf(person.Roles), Codes.Reach(person.Accounts), IsClients(person) ? null : Codes.Reach(person.Depots)) { Roles = person.Roles },
        "person", person.DisplayName, person.Roles, person.Language) { Session = session };

    private static bool IsClients(Person person) => Array.TrueForAll(person.Roles, static role => string.Equals(role, Access.Roles.ClientUser, StringComparison.Ordinal)) && person.Roles.Length > 0;

    /// <summary>An agent reaches its own depot, and every account whose parcels pass there.</summary>
    internal static SignedIn Of(Agent agent) => new(
        new Caller(agent.Id, CallerKind.Agent, Access.Roles.OfAgents, Accounts: null, Depots: [agent.Depot]), "agent", agent.Name, [], "en");

    internal static SignedIn Of(ApiKey key) => new(
        new Caller(
            key.Id, CallerKind.ApiKey, key.Permissions.Select(Enum.Parse<Permission>).Append(Permission.SignedIn).ToHashSet(), Codes.Reach(key.Accounts), Depots: null),
        "api_key", key.Name, [], "en");

    /// <summary>What the caller is told about itself.</summary>
    internal Api.Identity.V1.Caller ToReply()
    {
        var reply = new Api.Identity.V1.Caller { Id = Caller.Id, Kind = Kind, DisplayName = DisplayName, Language = Language };
        reply.Roles.AddRange(Roles);
        reply.Permissions.AddRange(Caller.Permissions.Order());
        reply.Accounts.AddRange(Caller.Accounts ?? [Codes.Every]);
        reply.Depots.AddRange(Caller.Depots ?? [Codes.Every]);
        return reply;
    }
}
