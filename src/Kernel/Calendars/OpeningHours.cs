using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>A span of local time in one day. <paramref name="Closes"/> 00:00 is the end of the day; a night shift is two windows on two days.</summary>
public readonly record struct OpeningWindow(LocalTime Opens, LocalTime Closes);

/// <summary>When work is done on a working day and on another one. As opposed to a cut-off, which says until when what comes in counts for the day. Immutable.</summary>
public sealed class OpeningHours
{
    private OpeningHours(OpeningWindow[] workingDay, OpeningWindow[] otherDay) => (WorkingDay, OtherDay) = (workingDay, otherDay);

    /// <summary>Day and night, every day.</summary>
    public static OpeningHours AroundTheClock { get; } =
        new([new OpeningWindow(LocalTime.Midnight, LocalTime.Midnight)], [new OpeningWindow(LocalTime.Midnight, LocalTime.Midnight)]);

    /// <summary>The windows of a working day, ascending; at least one.</summary>
    public IReadOnlyList<OpeningWindow> WorkingDay { get; }

    /// <summary>The windows of a weekend day or holiday, ascending; may be none.</summary>
    public IReadOnlyList<OpeningWindow> OtherDay { get; }

    /// <summary>True when it makes no difference whether a day is worked.</summary>
    internal bool IsSameEveryDay => WorkingDay.SequenceEqual(OtherDay);

    /// <summary>One window on working days, none on others.</summary>
    public static OpeningHours On(LocalTime opens, LocalTime closes) => Of([new OpeningWindow(opens, closes)], []);

    /// <summary>
    /// From windows in ascending order that do not overlap, at least one on a working day; anything else throws <see cref="ArgumentException"/>: it is configuration.
    /// </summary>
    public static OpeningHours Of(IEnumerable<OpeningWindow> workingDay, IEnumerable<OpeningWindow> otherDay)
    {
        OpeningWindow[] working = [.. workingDay];
        OpeningWindow[] other = [.. otherDay];
        if (working.Length == 0) throw new ArgumentException("A working day needs an opening window.", nameof(workingDay));
        Check(working, nameof(workingDay));
        Check(other, nameof(otherDay));
        return new OpeningHours(working, other);
    }

    private static void Check(OpeningWindow[] windows, string name)
    {
        for (var i = 0; i < windows.Length; i++)
        {
            var closesAtMidnight = windows[i].Closes == LocalTime.Midnight;
            if (!closesAtMidnight && windows[i].Closes <= windows[i].Opens) throw new ArgumentException($"A window closes after it opens: {windows[i]}.", name);
            if (closesAtMidnight && i < windows.Length - 1) throw new ArgumentException("Nothing opens after the end of the day.", name);
            if (i > 0 && windows[i].Opens < windows[i - 1].Closes) throw new ArgumentException($"Windows are ascending and apart: {windows[i]}.", name);
        }
    }
}
