using System.Runtime.CompilerServices;
using Google.Protobuf;
using KeyAccountLogistics.Custody.Handovers;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Custody.Register;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Rebuild;

/// <summary>
/// Folds every parcel and handover anew and puts right what differs. First along the journal, so that rows which are gone are found; then along the rows, in pages, each in
/// a transaction of its own that locks just that page. Live work goes on.
/// </summary>
internal sealed class RebuildCustody(IJournalReader journal, IWriteGate gate, WaybillScheme waybills) : IRebuildProjections
{
    private const int JournalPage = 1_000;

    // Positions are drawn before they are committed: those that came late lie a few groups back.
    private const long LookBack = 16_384;

    public string Name => "custody";

    public async IAsyncEnumerable<RebuildStep> RebuildAsync(bool dryRun, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var (events, keys, differences) = (0L, 0L, 0L);
        var scales = new SortedDictionary<(string Depot, string Device), ScaleRecord>();
        var seen = 0L;
        await foreach (var page in PagesAsync(ct))
        {
            var found = (await gate.RunAsync<IReadOnlyList<ProjectionDifference>>((t, cancel) => RestoreRowsAsync(t.Statements, page, dryRun, cancel), ct)).Value;
            (events, differences) = (events + page.Count, differences + found.Count);
            FoldScales(scales, page);
            seen = page[^1].Position;
            yield return new RebuildStep(events, keys, differences, found, Done: false);
        }
        // Shipments before parcels: a row made again above gets its shipment, and one without events is made.
        foreach (var walk in (Func<IJournalWrites, long, bool, CancellationToken, Task<Outcome<Page<long>>>>[])[ShipmentsAsync, ParcelsAsync])
        {
            var after = 0L;
            while (true)
            {
                var from = after;
                var page = (await gate.RunAsync<Page<long>>((t, cancel) => walk(t.Statements, from, dryRun, cancel), ct)).Value;
                if (page.Keys == 0) break;
                (after, differences) = (page.Last, differences + page.Found.Count);
                if (walk == ParcelsAsync) keys += page.Keys;
                yield return new RebuildStep(events, keys, differences, page.Found, Done: false);
            }
        }
        var afterHandover = "";
        while (true)
        {
            var from = afterHandover;
            var page = (await gate.RunAsync<Page<string>>((t, cancel) => HandoversAsync(t.Statements, from, dryRun, cancel), ct)).Value;
            if (page.Keys == 0) break;
            (afterHandover, keys, differences) = (page.Last, keys + page.Keys, differences + page.Found.Count);
            yield return new RebuildStep(events, keys, differences, page.Found, Done: false);
        }
        var ofScales = (await gate.RunAsync<IReadOnlyList<ProjectionDifference>>((t, cancel) => RestoreScalesAsync(t, scales, seen, dryRun, cancel), ct)).Value;
        (keys, differences) = (keys + scales.Count, differences + ofScales.Count);
        yield return new RebuildStep(events, keys, differences, ofScales, Done: true);
    }

    private async IAsyncEnumerable<List<JournalledEvent>> PagesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var page = new List<JournalledEvent>(JournalPage);
        await foreach (var e in journal.ReadAsync(0, await journal.LastPositionAsync(ct), ct))
        {
            page.Add(e);
            if (page.Count < JournalPage) continue;
            yield return page;
            page = new List<JournalledEvent>(JournalPage);
        }
        if (page.Count > 0) yield return page;
    }

    private async Task<Outcome<IReadOnlyList<ProjectionDifference>>> RestoreRowsAsync(IJournalWrites writes, List<JournalledEvent> page, bool dryRun, CancellationToken ct)
    {
        var found = new List<ProjectionDifference>();
        await RestoreParcelsAsync(writes, page, found, dryRun, ct);
        await RestoreStepsAsync(writes, page, found, dryRun, ct);
        return found;
    }

    private async Task RestoreParcelsAsync(IJournalWrites writes, List<JournalledEvent> page, List<ProjectionDifference> found, bool dryRun, CancellationToken ct)
    {
        var codes = new Dictionary<long, JournalledEvent>();
        foreach (var e in page)
        {
            if (e.ParcelId is { } id) codes.TryAdd(id, e);
        }
        if (codes.Count == 0) return;
        var keys = new RowBlock(ColumnKind.Long);
        foreach (var id in codes.Keys.Order()) keys.Long(id);
        await writes.QueryAsync(RebuildSql.FindIds, keys, row => codes.Remove(row.Long(0)), ct);
        if (codes.Count == 0) return;
        var rows = new RowBlock(ColumnKind.Long, ColumnKind.Text);
        foreach (var (id, e) in codes.OrderBy(c => c.Key))
        {
            var code = ParcelCodes.KeyOf(e.Parse().Parcel, waybills) ?? "";
            found.Add(new ProjectionDifference("parcel", code, "row", "missing", "present"));
            rows.Long(id).Text(code);
        }
        if (dryRun) return;
        writes.Write(RebuildSql.RestoreParcel, rows);
        await writes.FlushAsync(ct);
        await writes.QueryAsync(RebuildSql.MoveSequence, new RowBlock(ColumnKind.Long).Long(0), static _ => { }, ct);
    }

    // A step is a copy of its event, so it is compared whole; one that differs is made again.
    private async Task RestoreStepsAsync(IJournalWrites writes, List<JournalledEvent> page, List<ProjectionDifference> found, bool dryRun, CancellationToken ct)
    {
        var steps = page.Where(e => e.Kind is >= Api.Custody.V1.EventKind.HandoverOpened and <= Api.Custody.V1.EventKind.HandoverAbandoned)
            .Select(e => (Event: e, Fact: e.Parse())).Where(s => HandoverSteps.IsStep(s.Fact)).ToDictionary(s => s.Event.Id);
        if (steps.Count == 0) return;
        await RestoreExpectedAsync(writes, steps.Values.Select(s => s.Fact), found, dryRun, ct);
        var keys = new RowBlock(ColumnKind.Uuid);
        foreach (var id in steps.Keys.Order()) keys.Uuid(id);
        var (changed, wrong) = (new HashSet<Guid>(), new RowBlock(ColumnKind.Uuid));
        await writes.QueryAsync(
            RebuildSql.FindSteps, keys,
            row =>
            {
                var (e, fact) = steps[row.Uuid(0)];
                var same = string.Equals(row.Text(1), fact.Handover, StringComparison.Ordinal) && row.Long(2) == e.Time.Best.ToUnixMicros() && e.Body.Span.SequenceEqual(row.Bytes(3));
                if (same) steps.Remove(e.Id);
                else if (changed.Add(e.Id)) wrong.Uuid(e.Id);
            },
            ct);
        if (steps.Count == 0) return;
        var (rows, touched) = (HandoverSql.StepBlock(), new RowBlock(ColumnKind.Text));
        foreach (var (e, fact) in steps.Values.OrderBy(s => s.Event.Position))
        {
            found.Add(new ProjectionDifference("handover", fact.Handover, "step " + e.Id.ToString(), changed.Contains(e.Id) ? "changed" : "missing", "present"));
            rows.Uuid(e.Id).Text(fact.Handover).Long(e.Time.Best.ToUnixMicros()).Bytes(e.Body);
            touched.Text(fact.Handover);
        }
        if (dryRun) return;
        await writes.QueryAsync(HandoverSql.Touch, touched, static _ => { }, ct);
        writes.Write(RebuildSql.RemoveStep, wrong);
        writes.Write(HandoverSql.AddStep, rows);
    }

    // Which parcels an opening expects is what says that a parcel is in one open handover at most.
    private async Task RestoreExpectedAsync(IJournalWrites writes, IEnumerable<Api.Custody.V1.ParcelEvent> facts, List<ProjectionDifference> found, bool dryRun, CancellationToken ct)
    {
        var expected = facts.Where(f => f.HandoverOpened is not null)
            .SelectMany(f => HandoverRun.ExpectedOf(f, waybills).Select(code => (f.Handover, Code: code))).ToHashSet();
        if (expected.Count == 0) return;
        var keys = new RowBlock(ColumnKind.Text);
        foreach (var id in expected.Select(e => e.Handover).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) keys.Text(id);
        await writes.QueryAsync(RebuildSql.FindExpected, keys, row => expected.Remove((row.Text(0), row.Text(1))), ct);
        var rows = new RowBlock(ColumnKind.Text, ColumnKind.Text);
        foreach (var (handover, code) in expected.OrderBy(e => e.Handover, StringComparer.Ordinal).ThenBy(e => e.Code, StringComparer.Ordinal))
        {
            found.Add(new ProjectionDifference("handover", handover, "expected " + code, "missing", "present"));
            rows.Text(handover).Text(code);
        }
        if (!dryRun) writes.Write(HandoverSql.AddExpected, rows);
    }

    private static async Task<Outcome<Page<long>>> ShipmentsAsync(IJournalWrites writes, long after, bool dryRun, CancellationToken ct)
    {
        var (last, count) = (after, 0);
        var expected = new SortedDictionary<string, Action<RowBlock, long>>(StringComparer.Ordinal);
        await writes.QueryAsync(
            RebuildSql.ShipmentPage, new RowBlock(ColumnKind.Long).Long(after),
            row =>
            {
                count++;
                last = row.Long(0);
                var (id, waybill, account, origin, destination, pieces) = (last, row.Text(1), row.Text(2), row.Text(3), row.Text(4), checked((int)row.Long(5)));
                for (var piece = 1; piece <= pieces; piece++)
                {
                    var (code, number) = (ParcelCodes.PieceOf(waybill, piece, pieces), piece);
                    expected[code] = (rows, change) => rows.Text(code).Long(number).Long(id).Text(account).Text(origin).Text(destination).Long(change);
                }
            },
            ct);
        if (count == 0) return new Page<long>(0, after, []);
        var keys = new RowBlock(ColumnKind.Text);
        foreach (var code in expected.Keys) keys.Text(code);
        await writes.QueryAsync(ShipmentSql.FindTaken, keys, row => expected.Remove(row.Text(0)), ct);
        if (expected.Count > 0 && !dryRun)
        {
            var change = await ParcelSql.NextChangeAsync(writes, ct);
            var rows = ShipmentSql.ParcelBlock();
            foreach (var add in expected.Values) add(rows, change);
            writes.Write(ShipmentSql.AddParcels, rows);
        }
        return new Page<long>(count, last, [.. expected.Keys.Select(code => new ProjectionDifference("parcel", code, "shipment", "missing", "present"))]);
    }

    private static async Task<Outcome<Page<long>>> ParcelsAsync(IJournalWrites writes, long after, bool dryRun, CancellationToken ct)
    {
        var live = new Dictionary<long, (string Code, ParcelColumns Columns, byte[] State)>();
        await writes.QueryAsync(
            RebuildSql.ParcelPage, new RowBlock(ColumnKind.Long).Long(after),
            row => live.Add(row.Long(0), (row.Text(1), RebuildSql.ReadColumns(row), row.Bytes(16))), ct);
        if (live.Count == 0) return new Page<long>(0, after, []);
        var facts = live.Keys.ToDictionary(id => id, _ => new List<LifeFact>());
        await writes.ReadParcelsAsync([.. live.Keys], e => facts[e.ParcelId!.Value].Add(CustodyRun.FactOf(e)), ct);
        var found = new List<ProjectionDifference>();
        var rows = ParcelSql.UpdateBlock();
        var change = dryRun ? 0 : await ParcelSql.NextChangeAsync(writes, ct);
        foreach (var (id, (code, columns, state)) in live.OrderBy(l => l.Key))
        {
            var rebuilt = facts[id].Count == 0 ? ParcelFold.Empty() : ParcelFold.Fold(facts[id]);
            var before = found.Count;
            found.AddRange(Differences.OfParcel(code, columns, state, rebuilt));
            if (found.Count > before) ParcelSql.Add(rows, id, ParcelColumns.Of(rebuilt), change, rebuilt.ToByteArray());
        }
        if (!dryRun) writes.Write(ParcelSql.Update, rows);
        return new Page<long>(live.Count, live.Keys.Max(), found);
    }

    private static async Task<Outcome<Page<string>>> HandoversAsync(IJournalWrites writes, string after, bool dryRun, CancellationToken ct)
    {
        var live = new SortedDictionary<string, HandoverColumns>(StringComparer.Ordinal);
        await writes.QueryAsync(RebuildSql.HandoverPage, new RowBlock(ColumnKind.Text).Text(after), row => live.Add(row.Text(0), RebuildSql.ReadHandover(row)), ct);
        if (live.Count == 0) return new Page<string>(0, after, []);
        var steps = live.Keys.ToDictionary(id => id, _ => new List<LifeFact>(), StringComparer.Ordinal);
        var keys = new RowBlock(ColumnKind.Text);
        foreach (var id in live.Keys) keys.Text(id);
        await writes.QueryAsync(HandoverSql.Steps, keys, row => steps[row.Text(0)].Add(HandoverRun.StepOf(row)), ct);
        var found = new List<ProjectionDifference>();
        var rows = HandoverSql.UpdateBlock();
        foreach (var (id, columns) in live)
        {
            var rebuilt = HandoverSteps.ColumnsOf(steps[id]);
            var before = found.Count;
            found.AddRange(Differences.OfHandover(id, columns, rebuilt));
            if (found.Count > before) HandoverSql.Add(rows, id, rebuilt);
        }
        if (!dryRun) writes.Write(HandoverSql.Update, rows);
        return new Page<string>(live.Count, live.Keys.Last(), found);
    }

    private static void FoldScales(SortedDictionary<(string Depot, string Device), ScaleRecord> scales, IEnumerable<JournalledEvent> events)
    {
        foreach (var e in events.Where(static e => e.Kind is >= Api.Custody.V1.EventKind.ScaleChecked and <= Api.Custody.V1.EventKind.ScaleCheckAsked))
        {
            if (ScaleRecord.Of(CustodyRun.FactOf(e)) is not var (depot, device, record)) continue;
            scales[(depot, device)] = scales.GetValueOrDefault((depot, device), ScaleRecord.Empty).With(record);
        }
    }

    // Few rows, that new facts merge into: with the table locked no such fact is under way, and the rest of the journal is read again up to this moment.
    private async Task<Outcome<IReadOnlyList<ProjectionDifference>>> RestoreScalesAsync(
        WriteTransaction transaction, SortedDictionary<(string Depot, string Device), ScaleRecord> scales, long seen, bool dryRun, CancellationToken ct)
    {
        var writes = transaction.Statements;
        if (writes.Engine == Journal.Databases.Engine.Postgres)
        {
            await using var locked = transaction.Connection.CreateCommand();
            (locked.Transaction, locked.CommandText) = (transaction.Transaction, "LOCK TABLE custody_scale IN SHARE ROW EXCLUSIVE MODE");
            await locked.ExecuteNonQueryAsync(ct);
        }
        await foreach (var e in journal.ReadAsync(Math.Max(0, seen - LookBack), await journal.LastPositionAsync(ct), ct)) FoldScales(scales, [e]);
        var live = new Dictionary<(string Depot, string Device), ScaleRecord>();
        await writes.QueryAsync(ScaleSql.All, new RowBlock(ColumnKind.Long).Long(0), row => live[(row.Text(0), row.Text(1))] = ScaleSql.Read(row), ct);
        var (found, rows) = (new List<ProjectionDifference>(), ScaleSql.Block());
        foreach (var ((depot, device), record) in scales)
        {
            var before = found.Count;
            found.AddRange(Differences.OfScale(depot + "/" + device, live.GetValueOrDefault((depot, device), ScaleRecord.Empty), record));
            if (found.Count > before) ScaleSql.Add(rows, depot, device, record);
        }
        if (!dryRun) writes.Write(ScaleSql.Put, rows);
        return found;
    }

    private sealed record Page<TKey>(int Keys, TKey Last, IReadOnlyList<ProjectionDifference> Found);
}
