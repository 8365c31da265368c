using KeyAccountLogistics.Dispatch.Cash;

namespace KeyAccountLogistics.Dispatch.Rebuild;

/// <summary>A place of the ledger in one currency, as its balance has it.</summary>
internal readonly record struct BalanceKey(long Ledger, string Owner, string Depot, string Currency)
{
    public override string ToString() => $"{(LedgerAccount)Ledger} {Owner} {Depot} {Currency}";
}

/// <summary>A place's money for one parcel.</summary>
internal readonly record struct OpenKey(BalanceKey Place, string Parcel, long Purpose)
{
    public override string ToString() => $"{Place} {Parcel} {Purpose}";
}

/// <summary>
/// What has been found along the way, so that nothing is told twice, and, in a dry run, what hangs on it is compared as if it had been put right: what is only a consequence is no difference of
/// its own. Grows with the differences and not with the journal.
/// </summary>
internal sealed class Unrepaired
{
    /// <summary>Rows that were missing.</summary>
    internal HashSet<string> Orders { get; } = new(StringComparer.Ordinal);

    internal HashSet<Guid> Entries { get; } = [];

    internal HashSet<BalanceKey> Balances { get; } = [];

    internal HashSet<OpenKey> Open { get; } = [];

    /// <summary>The corrections that count where the entry says otherwise, by what they correct.</summary>
    internal Dictionary<Guid, Guid> Corrections { get; } = [];

    /// <summary>Of a dry run: events that an order's facts lack.</summary>
    internal Dictionary<string, HashSet<Guid>> FactsToCome { get; } = new(StringComparer.Ordinal);

    /// <summary>Of a dry run: facts that do not belong where they stand.</summary>
    internal HashSet<Guid> FactsToGo { get; } = [];

    /// <summary>Of a dry run: what lines that are missing, superfluous or changed would do to a place's sum and number of lines.</summary>
    internal Dictionary<BalanceKey, (long Minor, long Lines)> OfBalances { get; } = [];

    internal Dictionary<OpenKey, (long Minor, long Lines)> OfOpen { get; } = [];

    internal void FactToCome(string subject, Guid id)
    {
        if (!FactsToCome.TryGetValue(subject, out var ids)) FactsToCome[subject] = ids = [];
        ids.Add(id);
    }

    internal void Line(LineRow line, int sign)
    {
        OfBalances[line.Balance] = Plus(OfBalances.GetValueOrDefault(line.Balance), line, sign);
        if (line.Open is { } open) OfOpen[open] = Plus(OfOpen.GetValueOrDefault(open), line, sign);
    }

    private static (long Minor, long Lines) Plus((long Minor, long Lines) sum, LineRow line, int sign) => (sum.Minor + (sign * line.Minor), sum.Lines + sign);
}
