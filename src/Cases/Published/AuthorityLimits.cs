using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Published;

/// <summary>
/// Up to what amount a person decides alone (SEED-03-AUTH): nothing, an amount in one currency, or without limit. Over it a decision goes up to another person.
/// </summary>
public sealed record AuthorityLimit
{
    private AuthorityLimit(Money? upTo, bool unlimited) => (UpTo, IsUnlimited) = (upTo, unlimited);

    /// <summary>May decide what gives nothing away, and nothing else.</summary>
    public static AuthorityLimit None { get; } = new(null, false);

    /// <summary>May decide any amount, an unknown one too.</summary>
    public static AuthorityLimit Unlimited { get; } = new(null, true);

    /// <summary>May give away up to that amount, itself included, in that currency only. Throws <see cref="ArgumentOutOfRangeException"/> below zero.</summary>
    public static AuthorityLimit Of(Money most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most.Minor, nameof(most));
        return new AuthorityLimit(most, false);
    }

    /// <summary>The amount; null for none and for unlimited.</summary>
    public Money? UpTo { get; }

    /// <summary>True without limit.</summary>
    public bool IsUnlimited { get; }

    /// <summary>True when giving that amount away lies within the limit. An unknown amount (null) lies within no finite limit (law 3).</summary>
    public bool Covers(Money? gives)
    {
        if (IsUnlimited || gives is { Minor: <= 0 }) return true;
        return gives is { } amount && UpTo is { } most && string.Equals(amount.Currency, most.Currency, StringComparison.Ordinal) && amount.Minor <= most.Minor;
    }
}

/// <summary>Who decides how much, as the installation has set it. Immutable.</summary>
/// <param name="Limits">By role; a role that is not named decides nothing that costs.</param>
internal sealed record CaseAuthority(ImmutableDictionary<string, AuthorityLimit> Limits)
{
    /// <summary>As it is set now (Contracts/SetAuthority).</summary>
    internal static async Task<CaseAuthority> NowAsync(ICaseAuthority authority, CancellationToken ct) => new(
        (await authority.MostMinorAsync(ct)).ToImmutableDictionary(static l => l.Key, l => l.Value is { } most ? AuthorityLimit.Of(new Money(most, authority.Currency)) : AuthorityLimit.Unlimited, StringComparer.Ordinal));

    /// <summary>The limit of a person with these roles, for an amount in that currency (null = unknown): the largest limit of the currency asked for.</summary>
    internal AuthorityLimit LimitOf(IEnumerable<string> roles, string? currency)
    {
        var best = AuthorityLimit.None;
        foreach (var role in roles)
        {
            if (!Limits.TryGetValue(role, out var limit)) continue;
            if (limit.IsUnlimited) return limit;
            if (limit.UpTo is not { } most || (currency is not null && !string.Equals(most.Currency, currency, StringComparison.Ordinal))) continue;
            if (best.UpTo is not { } sofar || (string.Equals(sofar.Currency, most.Currency, StringComparison.Ordinal) && most > sofar)) best = limit;
        }
        return best;
    }
}
