using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>Reads the facts of accounts' service in bulk inside a transaction. Whose they are is the caller's matter: name only accounts that may be seen (law 11).</summary>
internal static class ServiceFacts
{
    // A correction of a correction of a correction is a quarrel; whoever goes on is heard once more at the next fact.
    private const int CorrectionsDeep = 8;

    /// <summary>What was told of these subjects; one of which nothing is there is left out. One question, and one more where there are corrections.</summary>
    internal static async ValueTask<IReadOnlyList<FactHistory>> ReadAsync(IJournalWrites writes, IReadOnlyCollection<string> subjects, CancellationToken ct)
    {
        if (subjects.Count == 0) return [];
        var keys = new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Text);
        foreach (var subject in subjects)
        {
            if (FactKey.Read(subject) is { } key) keys.Text(key.Account).Long((int)key.Kind).Text(subject);
        }
        return await HistoriesAsync(writes, FactSql.OfSubjects, keys, ct);
    }

    /// <summary>What stands of a kind for these accounts, by account and name: a row of each fact, in its latest word.</summary>
    internal static ValueTask<IReadOnlyList<(FactKey Key, LivedFact Fact)>> OfAsync(IJournalWrites writes, IReadOnlyCollection<string> accounts, EventKind kind, CancellationToken ct) => OfAsync(writes, accounts, kind, long.MinValue, ct);

    /// <summary>The same without what was told before an instant, for kinds of which only the last is asked: a fact told again since then is there, whatever was told of it before.</summary>
    internal static async ValueTask<IReadOnlyList<(FactKey Key, LivedFact Fact)>> OfAsync(IJournalWrites writes, IReadOnlyCollection<string> accounts, EventKind kind, long sinceUs, CancellationToken ct)
    {
        if (accounts.Count == 0) return [];
        var keys = new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Long);
        foreach (var account in accounts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) keys.Text(account).Long((int)kind).Long(sinceUs);
        var standing = new List<(FactKey Key, LivedFact Fact)>();
        foreach (var history in await HistoriesAsync(writes, FactSql.OfKind, keys, ct))
        {
            if (history.Standing is { } fact) standing.Add((history.Key, fact));
        }
        return standing;
    }

    /// <summary>The next subjects of an account after one, by kind and name.</summary>
    internal static async ValueTask<IReadOnlyList<string>> OfAccountAsync(IJournalWrites writes, string account, string after, int most, CancellationToken ct)
    {
        var subjects = new List<string>();
        var keys = new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Text, ColumnKind.Long).Text(account).Long((int)(FactKey.Read(after)?.Kind ?? EventKind.Unspecified)).Text(after).Long(most);
        await writes.QueryAsync(FactSql.OfAccount, keys, row => subjects.Add(row.Text(1)), ct);
        return subjects;
    }

    /// <summary>The next subjects of any account after one.</summary>
    internal static async ValueTask<IReadOnlyList<string>> AfterAsync(IJournalWrites writes, string after, int most, CancellationToken ct)
    {
        var subjects = new List<string>();
        var from = FactKey.Read(after);
        var keys = new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Text, ColumnKind.Long).Text(from?.Account ?? "").Long((int)(from?.Kind ?? EventKind.Unspecified)).Text(after).Long(most);
        await writes.QueryAsync(FactSql.AllSubjects, keys, row => subjects.Add(row.Text(2)), ct);
        return subjects;
    }

    /// <summary>The subjects that events name which were taken out, also by way of a correction that was. What has not come yet names none, and is noted when it comes.</summary>
    internal static async ValueTask<IReadOnlySet<string>> NamedByAsync(IJournalWrites writes, IReadOnlyCollection<Guid> events, CancellationToken ct)
    {
        var (subjects, met, next) = (new SortedSet<string>(StringComparer.Ordinal), new HashSet<Guid>(events), events.ToList());
        for (var depth = 0; next.Count > 0 && depth < CorrectionsDeep; depth++)
        {
            var found = new List<Guid>();
            await writes.QueryAsync(FactSql.ById, Keys(next), row =>
            {
                var kept = KeptFact.Read(row);
                if (kept.Key is not null) subjects.Add(kept.Subject);
                else if (kept.Corrects is { } corrected && met.Add(corrected)) found.Add(corrected);
            }, ct);
            next = found;
        }
        return subjects;
    }

    internal static RowBlock Keys(IEnumerable<Guid> ids)
    {
        var keys = new RowBlock(ColumnKind.Uuid);
        foreach (var id in ids.Distinct().Order()) keys.Uuid(id);
        return keys;
    }

    private static async ValueTask<IReadOnlyList<FactHistory>> HistoriesAsync(IJournalWrites writes, BulkSql sql, RowBlock keys, CancellationToken ct)
    {
        var bySubject = new SortedDictionary<string, List<LivedFact>>(StringComparer.Ordinal);
        var of = new Dictionary<Guid, string>();
        await writes.QueryAsync(sql, keys, row => Put(KeptFact.Read(row), null), ct);
        // Corrections, and what corrects them: nearly always none.
        var next = of.Keys.ToList();
        for (var depth = 0; next.Count > 0 && depth < CorrectionsDeep; depth++)
        {
            var found = new List<Guid>();
            await writes.QueryAsync(FactSql.Correcting, Keys(next), row =>
            {
                var kept = KeptFact.Read(row);
                if (kept.Corrects is { } corrected && of.TryGetValue(corrected, out var subject) && Put(kept, subject)) found.Add(kept.EventId);
            }, ct);
            next = found;
        }
        return [.. bySubject.Select(static s => new FactHistory(FactKey.Read(s.Key)!.Value, s.Value))];

        bool Put(KeptFact kept, string? subject)
        {
            subject ??= kept.Subject;
            if (!of.TryAdd(kept.EventId, subject)) return false;
            if (!bySubject.TryGetValue(subject, out var own)) bySubject.Add(subject, own = []);
            own.Add(kept.Lived());
            return true;
        }
    }
}
