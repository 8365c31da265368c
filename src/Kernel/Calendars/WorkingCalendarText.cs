using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Kernel;

/// <summary>Reads the text form of a <see cref="WorkingCalendar"/>.</summary>
internal static class WorkingCalendarText
{
    private const int LinesMax = 10_000;
    private const int DaysOfARowMax = 60;

    internal static WorkingCalendar Read(TextReader text)
    {
        string? region = null;
        var weekend = new HashSet<IsoDayOfWeek>();
        var overrides = new Dictionary<LocalDate, WorkingCalendar.Override>();
        var years = new HashSet<int>();
        var everyYear = false;
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            if (number > LinesMax) throw Wrong(number, $"a calendar has at most {LinesMax} lines");
            if (line.Length == 0 || line[0] == '#') continue;
            var words = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["region", var name]:
                    region = name;
                    break;
                case ["weekend", ..]:
                    foreach (var day in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)) weekend.Add(DayOfWeek(day, number));
                    break;
                case ["year", "*"]:
                    everyYear = true;
                    break;
                case ["year", var year]:
                    if (!years.Add(Year(year, number))) throw Wrong(number, $"year {year} stands twice");
                    break;
                case ["off" or "work", var first, var last, var occasion]:
                    AddRow(overrides, words[0] is "work", Date(first, number), Date(last, number), occasion, number);
                    break;
                default:
                    throw Wrong(number, $"'{line}' is none of: region, weekend, year, off, work");
            }
        }
        if (region is null) throw new FormatException("A calendar needs a line 'region', with the country's two letters.");
        if (weekend.Count > 6) throw new FormatException("A calendar whose every day is weekend has no working days.");
        return new WorkingCalendar(region, weekend, overrides, everyYear ? null : years);
    }

    private static void AddRow(
        Dictionary<LocalDate, WorkingCalendar.Override> overrides, bool works, LocalDate first, LocalDate last, string occasion, int number)
    {
        if (last < first || Period.DaysBetween(first, last) >= DaysOfARowMax) throw Wrong(number, $"a row covers 1 to {DaysOfARowMax} days, first before last");
        for (var date = first; date <= last; date = date.PlusDays(1))
        {
            if (!overrides.TryAdd(date, new WorkingCalendar.Override(works, occasion))) throw Wrong(number, $"{LocalDatePattern.Iso.Format(date)} stands twice");
        }
    }

    private static IsoDayOfWeek DayOfWeek(string name, int number) =>
        char.IsAsciiLetter(name[0]) && Enum.TryParse<IsoDayOfWeek>(name, out var day) && day is not IsoDayOfWeek.None
            ? day
            : throw Wrong(number, $"'{name}' is no day of the week");

    private static int Year(string year, int number) =>
        int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1900 and <= 2999
            ? value
            : throw Wrong(number, $"'{year}' is no year");

    private static LocalDate Date(string date, int number) =>
        LocalDatePattern.Iso.Parse(date) is { Success: true, Value: var value } ? value : throw Wrong(number, $"'{date}' is no date of the form 2026-10-01");

    private static FormatException Wrong(int number, string what) => new(FormattableString.Invariant($"Calendar line {number}: {what}."));
}
