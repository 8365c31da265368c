using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Scales;

/// <summary>May a scale's weights be believed today? As opposed to its verification, which the law sets, and to its line, which its session watches.</summary>
public enum ScaleStanding
{
    /// <summary>Believed.</summary>
    Trusted = 1,

    /// <summary>The day's check with test weights was not done, or has been asked for anew.</summary>
    CheckMissed = 2,

    /// <summary>The last check with test weights failed.</summary>
    CheckFailed = 3,

    /// <summary>Other scales weigh the same parcels otherwise, beyond its limit.</summary>
    Quarantined = 4,
}

/// <summary>The last check of a scale with test weights.</summary>
/// <param name="At">When it ended, in the depot's local time.</param>
/// <param name="Passed">True when every test weight was shown within the limit.</param>
public sealed record LastScaleCheck(LocalDateTime At, bool Passed);

/// <summary>What stands against a scale on the backend's side.</summary>
/// <param name="Quarantined">True while it is in quarantine.</param>
/// <param name="CheckAskedAt">A check that ended before this moment no longer counts (it disagrees with another scale, and which of the two errs is not known); null when none was asked for.</param>
public sealed record ScaleDoubts(bool Quarantined, LocalDateTime? CheckAskedAt)
{
    /// <summary>Nothing stands against it.</summary>
    public static ScaleDoubts None { get; } = new(false, null);
}

/// <summary>The rule of a scale's standing. Pure.</summary>
public static class JudgeStanding
{
    /// <summary>
    /// The standing at a local moment. From <see cref="DailyCheckRule.By"/> on, a check of the same day must have passed; before it the previous day's still counts. A failed
    /// check bars the scale until one passes, whatever the day. Without a rule no daily check is due; one that was asked for is due all the same.
    /// </summary>
    public static ScaleStanding Of(DailyCheckRule? rule, LastScaleCheck? last, ScaleDoubts doubts, LocalDateTime now)
    {
        ArgumentNullException.ThrowIfNull(doubts);
        if (doubts.Quarantined) return ScaleStanding.Quarantined;
        if (last is { Passed: false }) return ScaleStanding.CheckFailed;
        if (doubts.CheckAskedAt is { } asked && (last is null || last.At <= asked)) return ScaleStanding.CheckMissed;
        if (rule is null) return ScaleStanding.Trusted;
        var due = now.TimeOfDay < rule.By ? now.Date.PlusDays(-1) : now.Date;
        return last is not null && last.At.Date >= due ? ScaleStanding.Trusted : ScaleStanding.CheckMissed;
    }

    /// <summary>Why a reading of such a scale gets no verdict; null when it may.</summary>
    public static NoVerdictReason? WhyNot(ScaleStanding standing) => standing switch
    {
        ScaleStanding.Trusted => null,
        ScaleStanding.CheckMissed => NoVerdictReason.CheckMissed,
        ScaleStanding.CheckFailed => NoVerdictReason.CheckFailed,
        ScaleStanding.Quarantined => NoVerdictReason.ScaleQuarantined,
        _ => throw new Kernel.InvariantBrokenException("A scale stands in one of four ways.", standing.ToString()),
    };

    /// <summary>The standing that a recorded verdict was given under.</summary>
    public static ScaleStanding Behind(NoVerdictReason? why) => why switch
    {
        NoVerdictReason.CheckMissed => ScaleStanding.CheckMissed,
        NoVerdictReason.CheckFailed => ScaleStanding.CheckFailed,
        NoVerdictReason.ScaleQuarantined => ScaleStanding.Quarantined,
        _ => ScaleStanding.Trusted,
    };
}
