using System.Collections.Immutable;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Handovers;

/// <summary>Why an act of a handover was refused; a closed set, translated by the page from its code.</summary>
public enum HandoverRefusalReason
{
    /// <summary>The handover is confirmed or abandoned.</summary>
    Closed = 1,

    /// <summary>These parties cannot do this kind of handover, or are one party.</summary>
    PartiesDoNotFit = 2,

    /// <summary>No parcel is expected.</summary>
    NothingExpected = 3,

    /// <summary>A parcel is listed twice.</summary>
    ListedTwice = 4,

    /// <summary>More parcels than a handover takes.</summary>
    TooManyParcels = 5,

    /// <summary>The parcel is in another open handover.</summary>
    InAnotherHandover = 6,

    /// <summary>Amounts in two currencies, or without one.</summary>
    CurrencyUnclear = 7,

    /// <summary>The parcel is not on the list: it is over.</summary>
    NotExpected = 8,

    /// <summary>The parcel is on the list: it is not over.</summary>
    ExpectedNotOver = 9,

    /// <summary>The parcel has not been scanned in this handover.</summary>
    NotScanned = 10,

    /// <summary>The parcel is held.</summary>
    ParcelHeld = 11,

    /// <summary>The packaging has not been found sound.</summary>
    PackagingNotSound = 12,

    /// <summary>No seal number was given.</summary>
    SealMissing = 13,

    /// <summary>The seal found is not the one registered.</summary>
    SealDiffers = 14,

    /// <summary>The touch check has not been passed.</summary>
    TouchNotPassed = 15,

    /// <summary>The parcel has not been weighed in this handover with a verdict.</summary>
    ReweighMissing = 16,

    /// <summary>The weight was typed; this parcel needs a scale.</summary>
    ReweighTyped = 17,

    /// <summary>The weight differs from what was handed on.</summary>
    WeightHeld = 18,

    /// <summary>The amounts confirmed are not the ticket's.</summary>
    AmountsDiffer = 19,

    /// <summary>A damaged, held or refused parcel needs a reason.</summary>
    ReasonMissing = 20,

    /// <summary>The count has not been made.</summary>
    NotCounted = 21,

    /// <summary>The giver confirms first.</summary>
    GiverFirst = 22,

    /// <summary>This side has confirmed.</summary>
    AlreadyConfirmed = 23,

    /// <summary>Giver and receiver must be two persons.</summary>
    SamePerson = 24,

    /// <summary>Only the courier named can confirm that side.</summary>
    NotThatCourier = 25,

    /// <summary>The totals confirmed are not those counted.</summary>
    TotalsDiffer = 26,

    /// <summary>The proof of delivery that the contract asks for is not there.</summary>
    ProofMissing = 27,
}

/// <summary>A refused act: the reason, the parcel it is about, and the figures (law 4).</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Parcel">The parcel; null when it is about the whole.</param>
/// <param name="Figures">What was expected and what was found, by name.</param>
public sealed record HandoverRefusal(HandoverRefusalReason Reason, string? Parcel, ImmutableSortedDictionary<string, string> Figures);

/// <summary>The answer to an act: the facts to journal with the state they lead to, or a refusal.</summary>
public abstract record HandoverDecision
{
    private HandoverDecision()
    {
    }

    /// <summary>Done.</summary>
    /// <param name="Next">The state after the steps.</param>
    /// <param name="Steps">The facts to journal, in order.</param>
    public sealed record Done(HandoverState Next, ImmutableArray<HandoverStep> Steps) : HandoverDecision;

    /// <summary>Not done; nothing changed.</summary>
    public sealed record Refused(HandoverRefusal Refusal) : HandoverDecision;
}

/// <summary>What is known of a parcel at the moment its line is checked, beside what the line says.</summary>
/// <param name="Scanned">Its code was scanned, or typed with a reason, in this handover.</param>
/// <param name="HoldReason">The reason of its present hold; null when it is not held.</param>
/// <param name="Reweigh">The verdict of its weighing in this handover; null when it was not weighed.</param>
/// <param name="Terms">The handover terms of its account; null when none are known: then the strictest apply.</param>
public sealed record ParcelNow(bool Scanned, string? HoldReason = null, WeighVerdict? Reweigh = null, HandoverTerms? Terms = null);
