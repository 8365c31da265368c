using System.Collections.Concurrent;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using ClockEvidence = KeyAccountLogistics.Api.Edge.V1.ClockEvidence;

namespace KeyAccountLogistics.Component.Journal;

/// <summary>A journal on a database of its own, with a projection that counts what it is given per parcel, and events to feed it.</summary>
internal sealed class JournalBed : IAsyncDisposable
{
    internal static readonly Instant Noon = Instant.FromUtc(2026, 3, 2, 12, 0);
    private static readonly Guid FirstBoot = new("0195d000-0000-7000-8000-000000000001");

    private JournalBed(TestDatabase database, ServiceProvider services) => (Database, Services) = (database, services);

    internal TestDatabase Database { get; }

    internal ServiceProvider Services { get; private set; }

    internal IJournal Journal => Services.GetRequiredService<IJournal>();

    internal IJournalReader Reader => Services.GetRequiredService<IJournalReader>();

    internal IWriteGate Gate => Services.GetRequiredService<IWriteGate>();

    internal static async Task<JournalBed> CreateAsync(Engine engine, Action<IServiceCollection>? register = null, JournalOptions? options = null, PostgresCluster? cluster = null, string? directory = null)
    {
        var database = await TestDatabase.CreateAsync(engine, cluster, directory);
        await database.ExecuteAsync("CREATE TABLE tally(parcel TEXT PRIMARY KEY, id BIGINT NOT NULL, events BIGINT NOT NULL, last_position BIGINT NOT NULL)");
        var services = SchemaTest.Services(database, s => { s.AddSingleton<IEventProjection, TallyProjection>(); register?.Invoke(s); }, options);
        await services.MigrateDatabasesAsync();
        return new JournalBed(database, services);
    }

    /// <summary>As after a restart of the server: nothing remembered but what the database holds.</summary>
    internal async Task RestartAsync(Action<IServiceCollection>? register = null)
    {
        await Services.DisposeAsync();
        Services = SchemaTest.Services(Database, s => { s.AddSingleton<IEventProjection, TallyProjection>(); register?.Invoke(s); });
    }

    internal static Guid Boot(int number) => new(FirstBoot.ToString()[..^1] + number.ToString("x", System.Globalization.CultureInfo.InvariantCulture));

    internal static ParcelEvent Fact(int number, string? parcel = null, EventKind kind = EventKind.Scanned) => new()
    {
        Id = ByteString.CopyFrom(Uuid.Bytes(NamedId.From("test", number.ToString(System.Globalization.CultureInfo.InvariantCulture)))),
        Kind = kind,
        Parcel = parcel ?? "P" + (number % 7).ToString(System.Globalization.CultureInfo.InvariantCulture),
        CapturedAtUs = Noon.ToUnixMicros() + number,
        MonotonicUs = 1_000_000 + number,
        Node = "D1",
    };

    /// <summary>Contiguous events of an agent: sequence n carries fact n + offset.</summary>
    internal static AppendBatch Numbered(long first, int count, string agent = "A1", int boot = 1, int offset = 0) => new()
    {
        Source = JournalSource.Agent(agent), Boot = Boot(boot), FirstSequence = first,
        Bodies = Enumerable.Range(0, count).Select(i => Bytes(Fact(checked((int)first) + i + offset))).ToArray(),
        Clock = BatchClock.Agent(new ClockEvidence { ContactInBoot = true, ContactServerUs = Noon.ToUnixMicros(), ContactMonotonicUs = 1_000_000, ContactUncertaintyUs = 500 }),
        ReceivedAt = Noon + Duration.FromMinutes(1),
    };

    /// <summary>Events told apart by their ids alone.</summary>
    internal static AppendBatch ById(params ParcelEvent[] facts) => new()
    {
        Source = JournalSource.Server, Bodies = facts.Select(f => Bytes(f)).ToArray(), Clock = BatchClock.Server, ReceivedAt = Noon + Duration.FromMinutes(1),
    };

    internal static ReadOnlyMemory<byte> Bytes(ParcelEvent fact) => fact.ToByteArray();

    internal async Task<AppendResult> AppendAsync(AppendBatch batch)
    {
        var outcome = await Journal.AppendAsync(batch);
        outcome.IsOk.ShouldBeTrue(outcome.IsOk ? "" : outcome.Fault.ToString());
        return outcome.Value;
    }

    internal async Task<List<JournalledEvent>> AllAsync()
    {
        var all = new List<JournalledEvent>();
        await foreach (var item in Reader.ReadAsync(0, long.MaxValue)) all.Add(item);
        return all;
    }

    internal Task<long> TallyAsync(string parcel) => Database.ScalarAsync($"SELECT events FROM tally WHERE parcel = '{parcel}'");

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>The simplest projection there is: one row per parcel, counting. Fails on request, to see that a batch and its projection stand or fall together.</summary>
internal sealed class TallyProjection : IEventProjection
{
    internal const string Poison = "POISON";
    private static readonly BulkSql Find = new("SELECT parcel, id, events FROM tally WHERE parcel = ?1", "SELECT parcel, id, events FROM tally WHERE parcel = ANY($1) ORDER BY parcel FOR UPDATE");

    private static readonly BulkSql Add = new(
        "INSERT INTO tally(parcel, id, events, last_position) VALUES (?1, ?2, 0, 0) ON CONFLICT(parcel) DO NOTHING",
        "INSERT INTO tally(parcel, id, events, last_position) SELECT p, i, 0, 0 FROM unnest($1::text[], $2::bigint[]) AS t(p, i) ON CONFLICT(parcel) DO NOTHING");

    private static readonly BulkSql Put = new(
        "UPDATE tally SET events = ?2, last_position = ?3 WHERE parcel = ?1",
        "UPDATE tally SET events = t.e, last_position = t.l FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS t(p, e, l) WHERE parcel = t.p");

    internal static ConcurrentDictionary<string, long> Ids { get; } = new(StringComparer.Ordinal);

    public string Name => "tally";

    public IProjectionRun Begin(IJournalWrites writes) => new Run(writes);

    private sealed class Run(IJournalWrites writes) : IProjectionRun
    {
        private readonly SortedDictionary<string, (long Id, long Events, long Last)> _rows = new(StringComparer.Ordinal);

        public async ValueTask ResolveAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
        {
            var codes = events.Select(e => e.Event.Parcel).Where(c => c.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            await LoadAsync(codes, ct);
            // Another lane may meet the same new parcel now: the row is made first, whoever makes it, and then read under its lock.
            var added = new RowBlock(ColumnKind.Text, ColumnKind.Long);
            var unknown = codes.Where(c => !_rows.ContainsKey(c)).ToArray();
            foreach (var code in unknown) added.Text(code).Long(NamedNumber(code));
            if (unknown.Length > 0)
            {
                writes.Write(Add, added);
                await writes.FlushAsync(ct);
                await LoadAsync(unknown, ct);
            }
            foreach (var fact in events.Where(e => e.Event.Parcel.Length > 0)) fact.AssignParcel(_rows[fact.Event.Parcel].Id);
        }

        private async ValueTask LoadAsync(string[] codes, CancellationToken ct)
        {
            var keys = new RowBlock(ColumnKind.Text);
            foreach (var code in codes) keys.Text(code);
            if (codes.Length > 0) await writes.QueryAsync(Find, keys, row => _rows[row.Text(0)] = (row.Long(1), row.Long(2), 0), ct);
        }

        public ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
        {
            foreach (var fact in events.Where(e => e.Event.Parcel.Length > 0))
            {
                if (string.Equals(fact.Event.Parcel, Poison, StringComparison.Ordinal)) throw new InvalidOperationException("the projection met poison");
                var row = _rows[fact.Event.Parcel];
                _rows[fact.Event.Parcel] = (row.Id, row.Events + 1, fact.Position);
            }
            var rows = new RowBlock(ColumnKind.Text, ColumnKind.Long, ColumnKind.Long);
            foreach (var (parcel, row) in _rows) rows.Text(parcel).Long(row.Events).Long(row.Last);
            writes.Write(Put, rows);
            return ValueTask.CompletedTask;
        }
    }

    private static long NamedNumber(string parcel) => Ids.GetOrAdd(parcel, p => BitConverter.ToInt64(Uuid.Bytes(NamedId.From("tally", p))) & long.MaxValue);
}
