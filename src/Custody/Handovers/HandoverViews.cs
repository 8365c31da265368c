using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Handovers;

namespace KeyAccountLogistics.Custody.Handovers;

/// <summary>A handover as the API shows it. Pure.</summary>
internal static class HandoverViews
{
    /// <param name="state">The fold of its steps.</param>
    /// <param name="node">Where it is.</param>
    /// <param name="sees">Which parcels the caller may see; null for all of them. Totals are told only to who sees all.</param>
    internal static Handover Of(HandoverState state, string node, IReadOnlySet<string>? sees)
    {
        var opened = state.Opened;
        var view = new Handover
        {
            Id = opened.Id, Kind = (Api.Custody.V1.HandoverKind)(int)opened.Kind, State = WordOf(state.Phase), Giver = HandoverSteps.PartyOf(opened.Giver),
            Receiver = HandoverSteps.PartyOf(opened.Receiver), Node = node, OpenedAtUs = opened.At.ToUnixMicros(), ClosedAtUs = state.ClosedAt?.ToUnixMicros() ?? 0,
            Reason = state.AbandonedFor ?? "", Totals = sees is null ? HandoverSteps.TotalsOf(state.Totals) : null,
        };
        foreach (var expected in opened.Expected.DistinctBy(e => e.Parcel, StringComparer.Ordinal))
        {
            if (sees?.Contains(expected.Parcel) is false) continue;
            view.Lines.Add(new HandoverLineView
            {
                Expected = HandoverSteps.ExpectedOf(expected), ExpectedHere = true,
                Found = state.Lines.GetValueOrDefault(expected.Parcel) is { } found ? HandoverSteps.LineOf(found) : null,
            });
        }
        foreach (var line in state.Lines.Values.Where(l => !state.ExpectedByCode.ContainsKey(l.Parcel)).OrderBy(l => l.Parcel, StringComparer.Ordinal))
        {
            if (sees?.Contains(line.Parcel) is false) continue;
            view.Lines.Add(new HandoverLineView { Expected = new Api.Custody.V1.ExpectedParcel { Parcel = line.Parcel }, Found = HandoverSteps.LineOf(line) });
        }
        return view;
    }

    internal static string WordOf(HandoverPhase phase) => ReasonCode.Of(phase);

    internal static bool TryRead(string word, out HandoverPhase phase)
    {
        foreach (var candidate in Enum.GetValues<HandoverPhase>())
        {
            if (!string.Equals(WordOf(candidate), word, StringComparison.Ordinal)) continue;
            phase = candidate;
            return true;
        }
        phase = default;
        return false;
    }

    /// <summary>
    /// What a confirmed handover means for its parcels: each move an event of its own (law 7), and what stays with the giver is told with its reason, held where it becomes a hold.
    /// </summary>
    internal static IEnumerable<ParcelEvent> EventsOf(HandoverOutcome outcome, HandoverState state, string node, IReadOnlyDictionary<string, ParcelStage> stages)
    {
        var opened = state.Opened;
        foreach (var move in outcome.Moves)
        {
            var stage = stages.GetValueOrDefault(move.Parcel);
            var wasOut = stage is ParcelStage.OutForDelivery or ParcelStage.AttemptFailed or ParcelStage.AtPickupPoint or ParcelStage.Refused;
            yield return new ParcelEvent
            {
                Kind = (EventKind)(int)opened.Kind.MoveKind(wasOut), Parcel = move.Parcel, Handover = opened.Id, Node = node, Place = opened.Place,
                From = HandoverSteps.PartyOf(move.From), To = HandoverSteps.PartyOf(move.To),
            };
        }
        foreach (var stay in outcome.Stays)
        {
            if (KindOf(stay.Result) is { } kind) yield return new ParcelEvent { Kind = kind, Parcel = stay.Parcel, Handover = opened.Id, Node = node, Reason = stay.Reason };
            if (stay.HoldReason is { } reason)
            {
                yield return new ParcelEvent
                {
                    Kind = EventKind.Held, Parcel = stay.Parcel, Handover = opened.Id, Node = node, Place = opened.Place.Length > 0 ? opened.Place : node, Reason = stay.Reason,
                    Hold = new Hold { Reason = reason },
                };
            }
        }
    }

    private static EventKind? KindOf(Verdicts.Handovers.LineResult result) => result switch
    {
        Verdicts.Handovers.LineResult.Short => EventKind.Short,
        Verdicts.Handovers.LineResult.Over => EventKind.Over,
        Verdicts.Handovers.LineResult.Damaged => EventKind.Damaged,
        _ => null,
    };
}
