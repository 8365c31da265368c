using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Dispatch.Vehicles;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Handovers;

namespace KeyAccountLogistics.Dispatch.Sheets;

/// <summary>Why a run sheet is not released or not closed; a closed set.</summary>
internal enum SheetRefusalReason
{
    /// <summary>It has been released already.</summary>
    AlreadyReleased = 1,

    /// <summary>No passed check of the vehicle today (SEED-03-EBIKE).</summary>
    VehicleNotChecked = 2,

    /// <summary>The check found something wrong.</summary>
    VehicleCheckFailed = 3,

    /// <summary>Somebody else checked the vehicle.</summary>
    VehicleOfAnother = 4,

    /// <summary>The handover is not this sheet's.</summary>
    AnotherHandover = 5,

    /// <summary>Not both have signed.</summary>
    NotSigned = 6,

    /// <summary>The handover's parcels are not the sheet's.</summary>
    CountsDiffer = 7,

    /// <summary>The handover's money is not the sheet's.</summary>
    MoneyDiffers = 8,

    /// <summary>Not released, so not to be closed.</summary>
    NotReleased = 9,

    /// <summary>Closed already.</summary>
    AlreadyClosed = 10,

    /// <summary>Of a parcel nobody has said what became of it.</summary>
    Unaccounted = 11,

    /// <summary>An attempt without a reason or without an action.</summary>
    AttemptWithoutReason = 12,

    /// <summary>Not delivered, and not back.</summary>
    NotBack = 13,

    /// <summary>The cash has not been counted.</summary>
    CashNotCounted = 14,

    /// <summary>No parcels.</summary>
    Empty = 15,

    /// <summary>A parcel twice, or amounts in two currencies.</summary>
    Malformed = 16,
}

/// <summary>A refusal, the parcels it is about, and its figures.</summary>
internal sealed record SheetRefusal(SheetRefusalReason Why, ImmutableArray<string> Parcels, params (string Name, string Value)[] Figures);

/// <summary>The money of a close: what the sheet's deliveries should have brought, and what was counted. A variance does not keep the sheet open: it is a fact of its own.</summary>
internal readonly record struct CashAtClose(bool Counted, long ExpectedMinor, long FoundMinor)
{
    internal long Variance => FoundMinor - ExpectedMinor;
}

/// <summary>When a run sheet may go out, and when its day is over. Pure; null means yes.</summary>
internal static class SheetRules
{
    internal static SheetRefusal? WhyNotMade(RunSheet sheet)
    {
        if (sheet.Lines.IsEmpty) return Refuse(SheetRefusalReason.Empty);
        var twice = sheet.Lines.GroupBy(l => l.Parcel, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).Order(StringComparer.Ordinal).ToImmutableArray();
        if (!twice.IsEmpty) return new SheetRefusal(SheetRefusalReason.Malformed, twice);
        var currencies = sheet.Lines.Where(l => l.CodMinor != 0 || l.FreightCollectMinor != 0).Select(l => l.Currency).Distinct(StringComparer.Ordinal).ToList();
        return currencies.Count > 1 || currencies.Exists(c => !Kernel.Money.IsCurrency(c)) ? new SheetRefusal(SheetRefusalReason.Malformed, [], ("currencies", string.Join(' ', currencies))) : null;
    }

    /// <summary>Released only when vehicle check, counts and money agree and both have signed; what stays behind by the handover is not on the courier's sheet any more.</summary>
    internal static SheetRefusal? WhyNotReleased(RunSheet sheet, HandoverState? handover, (VehicleStanding Standing, ImmutableArray<CheckGroup> Failed) vehicle, bool isReleased)
    {
        if (isReleased) return Refuse(SheetRefusalReason.AlreadyReleased);
        if (WhyNotThatVehicle(vehicle) is { } unfit) return unfit;
        if (handover is null || !string.Equals(handover.Opened.RunSheet, sheet.Number, StringComparison.Ordinal) || handover.Opened.Kind is not HandoverKind.DepotToCourier
            || !string.Equals(handover.Opened.Receiver.Id, sheet.Courier, StringComparison.Ordinal) || !string.Equals(handover.Opened.Giver.Id, sheet.Depot, StringComparison.Ordinal))
        {
            return Refuse(SheetRefusalReason.AnotherHandover);
        }
        if (handover.Phase is not HandoverPhase.Confirmed) return Refuse(SheetRefusalReason.NotSigned, ("phase", ReasonCode.Of(handover.Phase)));
        var listed = sheet.Lines.Select(l => l.Parcel).ToHashSet(StringComparer.Ordinal);
        var apart = listed.Except(handover.ExpectedByCode.Keys, StringComparer.Ordinal).Concat(handover.ExpectedByCode.Keys.Except(listed, StringComparer.Ordinal)).Order(StringComparer.Ordinal).ToImmutableArray();
        if (!apart.IsEmpty) return new SheetRefusal(SheetRefusalReason.CountsDiffer, apart);
        var wrong = sheet.Lines.Where(l => handover.ExpectedByCode[l.Parcel] is var e && (e.CodMinor, e.FreightCollectMinor, e.Currency) != (l.CodMinor, l.FreightCollectMinor, l.Currency))
            .Select(l => l.Parcel).Order(StringComparer.Ordinal).ToImmutableArray();
        return wrong.IsEmpty ? null : new SheetRefusal(SheetRefusalReason.MoneyDiffers, wrong, ("sheet_cod_minor", Text(sheet.Totals.CodMinor)), ("handover_cod_minor", Text(handover.Totals.CodMinor)));
    }

    /// <summary>The parcels that went out with the courier: those of the sheet that the handover moved.</summary>
    internal static ImmutableArray<SheetLine> WentOut(RunSheet sheet, HandoverState handover)
    {
        var moved = handover.Outcome?.Moves.Select(m => m.Parcel).ToHashSet(StringComparer.Ordinal) ?? [];
        return [.. sheet.Lines.Where(l => moved.Contains(l.Parcel))];
    }

    /// <summary>In the evening every parcel that went out is accounted for, and the cash is counted; how much was counted is not asked here.</summary>
    internal static SheetRefusal? WhyNotClosed(IReadOnlyCollection<SheetLine> wentOut, IReadOnlyDictionary<string, LineOutcome> outcomes, CashAtClose cash, bool isReleased, bool isClosed)
    {
        if (!isReleased) return Refuse(SheetRefusalReason.NotReleased);
        if (isClosed) return Refuse(SheetRefusalReason.AlreadyClosed);
        var ends = wentOut.Select(l => outcomes.GetValueOrDefault(l.Parcel) ?? new LineOutcome(l.Parcel, null)).OrderBy(o => o.Parcel, StringComparer.Ordinal).ToList();
        if (Those(ends, o => o.End is null) is { IsEmpty: false } open) return new SheetRefusal(SheetRefusalReason.Unaccounted, open);
        if (Those(ends, o => o.End is LineEnd.Attempted && (o.Reason.Length == 0 || o.Action.Length == 0)) is { IsEmpty: false } silent) return new SheetRefusal(SheetRefusalReason.AttemptWithoutReason, silent);
        if (Those(ends, o => o.End is LineEnd.Attempted or LineEnd.Returned or LineEnd.Held && !o.BackAtDepot) is { IsEmpty: false } away) return new SheetRefusal(SheetRefusalReason.NotBack, away);
        return cash.Counted || cash.ExpectedMinor == 0 ? null : Refuse(SheetRefusalReason.CashNotCounted, ("expected_minor", Text(cash.ExpectedMinor)));
    }

    private static SheetRefusal? WhyNotThatVehicle((VehicleStanding Standing, ImmutableArray<CheckGroup> Failed) vehicle) => vehicle.Standing switch
    {
        VehicleStanding.Good => null,
        VehicleStanding.NotChecked => Refuse(SheetRefusalReason.VehicleNotChecked),
        VehicleStanding.Failed => Refuse(SheetRefusalReason.VehicleCheckFailed, ("failed", string.Join(' ', vehicle.Failed.Select(g => ReasonCode.Of(g))))),
        _ => Refuse(SheetRefusalReason.VehicleOfAnother),
    };

    private static ImmutableArray<string> Those(IEnumerable<LineOutcome> ends, Func<LineOutcome, bool> which) => [.. ends.Where(which).Select(o => o.Parcel)];

    private static SheetRefusal Refuse(SheetRefusalReason why, params (string Name, string Value)[] figures) => new(why, [], figures);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
