using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>Kept facts are copies of their events: what is missing is put there, what no event tells goes, what differs becomes what the journal says.</summary>
internal static class RestoreFacts
{
    /// <summary>What a page of the journal says should be there and is not.</summary>
    internal static async Task<List<ProjectionDifference>> MissingAsync(IJournalWrites writes, IReadOnlyList<JournalledEvent> events, bool dryRun, CancellationToken ct)
    {
        var missing = events.Select(KeptFact.Of).OfType<KeptFact>().ToDictionary(static f => f.EventId);
        if (missing.Count == 0) return [];
        await writes.QueryAsync(FactSql.ById, ServiceFacts.Keys(missing.Keys), row => missing.Remove(row.Uuid(0)), ct);
        var rows = FactSql.Block();
        foreach (var fact in missing.Values) fact.Write(rows);
        if (!dryRun) writes.Write(FactSql.Add, rows);
        return [.. missing.Values.Select(static f => Differs(f, "missing", "present"))];
    }

    /// <summary>The next page of rows after an event; subjects are those that a row was taken from.</summary>
    internal static async Task<(int Keys, Guid Last, List<ProjectionDifference> Found, List<string> Subjects)> NextAsync(IJournalWrites writes, Guid after, bool dryRun, CancellationToken ct)
    {
        var live = new List<KeptFact>();
        await writes.QueryAsync(FactSql.Page, new RowBlock(ColumnKind.Uuid).Uuid(after), row => live.Add(KeptFact.Read(row)), ct);
        var right = new Dictionary<Guid, KeptFact>();
        await writes.ReadEventsAsync([.. live.Select(static f => f.EventId)], e =>
        {
            if (KeptFact.Of(e) is { } fact) right[e.Id] = fact;
        }, ct);
        var (found, subjects, wrong, rows) = (new List<ProjectionDifference>(), new List<string>(), new RowBlock(ColumnKind.Uuid), FactSql.Block());
        foreach (var fact in live)
        {
            var told = right.GetValueOrDefault(fact.EventId);
            if (fact.Equals(told)) continue;
            found.Add(Differs(fact, told is null ? "present" : "changed", told is null ? "missing" : "present"));
            wrong.Uuid(fact.EventId);
            told?.Write(rows);
            if (fact.Subject.Length > 0) subjects.Add(fact.Subject);
        }
        if (!dryRun)
        {
            writes.Write(FactSql.Remove, wrong);
            writes.Write(FactSql.Add, rows);
        }
        return (live.Count, live.Count > 0 ? live[^1].EventId : after, found, subjects);
    }

    private static ProjectionDifference Differs(KeptFact fact, string live, string rebuilt) =>
        new("level_fact", fact.Subject.Length > 0 ? fact.Subject : "correction", "event " + fact.EventId.ToString("D"), live, rebuilt);
}
