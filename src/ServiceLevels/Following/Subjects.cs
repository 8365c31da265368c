using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>Whoever is asked what it adds, in one question each: parcels by row, orders by number, facts of an account's service by subject.</summary>
internal sealed record Subjects(IReadOnlyCollection<long> Parcels, IReadOnlyCollection<string> Orders, IReadOnlyCollection<string> Facts)
{
    internal static Subjects OfParcels(IReadOnlyCollection<long> parcels) => new(parcels, [], []);

    internal static Subjects OfOrders(IReadOnlyCollection<string> orders) => new([], orders, []);

    internal static Subjects OfFacts(IReadOnlyCollection<string> facts) => new([], [], facts);

    internal int Count => Parcels.Count + Orders.Count + Facts.Count;

    /// <summary>Their keys, in the order in which rows are locked.</summary>
    internal IReadOnlyList<string> Keys => [.. Parcels.Select(FollowFacts.KeyOf).Concat(Orders.Select(FollowFacts.KeyOf)).Concat(Facts).Order(StringComparer.Ordinal)];
}

/// <summary>How far a walk through an account's subjects has come. Immutable.</summary>
internal readonly record struct SubjectWalk(string Account, long Parcel, string Order, string Fact)
{
    internal static SubjectWalk Of(string account) => new(account, 0, "", "");

    /// <summary>The next of each, none at the end, and where to go on.</summary>
    internal async ValueTask<(Subjects Next, SubjectWalk Walk)> NextAsync(IJournalWrites writes, int mostOfEach, CancellationToken ct)
    {
        var parcels = await ParcelLives.OfAccountAsync(writes, Account, Parcel, mostOfEach, ct);
        var orders = await PickupOutcomes.OfAccountAsync(writes, Account, Order, mostOfEach, ct);
        var facts = await ServiceFacts.OfAccountAsync(writes, Account, Fact, mostOfEach, ct);
        return (new Subjects(parcels, orders, facts), this with
        {
            Parcel = parcels.Count > 0 ? parcels[^1] : Parcel, Order = orders.Count > 0 ? orders[^1] : Order, Fact = facts.Count > 0 ? facts[^1] : Fact,
        });
    }
}
