using System.Text.Json;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Acceptance.Holidays;

/// <summary>The embedded calendar of China against the collected notices of 2007 to 2026; 2027 is not published.</summary>
public sealed class ChinaHolidayTests
{
    [AcceptanceFact("cn_holidays")]
    public void Every_day_the_notices_name_is_turned_round_as_they_say()
    {
        var notices = Notices();
        notices.Count.ShouldBe(678);
        foreach (var (date, (name, isOff)) in notices)
        {
            WorkingCalendar.China.IsWorkingDay(date).ShouldBe(isOff ? WorkingDay.No : WorkingDay.Yes, date.ToString());
            WorkingCalendar.China.Occasion(date).ShouldBe(name, date.ToString());
        }
    }

    [AcceptanceFact("cn_holidays")]
    public void Every_other_day_of_a_published_year_follows_the_weekend()
    {
        var notices = Notices();
        for (var date = new LocalDate(2007, 1, 1); date.Year <= 2026; date = date.PlusDays(1))
        {
            if (notices.ContainsKey(date)) continue;
            var weekend = date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
            WorkingCalendar.China.IsWorkingDay(date).ShouldBe(weekend ? WorkingDay.No : WorkingDay.Yes, date.ToString());
            WorkingCalendar.China.Occasion(date).ShouldBeNull();
        }
    }

    [AcceptanceFact("cn_holidays")]
    public void Working_days_of_2024_2025_and_2026_are_251_248_and_248()
    {
        var notices = Notices();
        foreach (var (year, expected) in new[] { (2024, 251), (2025, 248), (2026, 248) })
        {
            var fromFiles = 0;
            for (var date = new LocalDate(year, 1, 1); date.Year == year; date = date.PlusDays(1))
            {
                var weekend = date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
                if (notices.TryGetValue(date, out var notice) ? !notice.IsOff : !weekend) fromFiles++;
            }
            fromFiles.ShouldBe(expected);
            WorkingCalendar.China.CountWorkingDays(new LocalDate(year, 1, 1), new LocalDate(year, 12, 31)).ShouldBe(new WorkingDayCount(expected, false));
        }
    }

    [AcceptanceFact("cn_holidays")]
    public void A_year_whose_notice_is_empty_is_unknown()
    {
        File.ReadAllText(AcceptanceFolder.At("cn_holidays", "2027.json")).ShouldContain("\"days\": []");
        WorkingCalendar.China.IsWorkingDay(new LocalDate(2027, 3, 1)).ShouldBe(WorkingDay.Unknown);
    }

    private static Dictionary<LocalDate, (string Name, bool IsOff)> Notices()
    {
        var days = new Dictionary<LocalDate, (string, bool)>();
        foreach (var file in Directory.EnumerateFiles(AcceptanceFolder.At("cn_holidays"), "20??.json").Order(StringComparer.Ordinal))
        {
            using var notice = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var day in notice.RootElement.GetProperty("days").EnumerateArray())
            {
                var date = LocalDatePattern.Iso.Parse(day.GetProperty("date").GetString()!).Value;
                days[date] = (day.GetProperty("name").GetString()!, day.GetProperty("isOffDay").GetBoolean());
            }
        }
        return days;
    }
}
