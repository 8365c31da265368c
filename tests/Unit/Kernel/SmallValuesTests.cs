using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class DimensionsTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 1, 10_001)]
    public void A_side_outside_1_mm_to_10_m_is_no_measurement(int length, int width, int height) => Dimensions.TryFromMillimetres(length, width, height).ShouldBeNull();

    [Fact]
    public void The_volume_of_the_largest_parcel_is_exact()
    {
        Dimensions.TryFromMillimetres(10_000, 10_000, 10_000)!.Value.CubicMillimetres.ShouldBe(1_000_000_000_000);
        Dimensions.TryFromMillimetres(400, 300, 200).ToString().ShouldBe("400×300×200 mm");
    }
}

public sealed class OutcomeTests
{
    [Fact]
    public void An_outcome_is_a_value_or_a_fault()
    {
        Outcome<int> ok = 5;
        Outcome<int> failed = new Fault.Invalid("mass.grams", "mass.negative", "A parcel weighs more than nothing.");
        ok.Match(value => value, _ => -1).ShouldBe(5);
        failed.Match(_ => "", fault => fault.Code).ShouldBe("mass.negative");
        failed.Fault.ShouldBeOfType<Fault.Invalid>().Field.ShouldBe("mass.grams");
        Should.Throw<InvalidOperationException>(() => failed.Value).Message.ShouldContain("mass.negative");
        Should.Throw<InvalidOperationException>(() => ok.Fault);
        Should.Throw<ArgumentNullException>(() => Outcome<int>.Failed(null!));
    }

    [Fact]
    public void An_outcome_nobody_set_is_neither() => Should.Throw<InvalidOperationException>(() => default(Outcome<int>).IsOk);

    [Fact]
    public void A_broken_invariant_names_its_rule_and_expression()
    {
        var count = 3;
        Should.Throw<InvariantBrokenException>(() => Invariant.Holds(count == 2, "A handover has two parties.")).Message
            .ShouldBe("Invariant broken: A handover has two parties. (count == 2)");
        Invariant.Holds(count == 3, "three");
    }
}

public sealed class ClockTests
{
    [Fact]
    public void Microseconds_are_floored_on_both_sides_of_1970()
    {
        Instant.FromUnixTimeTicks(15).ToUnixMicros().ShouldBe(1);
        Instant.FromUnixTimeTicks(-15).ToUnixMicros().ShouldBe(-2);
        Instant.FromUnixTimeTicks(-1).ToUnixMicros().ShouldBe(-1);
        Instant.FromUnixTimeTicks(-10).ToUnixMicros().ShouldBe(-1);
    }

    [Fact]
    public void Whole_microseconds_come_back_exactly() => Seeded.Holds(
        Seeded.Longs(-60_000_000_000_000_000, 250_000_000_000_000_000), micros => Clock.FromUnixMicros(micros).ToUnixMicros() == micros && Clock.FromUnixMicros(micros).ToMicros() == Clock.FromUnixMicros(micros));

    [Fact]
    public void Now_is_the_injected_clock_floored()
    {
        var time = new StoppedClock(new DateTimeOffset(2026, 10, 12, 1, 2, 3, TimeSpan.Zero).AddTicks(19));
        time.Now().ShouldBe(Instant.FromUtc(2026, 10, 12, 1, 2, 3).PlusTicks(10));
    }

    [Fact]
    public void Minted_ids_ascend_with_the_clock_and_are_version_7()
    {
        var early = new RandomIds(new StoppedClock(DateTimeOffset.UnixEpoch.AddYears(50))).New();
        var late = new RandomIds(new StoppedClock(DateTimeOffset.UnixEpoch.AddYears(50).AddMilliseconds(1))).New();
        early.Version.ShouldBe(7);
        string.CompareOrdinal(early.ToString(), late.ToString()).ShouldBeLessThan(0);
    }

    [Fact]
    public void A_named_id_is_the_same_for_ever_and_differs_by_space_and_name()
    {
        var id = NamedId.From("olist", "e481f51cbdc54678b7cc49136f2d6af7");
        id.ToString().ShouldBe(NamedId.From("olist", "e481f51cbdc54678b7cc49136f2d6af7").ToString());
        id.Version.ShouldBe(8);
        (id.Variant is >= 8 and <= 11).ShouldBeTrue();
        NamedId.From("olist", "e481f51cbdc54678b7cc49136f2d6af8").ShouldNotBe(id);
        NamedId.From("olis", "te481f51cbdc54678b7cc49136f2d6af7").ShouldNotBe(id);
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
