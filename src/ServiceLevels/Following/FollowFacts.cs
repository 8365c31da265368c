using Google.Protobuf;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>
/// Follows what was noted: asks each subject again what it adds, and applies the difference. One transaction takes the notes, the subjects' rows and the counters with it, so
/// that a kill at any moment loses nothing and doubles nothing. Safe from several processes at once.
/// </summary>
internal sealed class FollowFacts(IWriteGate gate, ITermsInForce terms, TimeProvider time, ILogger<FollowFacts> logger)
{
    /// <summary>Subjects of one transaction: on SQLite nobody else writes meanwhile.</summary>
    internal const int SubjectsAtOnce = 256;

    private const int NotesAtOnce = 64;

    /// <summary>One batch. True when there was something; the next may be asked for at once.</summary>
    internal async Task<Outcome<bool>> RunOnceAsync(CancellationToken ct) => await gate.RunAsync<bool>(
        async (transaction, cancel) =>
        {
            var writes = transaction.Statements;
            var batch = await TakeAsync(writes, cancel);
            if (batch.Notes.Count == 0) return false;
            var drop = new RowBlock(ColumnKind.Long);
            foreach (var id in batch.Notes) drop.Long(id);
            writes.Write(LevelSql.DropChanged, drop);
            if (batch.Shipments.Count > 0) await PassOnAsync(writes, batch, cancel);
            if (batch.Corrected.Count > 0) batch.Facts.UnionWith((await ServiceFacts.NamedByAsync(writes, batch.Corrected, cancel)).Where(static s => FactKey.Read(s) is { } key && FigureCodes.Counts(key.Kind)));
            await FollowAsync(writes, new Subjects(batch.Parcels, batch.Orders, batch.Facts), cancel);
            return true;
        },
        ct);

    /// <summary>Asks these subjects again and applies the differences; in the caller's transaction.</summary>
    internal async ValueTask FollowAsync(IJournalWrites writes, Subjects subjects, CancellationToken ct)
    {
        if (subjects.Count == 0) return;
        var keys = subjects.Keys;
        await writes.QueryAsync(LevelSql.Touch, LevelSql.Texts(keys), static _ => { }, ct);
        var before = new Dictionary<string, Contribution>(StringComparer.Ordinal);
        await writes.QueryAsync(LevelSql.Lock, LevelSql.Texts(keys), row => before[row.Text(0)] = Contribution.Parser.ParseFrom(row.Bytes(1)), ct);
        var change = new Change(time.Now().ToUnixMicros());
        var now = terms.Now;
        foreach (var asked in await AskAsync(writes, subjects, now, ct)) change.Put(asked, before[asked.Subject]);
        change.WriteTo(writes);
    }

    /// <summary>What these subjects add, by their facts as they stand.</summary>
    internal async ValueTask<IReadOnlyList<Asked>> AskAsync(IJournalWrites writes, Subjects subjects, TermsSnapshot snapshot, CancellationToken ct)
    {
        var answers = new List<Asked>(subjects.Count);
        foreach (var life in await ParcelLives.ReadAsync(writes, subjects.Parcels, ct)) Ask(KeyOf(life.Id), life.Code, () => ContributeParcel.Of(life, snapshot), answers);
        foreach (var order in await PickupOutcomes.ReadAsync(writes, subjects.Orders, ct)) Ask(KeyOf(order.Order), order.Order, () => ContributeOrder.Of(order, snapshot), answers);
        var histories = (await ServiceFacts.ReadAsync(writes, subjects.Facts, ct)).ToDictionary(static h => h.Key.Subject, StringComparer.Ordinal);
        foreach (var fact in subjects.Facts)
        {
            // One of which nothing is left adds nothing, and what it added goes.
            if (histories.GetValueOrDefault(fact) is { } history) Ask(fact, history.Key.Reference, () => ContributeFact.Of(history, snapshot), answers);
            else answers.Add(new Asked(fact, FactKey.Read(fact)?.Reference ?? "", new Contribution()));
        }
        return answers;
    }

    internal static string KeyOf(long parcel) => FormattableString.Invariant($"p:{parcel}");

    internal static string KeyOf(string order) => "o:" + order;

    // A subject that cannot be judged keeps what it added and is told; the others go on, and counting again shows it.
    private void Ask(string subject, string code, Func<Contribution> ask, List<Asked> answers)
    {
        try
        {
            answers.Add(new Asked(subject, code, ask()));
        }
        catch (Exception failure) when (failure is InvariantBrokenException or OverflowException or ArgumentException)
        {
            LevelsLog.NotJudged(logger, failure, code);
        }
    }

    private static async ValueTask<Batch> TakeAsync(IJournalWrites writes, CancellationToken ct)
    {
        var taken = new List<(long Id, long AtUs, Changed Changed)>();
        await writes.QueryAsync(LevelSql.TakeChanged, new RowBlock(ColumnKind.Long).Long(NotesAtOnce), row => taken.Add((row.Long(0), row.Long(1), Changed.Parser.ParseFrom(row.Bytes(2)))), ct);
        var batch = new Batch();
        foreach (var (id, at, changed) in taken.OrderBy(static t => t.Id))
        {
            // One whose subjects are in already costs nothing more: facts are read whole, so it is done with them.
            if (batch.Notes.Count == 0 || batch.Subjects + batch.NewIn(changed) <= SubjectsAtOnce) batch.Add(id, at, changed);
        }
        return batch;
    }

    // A shipment may have hundreds of pieces: they are noted and come as batches of their own.
    private static async ValueTask PassOnAsync(IJournalWrites writes, Batch batch, CancellationToken ct)
    {
        var rows = LevelSql.ChangedBlock();
        var parcels = await ParcelLives.OfShipmentsAsync(writes, batch.Shipments, ct);
        if (parcels.Count + batch.Parcels.Count <= SubjectsAtOnce)
        {
            batch.Parcels.UnionWith(parcels);
            return;
        }
        foreach (var chunk in parcels.Chunk(SubjectsAtOnce)) rows.Long(batch.AtUs).Bytes(new Changed { Parcels = { chunk } }.ToByteArray());
        writes.Write(LevelSql.AddChanged, rows);
    }

    /// <summary>A subject's answer.</summary>
    internal readonly record struct Asked(string Subject, string Code, Contribution Now);

    private sealed class Batch
    {
        internal List<long> Notes { get; } = [];

        internal SortedSet<long> Parcels { get; } = [];

        internal SortedSet<string> Orders { get; } = new(StringComparer.Ordinal);

        internal SortedSet<string> Facts { get; } = new(StringComparer.Ordinal);

        internal SortedSet<long> Shipments { get; } = [];

        internal HashSet<Guid> Corrected { get; } = [];

        internal int Subjects => Parcels.Count + Orders.Count + Facts.Count + Shipments.Count + Corrected.Count;

        internal int NewIn(Changed changed) => changed.Parcels.Count(p => !Parcels.Contains(p)) + changed.Orders.Count(o => !Orders.Contains(o)) + changed.Facts.Count(f => !Facts.Contains(f))
            + changed.Shipments.Count(s => !Shipments.Contains(s)) + changed.Corrected.Count;

        internal long AtUs { get; private set; }

        internal void Add(long note, long atUs, Changed changed)
        {
            if (Notes.Count == 0) AtUs = atUs;
            Notes.Add(note);
            Parcels.UnionWith(changed.Parcels);
            Orders.UnionWith(changed.Orders);
            Facts.UnionWith(changed.Facts);
            Shipments.UnionWith(changed.Shipments);
            Corrected.UnionWith(changed.Corrected.Select(static id => Uuid.From(id.Span)));
        }
    }

    /// <summary>What a batch writes.</summary>
    private sealed class Change(long nowUs)
    {
        private readonly Counters _difference = new();
        private readonly HourCounts _hours = new(nowUs);
        private readonly RowBlock _subjects = LevelSql.SubjectBlock();
        private readonly RowBlock _marked = new(ColumnKind.Text);
        private readonly RowBlock _marks = LevelSql.MarkBlock();

        internal void Put(Asked asked, Contribution before)
        {
            if (asked.Now.Equals(before)) return;
            _difference.TakeBack(before);
            _difference.Add(asked.Now);
            _hours.TakeBack(before);
            _hours.Add(asked.Now);
            Subject(asked);
            Marks(asked, before);
        }

        internal void WriteTo(IJournalWrites writes)
        {
            var counters = LevelSql.CounterBlock();
            foreach (var (key, sums) in _difference.InOrder) LevelSql.Put(counters, key, sums);
            writes.Write(LevelSql.Update, _subjects);
            writes.Write(LevelSql.DropMarks, _marked);
            writes.Write(LevelSql.AddMarks, _marks);
            writes.Write(LevelSql.AddToCounters, counters);
            var months = LevelSql.MonthBlock();
            foreach (var (key, sums) in _difference.ByMonth) LevelSql.Put(months, key, sums);
            writes.Write(LevelSql.AddToMonths, months);
            var hours = LevelSql.HourBlock();
            foreach (var (key, count) in _hours.InOrder) hours.Text(key.Account).Text(key.Figure).Long(key.Hour).Long(count.Units).Long(count.Failures);
            writes.Write(LevelSql.AddToHours, hours);
        }

        private void Subject(Asked asked)
        {
            var c = asked.Now;
            int? first = c.Tallies.Count == 0 ? null : c.Tallies.Min(static t => t.Day), last = c.Tallies.Count == 0 ? null : c.Tallies.Max(static t => t.Day);
            _subjects.Text(asked.Subject).Text(asked.Code).Text(c.Account.Length == 0 ? null : c.Account).Text(c.Contract).Text(c.Lane).Text(c.Product).Text(c.Depot).Text(c.Courier)
                .Long(first).Long(last).Long(c.Risk?.GateUs).Long(c.Risk?.DueUs).Bytes(c.ToByteArray());
        }

        private void Marks(Asked asked, Contribution before)
        {
            if (RestoreMarks.Has(before)) _marked.Text(asked.Subject);
            RestoreMarks.Put(_marks, asked);
        }
    }
}
