using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// The working days of a region: its weekend, and the days that its yearly notices turn round, holidays and make-up working days both. As opposed to
/// <see cref="OpeningHours"/>, which says when in a day work is done. Immutable, safe to share between threads.
/// </summary>
/// <remarks>
/// A year whose notice is not published is unknown, not ordinary: <see cref="IsWorkingDay"/> says so, and what is counted across it says that it was, having taken
/// the weekend rule for want of better.
/// </remarks>
public sealed class WorkingCalendar
{
    /// <summary>The most working days counted in one call, about forty years (law 10).</summary>
    public const int DaysMax = 10_000;

    private static readonly Lazy<WorkingCalendar> ChinaOnce = new(ReadChina);

    private readonly HashSet<IsoDayOfWeek> _weekend;
    private readonly Dictionary<LocalDate, Override> _overrides;
    private readonly HashSet<int>? _publishedYears;   // null: every year

    internal WorkingCalendar(string region, HashSet<IsoDayOfWeek> weekend, Dictionary<LocalDate, Override> overrides, HashSet<int>? publishedYears) =>
        (Region, _weekend, _overrides, _publishedYears) = (region, weekend, overrides, publishedYears);

    /// <summary>Mainland China by the State Council's notices, 2007 to 2026.</summary>
    public static WorkingCalendar China => ChinaOnce.Value;

    /// <summary>Monday to Friday for ever, no holidays, nothing unknown: for a region without a calendar, by the operator's choice.</summary>
    public static WorkingCalendar WeekdaysOnly { get; } = new("none", [IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday], [], null);

    /// <summary>ISO 3166-1 alpha-2 of the region, or <c>none</c>.</summary>
    public string Region { get; }

    /// <summary>The years published, ascending; null when the calendar holds for every year.</summary>
    public IReadOnlyList<int>? PublishedYears => _publishedYears?.Order().ToArray();

    /// <summary>
    /// Reads a calendar text: <c>region CN</c>, <c>weekend Saturday Sunday</c>, then <c>year 2026</c> (or <c>year *</c> for every year) and <c>off</c> or <c>work</c> with
    /// first and last day and the occasion. Blank lines and lines starting with <c>#</c> are skipped. Throws <see cref="FormatException"/> naming the line.
    /// </summary>
    public static WorkingCalendar Read(TextReader text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return WorkingCalendarText.Read(text);
    }

    /// <summary>Whether a day is worked; unknown in a year not published, unless a neighbouring year's notice names the day.</summary>
    public WorkingDay IsWorkingDay(LocalDate date)
    {
        if (_overrides.TryGetValue(date, out var named)) return named.Works ? WorkingDay.Yes : WorkingDay.No;
        if (_publishedYears is not null && !_publishedYears.Contains(date.Year)) return WorkingDay.Unknown;
        return IsWeekend(date) ? WorkingDay.No : WorkingDay.Yes;
    }

    /// <summary>The holiday that turned this day round; null for an ordinary one.</summary>
    public string? Occasion(LocalDate date) => _overrides.TryGetValue(date, out var named) ? named.Occasion : null;

    /// <summary>
    /// The <paramref name="days"/>-th working day after a date; with 0 the date itself if it is worked, else the next that is. Days are 0 to <see cref="DaysMax"/>, else
    /// <see cref="ArgumentOutOfRangeException"/>.
    /// </summary>
    public CountedDate AddWorkingDays(LocalDate from, int days)
    {
        if (days is < 0 or > DaysMax) throw new ArgumentOutOfRangeException(nameof(days), days, $"Working days counted on are 0 to {DaysMax}.");
        var unknown = false;
        var date = days == 0 ? from : from.PlusDays(1);
        // A region whose notices name a year of holidays in a row is damage; the bound turns an endless walk into a broken invariant.
        for (int left = days, walked = 0; ; date = date.PlusDays(1))
        {
            if (Works(date, ref unknown) && --left <= 0) return new CountedDate(date, unknown);
            Invariant.Holds(++walked <= 366 + (days * 7), "A calendar has working days.");
        }
    }

    /// <summary>The <paramref name="days"/>-th working day before a date, 1 to <see cref="DaysMax"/>, else <see cref="ArgumentOutOfRangeException"/>.</summary>
    public CountedDate WorkingDaysBefore(LocalDate date, int days)
    {
        if (days is < 1 or > DaysMax) throw new ArgumentOutOfRangeException(nameof(days), days, $"Working days counted back are 1 to {DaysMax}.");
        var unknown = false;
        for (int left = days, walked = 0; ;)
        {
            date = date.PlusDays(-1);
            if (Works(date, ref unknown) && --left == 0) return new CountedDate(date, unknown);
            Invariant.Holds(++walked <= 366 + (days * 7), "A calendar has working days.");
        }
    }

    /// <summary>How many working days lie between two dates, both included; none when the last is before the first.</summary>
    public WorkingDayCount CountWorkingDays(LocalDate first, LocalDate last)
    {
        if (Period.DaysBetween(first, last) > DaysMax) throw new ArgumentOutOfRangeException(nameof(last), last, $"At most {DaysMax} days are counted.");
        var (count, unknown) = (0, false);
        for (var date = first; date <= last; date = date.PlusDays(1))
        {
            if (Works(date, ref unknown)) count++;
        }
        return new WorkingDayCount(count, unknown);
    }

    /// <summary>Whether to treat a day as worked, taking the weekend rule where the year is unknown, and saying that it was.</summary>
    internal bool Works(LocalDate date, ref bool crossedUnknown)
    {
        var answer = IsWorkingDay(date);
        if (answer is not WorkingDay.Unknown) return answer is WorkingDay.Yes;
        crossedUnknown = true;
        return !IsWeekend(date);
    }

    private bool IsWeekend(LocalDate date) => _weekend.Contains(date.DayOfWeek);

    private static WorkingCalendar ReadChina()
    {
        using var resource = typeof(WorkingCalendar).Assembly.GetManifestResourceStream("calendar.CN")!;
        using var reader = new StreamReader(resource);
        return Read(reader);
    }

    internal sealed record Override(bool Works, string Occasion);
}

/// <summary>Whether a day is worked.</summary>
public enum WorkingDay
{
    /// <summary>The year's holidays are not published, so nobody knows.</summary>
    Unknown,

    /// <summary>It is worked.</summary>
    Yes,

    /// <summary>Weekend or holiday.</summary>
    No,
}

/// <summary>A date counted on in working days; <paramref name="CrossedUnknownYear"/> when a day on the way is of an unpublished year, so the date may move.</summary>
public readonly record struct CountedDate(LocalDate Date, bool CrossedUnknownYear);

/// <summary>A number of working days; <paramref name="CrossedUnknownYear"/> when a day among them is of an unpublished year.</summary>
public readonly record struct WorkingDayCount(int Count, bool CrossedUnknownYear);
