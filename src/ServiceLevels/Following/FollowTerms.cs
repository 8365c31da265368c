using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.ServiceLevels.Following;

/// <summary>
/// When the terms of an account change - a contract signed after its parcels came, an end that moved - its parcels, orders and facts of service are noted, as if a fact of each had come: what
/// they add follows from terms too. By which terms an account was noted last is kept, so that a change during a stop is seen at the next start.
/// </summary>
internal sealed class FollowTerms(IWriteGate gate, Database database, ITermsInForce terms, FollowSignal signal, TimeProvider time, ILogger<FollowTerms> logger) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AllProcessesKnow = TimeSpan.FromSeconds(3);

    private static readonly BulkSql Known = new("SELECT account, digest FROM level_terms WHERE account = ?1", "SELECT account, digest FROM level_terms WHERE account = ANY($1::text[])");

    private static readonly BulkSql Keep = new(
        "INSERT INTO level_terms(account, digest) VALUES (?1, ?2) ON CONFLICT(account) DO UPDATE SET digest = excluded.digest",
        "INSERT INTO level_terms(account, digest) SELECT * FROM unnest($1::text[], $2::bytea[]) ON CONFLICT(account) DO UPDATE SET digest = excluded.digest");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = 0UL;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var now = await terms.ChangedFromAsync(seen, stoppingToken);
                // Whoever follows a note judges by the terms its own process has, and every process has them within this time.
                if (seen > 0 && database.Engine is Engine.Postgres) await Task.Delay(AllProcessesKnow, time, stoppingToken);
                if (await LookAsync(now, stoppingToken)) seen = now.Version;
                else await Task.Delay(AfterFailure, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is DbException || StorageFaults.Of(failure) is not null)
            {
                LevelsLog.NotFollowed(logger, failure.Message);
                await Task.Delay(AfterFailure, time, stoppingToken);
            }
        }
    }

    /// <summary>Notes the accounts whose terms are others than when they were noted last, each in a transaction of its own. False when one could not be: the next look finds it again.</summary>
    internal async Task<bool> LookAsync(TermsSnapshot now, CancellationToken ct)
    {
        var digests = now.All.GroupBy(static t => t.Account, StringComparer.Ordinal).ToDictionary(static g => g.Key, DigestOf, StringComparer.Ordinal);
        var all = true;
        foreach (var chunk in digests.Keys.Order(StringComparer.Ordinal).Chunk(FollowFacts.SubjectsAtOnce))
        {
            var known = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            if (!await RunAsync((writes, cancel) => writes.QueryAsync(Known, LevelSql.Texts(chunk), row => known[row.Text(0)] = row.Bytes(1), cancel), ct))
            {
                all = false;
                continue;
            }
            foreach (var account in chunk.Where(a => !known.TryGetValue(a, out var digest) || !digest.AsSpan().SequenceEqual(digests[a])))
                all &= await RunAsync((writes, cancel) => NoteAsync(writes, account, digests[account], cancel), ct);
        }
        signal.Raise();
        return all;
    }

    private async ValueTask NoteAsync(IJournalWrites writes, string account, byte[] digest, CancellationToken ct)
    {
        var (rows, at) = (LevelSql.ChangedBlock(), time.Now().ToUnixMicros());
        for (var after = 0L; await ParcelLives.OfAccountAsync(writes, account, after, FollowFacts.SubjectsAtOnce, ct) is { Count: > 0 } parcels; after = parcels[^1])
            rows.Long(at).Bytes(new Changed { Parcels = { parcels } }.ToByteArray());
        for (var after = ""; await PickupOutcomes.OfAccountAsync(writes, account, after, FollowFacts.SubjectsAtOnce, ct) is { Count: > 0 } orders; after = orders[^1])
            rows.Long(at).Bytes(new Changed { Orders = { orders } }.ToByteArray());
        for (var after = ""; await ServiceFacts.OfAccountAsync(writes, account, after, FollowFacts.SubjectsAtOnce, ct) is { Count: > 0 } facts; after = facts[^1])
            rows.Long(at).Bytes(new Changed { Facts = { facts.Where(static f => FactKey.Read(f) is { } key && FigureCodes.Counts(key.Kind)) } }.ToByteArray());
        writes.Write(LevelSql.AddChanged, rows);
        writes.Write(Keep, new RowBlock(ColumnKind.Text, ColumnKind.Bytes).Text(account).Bytes(digest));
    }

    private async Task<bool> RunAsync(Func<IJournalWrites, CancellationToken, ValueTask> work, CancellationToken ct)
    {
        var done = await gate.RunAsync<bool>(async (transaction, cancel) =>
        {
            await work(transaction.Statements, cancel);
            return true;
        }, ct);
        if (!done.IsOk) LevelsLog.NotFollowed(logger, done.Fault.Message);
        return done.IsOk;
    }

    // Raised when what subjects add is judged otherwise by the same facts and terms: every account is then asked again, once, by a program that knows the new rules.
    private const int Rules = 2;

    // What of terms a contribution reads; prices and weights may change as they like.
    private static byte[] DigestOf(IEnumerable<AccountTerms> versions) => SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"rules {Rules}\n") + string.Join('\n', versions.Select(static t =>
        FormattableString.Invariant($"{t.Contract}|{t.Version}|{t.EffectiveFrom.ToUnixTimeTicks()}|{t.EffectiveUntil?.ToUnixTimeTicks()}|{t.Promise?.Zone}|{t.Promise?.DecidedBy}|{t.Promise?.By is null}|{t.Currency}")))));
}
