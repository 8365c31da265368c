using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Pairing;

/// <summary>What the scale says in one reading.</summary>
public enum SampleKind
{
    /// <summary>In equilibrium.</summary>
    Stable = 1,

    /// <summary>In motion.</summary>
    Moving = 2,

    /// <summary>Over capacity.</summary>
    Over = 3,

    /// <summary>Less than its zero.</summary>
    Negative = 4,

    /// <summary>A fault, or no more readings: whatever lies on it must be weighed anew.</summary>
    Lost = 5,
}

/// <summary>
/// Something that happened at a station, with the time of the agent's monotonic counter (since its boot), which no clock that is set back disturbs.
/// A time before the last one is taken as the last one.
/// </summary>
public abstract record PairingInput(Duration At)
{
    /// <summary>A reading of the scale.</summary>
    /// <param name="At">When.</param>
    /// <param name="Kind">What it says.</param>
    /// <param name="Mass">The mass; null where there is none (over, lost, motion without digits).</param>
    public sealed record Sample(Duration At, SampleKind Kind, Mass? Mass) : PairingInput(At);

    /// <summary>A parcel code read by the scanner or typed, canonical and not empty.</summary>
    public sealed record Scan(Duration At, string Code) : PairingInput(At);

    /// <summary>Time passes.</summary>
    public sealed record Tick(Duration At) : PairingInput(At);

    /// <summary>A person says which of the candidates it is.</summary>
    public sealed record Choose(Duration At, string Code) : PairingInput(At);

    /// <summary>What the scan was for is done without a weight (a line of a handover that needs none): the code waits for no load any more.</summary>
    public sealed record Done(Duration At, string Code) : PairingInput(At);

    /// <summary>A person says none of them: weigh again.</summary>
    public sealed record Discard(Duration At) : PairingInput(At);
}

/// <summary>How a weighing stands. The words are those of the station's feed.</summary>
public enum PairingPhase
{
    /// <summary>At zero, nothing scanned.</summary>
    Idle = 1,

    /// <summary>Scanned, or a load in motion.</summary>
    WaitingForWeight = 2,

    /// <summary>A weight without a scan.</summary>
    WaitingForScan = 3,

    /// <summary>Paired; the parcel still lies there.</summary>
    Paired = 4,

    /// <summary>More than one code: shown, never guessed.</summary>
    Ambiguous = 5,

    /// <summary>Nothing is weighed before the scale has shown zero.</summary>
    WaitingForZero = 6,
}

/// <summary>Why the scale must return to zero first.</summary>
public enum NeedsZeroReason
{
    /// <summary>No zero has been seen since the start.</summary>
    NotSeenYet = 1,

    /// <summary>The load changed without a return to zero: two parcels, or one put on the other.</summary>
    SteppedWhileLoaded = 2,

    /// <summary>Over capacity.</summary>
    OverCapacity = 3,

    /// <summary>The scale shows less than its zero.</summary>
    Negative = 4,

    /// <summary>The scale was lost.</summary>
    ScaleLost = 5,

    /// <summary>The load was not scanned in time.</summary>
    NotScannedInTime = 6,

    /// <summary>A person said: weigh again.</summary>
    Discarded = 7,

    /// <summary>It rests a little off zero: dirt, or a drifted zero.</summary>
    OffZero = 8,
}

/// <summary>What to do next; codes of the station's feed.</summary>
public enum PairingInstruction
{
    /// <summary>Scan the parcel.</summary>
    ScanParcel = 1,

    /// <summary>Place the parcel.</summary>
    PlaceParcel = 2,

    /// <summary>Wait until it is at rest.</summary>
    WaitStable = 3,

    /// <summary>Take the parcel off.</summary>
    RemoveParcel = 4,

    /// <summary>Say which parcel it is.</summary>
    ChooseParcel = 5,

    /// <summary>Set the scale to zero.</summary>
    ZeroScale = 6,
}

/// <summary>Why a weight or a scan came to nothing.</summary>
public enum UnpairedReason
{
    /// <summary>No scan in its window.</summary>
    NoScan = 1,

    /// <summary>No weight in its window.</summary>
    NoWeight = 2,

    /// <summary>The load changed without a return to zero.</summary>
    SteppedWhileLoaded = 3,

    /// <summary>Over capacity.</summary>
    OverCapacity = 4,

    /// <summary>The scale shows less than its zero.</summary>
    Negative = 5,

    /// <summary>The scale was lost.</summary>
    ScaleLost = 6,

    /// <summary>Nobody said which code it was before the next load or scan.</summary>
    Unresolved = 7,

    /// <summary>A person said none of them, or another.</summary>
    NotChosen = 8,

    /// <summary>Scanned while the scale had to return to zero.</summary>
    NeedsZero = 9,

    /// <summary>More codes than are kept for one load.</summary>
    TooMany = 10,

    /// <summary>Scanned after the window of the load that lies there.</summary>
    TooLate = 11,

    /// <summary>Its business was done without a weight.</summary>
    NotNeeded = 12,
}

/// <summary>What a step produced. As opposed to the state, which says how things stand, these happen once.</summary>
public abstract record PairingOutput
{
    private PairingOutput()
    {
    }

    /// <summary>A weight and a code belong together.</summary>
    /// <param name="Weighing">Number of the weighing since the agent's start; one pairing each, unless a person replaced it.</param>
    /// <param name="Code">The code.</param>
    /// <param name="Mass">The mass.</param>
    /// <param name="LeftZeroAt">When the load was placed: the frames from here to <paramref name="StableAt"/> are the weighing window.</param>
    /// <param name="StableAt">When it came to rest.</param>
    /// <param name="ScannedAt">When the code was last scanned.</param>
    /// <param name="Chosen">True when a person chose among several.</param>
    /// <param name="Replaces">The code this weighing was paired with before a person said otherwise; null otherwise.</param>
    public sealed record Paired(long Weighing, string Code, Mass Mass, Duration LeftZeroAt, Duration StableAt, Duration ScannedAt, bool Chosen, string? Replaces)
        : PairingOutput;

    /// <summary>A paired parcel still lies there and another code was scanned: two labels, or too early. A person must say which.</summary>
    public sealed record Contested(long Weighing, string Code, string Other) : PairingOutput;

    /// <summary>A person said that a contested pairing is right.</summary>
    public sealed record Upheld(long Weighing, string Code) : PairingOutput;

    /// <summary>A pairing no longer stands: discarded, or contested and nobody said which. The weighing must be corrected by its event.</summary>
    public sealed record Withdrawn(long Weighing, string Code) : PairingOutput;

    /// <summary>After a pairing the load changed without a return to zero; the pairing stands, the new load is not weighed.</summary>
    public sealed record Stepped(long Weighing, string Code, Mass From, Mass To) : PairingOutput;

    /// <summary>A weight that got no code.</summary>
    public sealed record WeightUnused(long Weighing, Mass Mass, UnpairedReason Why) : PairingOutput;

    /// <summary>A scan that got no weight.</summary>
    public sealed record ScanUnused(string Code, Duration ScannedAt, UnpairedReason Why) : PairingOutput;

    /// <summary>The same code again; one act.</summary>
    public sealed record Repeated(string Code) : PairingOutput;
}
