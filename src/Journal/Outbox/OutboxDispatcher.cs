using System.Data.Common;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace KeyAccountLogistics.Journal.Outbox;

/// <summary>
/// Delivers what waits in the outbox. An entry is taken by a lease (its next try moves into the future, skipping what others hold locked) and not by an open transaction:
/// a slow handler holds nothing, and what a killed process had taken comes back when the lease runs out. An attempt counts when it is taken, so that an entry which kills
/// the process is parked in the end like one that throws.
/// </summary>
internal sealed class OutboxDispatcher(
    IWriteGate gate, Databases.Database database, JournalOptions options, JournalSignals signals, IEnumerable<OutboxTopic> topics, IServiceProvider services, TimeProvider time,
    ILogger<OutboxDispatcher> logger) : BackgroundService
{
    private static readonly Duration Lease = Duration.FromTimeSpan(OutboxRegistration.HandlingLimit * 4);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);   // for what other processes wrote, and for leases that ran out
    private readonly string[] _topics = topics.Select(t => t.Name).ToArray();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_topics.Length == 0) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            var taken = 0;
            try
            {
                taken = await DeliverAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is DbException)
            {
                JournalLog.OutboxUnavailable(logger, failure.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            if (taken < options.OutboxTake) await signals.OutboxAsync(LookAgain, time, stoppingToken);
        }
    }

    /// <summary>Takes what is due and delivers it. Gives the number taken.</summary>
    internal async Task<int> DeliverAsync(CancellationToken ct)
    {
        var taken = await gate.RunAsync<List<OutboxEntry>>(async (transaction, token) => await TakeAsync(transaction, token), ct);
        if (!taken.IsOk)
        {
            JournalLog.OutboxUnavailable(logger, taken.Fault.Message);
            return 0;
        }
        if (taken.Value.Count == 0) return 0;
        var (done, failed) = (new List<OutboxEntry>(), new List<(OutboxEntry Entry, string Why)>());
        foreach (var entry in taken.Value)
        {
            if (await HandleAsync(entry, ct) is { } why) failed.Add((entry, why));
            else done.Add(entry);
        }
        var kept = await gate.RunAsync<bool>(async (transaction, token) => await SettleAsync(transaction, done, failed, token), ct);
        if (!kept.IsOk) JournalLog.OutboxUnavailable(logger, kept.Fault.Message);
        return taken.Value.Count;
    }

    private async Task<Outcome<List<OutboxEntry>>> TakeAsync(WriteTransaction transaction, CancellationToken ct)
    {
        var now = time.Now();
        var skip = database.Engine == Databases.Engine.Postgres ? "FOR UPDATE SKIP LOCKED" : "";
        var named = string.Join(", ", _topics.Select((_, i) => "@t" + i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await using var command = Sql.Command(
            transaction,
            "UPDATE journal_outbox SET attempts = attempts + 1, next_try_us = @lease WHERE id IN (SELECT id FROM journal_outbox "
            + $"WHERE parked_us IS NULL AND next_try_us <= @now AND topic IN ({named}) ORDER BY id LIMIT @take {skip}) "
            + "RETURNING id, topic, first_position, last_position, payload, created_us, attempts",
            [
                ("lease", (now + Lease).ToUnixMicros()), ("now", now.ToUnixMicros()), ("take", options.OutboxTake),
                .. _topics.Select((t, i) => ("t" + i.ToString(System.Globalization.CultureInfo.InvariantCulture), (object?)t)),
            ]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var taken = new List<OutboxEntry>();
        while (await reader.ReadAsync(ct))
        {
            var payload = await reader.IsDBNullAsync(4, ct) ? [] : (byte[])reader.GetValue(4);
            taken.Add(new OutboxEntry(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), payload, Clock.FromUnixMicros(reader.GetInt64(5)), reader.GetInt32(6)));
        }
        taken.Sort((a, b) => a.Id.CompareTo(b.Id));
        return taken;
    }

    private async Task<string?> HandleAsync(OutboxEntry entry, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(OutboxRegistration.HandlingLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await using var scope = services.CreateScopeAs(Caller.System);
            await scope.ServiceProvider.GetRequiredKeyedService<IOutboxHandler>(entry.Topic).HandleAsync(entry, either.Token);
            return null;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            JournalLog.OutboxAttemptFailed(logger, failure, entry.Topic, entry.Id, entry.Attempt);
            return failure.GetType().Name + ": " + failure.Message;
        }
    }

    private async Task<Outcome<bool>> SettleAsync(WriteTransaction transaction, List<OutboxEntry> done, List<(OutboxEntry Entry, string Why)> failed, CancellationToken ct)
    {
        var now = time.Now();
        foreach (var entry in done) await Sql.ExecuteAsync(transaction, "DELETE FROM journal_outbox WHERE id = @id", ct, ("id", entry.Id));
        foreach (var (entry, why) in failed)
        {
            var park = entry.Attempt >= options.OutboxAttemptsMax;
            if (park) JournalLog.OutboxParked(logger, entry.Topic, entry.Id, entry.Attempt, why);
            await Sql.ExecuteAsync(
                transaction, "UPDATE journal_outbox SET next_try_us = @next, parked_us = @parked, last_error = @why WHERE id = @id", ct,
                ("next", (now + Backoff(entry)).ToUnixMicros()), ("parked", park ? now.ToUnixMicros() : null), ("why", why.Length > 500 ? why[..500] : why), ("id", entry.Id));
        }
        return true;
    }

    // 1 s, 2 s, 4 s ... at most ten minutes, spread a little by the entry's number so that many do not come back at once.
    internal static Duration Backoff(OutboxEntry entry) =>
        Duration.FromSeconds(Math.Min(600, 1L << Math.Min(entry.Attempt - 1, 10))) + Duration.FromMilliseconds(entry.Id % 17 * 20);
}
