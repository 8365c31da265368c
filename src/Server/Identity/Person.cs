using NodaTime;

namespace KeyAccountLogistics.Server.Identity;

/// <summary>Somebody who signs in, with the reach an administrator gave: roles say what, accounts and depots say where.</summary>
internal sealed class Person
{
    internal const int NameMax = 64;

    public required string Id { get; init; }

    /// <summary>The sign-in name as it was given; unique without regard to case.</summary>
    public required string Name { get; set; }

    public required string NameKey { get; set; }

    public required string DisplayName { get; set; }

    /// <summary>Null: signs in at stations only.</summary>
    public string? PasswordHash { get; set; }

    public byte[]? PinSalt { get; set; }

    public byte[]? PinVerifier { get; set; }

    public int PinIterations { get; set; }

    public string? Badge { get; set; }

    public required string[] Roles { get; set; }

    /// <summary>Codes of accounts, or the one word <c>*</c>.</summary>
    public required string[] Accounts { get; set; }

    /// <summary>Codes of depots, or the one word <c>*</c>.</summary>
    public required string[] Depots { get; set; }

    public PersonState State { get; set; }

    public required string Language { get; set; }

    public Instant CreatedAt { get; init; }

    /// <summary>The command that created the person, and what it asked for: the same again gives the same person (law 5).</summary>
    public required byte[] CommandId { get; init; }

    public required byte[] CommandHash { get; init; }

    internal static string KeyOf(string name) => name.Trim().ToUpperInvariant();
}

internal enum PersonState
{
    Active = 1,
    Disabled = 2,
}

/// <summary>One sign-in of a person with all the refresh tokens that followed from it: revoked as a whole.</summary>
internal sealed class Session
{
    public required string Id { get; init; }

    public required string Person { get; init; }

    public Instant StartedAt { get; init; }

    /// <summary>However often it is refreshed, it ends then.</summary>
    public Instant EndsAt { get; init; }

    public Instant? RevokedAt { get; set; }

    public string? RevokedBecause { get; set; }
}

/// <summary>A single-use token; a second use of it means that somebody copied it, and revokes the session.</summary>
internal sealed class RefreshToken
{
    public required byte[] Hash { get; init; }

    public required string Session { get; init; }

    public Instant ExpiresAt { get; init; }

    public Instant? UsedAt { get; set; }
}

/// <summary>Wrong passwords for one sign-in name, known or not (<see cref="SignIn.Lockout"/>).</summary>
internal sealed class SignInAttempts
{
    public required byte[] NameHash { get; init; }

    public int Failures { get; set; }

    public Instant LastAttemptAt { get; set; }

    public Instant? LockedUntil { get; set; }
}
