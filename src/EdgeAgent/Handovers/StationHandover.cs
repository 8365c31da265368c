using System.Collections.Immutable;
using KeyAccountLogistics.EdgeAgent.Snapshots;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Terms;
using Verdict = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;

namespace KeyAccountLogistics.EdgeAgent.Handovers;

/// <summary>
/// The handover under way at a station: its state by the rules, and what has been seen of the parcel in hand that is no line yet. All of it follows from
/// journalled facts except the half-checked line, which a crash may lose: its checks are then made again.
/// </summary>
internal sealed class StationHandover(HandoverState state)
{
    private readonly HashSet<string> _scanned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Verdict> _weighed = new(StringComparer.Ordinal);

    public HandoverState State { get; private set; } = state;

    public string Id => State.Opened.Id;

    /// <summary>The parcel in hand, whose checks are being made.</summary>
    public string? InHand { get; private set; }

    /// <summary>What has been found of the parcel in hand so far.</summary>
    public HandoverLine? Draft { get; private set; }

    public void Advance(HandoverState next)
    {
        State = next;
        if (InHand is { } parcel && next.Lines.ContainsKey(parcel)) (InHand, Draft) = (null, null);
    }

    /// <summary>The parcel's code was scanned, or typed with a reason, in this handover.</summary>
    public void Scanned(string parcel)
    {
        _scanned.Add(parcel);
        if (!State.IsOpen) return;
        (InHand, Draft) = (parcel, Draft is { } draft && string.Equals(draft.Parcel, parcel, StringComparison.Ordinal) ? draft : new HandoverLine(parcel, LineResult.Accepted));
    }

    public void Weighed(string parcel, Verdict verdict)
    {
        _weighed[parcel] = verdict;
        if (Draft is { } draft && string.Equals(draft.Parcel, parcel, StringComparison.Ordinal)) Draft = draft with { Reweighed = verdict is Verdict.Judged };
    }

    public void Drop() => (InHand, Draft) = (null, null);

    public bool Expects(string parcel) => State.ExpectedByCode.ContainsKey(parcel);

    /// <summary>What is known of a parcel when its line is checked.</summary>
    public ParcelNow Now(string parcel, string? holdReason, HandoverTerms? terms) =>
        new(_scanned.Contains(parcel), holdReason, _weighed.GetValueOrDefault(parcel), terms);

    /// <summary>The checks still open on the parcel in hand; empty when there is none or nothing is open.</summary>
    public ImmutableArray<LineCheck> Open(ParcelNow now) => Draft is { } draft && State.ExpectedByCode.TryGetValue(draft.Parcel, out var expected)
        ? HandoverRules.Missing(State.Opened.Kind, expected, draft, now)
        : [];

    /// <summary>A seal's number was scanned: it belongs to the parcel in hand.</summary>
    public bool SealFound(string number)
    {
        if (Draft is null) return false;
        Draft = Draft with { SealFound = number };
        return true;
    }

    /// <summary>The operator confirmed what the station asked of the parcel in hand. False when that check is not made by confirming.</summary>
    public bool Confirm(LineCheck check)
    {
        if (Draft is not { } draft || !State.ExpectedByCode.TryGetValue(draft.Parcel, out var expected)) return false;
        switch (check)
        {
            case LineCheck.Packaging: Draft = draft with { PackagingOk = true }; return true;
            case LineCheck.Touch: Draft = draft with { TouchOk = true }; return true;
            case LineCheck.Amount:
                Draft = draft with { CodMinor = expected.CodMinor, FreightCollectMinor = expected.FreightCollectMinor, Currency = expected.Currency };
                return true;
            default: return false;
        }
    }

    /// <summary>The set a handover between these parties is expected to pass, by the manifest.</summary>
    public static List<Api.Edge.V1.ManifestParcel> ExpectedBetween(Manifest manifest, HandoverKind kind, Party giver, Party receiver)
    {
        return manifest.Where(parcel => !parcel.Held && (kind switch
        {
            HandoverKind.ClientToDepot or HandoverKind.ClientToCourier =>
                Is(parcel, "client") && (Holds(parcel, giver) || string.Equals(parcel.Account, giver.Id, StringComparison.Ordinal)),
            HandoverKind.DepotToCourier => !Is(parcel, "courier") && Holds(parcel, giver) && string.Equals(parcel.Run, receiver.Id, StringComparison.Ordinal),
            _ => Is(parcel, "courier") && Holds(parcel, giver),
        }), HandoverRules.ParcelsMax + 1);

        static bool Is(Api.Edge.V1.ManifestParcel parcel, string custodian) => string.Equals(parcel.CustodianKind, custodian, StringComparison.Ordinal);
        static bool Holds(Api.Edge.V1.ManifestParcel parcel, Party party) => string.Equals(parcel.Custodian, party.Id, StringComparison.Ordinal);
    }

    /// <summary>A manifest's parcel as a handover expects it; insured by its own mark or by its account's terms.</summary>
    public static ExpectedParcel ToExpected(Api.Edge.V1.ManifestParcel parcel, HandoverTerms? terms) => new(
        parcel.Parcel,
        parcel.Insured || (terms?.IsInsured(parcel.DeclaredValueMinor) ?? false),
        parcel.Fragile,
        parcel.CodMinor,
        parcel.FreightCollectMinor,
        parcel.CodMinor != 0 || parcel.FreightCollectMinor != 0 ? parcel.Currency : "",
        parcel.Seal);
}
