using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Promises;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

public sealed class PromiseGatesTests
{
    private static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    private static readonly PromiseTerms Terms = new(
        ClauseId.Parse("P-1"), new LocalTime(18, 0), "Asia/Shanghai", "CN", [new LaneTransit(Lane.Any, 3)], new LocalTime(20, 0), DecidedBy.Timestamp)
    {
        Gates =
        [
            new PromiseGate(GateKind.Pickup, GateCount.AfterAcceptance, 0, new LocalTime(20, 0)),
            new PromiseGate(GateKind.DepotOut, GateCount.AfterAcceptance, 1, new LocalTime(6, 0)),
            new PromiseGate(GateKind.Hub, GateCount.BeforePromise, 1, LocalTime.Midnight),
            new PromiseGate(GateKind.OutForDelivery, GateCount.BeforePromise, 0, new LocalTime(8, 30)),
        ],
    };

    [Theory]
    // Monday to Thursday; the hub by the end of Wednesday.
    [InlineData("2026-03-02T12:00", "2026-03-02T20:00", "2026-03-03T06:00", "2026-03-05T00:00", "2026-03-05T08:30")]
    // After the cut-off everything is counted from the next day.
    [InlineData("2026-03-02T18:01", "2026-03-03T20:00", "2026-03-04T06:00", "2026-03-06T00:00", "2026-03-06T08:30")]
    // Over a weekend: Friday, Monday, Wednesday.
    [InlineData("2026-03-06T12:00", "2026-03-06T20:00", "2026-03-09T06:00", "2026-03-11T00:00", "2026-03-11T08:30")]
    // Spring Festival 2026: 14 February is a Saturday that is worked, 15 to 23 February are off.
    [InlineData("2026-02-13T12:00", "2026-02-13T20:00", "2026-02-14T06:00", "2026-02-25T00:00", "2026-02-25T08:30")]
    // Accepted in the holidays: counted from the first day worked, 24 February.
    [InlineData("2026-02-18T12:00", "2026-02-24T20:00", "2026-02-25T06:00", "2026-02-27T00:00", "2026-02-27T08:30")]
    public void Each_gate_has_its_instant(string accepted, params string[] gates)
    {
        var promise = PromiseClock.Of(Terms, Local(accepted), "3100", "4401", PromiseClock.KnownCalendar).ShouldBeOfType<PromiseAnswer.Promised>().Promise;
        promise.Gates.Select(g => g.Kind).ShouldBe([GateKind.Pickup, GateKind.DepotOut, GateKind.Hub, GateKind.OutForDelivery]);
        promise.Gates.Select(g => Text(g.By)).ShouldBe(gates);
    }

    [Fact]
    public void A_make_up_working_day_counts_back_too()
    {
        // Promised on 24 February: the working day before it is the make-up Saturday, 14 February.
        var gates = PromiseClock.GatesTo(Terms, Local("2026-02-12T12:00"), Local("2026-02-24T20:00"), PromiseClock.KnownCalendar);
        Text(gates[2].By).ShouldBe("2026-02-15T00:00");
        WorkingCalendar.China.WorkingDaysBefore(new LocalDate(2026, 2, 24), 2).Date.ShouldBe(new LocalDate(2026, 2, 13));
    }

    [Fact]
    public void A_promise_that_the_shipment_brought_has_gates_too_and_its_own_day_need_not_be_worked()
    {
        var gates = PromiseClock.GatesTo(Terms, Local("2026-03-05T12:00"), Local("2026-03-08T18:00"), PromiseClock.KnownCalendar);
        gates.Select(g => Text(g.By)).ShouldBe(["2026-03-05T20:00", "2026-03-06T06:00", "2026-03-07T00:00", "2026-03-08T08:30"]);
        PromiseClock.GatesTo(Terms with { Gates = [] }, Local("2026-03-05T12:00"), Local("2026-03-08T18:00"), PromiseClock.KnownCalendar).ShouldBeEmpty();
        PromiseClock.GatesTo(null, Local("2026-03-05T12:00"), Local("2026-03-08T18:00"), PromiseClock.KnownCalendar).ShouldBeEmpty();
    }

    [Fact]
    public void A_time_that_the_clocks_leave_out_is_the_moment_of_the_jump()
    {
        // 29 March 2026, Berlin: 02:00 becomes 03:00. The gate falls on that Sunday, since the promise itself does.
        var terms = Terms with { Zone = "Europe/Berlin", CalendarRegion = "none", Gates = [new PromiseGate(GateKind.OutForDelivery, GateCount.BeforePromise, 0, new LocalTime(2, 30))] };
        PromiseClock.GatesTo(terms, Instant.FromUtc(2026, 3, 26, 9, 0), Instant.FromUtc(2026, 3, 29, 16, 0), PromiseClock.KnownCalendar)[0].By.ShouldBe(Instant.FromUtc(2026, 3, 29, 1, 0));
    }

    private static Instant Local(string text) => NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(text).Value.InZoneStrictly(Shanghai).ToInstant();

    private static string Text(Instant at) => NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Format(at.InZone(Shanghai).LocalDateTime);
}
