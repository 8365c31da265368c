using NodaTime;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>
/// How wrong passwords lock a sign-in name: the fifth one for a minute, each further one for twice as long, up to an hour; forgotten a day after the
/// last. It counts names, not people, so that an unknown name answers as a known one does. Each attempt is counted before the password is looked at and
/// taken back when it was right, so that many attempts at once get no more than five guesses.
/// </summary>
internal readonly record struct Lockout(int Failures, Instant LastAttemptAt, Instant? LockedUntil)
{
    internal const int FailuresBeforeLock = 5;
    internal static readonly Duration DelayFirst = Duration.FromMinutes(1);
    internal static readonly Duration DelayMax = Duration.FromHours(1);
    internal static readonly Duration ForgottenAfter = Duration.FromDays(1);

    internal static Lockout None => default;

    internal bool IsLocked(Instant now) => LockedUntil is { } until && now < until;

    /// <summary>The state with one more attempt counted as wrong; only asked when not locked.</summary>
    internal Lockout CountAttempt(Instant now)
    {
        var failures = now - LastAttemptAt > ForgottenAfter ? 1 : Math.Min(Failures + 1, 1_000);
        return new Lockout(failures, now, failures < FailuresBeforeLock ? null : now + DelayAfter(failures));
    }

    internal static Duration DelayAfter(int failures)
    {
        var doublings = Math.Clamp(failures - FailuresBeforeLock, 0, 6);
        return Duration.Min(DelayFirst * (1 << doublings), DelayMax);
    }
}
