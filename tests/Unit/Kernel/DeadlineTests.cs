using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class DeadlineTests
{
    private static readonly DateTimeZone Shanghai = Zone("Asia/Shanghai");
    private static readonly DateTimeZone Berlin = Zone("Europe/Berlin");
    private static readonly DateTimeZone SaoPaulo = Zone("America/Sao_Paulo");
    private static readonly DateTimeZone Havana = Zone("America/Havana");

    private static readonly OpeningHours NineToSix = OpeningHours.On(new LocalTime(9, 0), new LocalTime(18, 0));

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];

    private static Instant At(string isoWithOffset) => OffsetDateTimePattern.GeneralIso.Parse(isoWithOffset).Value.ToInstant();

    private static WorkingSchedule InChina(LocalTime? cutOff = null, OpeningHours? hours = null) => new(Shanghai, WorkingCalendar.China, hours ?? NineToSix, cutOff);

    private static WorkingSchedule EveryDay(DateTimeZone zone, OpeningHours? hours = null) => new(zone, WorkingCalendar.WeekdaysOnly, hours ?? OpeningHours.AroundTheClock);

    [Fact]
    public void Twenty_four_hours_stay_twenty_four_when_the_clocks_change()
    {
        // Europe/Berlin springs forward on 29 March 2026 at 02:00 and falls back on 25 October at 03:00.
        var spring = Deadline.For(At("2026-03-28T12:00:00+01:00"), new DeadlineRule.Elapsed(Duration.FromHours(24)), EveryDay(Berlin));
        spring.ShouldBe(new Deadline(At("2026-03-29T13:00:00+02:00"), false));
        var autumn = Deadline.For(At("2026-10-24T12:00:00+02:00"), new DeadlineRule.Elapsed(Duration.FromHours(24)), EveryDay(Berlin));
        autumn.At.ShouldBe(At("2026-10-25T11:00:00+01:00"));
    }

    [Theory]
    // Accepted on Wednesday 30 September 2026; 1 to 7 October are off.
    [InlineData("2026-09-30T10:00:00+08:00", 1, "2026-10-08T12:00:00+08:00")]
    [InlineData("2026-09-30T18:00:00+08:00", 1, "2026-10-08T12:00:00+08:00")]     // at the cut-off still counts for the day
    [InlineData("2026-09-30T18:00:01+08:00", 1, "2026-10-09T12:00:00+08:00")]     // after it, as if on 8 October
    [InlineData("2026-10-03T10:00:00+08:00", 1, "2026-10-09T12:00:00+08:00")]     // on a holiday, as if on 8 October
    [InlineData("2026-10-03T10:00:00+08:00", 0, "2026-10-08T12:00:00+08:00")]
    [InlineData("2026-02-13T10:00:00+08:00", 1, "2026-02-14T12:00:00+08:00")]     // a make-up Saturday
    public void Working_days_are_counted_past_holidays_and_the_cut_off(string accepted, int days, string due)
    {
        var rule = new DeadlineRule.ByTimeOfDay(days, DaysCounted.Working, new LocalTime(12, 0));
        Deadline.For(At(accepted), rule, InChina(cutOff: new LocalTime(18, 0))).ShouldBe(new Deadline(At(due), false));
    }

    [Theory]
    [InlineData("2026-09-30T10:00:00+08:00", 1, "2026-10-01T12:00:00+08:00")]
    [InlineData("2026-09-30T18:00:01+08:00", 1, "2026-10-02T12:00:00+08:00")]
    [InlineData("2026-09-30T10:00:00+08:00", 0, "2026-09-30T12:00:00+08:00")]
    public void Calendar_days_are_counted_through_holidays(string accepted, int days, string due)
    {
        var rule = new DeadlineRule.ByTimeOfDay(days, DaysCounted.Calendar, new LocalTime(12, 0));
        Deadline.For(At(accepted), rule, InChina(cutOff: new LocalTime(18, 0))).ShouldBe(new Deadline(At(due), false));
    }

    [Fact]
    public void By_midnight_is_the_end_of_the_day() =>
        Deadline.For(At("2026-10-12T10:00:00+08:00"), new DeadlineRule.ByTimeOfDay(1, DaysCounted.Calendar, LocalTime.Midnight), InChina()).At.ShouldBe(At("2026-10-14T00:00:00+08:00"));

    [Fact]
    public void A_deadline_that_rests_on_an_unpublished_year_says_so()
    {
        var rule = new DeadlineRule.ByTimeOfDay(3, DaysCounted.Working, new LocalTime(12, 0));
        Deadline.For(At("2026-12-30T10:00:00+08:00"), rule, InChina()).CrossedUnknownYear.ShouldBeTrue();
        Deadline.For(At("2026-12-28T10:00:00+08:00"), rule, InChina()).CrossedUnknownYear.ShouldBeFalse();
        Deadline.For(At("2026-12-31T17:00:00+08:00"), new DeadlineRule.OpenTime(Duration.FromHours(2)), InChina()).CrossedUnknownYear.ShouldBeTrue();
        // Open alike on every day, holidays do not matter.
        Deadline.For(At("2026-12-31T17:00:00+08:00"), new DeadlineRule.OpenTime(Duration.FromHours(48)), InChina(hours: OpeningHours.AroundTheClock)).CrossedUnknownYear.ShouldBeFalse();
    }

    [Theory]
    [InlineData("2026-09-30T10:00:00+08:00", 8, "2026-09-30T18:00:00+08:00")]
    [InlineData("2026-09-30T10:00:00+08:00", 9, "2026-10-08T10:00:00+08:00")]
    [InlineData("2026-09-30T05:00:00+08:00", 1, "2026-09-30T10:00:00+08:00")]
    [InlineData("2026-10-03T12:00:00+08:00", 0, "2026-10-08T09:00:00+08:00")]
    public void Open_time_runs_only_while_the_place_is_open(string start, int hours, string due) =>
        Deadline.For(At(start), new DeadlineRule.OpenTime(Duration.FromHours(hours)), InChina()).At.ShouldBe(At(due));

    [Fact]
    public void A_lunch_break_and_a_short_Sunday_are_windows_like_others()
    {
        var hours = OpeningHours.Of(
            [new OpeningWindow(new LocalTime(8, 0), new LocalTime(12, 0)), new OpeningWindow(new LocalTime(13, 0), LocalTime.Midnight)],
            [new OpeningWindow(new LocalTime(10, 0), new LocalTime(12, 0))]);
        // Friday 16 October 23:30: half an hour, two on Saturday, two on Sunday, and half an hour on Monday.
        Deadline.For(At("2026-10-16T23:30:00+08:00"), new DeadlineRule.OpenTime(Duration.FromHours(5)), InChina(hours: hours)).At.ShouldBe(At("2026-10-19T08:30:00+08:00"));
    }

    [Fact]
    public void A_skipped_time_is_the_moment_of_the_jump()
    {
        // Berlin has no 02:30 on 29 March 2026; São Paulo had no 00:30 on 15 October 2017.
        Deadline.For(At("2026-03-28T12:00:00+01:00"), new DeadlineRule.ByTimeOfDay(1, DaysCounted.Calendar, new LocalTime(2, 30)), EveryDay(Berlin))
            .At.ShouldBe(At("2026-03-29T03:00:00+02:00"));
        Deadline.For(At("2017-10-14T12:00:00-03:00"), new DeadlineRule.ByTimeOfDay(1, DaysCounted.Calendar, new LocalTime(0, 30)), EveryDay(SaoPaulo))
            .At.ShouldBe(At("2017-10-15T01:00:00-02:00"));
        // The end of 14 October is when the 15th begins, at 01:00.
        Deadline.For(At("2017-10-14T12:00:00-03:00"), new DeadlineRule.ByTimeOfDay(0, DaysCounted.Calendar, LocalTime.Midnight), EveryDay(SaoPaulo))
            .At.ShouldBe(At("2017-10-15T01:00:00-02:00"));
    }

    [Fact]
    public void A_repeated_time_is_its_first_occurrence()
    {
        Deadline.For(At("2026-10-24T12:00:00+02:00"), new DeadlineRule.ByTimeOfDay(1, DaysCounted.Calendar, new LocalTime(2, 30)), EveryDay(Berlin))
            .At.ShouldBe(At("2026-10-25T02:30:00+02:00"));
        // São Paulo fell back at 00:00 on 18 February 2018: 23:30 of the 17th came twice.
        Deadline.For(At("2018-02-16T12:00:00-02:00"), new DeadlineRule.ByTimeOfDay(1, DaysCounted.Calendar, new LocalTime(23, 30)), EveryDay(SaoPaulo))
            .At.ShouldBe(At("2018-02-17T23:30:00-02:00"));
    }

    [Fact]
    public void A_night_of_work_has_an_hour_more_or_less_when_the_clocks_change()
    {
        var night = OpeningHours.Of([new OpeningWindow(LocalTime.Midnight, new LocalTime(6, 0))], [new OpeningWindow(LocalTime.Midnight, new LocalTime(6, 0))]);
        var seven = new DeadlineRule.OpenTime(Duration.FromHours(7));
        Deadline.For(At("2026-10-25T00:00:00+02:00"), seven, EveryDay(Berlin, night)).At.ShouldBe(At("2026-10-25T06:00:00+01:00"));
        Deadline.For(At("2026-03-29T00:00:00+01:00"), seven, EveryDay(Berlin, night)).At.ShouldBe(At("2026-03-30T02:00:00+02:00"));
        Deadline.For(At("2026-10-25T00:00:00+08:00"), seven, EveryDay(Shanghai, night)).At.ShouldBe(At("2026-10-26T01:00:00+08:00"));
    }

    [Fact]
    public void A_window_that_closes_in_the_repeated_hour_closes_at_its_end()
    {
        var night = OpeningHours.Of([new OpeningWindow(LocalTime.Midnight, new LocalTime(2, 30))], [new OpeningWindow(LocalTime.Midnight, new LocalTime(2, 30))]);
        Deadline.For(At("2026-10-25T00:00:00+02:00"), new DeadlineRule.OpenTime(Duration.FromMinutes(210)), EveryDay(Berlin, night)).At.ShouldBe(At("2026-10-25T02:30:00+01:00"));
    }

    [Fact]
    public void A_day_ends_at_its_first_midnight_where_midnight_comes_twice()
    {
        // Havana falls back from 01:00 to 00:00 on 3 November 2024.
        var evening = OpeningHours.Of([new OpeningWindow(new LocalTime(9, 0), LocalTime.Midnight)], [new OpeningWindow(new LocalTime(9, 0), LocalTime.Midnight)]);
        Deadline.For(At("2024-11-02T23:00:00-04:00"), new DeadlineRule.OpenTime(Duration.FromHours(2)), EveryDay(Havana, evening)).At.ShouldBe(At("2024-11-03T10:00:00-05:00"));
        Deadline.For(At("2024-11-02T12:00:00-04:00"), new DeadlineRule.ByTimeOfDay(0, DaysCounted.Calendar, LocalTime.Midnight), EveryDay(Havana)).At.ShouldBe(At("2024-11-03T00:00:00-04:00"));
    }

    [Fact]
    public void Around_the_clock_open_time_is_elapsed_time_in_every_zone() => Seeded.Holds(
        from second in Seeded.Ints(0, 20 * 365 * 86_400)
        from minutes in Seeded.Ints(0, 100_000)
        from zone in Gen.Elements(Shanghai, Berlin, SaoPaulo, Havana)   // Havana falls back from 01:00 to 00:00: a midnight that comes twice
        select (Start: Instant.FromUtc(2007, 1, 1, 0, 0) + Duration.FromSeconds(second), Within: Duration.FromMinutes(minutes), Zone: zone),
        given => Deadline.For(given.Start, new DeadlineRule.OpenTime(given.Within), EveryDay(given.Zone)).At == given.Start + given.Within,
        tests: 500);

    [Fact]
    public void Open_time_in_two_steps_is_open_time_at_once() => Seeded.Holds(OpenTimes, given =>
    {
        var first = Deadline.For(given.Start, new DeadlineRule.OpenTime(given.First), given.Schedule).At;
        return Deadline.For(first, new DeadlineRule.OpenTime(given.Second), given.Schedule).At
            == Deadline.For(given.Start, new DeadlineRule.OpenTime(given.First + given.Second), given.Schedule).At;
    }, tests: 500);

    [Fact]
    public void A_deadline_never_lies_before_its_start_and_never_comes_earlier_for_a_later_one() => Seeded.Holds(OpenTimes, given =>
    {
        DeadlineRule[] rules =
        [
            new DeadlineRule.OpenTime(given.First), new DeadlineRule.Elapsed(given.First), new DeadlineRule.ByTimeOfDay(1, DaysCounted.Working, new LocalTime(2, 30)),
            new DeadlineRule.ByTimeOfDay(2, DaysCounted.Calendar, new LocalTime(0, 30)),
        ];
        return rules.All(rule =>
            Deadline.For(given.Start, rule, given.Schedule).At <= Deadline.For(given.Start + given.Second, rule, given.Schedule).At
            && Deadline.For(given.Start, rule, given.Schedule).At >= given.Start);
    }, tests: 500);

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Deadline.For(At("2026-10-12T10:00:00+08:00"), new DeadlineRule.Elapsed(Duration.FromHours(-1)), InChina()));
        Should.Throw<ArgumentOutOfRangeException>(() => Deadline.For(At("2026-10-12T10:00:00+08:00"), new DeadlineRule.OpenTime(Duration.FromDays(2000)), InChina()));
        Should.Throw<ArgumentOutOfRangeException>(() => Deadline.For(At("2026-10-12T10:00:00+08:00"), new DeadlineRule.ByTimeOfDay(-1, DaysCounted.Working, LocalTime.Noon), InChina()));
        Should.Throw<ArgumentException>(() => OpeningHours.Of([], []));
        Should.Throw<ArgumentException>(() => OpeningHours.On(new LocalTime(18, 0), new LocalTime(9, 0)));
        Should.Throw<ArgumentException>(() => OpeningHours.Of([new OpeningWindow(new LocalTime(9, 0), new LocalTime(12, 0)), new OpeningWindow(new LocalTime(11, 0), new LocalTime(13, 0))], []));
        Should.Throw<ArgumentException>(() => OpeningHours.Of([new OpeningWindow(new LocalTime(9, 0), LocalTime.Midnight), new OpeningWindow(new LocalTime(11, 0), new LocalTime(13, 0))], []));
    }

    private static Gen<(Instant Start, Duration First, Duration Second, WorkingSchedule Schedule)> OpenTimes =>
        from second in Seeded.Ints(0, 18 * 365 * 86_400)
        from first in Seeded.Ints(1, 6_000)
        from more in Seeded.Ints(1, 6_000)
        from zone in Gen.Elements(Shanghai, Berlin, SaoPaulo, Havana)
        from hours in Gen.Elements(
            NineToSix, OpeningHours.On(LocalTime.Midnight, new LocalTime(3, 0)),
            OpeningHours.Of([new OpeningWindow(new LocalTime(0, 30), new LocalTime(2, 30)), new OpeningWindow(new LocalTime(2, 30), LocalTime.Midnight)], []))
        select (
            Instant.FromUtc(2007, 1, 1, 0, 0) + Duration.FromSeconds(second), Duration.FromMinutes(first), Duration.FromMinutes(more),
            new WorkingSchedule(zone, WorkingCalendar.China, hours));
}
