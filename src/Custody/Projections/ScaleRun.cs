using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Projections;

/// <summary>The scales' part of one append transaction; nothing at all for the batches without their facts, which is nearly every one.</summary>
internal static class ScaleRun
{
    /// <summary>Queues the merge; true when a scale came under doubt or out of it.</summary>
    internal static bool Apply(IJournalWrites writes, IReadOnlyList<AppendedEvent> events)
    {
        SortedDictionary<(string, string), ScaleRecord>? merged = null;
        var doubted = false;
        foreach (var e in events)
        {
            if (ScaleRecord.Of(CustodyRun.FactOf(e)) is not var (depot, device, record)) continue;
            merged ??= [];
            merged[(depot, device)] = merged.GetValueOrDefault((depot, device), ScaleRecord.Empty).With(record);
            doubted |= record.CheckedUs == 0;
        }
        if (merged is null) return false;
        var rows = ScaleSql.Block();
        foreach (var ((depot, device), record) in merged) ScaleSql.Add(rows, depot, device, record);
        writes.Write(ScaleSql.Merge, rows);
        return doubted;
    }
}
