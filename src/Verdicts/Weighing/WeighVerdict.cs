using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Verdicts.Weighing;

/// <summary>Does the measured weight change what the known one would bill? Numbers as in kal.custody.v1.BillingAnswer.</summary>
public enum BillingAnswer
{
    /// <summary>Both weights bill the same: no dispute.</summary>
    SameBill = 1,

    /// <summary>They bill differently, and differ by no more than the limit: the known weight stands.</summary>
    Within = 2,

    /// <summary>Heavier beyond the limit: the measured weight bills.</summary>
    Over = 3,

    /// <summary>Lighter beyond the limit: the measured weight bills.</summary>
    Under = 4,

    /// <summary>Below the scale's minimum, and both weights lie in the first weight: that bills.</summary>
    FirstWeight = 5,

    /// <summary>Below the scale's minimum, and it matters: weigh on another scale; nothing changes until then.</summary>
    AnotherScale = 6,

    /// <summary>No earlier weight: the measured one bills.</summary>
    NoReference = 7,
}

/// <summary>Is this what the last custodian handed on? Numbers as in kal.custody.v1.IntegrityAnswer.</summary>
public enum IntegrityAnswer
{
    /// <summary>Within the limit.</summary>
    Intact = 1,

    /// <summary>Heavier beyond the limit: held.</summary>
    HeldOver = 2,

    /// <summary>Lighter beyond the limit: held.</summary>
    HeldUnder = 3,

    /// <summary>This is the first custodian's weight.</summary>
    NoReference = 4,

    /// <summary>Beyond the limit, but a weight below its scale's minimum cannot tell: marked, never held by itself.</summary>
    BelowMinimum = 5,
}

/// <summary>Why a reading got no verdict. Numbers as in kal.custody.v1.NoVerdictReason.</summary>
public enum NoVerdictReason
{
    /// <summary>The load is in motion.</summary>
    Moving = 1,

    /// <summary>The scale has not shown zero since the last parcel.</summary>
    NoReturnToZero = 2,

    /// <summary>Above the scale's Max: there is no weight.</summary>
    OverCapacity = 3,

    /// <summary>The scale's verification has expired, or it never had one.</summary>
    VerificationExpired = 4,

    /// <summary>Pending: no terms of the account are held for the parcel's acceptance moment.</summary>
    NoTerms = 5,

    /// <summary>No parcel is known by that code.</summary>
    UnknownParcel = 6,

    /// <summary>The scale shows nothing, or less than nothing.</summary>
    Negative = 7,

    /// <summary>A container's tare was due and has not been taken.</summary>
    NotTared = 8,

    /// <summary>The scale's check with test weights is due.</summary>
    CheckMissed = 9,

    /// <summary>The scale's last check with test weights failed.</summary>
    CheckFailed = 10,

    /// <summary>The scale is in quarantine: other scales weigh the same parcels otherwise.</summary>
    ScaleQuarantined = 11,
}

/// <summary>
/// The answer to one weighing: two questions judged, or the one reason why not. A refusal is an ordinary value (law 4), and no case of it reads
/// like a number (law 3).
/// </summary>
public abstract record WeighVerdict
{
    private WeighVerdict()
    {
    }

    /// <summary>Both questions answered, with every figure that was used (law 9).</summary>
    public sealed record Judged(BillingAnswer Billing, IntegrityAnswer Integrity, WeighFigures Figures) : WeighVerdict
    {
        /// <summary>True when the parcel may not be handed on before somebody has decided.</summary>
        public bool Held => Integrity is IntegrityAnswer.HeldOver or IntegrityAnswer.HeldUnder;
    }

    /// <summary>No answer, and why.</summary>
    /// <param name="Why">The reason.</param>
    /// <param name="Measured">The mass where there is one; a mass without a verdict is still a fact.</param>
    public sealed record NoVerdict(NoVerdictReason Why, Mass? Measured) : WeighVerdict;
}

/// <summary>Everything a weigh verdict was made of.</summary>
public sealed record WeighFigures
{
    /// <summary>The mass judged.</summary>
    public required Mass Measured { get; init; }

    /// <summary>In-service error of the scale at that mass; zero when typed.</summary>
    public required Mass MeasuredError { get; init; }

    /// <summary>True when a person typed the weight.</summary>
    public required bool Typed { get; init; }

    /// <summary>True when the mass lies below its scale's minimum: shown, marked, not rated on.</summary>
    public required bool BelowMinimum { get; init; }

    /// <summary>What the client declared; null when nothing.</summary>
    public required Mass? Declared { get; init; }

    /// <summary>What the last custodian handed on; null when nothing.</summary>
    public required Mass? HandedOn { get; init; }

    /// <summary>
    /// What the billing question compares with: the declared weight, else the last custodian's, which has billed so far; null when there is neither.
    /// </summary>
    public required Mass? BillingReference { get; init; }

    /// <summary>The most the billing weights may differ by; null without a reference.</summary>
    public required Mass? BillingLimit { get; init; }

    /// <summary>The most the custody weights may differ by; null without a reference.</summary>
    public required Mass? IntegrityLimit { get; init; }

    /// <summary>The chargeable weight after this verdict; null while another scale is asked for and nothing was known.</summary>
    public required Mass? Bills { get; init; }

    /// <summary>What the billing reference bills; null without one.</summary>
    public required Mass? ReferenceBills { get; init; }

    /// <summary>The chargeable weight of the measured mass, with its basis, volume and clause.</summary>
    public required ChargeableAnswer MeasuredCharge { get; init; }

    /// <summary>The clause of the limits.</summary>
    public required ClauseId Clause { get; init; }

    /// <summary>The contract.</summary>
    public required string Contract { get; init; }

    /// <summary>Its version.</summary>
    public required uint ContractVersion { get; init; }

    /// <summary>Measured minus declared (or billing reference); null without one.</summary>
    public Mass? BillingDeviation => BillingReference is { } reference ? Measured - reference : null;

    /// <summary>Measured minus handed on; null without one.</summary>
    public Mass? IntegrityDeviation => HandedOn is { } reference ? Measured - reference : null;
}
