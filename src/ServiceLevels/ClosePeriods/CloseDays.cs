using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.ServiceLevels.Reading;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Closing;

/// <summary>
/// Closes days zone by zone: an account's day is a day of the zone its promises are made in, and is over there at two in the morning of the next and not when it is two somewhere else. What waits is
/// followed first, and each day is a transaction of its own; what a zone has closed is kept under its name, so that a stop is caught up with.
/// </summary>
internal sealed class CloseDays(ClosedPeriods periods, FollowFacts follow, FindPlan plans, TimeProvider time)
{
    /// <summary>Of the next day, by the account's own clocks.</summary>
    internal static readonly LocalTime From = new(2, 0);

    // Days of every zone were closed under one name before; who was stopped meanwhile owes some of another zone's.
    private const int FirstDays = 7;

    /// <summary>Days of accounts in the carrier's own zone, and with them the hours that nothing looks at any more.</summary>
    internal Task<Fault?> UsualAsync(CancellationToken ct) => RunAsync([AccountDays.Usual], ct);

    /// <summary>Days of accounts in any other zone.</summary>
    internal Task<Fault?> ElsewhereAsync(CancellationToken ct) => RunAsync([.. plans.Zones.Where(static z => !IsUsual(z))], ct);

    private async Task<Fault?> RunAsync(IReadOnlyList<DateTimeZone> zones, CancellationToken ct)
    {
        if (zones.Count == 0) return null;
        while (true)
        {
            var followed = await follow.RunOnceAsync(ct);
            if (!followed.IsOk) return followed.Fault;
            if (!followed.Value) break;
        }
        foreach (var zone in zones)
        {
            // The carrier's own keeps the name under which days of every zone were closed before.
            var closed = await periods.CatchUpAsync(IsUsual(zone) ? ClosePeriodsJob.Name : $"{ClosePeriodsJob.Name} {zone.Id}", zone, From, (day, transaction, cancel) => CloseAsync(zone, day, transaction, cancel), ct, IsUsual(zone) ? 1 : FirstDays);
            if (!closed.IsOk) return closed.Fault;
        }
        return null;
    }

    /// <summary>Closes a day of every account whose day it is in that zone, in the transaction given.</summary>
    internal async Task<Outcome<bool>> CloseAsync(DateTimeZone zone, LocalDate day, WriteTransaction transaction, CancellationToken ct)
    {
        var accounts = await ClosePeriods.CountingAsync(transaction.Statements, day, ct);
        // Also whose parcels are still to come: a fact of that day may arrive late, and is then seen to have changed what was said.
        accounts.UnionWith(plans.Accounts.Where(a => plans.HasContract(a, day)));
        accounts.RemoveWhere(a => !string.Equals(plans.DaysOf(a, day).Zone.Id, zone.Id, StringComparison.Ordinal));
        var now = time.Now();
        ClosePeriods.Close(transaction.Statements, [.. accounts.Order(StringComparer.Ordinal)], day, now);
        if (IsUsual(zone)) transaction.Statements.Write(LevelSql.SweepHours, new RowBlock(ColumnKind.Long).Long(HourCounts.FirstKept(now.ToUnixMicros())));
        return true;
    }

    private static bool IsUsual(DateTimeZone zone) => string.Equals(zone.Id, AccountDays.Usual.Id, StringComparison.Ordinal);
}
