using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Snapshots;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;
using Billing = KeyAccountLogistics.Api.Custody.V1.BillingAnswer;
using Integrity = KeyAccountLogistics.Api.Custody.V1.IntegrityAnswer;
using Reason = KeyAccountLogistics.Api.Custody.V1.NoVerdictReason;
using TermsSnapshot = KeyAccountLogistics.Verdicts.Terms.TermsSnapshot;
using Verdict = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;
using WireVerdict = KeyAccountLogistics.Api.Custody.V1.WeighVerdict;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>What the agent holds of a parcel and its contract, put before the pure rule; and the rule's answer in the words of the wire.</summary>
internal static class JudgeWeight
{
    /// <summary>
    /// Judges a reading of a parcel. Without any manifest the agent cannot call a parcel unknown: it is Pending. A parcel without an account is known by its scans
    /// alone, told back by the backend; nobody announced it, so it is unknown. A weight that a quarantined scale handed on is no reference: the scale is out of
    /// service, not the parcels that were on it.
    /// </summary>
    public static Verdict Decide(ManifestParcel? parcel, bool manifestKnown, HeldDoubts doubts, TermsSnapshot terms, WeighReading reading, LocalDate today, Instant now)
    {
        if (parcel is { Account.Length: 0 }) parcel = null;
        var inForce = parcel is null ? null : terms.InForce(parcel.Account, Manifest.AcceptedAt(parcel) ?? now);
        var verdict = WeighParcel.Decide(parcel is null ? null : ChainOf(parcel, doubts), inForce, reading, today);
        return verdict is Verdict.NoVerdict { Why: Verdicts.Weighing.NoVerdictReason.UnknownParcel } unknown && !manifestKnown
            ? unknown with { Why = Verdicts.Weighing.NoVerdictReason.NoTerms }
            : verdict;
    }

    /// <summary>The verdict as journalled and shown.</summary>
    public static WireVerdict ToWire(Verdict verdict, ManifestParcel? parcel)
    {
        var wire = new WireVerdict();
        if (parcel is not null)
        {
            (wire.DeclaredMg, wire.HasDeclared) = (parcel.DeclaredMg, parcel.DeclaredMg != 0);
            if (parcel.HandedOn is { } before) (wire.HandedOnMg, wire.HasHandedOn) = (before.MassMg, true);
        }
        if (verdict is Verdict.NoVerdict none)
        {
            wire.NoVerdict = (Reason)none.Why;
            return wire;
        }
        var judged = (Verdict.Judged)verdict;
        var figures = judged.Figures;
        wire.Billing = (Billing)judged.Billing;
        wire.Integrity = (Integrity)judged.Integrity;
        wire.BillingLimitMg = figures.BillingLimit?.Milligrams ?? 0;
        wire.IntegrityLimitMg = figures.IntegrityLimit?.Milligrams ?? 0;
        wire.BillsMg = figures.Bills?.Milligrams ?? 0;
        wire.DeclaredBillsMg = figures.ReferenceBills?.Milligrams ?? 0;
        wire.Clause = figures.Clause.Value;
        wire.Contract = figures.Contract;
        wire.ContractVersion = figures.ContractVersion;
        wire.BelowMinimum = figures.BelowMinimum;
        return wire;
    }

    /// <summary>
    /// The station's tone and headline of a verdict as journalled: integrity before billing, because a held parcel goes nowhere whatever it bills.
    /// </summary>
    public static (string Tone, string Headline) Headline(WireVerdict verdict, bool typed) => verdict switch
    {
        { NoVerdict: Reason.NoTerms } => ("wait", "pending"),
        { NoVerdict: Reason.UnknownParcel } => ("stop", "unknown_parcel"),
        { NoVerdict: not Reason.Unspecified } => ("warn", "no_verdict_" + Verdicts.ReasonCode.Of((Verdicts.Weighing.NoVerdictReason)verdict.NoVerdict)),
        { Integrity: Integrity.HeldOver } => ("stop", "held_over"),
        { Integrity: Integrity.HeldUnder } => ("stop", "held_under"),
        { Billing: Billing.Over } => ("warn", "over"),
        { Billing: Billing.Under } => ("warn", "under"),
        { Billing: Billing.FirstWeight or Billing.AnotherScale } or { BelowMinimum: true } => ("warn", "below_minimum"),
        _ when typed => ("warn", "typed"),
        { Billing: Billing.SameBill } => ("good", "same_bill"),
        _ => ("good", "accepted"),
    };

    /// <summary>False where the scale was not to be believed: weighing the parcel again is then no second weighing.</summary>
    public static bool IsWeight(WireVerdict verdict) => verdict.NoVerdict is Reason.Unspecified or Reason.NoTerms or Reason.UnknownParcel;

    private static WeightChain ChainOf(ManifestParcel parcel, HeldDoubts doubts) => new(
        parcel.Product,
        parcel.Origin,
        parcel.Destination,
        parcel.DeclaredMg == 0 ? null : new KnownWeight(Mass.FromMilligrams(parcel.DeclaredMg), null),
        parcel.HandedOn is { } before && doubts.Find(before.Node, before.Device) is not { Quarantined: true } ? new KnownWeight(Mass.FromMilligrams(before.MassMg), ScaleOf(before)) : null,
        Dimensions.TryFromMillimetres(parcel.LengthMm, parcel.WidthMm, parcel.HeightMm));

    /// <summary>The scale of the last custodian, as far as its limits of error travelled; null for a typed weight.</summary>
    private static ScaleFacts? ScaleOf(PreviousWeight before)
    {
        if (before.Typed || before.IntervalMg <= 0 || !Enum.TryParse<AccuracyClass>(before.AccuracyClass, out var accuracy) || !Enum.IsDefined(accuracy)) return null;
        return new ScaleFacts(
            before.Device, "", accuracy, Mass.FromMilligrams(before.IntervalMg), Mass.FromMilligrams(before.CapacityMg), Mass.FromMilligrams(before.MinimumMg), null);
    }
}
