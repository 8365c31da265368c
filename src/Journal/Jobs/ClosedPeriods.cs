using System.Globalization;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Journal.Jobs;

/// <summary>
/// What a job has closed, day by day, in the database: after a stop it catches up from there, and a job that the cluster runs twice finds its day closed. A job keys its work
/// by the day, never by the moment it was fired.
/// </summary>
public sealed class ClosedPeriods(IWriteGate gate, TimeProvider time)
{
    private const int DaysAtOnceMax = 400;

    /// <summary>
    /// Closes every day after the last closed one up to yesterday in the zone given, oldest first, each in a transaction of its own with its work. The first run ever closes
    /// yesterday only. Gives the days closed now; stops at the first fault.
    /// </summary>
    public Task<Outcome<IReadOnlyList<LocalDate>>> CatchUpAsync(
        string job, DateTimeZone zone, Func<LocalDate, WriteTransaction, CancellationToken, Task<Outcome<bool>>> closeDay, CancellationToken ct = default) =>
        CatchUpAsync(job, zone, LocalTime.Midnight, closeDay, ct);

    /// <summary>Likewise, where a day is closed only from a time of the next day on: what comes in during the night still belongs to it.</summary>
    /// <param name="job">Its name.</param>
    /// <param name="zone">Whose days.</param>
    /// <param name="notBefore">By the clocks of the zone.</param>
    /// <param name="closeDay">The work.</param>
    /// <param name="ct">Ends it between two days.</param>
    /// <param name="firstDays">How many days the first run ever closes: more than yesterday where they were closed under another name before, and closing one twice is closing it once.</param>
    public async Task<Outcome<IReadOnlyList<LocalDate>>> CatchUpAsync(
        string job, DateTimeZone zone, LocalTime notBefore, Func<LocalDate, WriteTransaction, CancellationToken, Task<Outcome<bool>>> closeDay, CancellationToken ct = default, int firstDays = 1)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var closed = new List<LocalDate>();
        while (closed.Count < DaysAtOnceMax)
        {
            var yesterday = LastOver(time.Now(), zone, notBefore);
            var step = await gate.RunAsync<LocalDate?>(async (transaction, token) => await CloseNextAsync(job, yesterday.PlusDays(1 - firstDays), yesterday, closeDay, transaction, token), ct);
            if (!step.IsOk) return step.Fault;
            if (step.Value is not { } day) break;
            closed.Add(day);
        }
        return closed;
    }

    /// <summary>The last day that may be closed: the day before, once the clocks there show that time. By the clocks and not by hours since midnight, which are others when they are set.</summary>
    public static LocalDate LastOver(Instant now, DateTimeZone zone, LocalTime notBefore)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var local = now.InZone(zone).LocalDateTime;
        return local.Date.PlusDays(local.TimeOfDay >= notBefore ? -1 : -2);
    }

    private async Task<Outcome<LocalDate?>> CloseNextAsync(
        string job, LocalDate first, LocalDate yesterday, Func<LocalDate, WriteTransaction, CancellationToken, Task<Outcome<bool>>> closeDay, WriteTransaction transaction, CancellationToken ct)
    {
        var next = await LastClosedAsync(transaction, job, ct) is { } last ? last.PlusDays(1) : first;
        if (next > yesterday) return Outcome<LocalDate?>.Ok(null);
        // The row first: of two nodes that came for the same day the second waits here, and then changes nothing.
        var claimed = await Sql.ExecuteAsync(
            transaction,
            "INSERT INTO journal_job(name, last_closed, closed_us) VALUES (@name, @day, @now) "
            + "ON CONFLICT(name) DO UPDATE SET last_closed = excluded.last_closed, closed_us = excluded.closed_us WHERE journal_job.last_closed < excluded.last_closed",
            ct, ("name", job), ("day", Text(next)), ("now", time.Now().ToUnixMicros()));
        if (claimed == 0) return Outcome<LocalDate?>.Ok(null);
        var work = await closeDay(next, transaction, ct);
        return work.IsOk ? Outcome<LocalDate?>.Ok(next) : work.Fault;
    }

    private static async Task<LocalDate?> LastClosedAsync(WriteTransaction transaction, string job, CancellationToken ct)
    {
        var locked = transaction.Connection is Npgsql.NpgsqlConnection ? " FOR UPDATE" : "";
        await using var command = Sql.Command(transaction, "SELECT last_closed FROM journal_job WHERE name = @name" + locked, ("name", job));
        return await command.ExecuteScalarAsync(ct) is string text ? LocalDate.FromDateOnly(DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture)) : null;
    }

    private static string Text(LocalDate day) => day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
