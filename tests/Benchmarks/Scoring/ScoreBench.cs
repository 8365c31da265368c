using System.Data.Common;
using System.Diagnostics;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Benchmarks.Ingest;
using KeyAccountLogistics.Benchmarks.Reports;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace KeyAccountLogistics.Benchmarks.Scoring;

/// <summary>
/// <c>bench score</c>: what keeping counters is worth. One account's month beside a bare read of the rows it is made of; every account's month beside the query one would write by hand over
/// shipments and facts, which counts punctuality alone while a score counts everything; and what keeping them costs the ingest.
/// </summary>
internal static class ScoreBench
{
    private const int Rounds = 3;
    private const int AccountsAsked = 400;
    private const int WarmUp = 8;

    // In order of the shipments' promises; a parcel's first valid attempt decides.
    private const string ByHand = """
        SELECT s.account, COUNT(*) AS due, SUM(CASE WHEN f.best_us <= s.promised_us THEN 1 ELSE 0 END) AS on_time
        FROM custody_shipment s JOIN custody_parcel p ON p.shipment_id = s.id
        JOIN (SELECT parcel_id, MIN(best_us) AS best_us FROM journal_event WHERE kind IN (10, 11, 12, 13) GROUP BY parcel_id) f ON f.parcel_id = p.id
        WHERE s.promised_us >= @from AND s.promised_us < @to GROUP BY s.account ORDER BY s.account
        """;

    private const string BareMonths = "SELECT figure, numerator, denominator, left_out, in_doubt, open FROM level_month WHERE month = @first AND account = @account";

    private const string Bare = "SELECT figure, numerator, denominator, left_out, in_doubt, open FROM level_counter WHERE account = @account AND day >= @first AND day <= @last AND kind = 0 AND member = ''";

    internal static async Task<int> RunAsync(string[] args)
    {
        var options = new Arguments(args);
        var (parcels, accounts, only) = (options.Number("--parcels", 5_000_000), options.Number("--accounts", 5_000), options.Text("--engine"));
        var targets = new Targets();
        Targets.Say($"score: {parcels} parcels of {accounts} accounts in a month of {ScoreFill.Days} days; rollups of account, contract, lane, product, depot and courier; {AccountsAsked} accounts asked one by one, best of {Rounds} rounds after {WarmUp}");
        Targets.Say($"bare read: in process, one open connection, a prepared statement, every row of the month read by its columns:\n  {Bare}");
        Targets.Say($"query by hand: the same database, statistics up to date:\n  {ByHand.ReplaceLineEndings("\n  ")}");
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            if (only is not null && !string.Equals(only, engine.ToString(), StringComparison.OrdinalIgnoreCase)) continue;
            if (parcels > 0) await ReadAsync(engine, parcels, accounts, targets);
            await IngestBench.LevelsOnAndOffAsync(engine, options.Number("--events", 120_000), options.Number("--rounds", 3), targets);
        }
        return targets.ExitCode;
    }

    private static async Task ReadAsync(Engine engine, int parcels, int accounts, Targets targets)
    {
        var name = engine is Engine.Sqlite ? "sqlite" : "postgres";
        await using var cluster = engine is Engine.Postgres ? await PostgresCluster.StartNewAsync(durable: false) : null;
        await using var database = await TestDatabase.CreateAsync(engine, cluster);
        // Once for the tables; the second start finds them full.
        await using (await BackendFixture.StartAsync(engine, database: database)) { }
        var filling = Stopwatch.StartNew();
        await new ScoreFill(database, parcels, accounts).RunAsync();
        Targets.Say($"{name}: filled in {filling.Elapsed.TotalSeconds:F0} s, {await database.ScalarAsync("SELECT COUNT(*) FROM level_counter")} counters");
        await using var backend = await BackendFixture.StartAsync(engine, database: database);
        await using var connection = await OpenAsync(database);
        await OneAccountAsync(name, backend, connection, accounts, targets);
        await AllAccountsAsync(name, backend, connection, targets);
    }

    private static async Task OneAccountAsync(string name, BackendFixture backend, DbConnection connection, int accounts, Targets targets)
    {
        await using var read = connection.CreateCommand();
        read.CommandText = Bare;
        foreach (var (parameter, value) in new (string, object)[] { ("@account", ""), ("@first", AccountDays.NumberOf(ScoreFill.First)), ("@last", AccountDays.NumberOf(ScoreFill.First) + ScoreFill.Days - 1) })
        {
            var made = read.CreateParameter();
            (made.ParameterName, made.Value) = (parameter, value);
            read.Parameters.Add(made);
        }
        var asked = Enumerable.Range(0, AccountsAsked).Select(i => ScoreFill.AccountOf((int)(i * 7919L % accounts))).ToList();
        var (bare, ours) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var parcels = 0L;
            foreach (var account in asked) parcels += await BareAsync(read, account);
            var alone = watch.Elapsed.TotalMicroseconds / asked.Count;
            watch.Restart();
            var counted = 0L;
            foreach (var account in asked) counted += (await CardAsync(backend, account)).Parcels;
            var scored = watch.Elapsed.TotalMicroseconds / asked.Count;
            Invariant.Holds(parcels == counted, "both read the same parcels");
            // A server has answered thousands; until then the runtime still compiles what it was asked.
            if (round >= WarmUp) (bare, ours) = (Math.Min(bare, alone), Math.Min(ours, scored));
        }
        read.CommandText = BareMonths;
        (read.Parameters[1].Value, read.Parameters[2].Value) = (AccountDays.MonthOf(ScoreFill.First), AccountDays.MonthOf(ScoreFill.First));
        var months = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            foreach (var account in asked) await BareAsync(read, account);
            months = Math.Min(months, watch.Elapsed.TotalMicroseconds / asked.Count);
        }
        Targets.Say($"{name}: one account's month: bare read of its month's sums, a row a figure, which is what a scorecard reads: {months:F0} us");
        Targets.Say($"{name}: one account's month: bare read {bare:F0} us, scorecard {ours:F0} us");
        targets.AtMost("score-account-" + name, ours / bare, 2);
    }

    private static async Task<long> BareAsync(DbCommand read, string account)
    {
        read.Parameters[0].Value = account;
        await using var reader = await read.ExecuteReaderAsync();
        var parcels = 0L;
        while (await reader.ReadAsync())
        {
            var figure = reader.GetString(0);
            var sums = (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
            if (figure is FigureCodes.Parcels) parcels += sums.Item2;
        }
        return parcels;
    }

    private static async Task<Scorecard> CardAsync(BackendFixture backend, string account)
    {
        await using var scope = backend.Services.CreateScopeAs(Caller.System);
        return (await scope.ServiceProvider.GetRequiredService<ReadScorecard>().GetAsync(new GetScorecardRequest { Account = account, From = "2026-10-01", To = "2026-10-31" }, CancellationToken.None)).Value;
    }

    private static async Task AllAccountsAsync(string name, BackendFixture backend, DbConnection connection, Targets targets)
    {
        await using var query = connection.CreateCommand();
        query.CommandText = ByHand;
        query.CommandTimeout = 0;
        foreach (var (parameter, value) in new[] { ("@from", ScoreFill.FirstUs), ("@to", ScoreFill.FirstUs + (ScoreFill.Days * 86_400_000_000L)) })
        {
            var made = query.CreateParameter();
            (made.ParameterName, made.Value) = (parameter, value);
            query.Parameters.Add(made);
        }
        var (hand, ours) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var (accounts, due) = (0, 0L);
            await using (var reader = await query.ExecuteReaderAsync())
                for (; await reader.ReadAsync(); accounts++) due += reader.GetInt64(1);
            hand = Math.Min(hand, watch.Elapsed.TotalSeconds);
            watch.Restart();
            await using var scope = backend.Services.CreateScopeAs(Caller.System);
            var listed = (await scope.ServiceProvider.GetRequiredService<ReadScorecard>().ListAsync(new ListScoresRequest { From = "2026-10-01", To = "2026-10-31", PageSize = 200 }, CancellationToken.None)).Value;
            ours = Math.Min(ours, watch.Elapsed.TotalSeconds);
            Invariant.Holds(listed.Scores.Count == Math.Min(200, accounts) && due > 0, "both find the accounts");
        }
        Targets.Say($"{name}: every account's month: by hand {hand:F2} s (punctuality alone), every scorecard {ours:F2} s");
        targets.AtLeast("score-all-" + name, hand / ours, 7);
    }

    private static async Task<DbConnection> OpenAsync(TestDatabase database)
    {
        DbConnection connection = database.Engine is Engine.Sqlite ? new SqliteConnection(database.Database.ConnectionString) : new NpgsqlConnection(database.Database.ConnectionString);
        await connection.OpenAsync();
        if (connection is SqliteConnection)
        {
            await using var pragma = connection.CreateCommand();
            pragma.CommandText = "PRAGMA cache_size=-65536";
            await pragma.ExecuteNonQueryAsync();
        }
        return connection;
    }
}
