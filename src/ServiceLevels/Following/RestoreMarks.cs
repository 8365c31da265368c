using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Contributing;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>Marks along the contributions they are made of: what a drill-down begins with, and by what late parcels are found.</summary>
internal static class RestoreMarks
{
    private static readonly BulkSql Kept = new(
        "SELECT subject, figure, account, day, outcome, in_doubt FROM level_mark WHERE subject = ?1",
        "SELECT subject, figure, account, day, outcome, in_doubt FROM level_mark WHERE subject = ANY($1::text[])");

    /// <summary>What these subjects' marks have otherwise than what they add.</summary>
    internal static async Task<List<ProjectionDifference>> PutRightAsync(IJournalWrites writes, IReadOnlyList<FollowFacts.Asked> asked, bool dryRun, CancellationToken ct)
    {
        var kept = asked.ToDictionary(static a => a.Subject, static _ => new HashSet<Mark>(), StringComparer.Ordinal);
        await writes.QueryAsync(Kept, LevelSql.Texts(kept.Keys), row => kept[row.Text(0)].Add(new Mark(row.Text(1), row.Text(2), (int)row.Long(3), (int)row.Long(4), row.Bool(5))), ct);
        var (found, wrong, rows) = (new List<ProjectionDifference>(), new RowBlock(ColumnKind.Text), LevelSql.MarkBlock());
        foreach (var one in asked)
        {
            var right = Of(one.Now).ToHashSet();
            if (right.SetEquals(kept[one.Subject])) continue;
            found.Add(new ProjectionDifference("level mark", one.Code, "figures", Text(kept[one.Subject]), Text(right)));
            wrong.Text(one.Subject);
            Put(rows, one);
        }
        if (dryRun) return found;
        writes.Write(LevelSql.DropMarks, wrong);
        writes.Write(LevelSql.AddMarks, rows);
        return found;
    }

    /// <summary>The marks a subject is to have.</summary>
    internal static void Put(RowBlock rows, FollowFacts.Asked asked)
    {
        foreach (var mark in Of(asked.Now)) rows.Text(asked.Subject).Text(mark.Figure).Text(mark.Account).Long(mark.Day).Long(mark.Outcome).Bool(mark.InDoubt);
    }

    /// <summary>True for what is not simply met.</summary>
    internal static bool Has(Contribution contribution) => contribution.Tallies.Any(IsMarked);

    private static IEnumerable<Mark> Of(Contribution c) => c.Tallies.Where(IsMarked).Select(t => new Mark(t.Figure, c.Account, t.Day, (int)Tallies.OutcomeOf(t), t.InDoubt));

    private static bool IsMarked(Tally tally) => Tallies.OutcomeOf(tally) is not TallyOutcome.Met;

    private static string Text(IEnumerable<Mark> marks) => string.Join(' ', marks.OrderBy(static m => m.Figure, StringComparer.Ordinal).Select(static m => FormattableString.Invariant($"{m.Figure}:{(TallyOutcome)m.Outcome}@{m.Day}")));

    private readonly record struct Mark(string Figure, string Account, int Day, int Outcome, bool InDoubt);
}
