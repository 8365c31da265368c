using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Rebuild;

/// <summary>Facts are copies of their events; an order is the fold of its facts. Doors and vehicles are folded when they are read and have no rows.</summary>
internal sealed class RestoreFacts(Unrepaired unrepaired, bool dryRun)
{
    private Guid _afterFact;
    private string _afterOrder = "";

    /// <summary>What a page of the journal says should be there and is not.</summary>
    internal async Task<Page> OfEventsAsync(IJournalWrites writes, IReadOnlyList<(JournalledEvent Item, ParcelEvent Fact)> events, CancellationToken ct)
    {
        var missing = events.Select(e => (e.Item, Subject: FactSql.SubjectOf(e.Fact))).Where(e => e.Subject is not null).ToDictionary(e => e.Item.Id, e => (e.Item, Subject: e.Subject!));
        if (missing.Count == 0) return Page.End;
        var orders = missing.Values.Select(m => m.Subject).Where(IsOrder).Select(s => s[OrderRun.Prefix.Length..]).ToHashSet(StringComparer.Ordinal);
        await writes.QueryAsync(RebuildSql.FindOrders, FactSql.Keys(orders), row => orders.Remove(row.Text(0)), ct);
        // Met again in a dry run, with a later fact.
        orders.ExceptWith(unrepaired.Orders);
        await writes.QueryAsync(RebuildSql.FindFacts, MoneyRun.KeysOf(missing.Keys), row => missing.Remove(row.Uuid(0)), ct);
        var found = orders.Order(StringComparer.Ordinal).Select(id => Differences.Missing("order", id)).ToList();
        var rows = FactSql.Block();
        foreach (var (item, subject) in missing.Values.OrderBy(m => m.Item.Position))
        {
            found.Add(new ProjectionDifference("fact", subject, "event " + item.Id.ToString("D"), "missing", "present"));
            FactSql.Write(rows, subject, item);
        }
        if (!dryRun)
        {
            await writes.QueryAsync(OrderRun.Touch, FactSql.Keys(orders), static _ => { }, ct);
            writes.Write(FactSql.Add, rows);
        }
        return new Page(found.Count, found, () =>
        {
            unrepaired.Orders.UnionWith(orders);
            if (!dryRun) return;
            foreach (var (item, subject) in missing.Values.Where(m => IsOrder(m.Subject))) unrepaired.FactToCome(subject, item.Id);
        });
    }

    /// <summary>The next page of facts: each as its event says, and none without one.</summary>
    internal async Task<Page> NextFactsAsync(IJournalWrites writes, CancellationToken ct)
    {
        var live = new List<(Guid Id, FactColumns Columns)>();
        await writes.QueryAsync(RebuildSql.FactPage, new RowBlock(ColumnKind.Uuid).Uuid(_afterFact), row => live.Add((row.Uuid(0), FactColumns.Read(row))), ct);
        if (live.Count == 0) return Page.End;
        var events = new Dictionary<Guid, (JournalledEvent Item, string Subject)>();
        await writes.ReadEventsAsync(live.ConvertAll(l => l.Id), e => { if (FactSql.SubjectOf(e.Parse()) is { } subject) events[e.Id] = (e, subject); }, ct);
        var (found, wrong, rows, kept) = (new List<ProjectionDifference>(), new RowBlock(ColumnKind.Uuid), FactSql.Block(), new List<Action>());
        foreach (var (id, columns) in live)
        {
            var name = "event " + id.ToString("D");
            if (!events.TryGetValue(id, out var right)) found.Add(new ProjectionDifference("fact", columns.Subject, name, "present", "missing"));
            else if (columns == FactColumns.Of(right.Item, right.Subject)) continue;
            else
            {
                found.Add(new ProjectionDifference("fact", right.Subject, name, "changed", "present"));
                FactSql.Write(rows, right.Subject, right.Item);
                if (dryRun && IsOrder(right.Subject)) kept.Add(() => unrepaired.FactToCome(right.Subject, id));
            }
            wrong.Uuid(id);
            if (dryRun) kept.Add(() => unrepaired.FactsToGo.Add(id));
        }
        if (!dryRun)
        {
            writes.Write(RebuildSql.RemoveFact, wrong);
            writes.Write(FactSql.Add, rows);
        }
        return new Page(live.Count, found, () =>
        {
            _afterFact = live[^1].Id;
            kept.ForEach(static k => k());
        });
    }

    /// <summary>The next page of orders, each folded anew; one that no fact names is none.</summary>
    internal async Task<Page> NextOrdersAsync(IJournalWrites writes, CancellationToken ct)
    {
        var live = new List<(string Id, OrderColumns Columns)>();
        await writes.QueryAsync(RebuildSql.OrderPage, new RowBlock(ColumnKind.Text).Text(_afterOrder), row => live.Add((row.Text(0), OrderColumns.Read(row))), ct);
        if (live.Count == 0) return Page.End;
        var facts = await FactsOfAsync(writes, live.ConvertAll(l => OrderRun.Prefix + l.Id), ct);
        var (found, rows, superfluous) = (new List<ProjectionDifference>(), OrderColumns.Block(), new RowBlock(ColumnKind.Text));
        foreach (var (id, columns) in live)
        {
            if (facts[OrderRun.Prefix + id] is not { Count: > 0 } own)
            {
                found.Add(Differences.Superfluous("order", id));
                superfluous.Text(id);
                continue;
            }
            var rebuilt = OrderColumns.Of(OrderState.Fold(own));
            if (rebuilt == columns) continue;
            // Of a row that was made again just now it has been told that it was missing.
            if (!unrepaired.Orders.Contains(id)) found.AddRange(Differences.Of("order", id, columns, rebuilt));
            rebuilt.Add(rows, id);
        }
        if (!dryRun)
        {
            writes.Write(OrderRun.Update, rows);
            writes.Write(RebuildSql.RemoveOrder, superfluous);
        }
        return new Page(live.Count, found, () => _afterOrder = live[^1].Id);
    }

    private async Task<Dictionary<string, List<DispatchFact>>> FactsOfAsync(IJournalWrites writes, List<string> subjects, CancellationToken ct)
    {
        var facts = subjects.ToDictionary(s => s, _ => new List<DispatchFact>(), StringComparer.Ordinal);
        await writes.QueryAsync(
            FactSql.OfSubjects, FactSql.Keys(subjects),
            row =>
            {
                if (unrepaired.FactsToGo.Contains(row.Uuid(1))) return;
                var (subject, fact) = FactSql.Read(row);
                facts[subject].Add(fact);
            },
            ct);
        foreach (var subject in subjects)
        {
            if (unrepaired.FactsToCome.TryGetValue(subject, out var ids)) await writes.ReadEventsAsync(ids, e => facts[subject].Add(new DispatchFact(e.Id, e.Parse(), e.Time)), ct);
        }
        return facts;
    }

    private static bool IsOrder(string subject) => subject.StartsWith(OrderRun.Prefix, StringComparison.Ordinal);

    private sealed record FactColumns(string Subject, long EarliestUs, long BestUs, long LatestUs, string Body)
    {
        internal static FactColumns Read(IRow row) => new(row.Text(1), row.Long(2), row.Long(3), row.Long(4), Convert.ToBase64String(row.Bytes(5)));

        internal static FactColumns Of(JournalledEvent e, string subject) =>
            new(subject, e.Time.Earliest.ToUnixMicros(), e.Time.Best.ToUnixMicros(), e.Time.Latest.ToUnixMicros(), Convert.ToBase64String(e.Body.Span));
    }
}
