using System.Collections.Frozen;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>The facts of a life that figures are made of, found once. Pure.</summary>
internal sealed class ParcelWay
{
    // Nobody was at the door: the courier did not come that far, whatever was scanned.
    private static readonly FrozenSet<string> NoAttempt = FrozenSet.Create(StringComparer.Ordinal, "not_attempted", "no_time", "vehicle", "missorted");

    private ParcelWay(WholeLife life)
    {
        Facts = life.Facts;
        foreach (var fact in life.Facts) See(fact);
        if (FirstAttempt() is { } first) (Attempt, FirstAttemptAt) = (Narrowed(first), first);
        AcceptedUs = life.Shipment?.AcceptedUs ?? TakenOver?.BestUs;
    }

    internal IReadOnlyList<LivedFact> Facts { get; }

    internal long? AcceptedUs { get; }

    /// <summary>The carrier got it: collected, or accepted at a depot.</summary>
    internal LivedFact? TakenOver { get; private set; }

    internal LivedFact? Arrived { get; private set; }

    internal LivedFact? Departed { get; private set; }

    internal LivedFact? Out { get; private set; }

    internal LivedFact? Signed { get; private set; }

    /// <summary>Declared lost, and not found.</summary>
    internal LivedFact? Lost { get; private set; }

    /// <summary>The word that its promised day went by without an attempt, the latest (<see cref="PromiseLapse"/>).</summary>
    internal LivedFact? Lapsed { get; private set; }

    /// <summary>The word that it is thoroughly late, and it was not seen since.</summary>
    internal LivedFact? Thorough { get; private set; }

    /// <summary>Anybody of the carrier's had it before him, the latest.</summary>
    internal LivedFact? Sighted { get; private set; }

    internal LivedFact? Damaged { get; private set; }

    internal LivedFact? Overgoods { get; private set; }

    internal LivedFact? Seen { get; private set; }

    internal bool Cancelled { get; private set; }

    internal bool Returned => ReturnedAt is not null;

    internal LivedFact? ReturnedAt { get; private set; }

    /// <summary>The fact of the first valid attempt, its time narrowed by what else is known.</summary>
    internal LivedFact? Attempt { get; }

    internal LivedFact? FirstAttemptAt { get; }

    internal static ParcelWay Of(WholeLife life) => new(life);

    private void See(in LivedFact fact)
    {
        // Who was only late has been found by any scan; who was declared lost, by somebody who says so.
        if (ContributeParcel.IsScan(fact.Event.Kind) && fact.Event.Kind is not (EventKind.Lost or EventKind.Cancelled)) (Sighted, Thorough) = (fact, null);
        switch (fact.Event.Kind)
        {
            case EventKind.Collected or EventKind.AcceptedAtDepot: TakenOver ??= fact; break;
            case EventKind.ArrivedNode: Arrived ??= fact; break;
            case EventKind.DepartedNode: Departed ??= fact; break;
            case EventKind.OutForDelivery: Out ??= fact; break;
            case EventKind.Delivered: (Signed, Lost) = (Signed ?? fact, null); break;
            case EventKind.Lost: Lost = fact; break;
            case EventKind.Found: Lost = null; break;
            case EventKind.Damaged or EventKind.Short: Damaged ??= fact; break;
            case EventKind.WaybillProblem when fact.Event.Reason is "missing" or "illegible": Overgoods ??= fact; break;
            case EventKind.Cancelled: Cancelled = true; break;
            case EventKind.Returned: ReturnedAt ??= fact; break;
            case EventKind.PromiseLapsed when fact.Event.Reason is PromiseLapse.ThoroughDelay: Thorough ??= fact; break;
            case EventKind.PromiseLapsed: Lapsed = fact; break;
            default: break;
        }
        if (fact.Event.Node.Length > 0) Seen = fact;
    }

    private LivedFact? FirstAttempt()
    {
        foreach (var fact in Facts)
        {
            if (fact.Event.Kind is EventKind.Delivered or EventKind.AtPickupPoint or EventKind.Refused) return fact;
            if (fact.Event.Kind is EventKind.AttemptFailed && !NoAttempt.Contains(fact.Event.Reason)) return fact;
        }
        return null;
    }

    // Law 2: a second fact narrows. It went out before anybody stood at the door, and came back to the depot after that. Facts that contradict each other narrow nothing.
    private LivedFact Narrowed(LivedFact attempt)
    {
        var (earliest, latest) = (attempt.EarliestUs, attempt.LatestUs);
        if (Out is { } wentOut) earliest = Math.Max(earliest, wentOut.EarliestUs);
        var after = false;
        foreach (var fact in Facts)
        {
            if (after && fact.Event.Kind is EventKind.ReturnedToCustody)
            {
                latest = Math.Min(latest, fact.LatestUs);
                break;
            }
            after |= fact.Id == attempt.Id;
        }
        return earliest <= latest ? attempt with { EarliestUs = earliest, LatestUs = latest, BestUs = Math.Clamp(attempt.BestUs, earliest, latest) } : attempt;
    }
}
