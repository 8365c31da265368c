using System.Collections.Immutable;

namespace KeyAccountLogistics.Contracts.Versions;

/// <summary>What a proposal gives away, as opposed to what it earns.</summary>
/// <param name="DiscountPercent">The sum of the document's discounts and of each rebate's highest tier, percent of freight.</param>
/// <param name="CompensationMinor">Compensation promised with it, minor units.</param>
/// <param name="WaiverDays">Days by which a promise may be missed without consequence (SLA waiver).</param>
/// <param name="OverGuard">True when it leaves the contract's own limits (SEED-02-NODISCOUNT): head office decides, whatever the figures.</param>
internal sealed record Concessions(decimal DiscountPercent, long CompensationMinor, int WaiverDays, bool OverGuard)
{
    internal static Concessions None { get; } = new(0, 0, 0, false);
}

/// <summary>What a role may grant (SEED-03-AUTH); null = no limit. A role without a limit has no row, and grants nothing.</summary>
/// <param name="Role">The role.</param>
/// <param name="Rank">The order of the ladder: over its limit a matter goes up to the next rank.</param>
/// <param name="HeadOffice">Agrees to what is national (SEED-03-INTEG).</param>
/// <param name="DiscountMost">Percent of freight.</param>
/// <param name="CompensationMost">Minor units.</param>
/// <param name="WaiverDaysMost">Days.</param>
internal sealed record AuthorityLimit(string Role, int Rank, bool HeadOffice, decimal? DiscountMost, long? CompensationMost, int? WaiverDaysMost)
{
    /// <summary>The person at the machine itself, who could change the database as well; every act of his is audited.</summary>
    internal static AuthorityLimit OfLocalAdministrator { get; } = new("LocalAdministrator", int.MaxValue, true, null, null, null);

    internal bool Covers(Concessions asked, bool national) =>
        !(asked.DiscountPercent > DiscountMost) && !(asked.CompensationMinor > CompensationMost) && !(asked.WaiverDays > WaiverDaysMost) && (HeadOffice || !(national || asked.OverGuard));
}

/// <summary>All limits, from the lowest rank up.</summary>
internal sealed class AuthorityLadder(IEnumerable<AuthorityLimit> limits)
{
    private readonly ImmutableArray<AuthorityLimit> _limits = [.. limits.OrderBy(l => l.Rank)];

    /// <summary>What the ladder is before anybody changes it.</summary>
    internal static ImmutableArray<AuthorityLimit> Usual { get; } =
    [
        new("KeyAccountManager", 1, false, 10m, 500_000, 1),
        new("AreaManager", 2, false, 20m, 2_000_000, 3),
        new("SalesManager", 3, true, null, null, null),
    ];

    /// <summary>Whom the first proposals go to.</summary>
    internal int LowestRank => _limits.IsEmpty ? int.MaxValue : _limits[0].Rank;

    /// <summary>The highest limit that these roles give; null when none gives any.</summary>
    internal AuthorityLimit? Of(Actor actor) => actor.IsLocalAdministrator
        ? AuthorityLimit.OfLocalAdministrator
        : _limits.LastOrDefault(l => actor.Roles.Contains(l.Role, StringComparer.Ordinal));

    /// <summary>The lowest rank above <paramref name="above"/> that covers what is asked; null when nobody does.</summary>
    internal AuthorityLimit? FirstCovering(Concessions asked, bool national, int above = int.MinValue) => _limits.FirstOrDefault(l => l.Rank > above && l.Covers(asked, national));
}

/// <summary>Who acts.</summary>
/// <param name="Who">The id.</param>
/// <param name="Roles">The roles held.</param>
/// <param name="IsLocalAdministrator">The person at the machine itself.</param>
internal sealed record Actor(string Who, IReadOnlyList<string> Roles, bool IsLocalAdministrator);
