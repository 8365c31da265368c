using System.Collections.Immutable;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Pairing;

/// <summary>A code scanned and not yet used.</summary>
internal sealed record WaitingScan(string Code, Duration At);

/// <summary>One load from leaving zero on.</summary>
internal sealed record Load(Duration LeftZeroAt)
{
    /// <summary>The weighing's number; 0 until it came to rest.</summary>
    internal long Weighing { get; init; }

    internal Mass Mass { get; init; }

    internal Duration StableAt { get; init; }

    internal WaitingScan? Paired { get; init; }

    /// <summary>Other codes scanned after the pairing.</summary>
    internal ImmutableArray<WaitingScan> Contest { get; init; } = [];

    /// <summary>Taken off while a person had still to say which code it is.</summary>
    internal bool Gone { get; init; }

    internal bool Weighed => Weighing > 0;
}

/// <summary>
/// How the pairing of scans and weights stands at one station; <see cref="ScanWeightPairing"/> makes the next one. Immutable: a crash in the middle
/// of a step leaves the state before it.
/// </summary>
public sealed record PairingState
{
    private PairingState()
    {
    }

    /// <summary>At the agent's start: whatever lies on the scale may be left from before.</summary>
    public static PairingState Start { get; } = new() { NeedsZero = NeedsZeroReason.NotSeenYet };

    /// <summary>Why the scale must return to zero; null when it need not.</summary>
    public NeedsZeroReason? NeedsZero { get; internal init; }

    /// <summary>The last reading's mass.</summary>
    public Mass? Shown { get; internal init; }

    internal Duration Now { get; init; }

    internal ImmutableArray<WaitingScan> Scans { get; init; } = [];

    internal Load? Load { get; init; }

    internal WaitingScan? LastTaken { get; init; }

    internal long Weighings { get; init; }

    /// <summary>How things stand.</summary>
    public PairingPhase Phase => this switch
    {
        { Load.Contest.IsEmpty: false } or { Scans.Length: > 1 } => PairingPhase.Ambiguous,
        { NeedsZero: not null } => PairingPhase.WaitingForZero,
        { Load.Paired: not null } => PairingPhase.Paired,
        { Load.Weighed: true } => PairingPhase.WaitingForScan,
        { Load: not null } or { Scans.IsEmpty: false } => PairingPhase.WaitingForWeight,
        _ => PairingPhase.Idle,
    };

    /// <summary>The codes a person must choose from; empty when there is nothing to choose.</summary>
    public ImmutableArray<string> Candidates => Phase != PairingPhase.Ambiguous
        ? []
        : Load is { Paired: { } paired } load ? [paired.Code, .. load.Contest.Select(s => s.Code)] : [.. Scans.Select(s => s.Code)];

    /// <summary>The parcel paired, or the one code that waits for a weight; null when there is none or more than one.</summary>
    public string? Parcel => Phase == PairingPhase.Ambiguous ? null : Load?.Paired?.Code ?? (Scans.Length == 1 ? Scans[0].Code : null);

    /// <summary>What to do next.</summary>
    public PairingInstruction Instruction => Phase switch
    {
        PairingPhase.Ambiguous => PairingInstruction.ChooseParcel,
        PairingPhase.Paired => PairingInstruction.RemoveParcel,
        PairingPhase.WaitingForZero => LooksLoaded ? PairingInstruction.RemoveParcel : PairingInstruction.ZeroScale,
        PairingPhase.WaitingForScan => PairingInstruction.ScanParcel,
        PairingPhase.WaitingForWeight => Load is null ? PairingInstruction.PlaceParcel : PairingInstruction.WaitStable,
        _ => PairingInstruction.ScanParcel,
    };

    internal bool LooksLoaded { get; init; }
}
