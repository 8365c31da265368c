using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>How a contract or the law sets a deadline, as opposed to the <see cref="Deadline"/> that follows for one start. A closed set.</summary>
public abstract record DeadlineRule
{
    private DeadlineRule()
    {
    }

    /// <summary>So much time after the start, by the clock on the wall of physics: 24 hours stay 24 hours when the clocks change.</summary>
    public sealed record Elapsed(Duration Within) : DeadlineRule;

    /// <summary>So much time within the opening hours.</summary>
    public sealed record OpenTime(Duration Within) : DeadlineRule;

    /// <summary>
    /// On the n-th day after the start's day, by a time of day (00:00: the end of that day). A start after the cut-off counts as made on the next day. Counted in working
    /// days, a start on a day not worked counts as made on the next that is.
    /// </summary>
    public sealed record ByTimeOfDay(int Days, DaysCounted Counted, LocalTime By) : DeadlineRule;
}

/// <summary>Which days a rule counts.</summary>
public enum DaysCounted
{
    /// <summary>Working days of the region.</summary>
    Working,

    /// <summary>Every day.</summary>
    Calendar,
}

/// <summary>Where and when deadlines run: the zone of the place, the region's calendar, opening hours, and the last time of day that still counts for the day (itself included).</summary>
public sealed record WorkingSchedule(DateTimeZone Zone, WorkingCalendar Calendar, OpeningHours Hours, LocalTime? CutOff = null);

/// <summary>
/// A deadline; at it is in time. <paramref name="CrossedUnknownYear"/> when it rests on days of a year whose holidays are not published: compute it again when they are.
/// </summary>
public readonly record struct Deadline(Instant At, bool CrossedUnknownYear)
{
    private const int DaysWalkedMax = 5 * 366;

    /// <summary>
    /// The deadline that a rule gives for a start. Throws <see cref="ArgumentOutOfRangeException"/> for a negative span or count, more than
    /// <see cref="WorkingCalendar.DaysMax"/> days, or open time beyond five years.
    /// </summary>
    public static Deadline For(Instant start, DeadlineRule rule, WorkingSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(schedule);
        return rule switch
        {
            DeadlineRule.Elapsed elapsed => new Deadline(start + NotNegative(elapsed.Within), false),
            DeadlineRule.OpenTime open => AfterOpenTime(start, NotNegative(open.Within), schedule),
            DeadlineRule.ByTimeOfDay day => OnDay(start, day, schedule),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };
    }

    /// <summary>When a time of day of a date falls due; 00:00 is the end of that day. A time that the clocks leave out is the moment of the jump, a repeated one its first.</summary>
    public static Instant On(LocalDate date, LocalTime by, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return LocalMoments.Due(date, by, zone);
    }

    private static Deadline OnDay(Instant start, DeadlineRule.ByTimeOfDay rule, WorkingSchedule schedule)
    {
        if (rule.Days is < 0 or > WorkingCalendar.DaysMax) throw new ArgumentOutOfRangeException(nameof(rule), rule.Days, "Days are counted on from 0.");
        var local = start.InZone(schedule.Zone);
        var day = schedule.CutOff is { } cutOff && local.TimeOfDay > cutOff ? local.Date.PlusDays(1) : local.Date;
        var (due, unknown) = (day.PlusDays(rule.Days), false);
        if (rule.Counted is DaysCounted.Working)
        {
            var first = schedule.Calendar.AddWorkingDays(day, 0);
            var last = rule.Days == 0 ? first : schedule.Calendar.AddWorkingDays(first.Date, rule.Days);
            (due, unknown) = (last.Date, first.CrossedUnknownYear || last.CrossedUnknownYear);
        }
        return new Deadline(LocalMoments.Due(due, rule.By, schedule.Zone), unknown);
    }

    private static Deadline AfterOpenTime(Instant start, Duration within, WorkingSchedule schedule)
    {
        var unknown = false;
        var left = within;
        var counted = start;   // windows may meet in a repeated hour; no moment counts twice
        var date = start.InZone(schedule.Zone).Date;
        for (var walked = 0; walked < DaysWalkedMax; walked++, date = date.PlusDays(1))
        {
            foreach (var (opens, closes) in OpenOn(date, schedule, ref unknown))
            {
                var from = Instant.Max(opens, counted);
                if (closes <= from) continue;
                if (left <= closes - from) return new Deadline(from + left, unknown);
                left -= closes - from;
                counted = closes;
            }
        }
        throw new ArgumentOutOfRangeException(nameof(within), within, "Open time beyond five years.");
    }

    private static IEnumerable<(Instant Opens, Instant Closes)> OpenOn(LocalDate date, WorkingSchedule schedule, ref bool unknown)
    {
        var hours = schedule.Hours;
        var works = hours.IsSameEveryDay || schedule.Calendar.Works(date, ref unknown);
        return (works ? hours.WorkingDay : hours.OtherDay).Select(window => (
            LocalMoments.First(date.At(window.Opens), schedule.Zone),
            LocalMoments.Closes(date, window.Closes, schedule.Zone)));
    }

    private static Duration NotNegative(Duration within) =>
        within >= Duration.Zero ? within : throw new ArgumentOutOfRangeException(nameof(within), within, "A deadline lies after its start.");
}
