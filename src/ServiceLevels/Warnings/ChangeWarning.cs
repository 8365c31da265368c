using KeyAccountLogistics.ServiceLevels.Figures;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>What of an account may change.</summary>
internal enum AccountChangeKind
{
    /// <summary>Whom we speak with.</summary>
    Contact = 1,

    /// <summary>Whose it is.</summary>
    Ownership = 2,

    /// <summary>Where it ships from.</summary>
    Address = 3,
}

/// <summary>A change of an account.</summary>
/// <param name="Id">Its event.</param>
/// <param name="Kind">What changed.</param>
/// <param name="On">When.</param>
/// <param name="NotedOn">When the account's owner said that he took note; null while he did not.</param>
internal sealed record AccountChange(string Id, AccountChangeKind Kind, LocalDate On, LocalDate? NotedOn);

/// <summary>When change warns. Parts of the volume before; a change of owner acts at once.</summary>
internal sealed record ChangeThresholds(decimal WatchVolume = 0.3m, decimal ActVolume = 0.5m, int ActDays = 7);

/// <summary>变故预警: changes of contact, ownership and address nobody took note of, and of volume (SEED-04-WARN4).</summary>
internal static class ChangeWarning
{
    /// <summary>Weeks of four: the same weekdays on both sides.</summary>
    internal const int WindowDays = 28;

    /// <summary>Changes up to today without a note; noted, they warn no more.</summary>
    internal static WarningAnswer Changes(IReadOnlyList<AccountChange> changes, LocalDate today, ChangeThresholds thresholds)
    {
        var open = changes.Where(c => c.NotedOn is null && c.On <= today).OrderBy(c => c.On).ThenBy(c => c.Id, StringComparer.Ordinal).ToList();
        WarningFigure[] evidence = [new("changes", changes.Count), new("not_noted", open.Count)];
        if (open.Count == 0) return new WarningAnswer.Clear(WarningFamily.Change, [.. evidence]);
        var days = Period.DaysBetween(open[0].On, today);
        var act = days >= thresholds.ActDays || open.Any(c => c.Kind is AccountChangeKind.Ownership);
        return new WarningAnswer.Raised(WarningFamily.Change, WarningReason.AccountChanged, act ? WarningLevel.Act : WarningLevel.Watch, [.. evidence, new("longest_days", days)], [.. open.Select(c => c.Id)]);
    }

    /// <summary>Volume of the last 28 days against the 28 before, up or down: half the parcels gone is a client leaving, twice as many a depot overrun.</summary>
    /// <param name="last">Parcels of the last 28 days.</param>
    /// <param name="before">Parcels of the 28 days before; with none there is nothing to compare with.</param>
    /// <param name="thresholds">When it warns.</param>
    internal static WarningAnswer Volume(long last, long before, ChangeThresholds thresholds)
    {
        Invariant.Holds(last >= 0 && before >= 0, "Parcels are counted from 0.");
        if (before == 0) return new WarningAnswer.Unknown(WarningFamily.Change, "before");
        var change = Fraction.Of(last, before) - 1;
        var size = change.Sign < 0 ? -change : change;
        WarningFigure[] evidence = [new("last", last), new("before", before), WarningFigure.Of("change", change)];
        if (size < thresholds.WatchVolume) return new WarningAnswer.Clear(WarningFamily.Change, [.. evidence]);
        return new WarningAnswer.Raised(WarningFamily.Change, WarningReason.VolumeChanged, size >= thresholds.ActVolume ? WarningLevel.Act : WarningLevel.Watch, [.. evidence], []);
    }
}
