using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class WorkingCalendarTests
{
    private static readonly WorkingCalendar China = WorkingCalendar.China;

    private static readonly Gen<LocalDate> Dates = Seeded.Ints(0, 20 * 365).Select(day => new LocalDate(2007, 1, 1).PlusDays(day));
    private static readonly Gen<WorkingCalendar> Calendars = Gen.Elements(WorkingCalendar.China, WorkingCalendar.WeekdaysOnly, Brazil);

    private static WorkingCalendar Brazil => Read("""
        region BR
        weekend Saturday Sunday

        # Tiradentes and Labour Day, 2017
        year 2017
        off 2017-04-21 2017-04-21 Tiradentes
        off 2017-05-01 2017-05-01 Dia do Trabalhador
        """);

    private static WorkingCalendar Read(string text) => WorkingCalendar.Read(new StringReader(text));

    [Theory]
    [InlineData(2024, 251)]
    [InlineData(2025, 248)]
    [InlineData(2026, 248)]
    public void Working_days_of_China_by_the_State_Councils_notices(int year, int expected) =>
        China.CountWorkingDays(new LocalDate(year, 1, 1), new LocalDate(year, 12, 31)).ShouldBe(new WorkingDayCount(expected, false));

    [Fact]
    public void A_make_up_Sunday_is_worked_and_a_holiday_Monday_is_not()
    {
        China.IsWorkingDay(new LocalDate(2026, 2, 14)).ShouldBe(WorkingDay.Yes);      // Saturday before the Spring Festival
        China.IsWorkingDay(new LocalDate(2026, 2, 16)).ShouldBe(WorkingDay.No);
        China.Occasion(new LocalDate(2026, 2, 16)).ShouldBe("春节");
        China.IsWorkingDay(new LocalDate(2026, 10, 12)).ShouldBe(WorkingDay.Yes);
        China.Occasion(new LocalDate(2026, 10, 12)).ShouldBeNull();
    }

    [Fact]
    public void A_year_not_published_is_unknown_and_not_ordinary()
    {
        China.IsWorkingDay(new LocalDate(2027, 3, 1)).ShouldBe(WorkingDay.Unknown);
        China.IsWorkingDay(new LocalDate(2027, 3, 6)).ShouldBe(WorkingDay.Unknown);   // a Saturday may be made up
        China.IsWorkingDay(new LocalDate(2006, 6, 1)).ShouldBe(WorkingDay.Unknown);
        China.IsWorkingDay(new LocalDate(2006, 12, 30)).ShouldBe(WorkingDay.Yes);     // named by the notice of 2007
        China.PublishedYears.ShouldBe(Enumerable.Range(2007, 20));
    }

    [Fact]
    public void What_is_counted_across_an_unknown_year_says_so()
    {
        China.AddWorkingDays(new LocalDate(2026, 12, 30), 1).ShouldBe(new CountedDate(new LocalDate(2026, 12, 31), false));
        China.AddWorkingDays(new LocalDate(2026, 12, 31), 1).ShouldBe(new CountedDate(new LocalDate(2027, 1, 1), true));   // Friday by the weekend rule
        China.CountWorkingDays(new LocalDate(2026, 12, 28), new LocalDate(2027, 1, 3)).ShouldBe(new WorkingDayCount(5, true));
    }

    [Fact]
    public void The_national_week_of_2026_is_stepped_over()
    {
        // 30 September is worked, 1 to 7 October are off, 8 October is worked.
        China.AddWorkingDays(new LocalDate(2026, 9, 30), 1).Date.ShouldBe(new LocalDate(2026, 10, 8));
        China.AddWorkingDays(new LocalDate(2026, 10, 3), 0).Date.ShouldBe(new LocalDate(2026, 10, 8));
        China.AddWorkingDays(new LocalDate(2026, 10, 8), 0).Date.ShouldBe(new LocalDate(2026, 10, 8));
    }

    [Fact]
    public void Adding_working_days_never_lands_on_a_day_that_is_not_worked() => Seeded.Holds(Cases, given =>
    {
        var (calendar, from, days, _) = given;
        var landed = calendar.AddWorkingDays(from, days);
        return calendar.IsWorkingDay(landed.Date) switch
        {
            WorkingDay.Yes => true,
            WorkingDay.Unknown => landed.CrossedUnknownYear && landed.Date.DayOfWeek < IsoDayOfWeek.Saturday,
            _ => false,
        };
    });

    [Fact]
    public void Adding_working_days_is_monotone_in_the_days_and_in_the_start() => Seeded.Holds(Cases, given =>
    {
        var (calendar, from, days, more) = given;
        return calendar.AddWorkingDays(from, days).Date <= calendar.AddWorkingDays(from, days + more).Date
            && calendar.AddWorkingDays(from, days).Date <= calendar.AddWorkingDays(from.PlusDays(more), days).Date
            && calendar.AddWorkingDays(from, days).Date >= from;
    });

    [Fact]
    public void Adding_in_two_steps_is_adding_once() => Seeded.Holds(Cases, given =>
    {
        var (calendar, from, days, more) = given;
        return calendar.AddWorkingDays(calendar.AddWorkingDays(from, days + 1).Date, more + 1).Date == calendar.AddWorkingDays(from, days + more + 2).Date;
    });

    [Fact]
    public void Counting_and_adding_agree() => Seeded.Holds(Cases, given =>
    {
        var (calendar, from, days, _) = given;
        var landed = calendar.AddWorkingDays(from, days + 1).Date;
        return calendar.CountWorkingDays(from.PlusDays(1), landed).Count == days + 1;
    });

    [Fact]
    public void Another_region_is_read_from_its_text()
    {
        Brazil.Region.ShouldBe("BR");
        Brazil.IsWorkingDay(new LocalDate(2017, 4, 21)).ShouldBe(WorkingDay.No);
        Brazil.IsWorkingDay(new LocalDate(2017, 4, 20)).ShouldBe(WorkingDay.Yes);
        Brazil.IsWorkingDay(new LocalDate(2018, 4, 20)).ShouldBe(WorkingDay.Unknown);
        Read("region SA\nweekend Friday Saturday\nyear *").IsWorkingDay(new LocalDate(2090, 1, 1)).ShouldBe(WorkingDay.Yes);   // a Sunday
        WorkingCalendar.WeekdaysOnly.IsWorkingDay(new LocalDate(2090, 1, 1)).ShouldBe(WorkingDay.No);
        WorkingCalendar.WeekdaysOnly.PublishedYears.ShouldBeNull();
    }

    [Theory]
    [InlineData("weekend Sunday", "region")]
    [InlineData("region CN\nweekend Funday", "line 2: 'Funday' is no day of the week")]
    [InlineData("region CN\nweekend 6", "line 2: '6' is no day of the week")]
    [InlineData("region CN\nyear 26", "line 2: '26' is no year")]
    [InlineData("region CN\nyear 2026\nyear 2026", "line 3: year 2026 stands twice")]
    [InlineData("region CN\noff 2026-02-30 2026-03-01 x", "line 2: '2026-02-30' is no date")]
    [InlineData("region CN\noff 2026-03-02 2026-03-01 x", "line 2: a row covers 1 to 60 days")]
    [InlineData("region CN\noff 2026-01-01 2026-12-31 x", "line 2: a row covers 1 to 60 days")]
    [InlineData("region CN\noff 2026-03-01 2026-03-02 x\nwork 2026-03-02 2026-03-02 y", "line 3: 2026-03-02 stands twice")]
    [InlineData("region CN\nholiday 2026-03-01", "line 2: 'holiday 2026-03-01' is none of")]
    [InlineData("region CN\nweekend Monday Tuesday Wednesday Thursday Friday Saturday Sunday", "no working days")]
    public void A_wrong_calendar_is_refused_with_its_line(string text, string expected) => Should.Throw<FormatException>(() => Read(text)).Message.ShouldContain(expected);

    [Fact]
    public void Counting_is_limited()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => China.AddWorkingDays(new LocalDate(2026, 1, 1), -1));
        Should.Throw<ArgumentOutOfRangeException>(() => China.AddWorkingDays(new LocalDate(2026, 1, 1), 10_001));
        Should.Throw<ArgumentOutOfRangeException>(() => China.CountWorkingDays(new LocalDate(1900, 1, 1), new LocalDate(2026, 1, 1)));
        China.CountWorkingDays(new LocalDate(2026, 1, 2), new LocalDate(2026, 1, 1)).Count.ShouldBe(0);
    }

    private static Gen<(WorkingCalendar Calendar, LocalDate From, int Days, int More)> Cases =>
        from calendar in Calendars
        from date in Dates
        from days in Seeded.Ints(0, 300)
        from more in Seeded.Ints(0, 60)
        select (calendar, date, days, more);
}
