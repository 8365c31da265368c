using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Benchmarks.Ingest;

/// <summary>What any projection of parcels must do at least: find the parcel by its code, make a row for an unknown one, fold, write one row per parcel and group.</summary>
internal sealed class StateProjection : IEventProjection
{
    internal const string Table =
        "CREATE TABLE bench_parcel(id bigint PRIMARY KEY, code text NOT NULL UNIQUE, state smallint NOT NULL, last_us bigint NOT NULL, last_position bigint NOT NULL, events bigint NOT NULL)";

    private static readonly BulkSql Find = new(
        "SELECT code, id, state, last_us, events FROM bench_parcel WHERE code = ?1", "SELECT code, id, state, last_us, events FROM bench_parcel WHERE code = ANY($1) ORDER BY id FOR UPDATE");

    private static readonly BulkSql Add = new(
        "INSERT INTO bench_parcel VALUES (?1, ?2, ?3, ?4, ?5, ?6)", "INSERT INTO bench_parcel SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])");

    private static readonly BulkSql Update = new(
        "UPDATE bench_parcel SET state = ?2, last_us = ?3, last_position = ?4, events = ?5 WHERE id = ?1",
        "UPDATE bench_parcel p SET state = t.s, last_us = t.l, last_position = t.p, events = t.e FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS t(i, s, l, p, e) "
        + "WHERE p.id = t.i");

    private long _nextId;

    public string Name => "bench";

    public IProjectionRun Begin(IJournalWrites writes) => new Run(this, writes);

    private sealed class State
    {
        internal long Id;
        internal long Kind;
        internal long LastUs;
        internal long Position;
        internal long Events;
        internal bool IsNew;
    }

    private sealed class Run(StateProjection owner, IJournalWrites writes) : IProjectionRun
    {
        private readonly Dictionary<string, State> _states = new(StringComparer.Ordinal);

        public async ValueTask ResolveAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
        {
            foreach (var item in events) _states.TryAdd(item.Event.Parcel, null!);
            var keys = new RowBlock(_states.Count, ColumnKind.Text);
            foreach (var code in _states.Keys) keys.Text(code);
            await writes.QueryAsync(Find, keys, r => _states[r.Text(0)] = new State { Id = r.Long(1), Kind = r.Long(2), LastUs = r.Long(3), Events = r.Long(4) }, ct);
            foreach (var item in events)
            {
                ref var state = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_states, item.Event.Parcel);
                state ??= new State { Id = Interlocked.Increment(ref owner._nextId), IsNew = true };
                item.AssignParcel(state.Id);
            }
        }

        public ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
        {
            foreach (var item in events)
            {
                var state = _states[item.Event.Parcel];
                var best = item.Time.Best.ToUnixMicros();
                state.Events++;
                if (best < state.LastUs) continue;
                (state.Kind, state.LastUs, state.Position) = ((long)item.Event.Kind, best, item.Position);
            }
            var added = new RowBlock(_states.Count, ColumnKind.Long, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long);
            var changed = new RowBlock(_states.Count, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long);
            foreach (var (code, s) in _states.OrderBy(p => p.Value.Id))
            {
                if (s.IsNew) added.Long(s.Id).Text(code).Long(s.Kind).Long(s.LastUs).Long(s.Position).Long(s.Events);
                else changed.Long(s.Id).Long(s.Kind).Long(s.LastUs).Long(s.Position).Long(s.Events);
            }
            writes.Write(Add, added);
            writes.Write(Update, changed);
            return ValueTask.CompletedTask;
        }
    }
}
