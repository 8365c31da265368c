using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>The days of an account: local days of the zone its promises are made in, and the last instant that keeps a promise.</summary>
internal sealed class AccountDays
{
    private static readonly LocalDate Epoch = new(1970, 1, 1);
    private readonly AccountTerms? _terms;

    private AccountDays(AccountTerms? terms)
    {
        _terms = terms;
        Zone = terms?.Promise is { } promise && DateTimeZoneProviders.Tzdb.GetZoneOrNull(promise.Zone) is { } zone ? zone : Usual;
    }

    /// <summary>Where no contract says another: the carrier's own.</summary>
    internal static DateTimeZone Usual { get; } = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    internal DateTimeZone Zone { get; }

    internal static AccountDays Of(AccountTerms? terms) => new(terms);

    internal static int NumberOf(LocalDate day) => Period.DaysBetween(Epoch, day);

    internal static LocalDate DayOf(int number) => Epoch.PlusDays(number);

    /// <summary>Months since the year 0, so that they follow each other.</summary>
    internal static int MonthOf(LocalDate day) => (day.Year * 12) + day.Month - 1;

    internal int Day(long us) => NumberOf(Clock.FromUnixMicros(us).InZone(Zone).Date);

    internal long StartOf(int day) => Zone.AtStartOfDay(DayOf(day)).ToInstant().ToUnixMicros();

    /// <summary>
    /// The promised day and the last instant in time. Decided by date, any time of the promised day is; a clause without a time of day promises the end of its day, which as an
    /// instant is the first of the next. What stood still moves an instant by its time and a day by its nights.
    /// </summary>
    internal (int Day, long DueUs) Promise(long promisedUs, bool byClause, Pauses pauses)
    {
        var byDate = _terms?.Promise?.DecidedBy is DecidedBy.Date;
        var due = byDate ? promisedUs : promisedUs + pauses.Us;
        var day = Day(byClause && _terms?.Promise is { By: null } ? due - 1 : due) + (byDate ? pauses.Nights(this) : 0);
        return (day, byDate ? StartOf(day + 1) - 1 : due);
    }
}
