using KeyAccountLogistics.ServiceLevels.Figures;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>A step of an account's plan.</summary>
/// <param name="Name">Which.</param>
/// <param name="Due">Its last day in time.</param>
/// <param name="Done">The day it was done; null while it is not.</param>
internal sealed record PlanStep(string Name, LocalDate Due, LocalDate? Done);

/// <summary>When progress warns: parts by which volume may be behind, days by which a step may be late.</summary>
internal sealed record ProgressThresholds(decimal WatchBehind = 0.1m, decimal ActBehind = 0.25m, int ActDaysLate = 7);

/// <summary>进度预警: volume or plan behind schedule (SEED-04-WARN4).</summary>
internal static class ProgressWarning
{
    /// <param name="committed">Volume committed for the period, above 0.</param>
    /// <param name="soFar">Volume so far.</param>
    /// <param name="daysOver">Days of the period that are over; the caller counts working days where volume does.</param>
    /// <param name="days">Days of the period, at least 1.</param>
    /// <param name="thresholds">When it warns.</param>
    internal static WarningAnswer Volume(long committed, long soFar, int daysOver, int days, ProgressThresholds thresholds)
    {
        Invariant.Holds(committed > 0 && soFar >= 0 && daysOver >= 0 && daysOver <= days && days > 0, "A period has days, of which some are over.");
        if (daysOver == 0) return new WarningAnswer.Unknown(WarningFamily.Progress, "days_over");
        var expected = Fraction.Of((Fraction)committed * daysOver, days);
        var behind = 1 - soFar / expected;
        WarningFigure[] evidence =
        [
            new("committed", committed), new("so_far", soFar), WarningFigure.Of("expected", expected), WarningFigure.Of("behind", behind), WarningFigure.Of("at_this_pace", Fraction.Of((Fraction)soFar * days, daysOver)),
        ];
        if (behind < thresholds.WatchBehind) return new WarningAnswer.Clear(WarningFamily.Progress, [.. evidence]);
        return new WarningAnswer.Raised(WarningFamily.Progress, WarningReason.VolumeBehind, behind >= thresholds.ActBehind ? WarningLevel.Act : WarningLevel.Watch, [.. evidence], []);
    }

    /// <summary>Steps past their day; done, however late, they warn no more.</summary>
    internal static WarningAnswer Steps(IReadOnlyList<PlanStep> steps, LocalDate today, ProgressThresholds thresholds)
    {
        var late = steps.Where(s => s.Done is null && s.Due < today).OrderBy(s => s.Due).ThenBy(s => s.Name, StringComparer.Ordinal).ToList();
        WarningFigure[] evidence = [new("steps", steps.Count), new("done", steps.Count(s => s.Done is not null)), new("late", late.Count)];
        if (late.Count == 0) return new WarningAnswer.Clear(WarningFamily.Progress, [.. evidence]);
        var days = Period.DaysBetween(late[0].Due, today);
        return new WarningAnswer.Raised(
            WarningFamily.Progress, WarningReason.StepsLate, days >= thresholds.ActDaysLate ? WarningLevel.Act : WarningLevel.Watch, [.. evidence, new("longest_days", days)], [.. late.Select(s => s.Name)]);
    }
}
