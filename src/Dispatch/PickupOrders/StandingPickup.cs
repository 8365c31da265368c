using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Orders;

/// <summary>A window of a standing pickup: days of the week and local times; a window lies within one day.</summary>
internal readonly record struct StandingWindow(IsoDayOfWeek Day, LocalTime From, LocalTime Until);

/// <summary>
/// Fixed windows at a client's site, so that the client knows when the courier comes (SEED-00-RM-FIXED), as opposed to the orders that are made of it day by day.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Windows">Weekly windows.</param>
/// <param name="First">The first day.</param>
/// <param name="Last">The last day; null: until it is ended.</param>
/// <param name="Zone">The site's zone.</param>
/// <param name="Calendar">The region's working days: on a holiday nobody comes.</param>
/// <param name="MakeUpDays">A weekend day that is worked in exchange for a holiday counts as the Monday's day, by the client's wish.</param>
internal sealed record StandingPickup(
    string Id, IReadOnlyList<StandingWindow> Windows, LocalDate First, LocalDate? Last, DateTimeZone Zone, WorkingCalendar Calendar, bool MakeUpDays)
{
    /// <summary>The orders of those days: each with an id that is the same whenever and wherever it is made.</summary>
    internal IEnumerable<(string Order, Instant From, Instant Until)> Between(LocalDate first, LocalDate last)
    {
        for (var day = first < First ? First : first; day <= last && (Last is not { } end || day <= end); day = day.PlusDays(1))
        {
            foreach (var window in Windows.Where(w => w.Day == DayFor(day)).OrderBy(w => w.From))
            {
                var name = $"{Id}|{NodaTime.Text.LocalDatePattern.Iso.Format(day)}|{NodaTime.Text.LocalTimePattern.ExtendedIso.Format(window.From)}";
                yield return ("PO-" + NamedId.From("standing pickup", name).ToString("N"), day.At(window.From).InZoneLeniently(Zone).ToInstant(), day.At(window.Until).InZoneLeniently(Zone).ToInstant());
            }
        }
    }

    // A year whose holidays are not published goes by the weekday: the client would rather see a courier too often.
    private IsoDayOfWeek DayFor(LocalDate day)
    {
        var isWeekend = day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
        return Calendar.IsWorkingDay(day) switch
        {
            // Who has a window on Sundays has it on every Sunday that is an ordinary one.
            WorkingDay.No when Calendar.Occasion(day) is not null => IsoDayOfWeek.None,
            WorkingDay.Yes when isWeekend => MakeUpDays ? IsoDayOfWeek.Monday : day.DayOfWeek,
            _ => day.DayOfWeek,
        };
    }
}
