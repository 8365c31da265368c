using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Promises;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

public sealed class PromiseClockTests
{
    private static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    private static readonly PromiseTerms Terms = new(
        ClauseId.Parse("P-1"),
        new LocalTime(18, 0),
        "Asia/Shanghai",
        "CN",
        [new LaneTransit(new Lane("31*", "31*"), 1), new LaneTransit(Lane.Any, 2)],
        new LocalTime(20, 0),
        DecidedBy.Timestamp);

    [Theory]
    [InlineData("2026-03-02T17:59", "2026-03-04")]       // Monday
    [InlineData("2026-03-02T18:00", "2026-03-04")]       // the cut-off itself still counts
    [InlineData("2026-03-02T18:01", "2026-03-05")]
    [InlineData("2026-03-06T12:00", "2026-03-10")]       // Friday, over a weekend
    [InlineData("2026-03-07T12:00", "2026-03-11")]       // Saturday counts as Monday
    [InlineData("2026-02-13T12:00", "2026-02-24")]       // 13 Feb, make-up Saturday 14 Feb worked, Spring Festival off to 23 Feb
    public void Working_days_are_counted_from_the_day_of_acceptance(string accepted, string promised) =>
        Of(Terms, Local(accepted)).Date.ShouldBe(Date(promised));

    [Fact]
    public void The_lane_says_how_many_days()
    {
        var near = PromiseClock.Of(Terms, Local("2026-03-02T12:00"), "3100", "3101", PromiseClock.KnownCalendar).ShouldBeOfType<PromiseAnswer.Promised>().Promise;
        near.Date.ShouldBe(new LocalDate(2026, 3, 3));
        near.By.ShouldBe(Local("2026-03-03T20:00"));
        near.Clause.Value.ShouldBe("P-1");
    }

    [Fact]
    public void Decided_by_timestamp_the_instant_is_on_time_and_the_next_microsecond_is_late()
    {
        var promise = Of(Terms, Local("2026-03-02T12:00"));
        promise.LastInstant.ShouldBe(Local("2026-03-04T20:00"));
        promise.Judge(promise.By, promise.By).ShouldBe(Punctuality.OnTime);
        var after = promise.By + Duration.FromTicks(10);
        promise.Judge(after, after).ShouldBe(Punctuality.Late);
        promise.Judge(promise.By, after).ShouldBe(Punctuality.InDoubt);
    }

    [Fact]
    public void Decided_by_date_the_whole_day_is_on_time()
    {
        var promise = Of(Terms with { DecidedBy = DecidedBy.Date }, Local("2026-03-02T12:00"));
        promise.By.ShouldBe(Local("2026-03-04T20:00"));
        promise.LastInstant.ShouldBe(Local("2026-03-05T00:00") - Duration.FromTicks(10));
        promise.Judge(Local("2026-03-04T23:59"), Local("2026-03-04T23:59")).ShouldBe(Punctuality.OnTime);
        promise.Judge(Local("2026-03-05T00:00"), Local("2026-03-05T00:00")).ShouldBe(Punctuality.Late);
    }

    [Fact]
    public void Without_a_time_of_day_the_promise_is_the_end_of_the_day()
    {
        var promise = Of(Terms with { By = null }, Local("2026-03-02T12:00"));
        promise.By.ShouldBe(Local("2026-03-05T00:00"));
        promise.Date.ShouldBe(new LocalDate(2026, 3, 4));
    }

    [Fact]
    public void A_year_whose_holidays_are_not_published_is_said_to_be_crossed()
    {
        Of(Terms, Local("2026-12-31T12:00")).CrossedUnknownYear.ShouldBeTrue();
        Of(Terms, Local("2026-03-02T12:00")).CrossedUnknownYear.ShouldBeFalse();
    }

    [Fact]
    public void No_promise_is_said_with_its_reason_and_is_never_a_date()
    {
        Why(null).ShouldBe(NoPromiseReason.NoClause);
        Why(Terms with { Transit = [new LaneTransit(new Lane("99", "99"), 1)] }).ShouldBe(NoPromiseReason.NoLane);
        Why(Terms with { CalendarRegion = "XX" }).ShouldBe(NoPromiseReason.UnknownCalendar);
        Why(Terms with { Zone = "Mars/Base" }).ShouldBe(NoPromiseReason.UnknownZone);
        PromiseClock.Brought(Terms with { Zone = "Mars/Base" }, Local("2026-03-02T12:00")).ShouldBe(new PromiseAnswer.None(NoPromiseReason.UnknownZone));

        static NoPromiseReason Why(PromiseTerms? terms) =>
            PromiseClock.Of(terms, Local("2026-03-02T12:00"), "3100", "4401", PromiseClock.KnownCalendar).ShouldBeOfType<PromiseAnswer.None>().Why;
    }

    [Theory]
    [InlineData(DecidedBy.Date, Punctuality.OnTime)]
    [InlineData(DecidedBy.Timestamp, Punctuality.Late)]
    public void A_promise_that_the_shipment_brought_is_judged_by_the_clause_too(DecidedBy decidedBy, Punctuality expected)
    {
        // As in olist_2017: promised at the midnight that begins the day, delivered during it.
        var promise = PromiseClock.Brought(Terms with { DecidedBy = decidedBy, Zone = "America/Sao_Paulo" }, Instant.FromUtc(2017, 6, 5, 3, 0))
            .ShouldBeOfType<PromiseAnswer.Promised>().Promise;
        promise.Date.ShouldBe(new LocalDate(2017, 6, 5));
        var delivered = Instant.FromUtc(2017, 6, 5, 15, 0);
        promise.Judge(delivered, delivered).ShouldBe(expected);
    }

    [Fact]
    public void A_later_acceptance_never_brings_an_earlier_promise()
    {
        var cases =
            from hour in Gen.Choose(0, 3 * 365 * 24)
            from later in Gen.Choose(1, 200)
            from days in Gen.Choose(0, 10)
            select (Instant.FromUtc(2024, 1, 1, 0, 0) + Duration.FromHours(hour), Duration.FromHours(later), days);
        Seeded.Holds(cases, c =>
        {
            var terms = Terms with { Transit = [new LaneTransit(Lane.Any, c.days)] };
            return Of(terms, c.Item1).By <= Of(terms, c.Item1 + c.Item2).By;
        });
    }

    private static Promise Of(PromiseTerms terms, Instant accepted) =>
        PromiseClock.Of(terms, accepted, "3100", "4401", PromiseClock.KnownCalendar).ShouldBeOfType<PromiseAnswer.Promised>().Promise;

    private static Instant Local(string text) => NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd'T'HH:mm").Parse(text).Value.InZoneStrictly(Shanghai).ToInstant();

    private static LocalDate Date(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
}
