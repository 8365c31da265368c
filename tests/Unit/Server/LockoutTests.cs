using KeyAccountLogistics.Server.SignIn;
using NodaTime;

namespace KeyAccountLogistics.Unit.Server;

public sealed class LockoutTests
{
    private static readonly Instant Morning = Instant.FromUtc(2026, 3, 2, 8, 0);

    [Fact]
    public void The_fifth_wrong_password_locks_for_a_minute()
    {
        var state = Attempts(4);
        state.IsLocked(Morning).ShouldBeFalse();
        state = state.CountAttempt(Morning);
        state.IsLocked(Morning).ShouldBeTrue();
        state.IsLocked(Morning + Duration.FromSeconds(59)).ShouldBeTrue();
        state.IsLocked(Morning + Duration.FromSeconds(60)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(7, 4)]
    [InlineData(10, 32)]
    [InlineData(11, 60)]
    [InlineData(1_000, 60)]
    public void The_delay_doubles_up_to_an_hour(int failures, int minutes) => Lockout.DelayAfter(failures).ShouldBe(Duration.FromMinutes(minutes));

    [Fact]
    public void A_day_of_peace_is_forgotten()
    {
        var state = Attempts(9).CountAttempt(Morning + Duration.FromDays(1) + Duration.FromTicks(10));
        state.Failures.ShouldBe(1);
        state.LockedUntil.ShouldBeNull();
    }

    private static Lockout Attempts(int count) => Enumerable.Range(0, count).Aggregate(Lockout.None, (state, _) => state.CountAttempt(Morning));
}
