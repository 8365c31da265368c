using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Handovers;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Projections;

/// <summary>The handovers' part of one append transaction.</summary>
internal sealed class HandoverRun(IJournalWrites writes, WaybillScheme waybills)
{
    internal async ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
    {
        Dictionary<string, Touched>? touched = null;
        foreach (var e in events)
        {
            if (!HandoverSteps.IsStep(e.Event)) continue;
            touched ??= new(StringComparer.Ordinal);
            if (!touched.TryGetValue(e.Event.Handover, out var handover)) touched[e.Event.Handover] = handover = new Touched();
            handover.New.Add((e, CustodyRun.FactOf(e)));
        }
        if (touched is null) return;
        var keys = KeysOf(touched.Keys);
        await writes.QueryAsync(HandoverSql.Touch, keys, static _ => { }, ct);
        await writes.QueryAsync(HandoverSql.Find, KeysOf(touched.Keys), row => touched[row.Text(0)].Phase = checked((int)row.Long(1)), ct);
        await FoldAsync(touched, ct);
        AddSteps(touched);
    }

    /// <summary>A row of <see cref="HandoverSql.Steps"/>; steps are ordered by their best time only.</summary>
    internal static LifeFact StepOf(IRow row)
    {
        var best = row.Long(1);
        return new LifeFact(ParcelEvent.Parser.ParseFrom(row.Bytes(2)), best, best, best);
    }

    // A line of a handover that is open changes no column: it only joins the steps.
    private async ValueTask FoldAsync(Dictionary<string, Touched> touched, CancellationToken ct)
    {
        var changed = touched.Where(t => t.Value.ChangesColumns).Select(t => t.Key).ToList();
        if (changed.Count == 0) return;
        await writes.QueryAsync(HandoverSql.Steps, KeysOf(changed), row => touched[row.Text(0)].Facts.Add(StepOf(row)), ct);
        var rows = HandoverSql.UpdateBlock();
        foreach (var id in changed.Order(StringComparer.Ordinal))
        {
            var handover = touched[id];
            handover.Facts.AddRange(handover.New.Select(n => n.Fact));
            HandoverSql.Add(rows, id, HandoverSteps.ColumnsOf(handover.Facts));
        }
        writes.Write(HandoverSql.Update, rows);
    }

    private void AddSteps(Dictionary<string, Touched> touched)
    {
        var steps = HandoverSql.StepBlock();
        var expected = new RowBlock(ColumnKind.Text, ColumnKind.Text);
        foreach (var (id, handover) in touched.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            foreach (var (e, fact) in handover.New)
            {
                steps.Uuid(e.Id).Text(id).Long(fact.BestUs).Bytes(e.Body);
                foreach (var code in ExpectedOf(e.Event, waybills)) expected.Text(id).Text(code);
            }
        }
        writes.Write(HandoverSql.AddStep, steps);
        writes.Write(HandoverSql.AddExpected, expected);
    }

    /// <summary>The parcels an opening names, each once; none for any other step.</summary>
    internal static IEnumerable<string> ExpectedOf(ParcelEvent step, WaybillScheme waybills) =>
        step.HandoverOpened is { } opened ? opened.Expected.Select(p => ParcelCodes.KeyOf(p.Parcel, waybills)).OfType<string>().Distinct(StringComparer.Ordinal) : [];

    private static RowBlock KeysOf(IEnumerable<string> ids)
    {
        var keys = new RowBlock(ColumnKind.Text);
        foreach (var id in ids.Order(StringComparer.Ordinal)) keys.Text(id);
        return keys;
    }

    private sealed class Touched
    {
        private const int Unopened = 0;
        private const int Open = (int)Verdicts.Handovers.HandoverPhase.Open;

        internal int Phase { get; set; }

        internal List<(AppendedEvent Event, LifeFact Fact)> New { get; } = [];

        internal List<LifeFact> Facts { get; } = [];

        internal bool ChangesColumns => Phase is not (Unopened or Open) || New.Exists(n => n.Event.Event.Kind is not EventKind.HandoverLine);
    }
}
