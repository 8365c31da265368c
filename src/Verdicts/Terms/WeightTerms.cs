using System.Collections.Immutable;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Verdicts.Terms;

/// <summary>
/// What the contract adds to the scales' own limits of error before two weights of a parcel count as different.
/// </summary>
/// <param name="Clause">The clause.</param>
/// <param name="Absolute">Allowed on top, whatever the parcel weighs; zero or more.</param>
/// <param name="Percent">Allowed on top, in percent of the reference weight, 0 to 100 (moisture, packing).</param>
public sealed record WeightTerms(ClauseId Clause, Mass Absolute, decimal Percent)
{
    /// <summary>The allowance at a reference weight: absolute plus percent, the percent part floored to the milligram so that it never exceeds the contract's.</summary>
    public Mass AllowanceAt(Mass reference) =>
        Absolute + Mass.FromMilligrams(decimal.ToInt64(decimal.Floor(reference.Abs().Milligrams * Percent / 100m)));

    /// <summary>How a verdict outside tolerance may be disputed; null when nothing was agreed: then the carrier decides without a window.</summary>
    public DisputeTerms? Dispute { get; init; }
}

/// <summary>The client's say in a weight that differs.</summary>
/// <param name="By">Who may answer.</param>
/// <param name="Within">How long, from the moment the evidence is shown; 1 hour to 90 days.</param>
/// <param name="OnSilence">What silence means.</param>
public sealed record DisputeTerms(DisputeParty By, NodaTime.Duration Within, OnSilence OnSilence);

/// <summary>Who may dispute a weight.</summary>
public enum DisputeParty
{
    /// <summary>The client.</summary>
    Client = 1,

    /// <summary>Either side.</summary>
    Either = 2,
}

/// <summary>What silence until the end of the window means.</summary>
public enum OnSilence
{
    /// <summary>The new weight counts.</summary>
    AutoAccept = 1,

    /// <summary>A person decides.</summary>
    Decide = 2,
}

/// <summary>
/// How a weight becomes the chargeable one: larger of actual and volumetric, rounded, at least the first weight (domain.md 4.5).
/// </summary>
/// <param name="Clause">The clause.</param>
/// <param name="Services">The services it is for; empty means any service that no other clause names.</param>
/// <param name="First">The first weight: the least that is billed.</param>
/// <param name="Rounding">How the weight above is rounded.</param>
/// <param name="ReadOn">Whether the rounding reads the excess over the first weight or the whole.</param>
/// <param name="Volumetric">The volumetric rule; null when only the actual weight bills.</param>
public sealed record ChargeableWeightTerms(
    ClauseId Clause,
    ImmutableArray<string> Services,
    Mass First,
    WeightRounding Rounding,
    RoundingReadOn ReadOn,
    VolumetricTerms? Volumetric);

/// <summary>What a rounding is applied to.</summary>
public enum RoundingReadOn
{
    /// <summary>The weight beyond the first weight: 1 kg + steps.</summary>
    Excess = 1,

    /// <summary>The whole weight.</summary>
    Total = 2,
}

/// <summary>The volumetric weight: sides, each rounded, multiplied, divided (cm³ per kg).</summary>
/// <param name="Divisor">Cubic centimetres that count as a kilogram, 1 to 100,000 (12000, 6000, 5000, 3000 are usual).</param>
/// <param name="Side">How each side is rounded first.</param>
/// <param name="Rounding">A rounding of the volumetric weight of its own, before it is compared; null for none.</param>
/// <param name="Lanes">Divisors of particular lanes, which go before <paramref name="Divisor"/>.</param>
public sealed record VolumetricTerms(int Divisor, SideRounding Side, WeightRounding? Rounding, ImmutableArray<LaneDivisor> Lanes)
{
    /// <summary>The divisor of a lane.</summary>
    public int DivisorFor(string origin, string destination) => Lane.MostSpecific(Lanes, l => l.Lane, origin, destination)?.Divisor ?? Divisor;
}

/// <summary>A divisor for one lane.</summary>
public sealed record LaneDivisor(Lane Lane, int Divisor);

/// <summary>How one side of a parcel is rounded before the volume is taken.</summary>
public enum SideRounding
{
    /// <summary>Not at all: whole millimetres.</summary>
    None = 1,

    /// <summary>To the nearest centimetre, half up, and never below one.</summary>
    NearestCm = 2,

    /// <summary>Up to the next centimetre.</summary>
    UpCm = 3,
}
