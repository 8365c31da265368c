using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Unit.Kernel;

/// <summary>Law 2 of the design.</summary>
public sealed class AdjudgedTimeTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 10, 12, 4, 0);   // 12:00 in Shanghai
    private static readonly Guid Boot = Guid.Parse("0192f8a0-6c1e-7b2d-9a51-3f2b6d1c8e10");
    private static readonly Guid OtherBoot = Guid.Parse("0192f8a0-6c1e-7b2d-9a51-3f2b6d1c8e11");

    private const long Minute = 60_000_000;

    // Last contact at noon, the device's clock three minutes slow, half a round trip of 20 ms.
    private static readonly ClockContact Contact = new(Noon, Boot, 500 * Minute, Duration.FromMinutes(3), Duration.FromMilliseconds(20));

    // Captured half an hour after the contact, received two hours after it.
    private static readonly ClockEvidence Honest = new(Noon + Duration.FromMinutes(27), Boot, 530 * Minute, Contact, Noon + Duration.FromHours(2));

    [Fact]
    public void Within_one_boot_the_counter_carries_the_time()
    {
        var time = AdjudgedTime.From(Honest);
        time.Estimate.ShouldBe(Noon + Duration.FromMinutes(30));
        time.Basis.ShouldBe(AdjudgedBasis.Counter);
        // 20 ms of the measurement and 180 ms of drift, by 1 - 100 ppm, and 2 microseconds.
        time.Earliest.ShouldBe(time.Estimate - Duration.FromTicks(2_000_220));
        time.Latest.ShouldBe(time.Estimate + Duration.FromTicks(2_000_220));
    }

    [Fact]
    public void A_clock_set_back_a_day_gains_nothing()
    {
        AdjudgedTime.From(Honest with { CapturedAt = Honest.CapturedAt - Duration.FromDays(1) }).ShouldBe(AdjudgedTime.From(Honest));

        // After a reboot the counter is gone, and the clock is proved wrong by the last contact: the latest moment, not the earliest.
        var rebooted = AdjudgedTime.From(Honest with { BootId = OtherBoot, CounterMicros = Minute, CapturedAt = Honest.CapturedAt - Duration.FromDays(1) });
        rebooted.Estimate.ShouldBe(Honest.ReceivedAt);
        rebooted.Basis.ShouldBe(AdjudgedBasis.Receipt);
    }

    [Fact]
    public void A_reboot_while_offline_widens_the_interval_to_the_whole_gap()
    {
        var time = AdjudgedTime.From(Honest with { BootId = OtherBoot, CounterMicros = Minute });
        (time.Earliest, time.Latest).ShouldBe((Contact.At, Honest.ReceivedAt));
        time.Estimate.ShouldBe(Noon + Duration.FromMinutes(30));   // the wall clock and its offset, which nothing contradicts
        time.Basis.ShouldBe(AdjudgedBasis.WallClock);
    }

    [Fact]
    public void A_later_contact_of_the_same_boot_carries_the_time_back()
    {
        // Rebooted offline, captured a minute into the boot, met the server ten minutes into it.
        var next = new ClockContact(Noon + Duration.FromMinutes(100), OtherBoot, 10 * Minute, Duration.Zero, Duration.FromMilliseconds(20));
        var time = AdjudgedTime.From(Honest with { BootId = OtherBoot, CounterMicros = Minute, NextContact = next });
        time.Estimate.ShouldBe(Noon + Duration.FromMinutes(91));
        time.Basis.ShouldBe(AdjudgedBasis.Counter);
        (time.Latest - time.Earliest).ShouldBe(2 * Duration.FromTicks(740_090));   // 20 ms and 54 ms

        // A counter that stops in sleep bounds from above then.
        var phone = AdjudgedTime.From(Honest with { BootId = OtherBoot, CounterMicros = Minute, NextContact = next, CounterStopsInSleep = true });
        (phone.Earliest, phone.Latest).ShouldBe((Contact.At, time.Latest));

        // A contact of yet another boot, or one that came before the capture, says nothing.
        AdjudgedTime.From(Honest with { BootId = OtherBoot, CounterMicros = Minute, NextContact = next with { BootId = Boot } }).Earliest.ShouldBe(Contact.At);
        AdjudgedTime.From(Honest with { BootId = OtherBoot, CounterMicros = Minute, NextContact = next with { CounterMicros = 0 } }).Earliest.ShouldBe(Contact.At);
    }

    [Fact]
    public void Of_two_contacts_the_nearer_one_carries_and_both_bound()
    {
        var next = new ClockContact(Noon + Duration.FromMinutes(31), Boot, 531 * Minute, Duration.Zero, Duration.FromMilliseconds(20));
        var time = AdjudgedTime.From(Honest with { NextContact = next });
        time.Estimate.ShouldBe(Noon + Duration.FromMinutes(30));
        (time.Latest - time.Estimate).ShouldBe(Duration.FromTicks(260_040));   // 20 ms and 6 ms

        // Contacts that contradict each other by more than any crystal: nothing is believed.
        var broken = AdjudgedTime.From(Honest with { NextContact = next with { At = Noon + Duration.FromMinutes(90) } });
        (broken.Earliest, broken.Estimate, broken.Latest).ShouldBe((Contact.At, Honest.ReceivedAt, Honest.ReceivedAt));
    }

    [Fact]
    public void A_promise_is_kept_broken_or_in_doubt_by_the_whole_interval()
    {
        var time = AdjudgedTime.From(Honest);
        time.Judge(time.Latest).ShouldBe(Promptness.OnTime);
        time.Judge(time.Latest - Duration.FromTicks(10)).ShouldBe(Promptness.InDoubt);
        time.Judge(time.Earliest).ShouldBe(Promptness.InDoubt);
        time.Judge(time.Earliest - Duration.FromTicks(10)).ShouldBe(Promptness.Late);
        AdjudgedTime.Exactly(Noon).Judge(Noon).ShouldBe(Promptness.OnTime);
        AdjudgedTime.Exactly(Noon).Judge(Noon - Duration.FromTicks(10)).ShouldBe(Promptness.Late);
    }

    [Fact]
    public void A_second_fact_narrows_what_is_in_doubt_or_contradicts_it()
    {
        var time = AdjudgedTime.From(Honest with { BootId = OtherBoot });
        var promise = Noon + Duration.FromHours(1);
        time.Judge(promise).ShouldBe(Promptness.InDoubt);
        time.NotAfter(Noon + Duration.FromMinutes(50))!.Value.Judge(promise).ShouldBe(Promptness.OnTime);     // scanned at the depot at 12:50
        time.NotBefore(Noon + Duration.FromMinutes(70))!.Value.Judge(promise).ShouldBe(Promptness.Late);
        time.NotBefore(Noon + Duration.FromMinutes(70))!.Value.Estimate.ShouldBe(Noon + Duration.FromMinutes(70));
        time.NotAfter(Noon - Duration.FromMinutes(1)).ShouldBeNull();
        time.NotBefore(Honest.ReceivedAt + Duration.FromMinutes(1)).ShouldBeNull();
    }

    [Fact]
    public void A_counter_that_stops_in_sleep_bounds_only_from_below()
    {
        var phone = Honest with { CounterStopsInSleep = true, CapturedAt = Noon + Duration.FromMinutes(57) };   // slept half an hour of the hour
        var time = AdjudgedTime.From(phone);
        time.Estimate.ShouldBe(Noon + Duration.FromMinutes(60));
        time.Earliest.ShouldBe(AdjudgedTime.From(Honest).Earliest);
        time.Latest.ShouldBe(phone.ReceivedAt);
        // Even a counter that has not moved: the device may have slept since the contact.
        AdjudgedTime.From(phone with { CounterMicros = Contact.CounterMicros }).Latest.ShouldBe(phone.ReceivedAt);
        // A clock that claims less than the counter counted is wrong.
        AdjudgedTime.From(phone with { CapturedAt = Noon }).Estimate.ShouldBe(phone.ReceivedAt);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(499 * Minute)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void A_counter_no_device_has_counts_as_none(long counter)
    {
        var time = AdjudgedTime.From(Honest with { CounterMicros = counter });
        (time.Earliest, time.Latest).ShouldBe((Contact.At, Honest.ReceivedAt));
    }

    [Fact]
    public void Damaged_clocks_and_offsets_are_not_believed_and_break_nothing()
    {
        var rebooted = Honest with { BootId = OtherBoot };
        AdjudgedTime.From(rebooted with { CapturedAt = Instant.MaxValue }).Basis.ShouldBe(AdjudgedBasis.Receipt);
        AdjudgedTime.From(rebooted with { CapturedAt = Instant.MinValue }).Basis.ShouldBe(AdjudgedBasis.Receipt);
        AdjudgedTime.From(rebooted with { LastContact = Contact with { Offset = Duration.MaxValue } }).Basis.ShouldBe(AdjudgedBasis.Receipt);
        AdjudgedTime.From(Honest with { NextContact = Contact with { At = Instant.MaxValue, CounterMicros = Honest.CounterMicros + 1 } }).Estimate.ShouldBe(AdjudgedTime.From(Honest).Estimate);
        AdjudgedTime.From(Honest with { LastContact = Contact with { At = Instant.MaxValue } }).Basis.ShouldBe(AdjudgedBasis.Receipt);
        AdjudgedTime.From(Honest with { LastContact = Contact with { At = Instant.MinValue } }).Latest.ShouldBe(Honest.ReceivedAt);
        var unsure = AdjudgedTime.From(Honest with { LastContact = Contact with { Uncertainty = Duration.MaxValue } });
        (unsure.Earliest, unsure.Latest).ShouldBe((Contact.At, Honest.ReceivedAt));
    }

    [Fact]
    public void A_receipt_before_the_contact_leaves_no_gap()
    {
        var time = AdjudgedTime.From(Honest with { ReceivedAt = Contact.At - Duration.FromSeconds(1) });
        (time.Earliest, time.Estimate, time.Latest).ShouldBe((Contact.At, Contact.At, Contact.At));
    }

    [Fact]
    public void The_interval_always_lies_within_last_contact_and_receipt_and_holds_its_estimate() => Seeded.Holds(Evidence, evidence =>
    {
        var time = AdjudgedTime.From(evidence);
        return time.Earliest >= evidence.LastContact.At && time.Latest <= evidence.ReceivedAt && time.Earliest <= time.Estimate && time.Estimate <= time.Latest
            && new[] { time.Earliest, time.Estimate, time.Latest }.All(each => each.ToMicros() == each);
    });

    [Fact]
    public void Staying_offline_earns_nothing() => Seeded.Holds(Gen.Zip(Evidence, Seeded.Longs(0, 72 * 60 * Minute)), given =>
    {
        var (evidence, longer) = given;
        var early = AdjudgedTime.From(evidence);
        var late = AdjudgedTime.From(evidence with { ReceivedAt = evidence.ReceivedAt + Duration.FromTicks(longer * 10) });
        return late.Earliest >= early.Earliest && late.Latest >= early.Latest && late.Estimate >= early.Estimate;
    });

    [Fact]
    public void No_wall_clock_makes_a_kept_promise_of_a_broken_one() => Seeded.Holds(Gen.Zip(Evidence, Seeded.Longs(-48 * 60 * Minute, 48 * 60 * Minute)), given =>
    {
        var (evidence, shift) = given;
        var honest = AdjudgedTime.From(evidence);
        var shifted = AdjudgedTime.From(evidence with { CapturedAt = evidence.CapturedAt + Duration.FromTicks(shift * 10) });
        return shifted.Earliest == honest.Earliest && shifted.Latest == honest.Latest;
    });

    [Fact]
    public void Arrival_order_changes_nothing() => Seeded.Holds(
        (from counted in Seeded.Longs(0, 72 * 60 * Minute) from waited in Seeded.Longs(0, 72 * 60 * Minute) select (Counted: counted, Waited: waited)).ArrayOf(8),
        captures =>
        {
            // Captures of one boot, each received when it happened to come through: their order is that of the counter, not of the receipts.
            ClockEvidence Evidence(long counted, long waited) =>
                new(Noon, Boot, Contact.CounterMicros + counted, Contact, Contact.At + Duration.FromTicks((counted + waited) * 10));

            var byReceipt = captures.OrderBy(capture => capture.Counted + capture.Waited).Select(capture => (capture.Counted, Time: AdjudgedTime.From(Evidence(capture.Counted, capture.Waited))));
            var byEstimate = byReceipt.OrderBy(capture => capture.Time.Estimate).Select(capture => capture.Counted);
            return byEstimate.SequenceEqual(captures.Select(capture => capture.Counted).Order());
        }, tests: 300);

    [Fact]
    public void The_truth_lies_in_the_interval_whatever_the_crystal_within_its_tolerance() => Seeded.Holds(
        from elapsed in Seeded.Longs(0, 72L * 60 * Minute)
        from waited in Seeded.Longs(0, 72L * 60 * Minute)
        from ppm in Seeded.Ints(-AdjudgedTime.DriftMaxPpm, AdjudgedTime.DriftMaxPpm)
        from error in Seeded.Ints(-20_000, 20_000)
        from met in Gen.Elements(true, false)
        select (elapsed, waited, ppm, error, met),
        given =>
        {
            var truth = Contact.At + Duration.FromTicks(given.elapsed * 10);
            var counted = given.elapsed + (given.elapsed * given.ppm / 1_000_000) + given.error;
            if (counted < 0) return true;
            var received = truth + Duration.FromTicks(given.waited * 10);
            var next = new ClockContact(received, Boot, Contact.CounterMicros + counted + given.waited + (given.waited * given.ppm / 1_000_000), Duration.Zero, Duration.FromMilliseconds(20));
            var evidence = new ClockEvidence(Noon, Boot, Contact.CounterMicros + counted, Contact, received, given.met ? next : null);
            var time = AdjudgedTime.From(evidence);
            return time.Earliest <= truth && truth <= time.Latest;
        });

    /// <summary>Seed 1104807796721625564: the tolerance is of the true time, not of the counted, and over a day that matters by a millisecond.</summary>
    [Fact]
    public void A_crystal_at_its_limit_over_a_day_still_holds_the_truth()
    {
        const long elapsed = 98_765_562_556;
        var counted = elapsed + (elapsed * -100 / 1_000_000) - 19_123;
        var truth = Contact.At + Duration.FromTicks(elapsed * 10);
        var time = AdjudgedTime.From(new ClockEvidence(Noon, Boot, Contact.CounterMicros + counted, Contact, truth + Duration.FromHours(6)));
        time.Latest.ShouldBeGreaterThanOrEqualTo(truth);
    }

    private static Gen<ClockEvidence> Evidence =>
        from contactCounter in Seeded.Longs(0, 1_000_000 * Minute)
        from counted in Seeded.Longs(-10 * Minute, 80 * 60 * Minute)
        from clock in Seeded.Longs(-48 * 60 * Minute, 120 * 60 * Minute)
        from offset in Seeded.Longs(-30 * 60 * Minute, 30 * 60 * Minute)
        from uncertainty in Seeded.Longs(0, Minute)
        from gap in Seeded.Longs(0, 72 * 60 * Minute)
        from sameBoot in Gen.Elements(true, true, false)
        from sleeps in Gen.Elements(true, false)
        from next in Gen.Elements(true, false)
        from until in Seeded.Longs(-Minute, 72 * 60 * Minute)
        select new ClockEvidence(
            Noon + Duration.FromTicks(clock * 10), sameBoot ? Boot : OtherBoot, contactCounter + counted,
            new ClockContact(Noon, Boot, contactCounter, Duration.FromTicks(offset * 10), Duration.FromTicks(uncertainty * 10)),
            Noon + Duration.FromTicks(gap * 10),
            next ? new ClockContact(Noon + Duration.FromTicks((counted + until) * 10), sameBoot ? Boot : OtherBoot, contactCounter + counted + until, Duration.Zero, Duration.Zero) : null,
            sleeps);
}
