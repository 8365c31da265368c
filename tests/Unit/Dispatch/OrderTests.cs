using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Unit.Verdicts;
using KeyAccountLogistics.Verdicts.Promises;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Dispatch;

public sealed class OrderTests
{
    // Monday 12 October 2026, 09:00 in Shanghai.
    private static readonly Instant Now = Instant.FromUtc(2026, 10, 12, 1, 0);

    private static readonly PromiseTerms Promise = new(ClauseId.Parse("P-1"), new LocalTime(16, 0), "Asia/Shanghai", "CN", [new LaneTransit(Lane.Any, 1)], null, DecidedBy.Date);

    private static readonly AccountTerms Terms = Sample.Terms() with { Promise = Promise };

    [Fact]
    public void An_order_is_taken_with_a_window_of_a_working_day_before_the_cut_off()
    {
        OrderRules.WhyNot(Asked(), Terms, Now).ShouldBeNull();
        // 16:00 is the cut-off; at it still, after it no more, for today's windows.
        var evening = Asked(fromHours: 9, untilHours: 10);
        OrderRules.WhyNot(evening, Terms, Now + Duration.FromHours(7)).ShouldBeNull();
        Refusal(evening, Now + Duration.FromHours(7) + Duration.FromMinutes(1)).ShouldBe(OrderRefusalReason.AfterCutOff);
        OrderRules.WhyNot(Asked(fromHours: 24, untilHours: 26), Terms, Now + Duration.FromHours(8)).ShouldBeNull("tomorrow's are open");
    }

    [Fact]
    public void Each_refusal_of_an_order_has_its_reason()
    {
        OrderRules.WhyNot(Asked(), null, Now)!.Why.ShouldBe(OrderRefusalReason.NoContract);
        Refusal(Asked(parcels: 0)).ShouldBe(OrderRefusalReason.ParcelsOutOfRange);
        Refusal(Asked(fromHours: 3, untilHours: 3)).ShouldBe(OrderRefusalReason.WindowOutOfRange);
        Refusal(Asked(fromHours: 3, untilHours: 2)).ShouldBe(OrderRefusalReason.WindowOutOfRange);
        Refusal(Asked(fromHours: 0, untilHours: 2)).ShouldBe(OrderRefusalReason.WindowPast);
        Refusal(Asked(fromHours: 24 * 32, untilHours: (24 * 32) + 2)).ShouldBe(OrderRefusalReason.TooFarAhead);
        // 17 October is a Saturday; 10 October 2026 is one that is worked.
        Refusal(Asked(fromHours: 5 * 24, untilHours: (5 * 24) + 2)).ShouldBe(OrderRefusalReason.NotAWorkingDay);
        OrderRules.WhyNot(Asked(fromHours: -48, untilHours: -46), Terms, Now - Duration.FromHours(72)).ShouldBeNull();
    }

    [Fact]
    public void A_miss_is_a_fact_and_a_courier_heard_later_who_was_there_in_time_was_there_in_time()
    {
        var ordered = Fact(1, EventKind.PickupOrdered, 0, asked: Asked());
        var missed = Fact(2, EventKind.PickupMissed, 180);
        var state = OrderState.Fold([ordered, missed])!;
        (state.Phase, state.WasMissed, state.Punctuality).ShouldBe((OrderPhase.Missed, true, null));
        // Heard at the evening, with a time known to five minutes.
        state = OrderState.Fold([missed, Fact(3, EventKind.PickupDone, 150, slack: 5), ordered])!;
        (state.Phase, state.WasMissed, state.Punctuality, state.Taken).ShouldBe((OrderPhase.Done, false, Punctuality.OnTime, 7));
        // A clock nobody vouches for: anywhere in the gap counts as late and is listed (law 2).
        OrderState.Fold([ordered, missed, Fact(3, EventKind.PickupDone, 150, slack: 60)])!.Punctuality.ShouldBe(Punctuality.InDoubt);
        OrderState.Fold([ordered, missed, Fact(3, EventKind.PickupDone, 200)])!.ShouldSatisfyAllConditions(
            s => s.Punctuality.ShouldBe(Punctuality.Late), s => s.WasMissed.ShouldBeTrue(), s => s.Phase.ShouldBe(OrderPhase.Done));
        // At the last microsecond of the window it is in time.
        OrderState.Fold([ordered, Fact(3, EventKind.PickupDone, 180)])!.Punctuality.ShouldBe(Punctuality.OnTime);
    }

    [Fact]
    public void A_missed_order_with_a_new_window_is_open_again_and_what_is_closed_stays_so()
    {
        var ordered = Fact(1, EventKind.PickupOrdered, 0, asked: Asked());
        var again = OrderState.Fold([ordered, Fact(2, EventKind.PickupMissed, 180), Fact(3, EventKind.PickupChanged, 190, asked: Asked(fromHours: 24, untilHours: 25))])!;
        (again.Phase, again.WasMissed, again.Due, again.Asked.FromUs > again.Due.FromUs).ShouldBe((OrderPhase.Open, true, Asked(), true));
        // In time for its second window, which the day's desk reads, and late for the first, by which it is counted.
        var second = OrderState.Fold([ordered, Fact(2, EventKind.PickupMissed, 180), Fact(3, EventKind.PickupChanged, 190, asked: Asked(fromHours: 24, untilHours: 25)), Fact(4, EventKind.PickupDone, (24 * 60) + 30)])!;
        (second.Punctuality, second.JudgedBy(second.Due)).ShouldBe((Punctuality.OnTime, Punctuality.Late));
        OrderState.Fold([ordered, Fact(3, EventKind.PickupChanged, 170, asked: Asked(fromHours: 24, untilHours: 25))])!.WasMissed.ShouldBeFalse("moved before it ended");
        var cancelled = OrderState.Fold([ordered, Fact(2, EventKind.PickupCancelled, 10), Fact(3, EventKind.PickupMissed, 180)])!;
        (cancelled.Phase, cancelled.Misplaced).ShouldBe((OrderPhase.Cancelled, 1));
        OrderRules.WhyNotCancelled(cancelled)!.Why.ShouldBe(OrderRefusalReason.Closed);
        // The courier had no network and took the parcels all the same: they are in his hands.
        var taken = OrderState.Fold([ordered, Fact(2, EventKind.PickupCancelled, 10), Fact(3, EventKind.PickupDone, 150)])!;
        (taken.Phase, taken.Misplaced).ShouldBe((OrderPhase.Done, 1));
        OrderRules.WhyNotChanged(again, Asked(fromHours: 25, untilHours: 26), Terms, Now).ShouldBeNull();
        OrderRules.WhyNotChanged(OrderState.Fold([ordered])!, Asked(fromHours: 25, untilHours: 26), Terms, Now + Duration.FromHours(2))!.Why.ShouldBe(OrderRefusalReason.TooLateToChange);
    }

    [Fact]
    public void The_order_of_arrival_and_repetitions_change_nothing() => Seeded.Holds(
        (from kind in Gen.Elements(EventKind.PickupChanged, EventKind.PickupCancelled, EventKind.PickupDone, EventKind.PickupMissed, EventKind.PickupRefused)
         from at in Gen.Choose(-30, 300)
         select (kind, at)).ArrayOf(6).SelectMany(acts => Gen.Choose(0, int.MaxValue).Select(seed => (Acts: acts, Seed: seed))),
        drawn =>
        {
            DispatchFact[] facts = [Fact(0, EventKind.PickupOrdered, 0, asked: Asked()), .. drawn.Acts.Select((a, i) => Fact(i + 1, a.kind, a.at, asked: Asked(fromHours: 5, untilHours: 6)))];
            DispatchFact[] shuffled = [.. facts, .. facts];
            new Random(drawn.Seed).Shuffle(shuffled);
            return OrderState.Fold(facts) == OrderState.Fold(shuffled);
        },
        tests: 500);

    [Fact]
    public void A_standing_pickup_comes_on_its_days_and_not_on_holidays_SEED_00_RM_FIXED()
    {
        StandingWindow[] windows = [new(IsoDayOfWeek.Monday, new LocalTime(9, 0), new LocalTime(11, 0)), new(IsoDayOfWeek.Thursday, new LocalTime(14, 0), new LocalTime(15, 30))];
        var zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        var standing = new StandingPickup("SP-1", windows, new LocalDate(2026, 9, 20), null, zone, WorkingCalendar.China, MakeUpDays: true);
        // The National Day holiday of 2026 is 1 to 7 October; Sunday 20 September and Saturday 10 October are worked for it.
        string[] DaysOf(StandingPickup of, LocalDate first, LocalDate last) => [.. of.Between(first, last).Select(o => o.From.InZone(zone).ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture))];
        DaysOf(standing, new LocalDate(2026, 9, 1), new LocalDate(2026, 10, 13)).ShouldBe(
            ["09-20 09:00", "09-21 09:00", "09-24 14:00", "09-28 09:00", "10-08 14:00", "10-10 09:00", "10-12 09:00"]);
        DaysOf(standing with { MakeUpDays = false }, new LocalDate(2026, 10, 5), new LocalDate(2026, 10, 13)).ShouldBe(["10-08 14:00", "10-12 09:00"]);
        DaysOf(standing with { Last = new LocalDate(2026, 10, 8) }, new LocalDate(2026, 10, 5), new LocalDate(2026, 10, 13)).ShouldBe(["10-08 14:00"]);
        standing.Between(new LocalDate(2026, 10, 8), new LocalDate(2026, 10, 8)).Single().Order.ShouldBe(standing.Between(new LocalDate(2026, 10, 1), new LocalDate(2026, 10, 10)).First().Order);
    }

    [Theory]
    [InlineData(3, 3, "agreement", true, true, null)]
    [InlineData(3, 3, "agreement", true, false, DoorRefusalReason.IdentityMissing)]
    [InlineData(3, 3, "document", true, false, null)]
    [InlineData(3, 3, "none", true, true, DoorRefusalReason.IdentityMissing)]
    [InlineData(3, 3, "document", null, false, DoorRefusalReason.InspectionMarkMissing)]
    [InlineData(3, 3, "agreement", false, true, DoorRefusalReason.InspectionRefused)]
    [InlineData(3, 2, "agreement", true, true, DoorRefusalReason.LabelMissing)]
    [InlineData(0, 0, "agreement", true, true, DoorRefusalReason.NothingThere)]
    internal void A_door_by_the_law_identity_unless_agreed_and_the_contents_looked_at_in_every_case(
        int parcels, int labelled, string identity, bool? inspection, bool agreement, DoorRefusalReason? why)
    {
        var seen = identity switch { "agreement" => SenderIdentity.Agreement, "document" => SenderIdentity.Document, _ => SenderIdentity.None };
        DoorRules.WhyNotTaken(new DoorFindings(parcels, labelled, seen, inspection), agreement).ShouldBe(why);
    }

    [Fact]
    public void Suspicion_stops_everything_letters_need_no_identity_and_valuables_need_insurance()
    {
        DoorRules.WhyNotTaken(new DoorFindings(1, 1, SenderIdentity.None, null, Suspicious: true), false).ShouldBe(DoorRefusalReason.ProhibitedGoods);
        DoorRules.WhyNotTaken(new DoorFindings(1, 1, SenderIdentity.None, true, LettersOnly: true), false).ShouldBeNull();
        DoorRules.WhyNotTaken(new DoorFindings(1, 1, SenderIdentity.Document, true, ValuableUninsured: true), false).ShouldBe(DoorRefusalReason.ValuableUninsured);
    }

    private static OrderRefusalReason? Refusal(PickupOrder asked, Instant? now = null) => OrderRules.WhyNot(asked, Terms, now ?? Now)?.Why;

    internal static PickupOrder Asked(double fromHours = 1, double untilHours = 3, int parcels = 10) => new()
    {
        Account = "ACME", Site = "S1", Depot = "HZ01", Parcels = parcels, FromUs = (Now + Duration.FromHours(fromHours)).ToUnixMicros(), UntilUs = (Now + Duration.FromHours(untilHours)).ToUnixMicros(),
    };

    private static DispatchFact Fact(int id, EventKind kind, int minute, PickupOrder? asked = null, int slack = 0)
    {
        var at = Now + Duration.FromMinutes(minute);
        var fact = new ParcelEvent { Kind = kind, Reference = "PO-1", Pickup = asked, Door = kind is EventKind.PickupDone ? new DoorVisit { Parcels = 7 } : null };
        return new DispatchFact(Purse.Id(id), fact, new AdjudgedInterval(at - Duration.FromMinutes(slack), at, at + Duration.FromMinutes(slack)));
    }
}
