using System.Collections.Immutable;

namespace KeyAccountLogistics.ServiceLevels.Sqi;

/// <summary>
/// A set of weights of the service quality index under a code and a version. Published weights differ by source and year (domain.md 2.1), so they are data: a contract version
/// names its profile, and another profile or version begins a new series.
/// </summary>
/// <param name="Code">A, B, C, or one of the installation's own.</param>
/// <param name="Version">From 1.</param>
/// <param name="NameEn">What it is.</param>
/// <param name="NameZh">The same in Chinese.</param>
/// <param name="Verified">True when a source for the weights was read; else people are told that they are not verified.</param>
/// <param name="Weights">Points of one failure by component, above 0; a component that is not named has no weight.</param>
internal sealed record SqiProfile(string Code, int Version, string NameEn, string NameZh, bool Verified, ImmutableSortedDictionary<string, decimal> Weights)
{
    /// <summary>After the twelve indicators tracked daily (SEED-03-SQI12), in the order of domain.md 2.1. The default, because the seed says twelve.</summary>
    internal static SqiProfile A { get; } = new("A", 1, "after FedEx, 12 components, unverified weights", "参照联邦快递十二项，权重未经核实", false, Of(
        (SqiComponents.Lost, 10), (SqiComponents.Damaged, 10), (SqiComponents.MissedPickup, 10), (SqiComponents.WrongDayLate, 5), (SqiComponents.ComplaintsReopened, 5), (SqiComponents.Overgoods, 5),
        (SqiComponents.LinehaulDelay, 5), (SqiComponents.RightDayLate, 1), (SqiComponents.Traces, 1), (SqiComponents.MissingPod, 1), (SqiComponents.InvoiceAdjustment, 1), (SqiComponents.AbandonedCalls, 1)));

    /// <summary>The textbook table of ten components.</summary>
    internal static SqiProfile B { get; } = new("B", 1, "after a textbook, 10 components", "参照教科书十项", true, Of(
        (SqiComponents.ComplaintsReopened, 3), (SqiComponents.Damaged, 10), (SqiComponents.International, 1), (SqiComponents.InvoiceAdjustment, 1), (SqiComponents.LatePickup, 3), (SqiComponents.Lost, 10),
        (SqiComponents.MissingPod, 1), (SqiComponents.RightDayLate, 1), (SqiComponents.Traces, 3), (SqiComponents.WrongDayLate, 5)));

    /// <summary>Another exercise, of nine components.</summary>
    internal static SqiProfile C { get; } = new("C", 1, "after an exercise, 9 components", "参照习题九项", true, Of(
        (SqiComponents.Lost, 50), (SqiComponents.Damaged, 30), (SqiComponents.ComplaintsUnresolved, 10), (SqiComponents.WrongDayLate, 10), (SqiComponents.InvoiceAdjustment, 3), (SqiComponents.Traces, 3),
        (SqiComponents.LatePickup, 3), (SqiComponents.MissingPod, 1), (SqiComponents.RightDayLate, 1)));

    /// <summary>Those that the product brings, the default first.</summary>
    internal static ImmutableArray<SqiProfile> Known { get; } = [A, B, C];

    /// <summary>What a series is kept under: figures of different keys are never added.</summary>
    internal string Key => FormattableString.Invariant($"{Code}/{Version}");

    private static ImmutableSortedDictionary<string, decimal> Of(params ReadOnlySpan<(string Component, decimal Weight)> weights)
    {
        var of = ImmutableSortedDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        foreach (var (component, weight) in weights) of.Add(component, weight);
        return of.ToImmutable();
    }
}

/// <summary>What counts as one failure (domain.md 2.3). Words, not an enumeration: an installation's own profile may have components of its own.</summary>
internal static class SqiComponents
{
    /// <summary>First valid attempt after the promised time on the promised date; per parcel.</summary>
    internal const string RightDayLate = "right_day_late";

    /// <summary>First valid attempt on a later date; per parcel, in place of <see cref="RightDayLate"/>.</summary>
    internal const string WrongDayLate = "wrong_day_late";

    /// <summary>No arrival scan by the end of the window, or the stop skipped; per stop.</summary>
    internal const string MissedPickup = "missed_pickup";

    /// <summary>Declared lost; per parcel, restored when found within 30 days.</summary>
    internal const string Lost = "lost";

    /// <summary>Damage or shortage accepted as the carrier's; per parcel.</summary>
    internal const string Damaged = "damaged";

    /// <summary>Delivered without valid proof within 24 hours; per parcel.</summary>
    internal const string MissingPod = "missing_pod";

    /// <summary>A query that existing scans do not answer within 30 minutes; per query.</summary>
    internal const string Traces = "traces";

    /// <summary>A case reopened within 15 days; per case.</summary>
    internal const string ComplaintsReopened = "complaints_reopened";

    /// <summary>A billed line corrected in the client's favour; per line.</summary>
    internal const string InvoiceAdjustment = "invoice_adjustment";

    /// <summary>Waybill lost or illegible (SEED-03-STUBLOST, SEED-03-WBILLEGIBLE); per parcel.</summary>
    internal const string Overgoods = "overgoods";

    /// <summary>A vehicle with the account's parcels more than 30 minutes late; per trip.</summary>
    internal const string LinehaulDelay = "linehaul_delay";

    /// <summary>Calls or chats abandoned after 30 seconds; per call.</summary>
    internal const string AbandonedCalls = "abandoned_calls";

    /// <summary>Failures of international parcels; profile B.</summary>
    internal const string International = "international";

    /// <summary>Pickup stops reached late; profiles B and C.</summary>
    internal const string LatePickup = "late_pickup";

    /// <summary>Complaints not resolved; profile C.</summary>
    internal const string ComplaintsUnresolved = "complaints_unresolved";

    /// <summary>All of them.</summary>
    internal static ImmutableSortedSet<string> Known { get; } = ImmutableSortedSet.Create(
        StringComparer.Ordinal, RightDayLate, WrongDayLate, MissedPickup, Lost, Damaged, MissingPod, Traces, ComplaintsReopened, InvoiceAdjustment, Overgoods, LinehaulDelay, AbandonedCalls, International,
        LatePickup, ComplaintsUnresolved);
}
