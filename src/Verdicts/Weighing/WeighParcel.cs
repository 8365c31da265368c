using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Scales;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Weighing;

/// <summary>
/// The verdict on a parcel's weight, the same in the backend and, with the line cut, at the depot. Pure: no clock, no I/O.
/// </summary>
/// <remarks>
/// The limit is the in-service error of every scale that took part, each at the mass it weighed, plus the contract's absolute and percent terms of
/// the reference. On the limit is within.
/// </remarks>
public static class WeighParcel
{
    /// <summary>Judges a reading.</summary>
    /// <param name="chain">What is known of the parcel; null when no parcel is known by that code.</param>
    /// <param name="terms">The terms in force at the parcel's acceptance moment; null when none are held: the verdict is Pending.</param>
    /// <param name="reading">The reading.</param>
    /// <param name="today">The depot's local date, on which the scale's verification must hold.</param>
    public static WeighVerdict Decide(WeightChain? chain, AccountTerms? terms, WeighReading reading, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (WhyNotAWeight(reading, today) is { } flaw) return new WeighVerdict.NoVerdict(flaw, flaw == NoVerdictReason.OverCapacity ? null : reading.Measured);
        var measured = new KnownWeight(reading.Measured!.Value, reading.Scale);
        if (chain is null) return new WeighVerdict.NoVerdict(NoVerdictReason.UnknownParcel, measured.Mass);
        if (terms?.ChargeableFor(chain.Service) is not { } chargeable) return new WeighVerdict.NoVerdict(NoVerdictReason.NoTerms, measured.Mass);

        var reference = chain.Declared ?? chain.HandedOn;
        Mass? billingLimit = reference is null ? null : LimitOf(reference, measured, terms.Weight);
        Mass? integrityLimit = chain.HandedOn is null ? null : LimitOf(chain.HandedOn, measured, terms.Weight);
        var charge = ChargeableWeight.Of(measured.Mass, chain.Sides, chargeable, chain.Origin, chain.Destination);
        Mass? referenceBills = reference is null
            ? null
            : ChargeableWeight.Of(Mass.Max(reference.Mass, Mass.Zero), chain.Sides, chargeable, chain.Origin, chain.Destination).Bills;
        var billing = Billing(measured, reference, billingLimit, charge.Bills, referenceBills, chargeable.First);
        var figures = new WeighFigures
        {
            Measured = measured.Mass,
            MeasuredError = measured.Error,
            Typed = reading.Typed,
            BelowMinimum = IsBelowMinimum(measured),
            Declared = chain.Declared?.Mass,
            HandedOn = chain.HandedOn?.Mass,
            BillingReference = reference?.Mass,
            BillingLimit = billingLimit,
            IntegrityLimit = integrityLimit,
            Bills = billing is BillingAnswer.Within or BillingAnswer.AnotherScale ? referenceBills : charge.Bills,
            ReferenceBills = referenceBills,
            MeasuredCharge = charge,
            Clause = terms.Weight.Clause,
            Contract = terms.Contract,
            ContractVersion = terms.Version,
        };
        return new WeighVerdict.Judged(billing, Integrity(measured, chain.HandedOn, integrityLimit), figures);
    }

    // In the order in which a person must act: a reading that is no weight at all first, then a scale that may not weigh.
    private static NoVerdictReason? WhyNotAWeight(WeighReading reading, LocalDate today)
    {
        if (reading.Condition == ReadingCondition.Over) return NoVerdictReason.OverCapacity;
        if (!reading.Stable) return NoVerdictReason.Moving;
        if (reading.Condition == ReadingCondition.Negative || reading.Measured is not { } mass || mass <= Mass.Zero) return NoVerdictReason.Negative;
        if (reading.Scale is not { } scale) return null;
        if (mass > scale.Capacity) return NoVerdictReason.OverCapacity;
        if (reading.Condition == ReadingCondition.NotTared) return NoVerdictReason.NotTared;
        if (!reading.ReturnedToZero) return NoVerdictReason.NoReturnToZero;
        return scale.IsVerifiedOn(today) ? JudgeStanding.WhyNot(reading.Standing) : NoVerdictReason.VerificationExpired;
    }

    private static BillingAnswer Billing(KnownWeight measured, KnownWeight? reference, Mass? limit, Mass bills, Mass? referenceBills, Mass first)
    {
        if (IsBelowMinimum(measured))
        {
            if (measured.Mass <= first && (reference is null || reference.Mass <= first)) return BillingAnswer.FirstWeight;
            return bills == referenceBills ? BillingAnswer.SameBill : BillingAnswer.AnotherScale;
        }
        if (reference is null || limit is null) return BillingAnswer.NoReference;
        if (bills == referenceBills) return BillingAnswer.SameBill;
        var deviation = measured.Mass - reference.Mass;
        if (deviation.Abs() <= limit) return BillingAnswer.Within;
        return deviation > Mass.Zero ? BillingAnswer.Over : BillingAnswer.Under;
    }

    private static IntegrityAnswer Integrity(KnownWeight measured, KnownWeight? handedOn, Mass? limit)
    {
        if (handedOn is null || limit is not { } most) return IntegrityAnswer.NoReference;
        var deviation = measured.Mass - handedOn.Mass;
        if (deviation.Abs() <= most) return IntegrityAnswer.Intact;

        // Below its minimum a scale says only that the load is below it. Such a weight is held where even the minimum would be too far off, and
        // otherwise cannot tell: so losing more never looks better than losing less.
        var (measuredLow, measuredHigh) = Readable(measured);
        var (handedOnLow, handedOnHigh) = Readable(handedOn);
        if (measuredLow <= handedOnHigh + most && handedOnLow <= measuredHigh + most) return IntegrityAnswer.BelowMinimum;
        return deviation > Mass.Zero ? IntegrityAnswer.HeldOver : IntegrityAnswer.HeldUnder;
    }

    private static (Mass Low, Mass High) Readable(KnownWeight weight) => IsBelowMinimum(weight) ? (Mass.Zero, weight.Scale!.Minimum) : (weight.Mass, weight.Mass);

    private static bool IsBelowMinimum(KnownWeight weight) => weight.Scale is { } scale && weight.Mass < scale.Minimum;

    private static Mass LimitOf(KnownWeight reference, KnownWeight measured, WeightTerms terms) =>
        reference.Error + terms.AllowanceAt(reference.Mass) + ErrorSeenFrom(reference.Mass, measured);

    // The limit of error jumps by e where the load passes 500 e or 2,000 e. A scale that reads finer than e could then be over the limit just below
    // the step and within it just above, so past a step the error is allowed to grow no faster than the load: at the next whole e it is the table's.
    private static Mass ErrorSeenFrom(Mass reference, KnownWeight measured)
    {
        var error = measured.Error;
        if (measured.Scale is not { } scale) return error;
        var (first, second) = scale.ErrorSteps;
        foreach (var step in (ReadOnlySpan<Mass>)[first, second])
        {
            if (reference > step || measured.Mass <= step) continue;
            var ramp = scale.InServiceError(step) + (measured.Mass - step);
            if (ramp < error) error = ramp;
        }
        return error;
    }
}
