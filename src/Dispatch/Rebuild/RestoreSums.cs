using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Dispatch.Rebuild;

/// <summary>Balances and open money along their rows: each is the sum of its lines. A line whose sum is being added to is not seen before the sum's row is free again.</summary>
internal sealed class RestoreSums(Unrepaired unrepaired, bool dryRun)
{
    private BalanceKey _afterBalance = new(0, "", "", "");
    private OpenKey _afterOpen = new(new BalanceKey(0, "", "", ""), "", 0);

    /// <summary>Rows of sums that lines have and that are not there are made with nothing in them; their own walk fills them.</summary>
    internal static async Task<Page> MakeMissingAsync(IJournalWrites writes, IReadOnlyCollection<LineRow> lines, Unrepaired unrepaired, bool dryRun, CancellationToken ct)
    {
        var balances = lines.DistinctBy(l => l.Balance).Where(l => !unrepaired.Balances.Contains(l.Balance)).ToDictionary(l => l.Balance, l => l.Account);
        var open = lines.Where(l => l.Open is not null).DistinctBy(l => l.Open).Where(l => !unrepaired.Open.Contains(l.Open!.Value)).ToDictionary(l => l.Open!.Value, l => l.Account);
        await writes.QueryAsync(RebuildSql.FindBalances, RebuildSql.BalanceKeys(balances.Keys), row => balances.Remove(RebuildSql.ReadBalance(row)), ct);
        await writes.QueryAsync(RebuildSql.FindOpen, RebuildSql.OpenKeys(open.Keys), row => open.Remove(RebuildSql.ReadOpen(row)), ct);
        var (found, rows, openRows) = (new List<ProjectionDifference>(), MoneySql.BalanceBlock(), MoneySql.OpenBlock());
        foreach (var (key, account) in balances.OrderBy(b => b.Key.ToString(), StringComparer.Ordinal))
        {
            found.Add(Differences.Missing("balance", key.ToString()));
            rows.Long(key.Ledger).Text(key.Owner).Text(key.Depot).Text(key.Currency).Text(account).Long(0);
        }
        foreach (var (key, account) in open.OrderBy(o => o.Key.ToString(), StringComparer.Ordinal))
        {
            found.Add(Differences.Missing("open money", key.ToString()));
            openRows.Long(key.Place.Ledger).Text(key.Place.Owner).Text(key.Place.Depot).Text(key.Place.Currency).Text(key.Parcel).Long(key.Purpose).Text(account).Long(0).Long(0);
        }
        if (!dryRun)
        {
            writes.Write(MoneySql.AddBalance, rows);
            writes.Write(MoneySql.AddOpen, openRows);
        }
        return new Page(found.Count, found, () =>
        {
            unrepaired.Balances.UnionWith(balances.Keys);
            unrepaired.Open.UnionWith(open.Keys);
        });
    }

    internal async Task<Page> NextBalancesAsync(IJournalWrites writes, CancellationToken ct)
    {
        var live = new List<(BalanceKey Key, Sum Sum)>();
        await writes.QueryAsync(RebuildSql.BalancePage, RebuildSql.BalanceKeys([_afterBalance]), row => live.Add((RebuildSql.ReadBalance(row), new Sum(row.Text(4), row.Long(5), 0))), ct);
        if (live.Count == 0) return Page.End;
        var sums = new Dictionary<BalanceKey, (Sum Sum, long Lines)>();
        await writes.QueryAsync(RebuildSql.SumBalances, RebuildSql.BalanceKeys(live.Select(l => l.Key)), row => sums[RebuildSql.ReadBalance(row)] = (new Sum(row.Text(6), row.Long(4), 0), row.Long(5)), ct);
        var found = new List<ProjectionDifference>();
        var (rows, superfluous) = (new RowBlock(ColumnKind.Long, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long), new List<BalanceKey>());
        foreach (var (key, sum) in live)
        {
            var rebuilt = Compare("balance", key, sum, sums[key], unrepaired.OfBalances.GetValueOrDefault(key), unrepaired.Balances.Contains(key), found);
            if (rebuilt is null) superfluous.Add(key);
            else if (rebuilt != sum) rows.Long(key.Ledger).Text(key.Owner).Text(key.Depot).Text(key.Currency).Text(rebuilt.Account).Long(rebuilt.Minor);
        }
        if (!dryRun)
        {
            writes.Write(RebuildSql.PutBalance, rows);
            writes.Write(RebuildSql.RemoveBalance, RebuildSql.BalanceKeys(superfluous));
        }
        return new Page(live.Count, found, () => _afterBalance = live[^1].Key);
    }

    internal async Task<Page> NextOpenAsync(IJournalWrites writes, CancellationToken ct)
    {
        var live = new List<(OpenKey Key, Sum Sum)>();
        await writes.QueryAsync(RebuildSql.OpenPage, RebuildSql.OpenKeys([_afterOpen]), row => live.Add((RebuildSql.ReadOpen(row), new Sum(row.Text(6), row.Long(7), row.Long(8)))), ct);
        if (live.Count == 0) return Page.End;
        var sums = new Dictionary<OpenKey, (Sum Sum, long Lines)>();
        await writes.QueryAsync(
            RebuildSql.SumOpen, RebuildSql.OpenKeys(live.Select(l => l.Key)), row => sums[RebuildSql.ReadOpen(row)] = (new Sum(row.Text(8), row.Long(6), row.Long(9)), row.Long(7)), ct);
        var (found, rows, superfluous) = (new List<ProjectionDifference>(), MoneySql.OpenBlock(), new List<OpenKey>());
        foreach (var (key, sum) in live)
        {
            var hangs = unrepaired.OfOpen.TryGetValue(key, out var due);
            // What is to be the latest line is known when the lines are put right.
            var counted = hangs ? sums[key] with { Sum = sums[key].Sum with { SinceUs = sum.SinceUs } } : sums[key];
            var rebuilt = Compare("open money", key, sum, counted, due, unrepaired.Open.Contains(key), found);
            if (rebuilt is null) superfluous.Add(key);
            else if (rebuilt != sum)
                rows.Long(key.Place.Ledger).Text(key.Place.Owner).Text(key.Place.Depot).Text(key.Place.Currency).Text(key.Parcel).Long(key.Purpose).Text(rebuilt.Account).Long(rebuilt.Minor).Long(rebuilt.SinceUs);
        }
        if (!dryRun)
        {
            writes.Write(RebuildSql.PutOpen, rows);
            writes.Write(RebuildSql.RemoveOpen, RebuildSql.OpenKeys(superfluous));
        }
        return new Page(live.Count, found, () => _afterOpen = live[^1].Key);
    }

    // Null: no line asks for the row.
    private static Sum? Compare<TKey>(string projection, TKey key, Sum live, (Sum Sum, long Lines) counted, (long Minor, long Lines) due, bool told, List<ProjectionDifference> found)
    {
        var name = key!.ToString()!;
        if (counted.Lines + due.Lines == 0)
        {
            found.Add(Differences.Superfluous(projection, name));
            return null;
        }
        // Where all lines are still to come they say whose the row is; the row's own word stands until then.
        var rebuilt = counted.Sum with { Minor = counted.Sum.Minor + due.Minor, Account = counted.Lines == 0 ? live.Account : counted.Sum.Account };
        if (!told) found.AddRange(Differences.Of(projection, name, live, rebuilt));
        return rebuilt;
    }

    private sealed record Sum(string Account, long Minor, long SinceUs);
}
