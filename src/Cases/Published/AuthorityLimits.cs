using System.Collections.Immutable;
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

/// <summary>What the installation has set for its cases. Immutable.</summary>
public sealed record CasesOptions
{
    /// <summary>
    /// The limit of each role, by the role's name; a role that is not named decides nothing that costs. A person of several roles has the largest limit of the currency asked
    /// for. The amounts are a proposal of this product, to be set by the carrier.
    /// </summary>
    public ImmutableDictionary<string, AuthorityLimit> Limits { get; init; } = ImmutableDictionary.CreateRange(StringComparer.Ordinal,
    [
        KeyValuePair.Create("CustomerService", AuthorityLimit.Of(new Money(50_00, "CNY"))),
        KeyValuePair.Create("KeyAccountManager", AuthorityLimit.Of(new Money(200_00, "CNY"))),
        KeyValuePair.Create("AreaManager", AuthorityLimit.Of(new Money(500_00, "CNY"))),
        KeyValuePair.Create("Finance", AuthorityLimit.Of(new Money(2_000_00, "CNY"))),
        KeyValuePair.Create("SalesManager", AuthorityLimit.Unlimited),
    ]);

    /// <summary>The limit of a person with these roles, for an amount in that currency (null = unknown).</summary>
    public AuthorityLimit LimitOf(IEnumerable<string> roles, string? currency)
    {
        var best = AuthorityLimit.None;
        foreach (var role in roles ?? throw new ArgumentNullException(nameof(roles)))
        {
            if (!Limits.TryGetValue(role, out var limit)) continue;
            if (limit.IsUnlimited) return limit;
            if (limit.UpTo is not { } most || (currency is not null && !string.Equals(most.Currency, currency, StringComparison.Ordinal))) continue;
            if (best.UpTo is not { } sofar || (string.Equals(sofar.Currency, most.Currency, StringComparison.Ordinal) && most > sofar)) best = limit;
        }
        return best;
    }
}
