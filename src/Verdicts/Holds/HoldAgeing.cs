using NodaTime;

namespace KeyAccountLogistics.Verdicts.Holds;

/// <summary>How long a parcel has been held, judged.</summary>
public enum HoldAge
{
    /// <summary>Not yet remarkable.</summary>
    Fresh = 1,

    /// <summary>Its owner is reminded.</summary>
    Ageing = 2,

    /// <summary>It goes up.</summary>
    Overdue = 3,
}

/// <summary>When a hold is remarkable (SEED-03-HOLDAREA): limits of the installation, not of a contract.</summary>
/// <param name="Remind">From this age the owner is reminded.</param>
/// <param name="Escalate">From this age it goes up; not below <paramref name="Remind"/>.</param>
public sealed record HoldAgeing(Duration Remind, Duration Escalate)
{
    /// <summary>Four hours, and a day.</summary>
    public static HoldAgeing Usual { get; } = new(Duration.FromHours(4), Duration.FromHours(24));

    /// <summary>The age of a hold at <paramref name="now"/>; a hold that begins later is fresh.</summary>
    public HoldAge Of(Instant since, Instant now)
    {
        var age = now - since;
        return age >= Escalate ? HoldAge.Overdue : age >= Remind ? HoldAge.Ageing : HoldAge.Fresh;
    }
}
