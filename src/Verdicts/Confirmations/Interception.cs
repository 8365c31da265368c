using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Confirmations;

/// <summary>What became of an order to stop, return or redirect a parcel (Civil Code art. 829) that met a delivery.</summary>
public enum InterceptionOutcome
{
    /// <summary>Not delivered: the order holds.</summary>
    Stands = 1,

    /// <summary>Delivered before the order was given: the sender is told that it came too late.</summary>
    CameTooLate = 2,

    /// <summary>Delivered after it, by a courier whom it had not reached: nobody's fault, and not the sender's cost.</summary>
    NotReached = 3,

    /// <summary>Delivered although the courier's phone had it: the carrier answers for that.</summary>
    Disobeyed = 4,

    /// <summary>The clocks leave it open which was first: counted against the carrier and listed (law 2).</summary>
    InDoubt = 5,
}

/// <summary>Adjudges orders that arrive while a courier has no network: by time, not by arrival. Pure.</summary>
public static class Interception
{
    /// <summary>The outcome.</summary>
    /// <param name="given">When the order was given, by the server's clock.</param>
    /// <param name="reached">When the courier's phone acknowledged it; null while it has not.</param>
    /// <param name="delivery">When the parcel was delivered, as far as the evidence carries; null when it was not.</param>
    public static InterceptionOutcome Judge(Instant given, Instant? reached, (Instant Earliest, Instant Latest)? delivery)
    {
        if (delivery is not { } at) return InterceptionOutcome.Stands;
        Invariant.Holds(at.Earliest <= at.Latest, "an interval ends after it begins");
        if (at.Latest <= given) return InterceptionOutcome.CameTooLate;
        if (reached is { } known && at.Earliest > known) return InterceptionOutcome.Disobeyed;
        // Whether it was before the order or before it reached him is open, or it certainly lies between the two.
        if (reached is { } met && at.Latest > met) return InterceptionOutcome.InDoubt;
        return at.Earliest > given ? InterceptionOutcome.NotReached : InterceptionOutcome.InDoubt;
    }
}

/// <summary>Where the courier stood, as a signal for people who look into a complaint; it confirms nothing and refuses nothing.</summary>
public enum GeofenceSignal
{
    /// <summary>No position, no address, or a position too vague.</summary>
    Unknown = 1,

    /// <summary>At the place, within what the position may be wrong by.</summary>
    Near = 2,

    /// <summary>Further away than the position may be wrong by.</summary>
    Away = 3,
}

/// <summary>From a position and its accuracy to the signal.</summary>
public static class Geofence
{
    /// <summary>Metres around the address that count as there.</summary>
    public const int RadiusMetres = 150;

    /// <summary>A position vaguer than this says nothing.</summary>
    public const int AccuracyMaxMetres = 500;

    /// <summary>The signal. Distance and accuracy in metres; null where one is not known, or below 0.</summary>
    public static GeofenceSignal Signal(long? distanceMetres, long? accuracyMetres)
    {
        if (distanceMetres is not >= 0 || accuracyMetres is not (>= 0 and <= AccuracyMaxMetres)) return GeofenceSignal.Unknown;
        return distanceMetres - accuracyMetres <= RadiusMetres ? GeofenceSignal.Near : GeofenceSignal.Away;
    }
}
