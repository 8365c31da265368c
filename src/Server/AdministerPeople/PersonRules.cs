using System.Security.Cryptography;
using Google.Protobuf;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Hosting;
using KeyAccountLogistics.Server.Identity;
using KeyAccountLogistics.Server.SignIn;
using Rpc = KeyAccountLogistics.Api.Identity.V1;

namespace KeyAccountLogistics.Server.AdministerPeople;

/// <summary>What a person may be called, and how far an administrator may let others reach. Pure.</summary>
internal static class PersonRules
{
    internal const int CommandIdLength = 16;
    private const int DisplayNameMax = 100;
    private const int BadgeMax = 64;

    internal static Fault? Refuse(Rpc.CreatePersonRequest request, Caller by) =>
        RefuseCommandId(request.CommandId)
        ?? RefuseName(request.Name)
        ?? RefuseDisplayName(request.DisplayName)
        ?? (request.Password.Length > 0 ? Passwords.Refuse(request.Password, request.Name.Trim(), "password") : null)
        ?? (request.Pin.Length > 0 ? PinVerifier.Refuse(request.Pin, "pin") : null)
        ?? (request.Password.Length == 0 && request.Pin.Length == 0
            ? new Fault.Invalid("password", "person.no_credential", "A person needs a password, a PIN, or both.")
            : null)
        ?? RefuseBadge(request.Badge)
        ?? RefuseLanguage(request.Language)
        ?? RefuseAccess(request.Roles, request.Accounts, request.Depots, by);

    internal static Fault? RefuseAccess(IReadOnlyList<string> roles, IReadOnlyList<string> accounts, IReadOnlyList<string> depots, Caller by)
    {
        if (roles.Count is 0 or > 12) return new Fault.Invalid("roles", "roles.count", "A person has at least one role.");
        if (roles.FirstOrDefault(role => !Roles.IsKnown(role)) is { } unknown)
            return new Fault.Invalid("roles", "roles.unknown", $"'{Codes.Shown(unknown)}' is not a role. Roles: {string.Join(", ", Roles.Table.Keys.Order(StringComparer.Ordinal))}.");
        return Codes.Refuse(accounts, "accounts")
            ?? Codes.Refuse(depots, "depots")
            ?? (Codes.Within(accounts, by.Accounts) && Codes.Within(depots, by.Depots)
                ? null
                : new Fault.Forbidden("scope.beyond_own", "Nobody gives away more accounts or depots than they have."));
    }

    internal static Fault? RefuseBadge(string badge) =>
        badge.Length <= BadgeMax && !badge.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            ? null
            : new Fault.Invalid("badge", "badge.malformed", $"A badge is up to {BadgeMax} characters without blanks.");

    internal static Fault? RefuseCommandId(ByteString id) =>
        id.Length == CommandIdLength ? null : new Fault.Invalid("command_id", "command.malformed", "A command id is the 16 bytes of a UUID, minted by who sends the command.");

    /// <summary>
    /// What a command asked for, to tell it from another one under the same id. Keyed with a secret that is not in the database, since the command may hold
    /// a password and a plain hash of it would be quick to guess.
    /// </summary>
    internal static byte[] HashOf(IMessage command, Secrets secrets) => HMACSHA256.HashData(secrets.ApiKeys, command.ToByteArray());

    internal static Fault? RefuseName(string name)
    {
        name = name.Trim();
        return name.Length is >= 2 and <= Person.NameMax && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '@')
            ? null
            : new Fault.Invalid("name", "name.malformed", $"A sign-in name is 2 to {Person.NameMax} letters, digits, '.', '-', '_' or '@'.");
    }

    private static Fault? RefuseDisplayName(string name) =>
        name.Trim().Length is > 0 and <= DisplayNameMax && !name.Any(char.IsControl)
            ? null
            : new Fault.Invalid("display_name", "display_name.malformed", $"A name to show is 1 to {DisplayNameMax} characters.");

    private static Fault? RefuseLanguage(string language) =>
        language is "" or "zh" or "en" ? null : new Fault.Invalid("language", "language.unknown", "The language is zh or en.");
}
