using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Handovers;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Holds;
using KeyAccountLogistics.Verdicts.Pairing;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using Verdict = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;
using Wire = KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>
/// The handover at a station: acts to the rules, the rules' steps to facts, and, when both have confirmed, the custody of every parcel in the same atomic
/// append as the confirmation. The rules decide; here is what carries them out.
/// </summary>
internal sealed partial class Station
{
    private StationHandover? _handover;

    public Task<StationReply> OpenHandoverAsync(OpenHandoverRequest request) => RunAsync(() => OnceAsync(request.CommandId, () => OpenedAsync(request)), Busy);

    public Task<StationReply> CheckLineAsync(CheckLineRequest request) => RunAsync(() => OnceAsync(request.CommandId, () => LineCheckedAsync(request)), Busy);

    public Task<StationReply> CountHandoverAsync(CountHandoverRequest request) => RunAsync(() => OnceAsync(request.CommandId, () => CountAsync(request.CommandId)), Busy);

    public Task<StationReply> AbandonHandoverAsync(AbandonHandoverRequest request) =>
        RunAsync(() => OnceAsync(request.CommandId, async () => FlawOfReason(request.Reason) ?? await AbandonAsync(request.Reason, request.CommandId)), Busy);

    /// <summary>One side's word; who it is has been proved before.</summary>
    public Task<StationReply> ConfirmHandoverAsync(ConfirmHandoverRequest request, string person, byte[]? signature) =>
        RunAsync(() => OnceAsync(request.CommandId, () => ConfirmedAsync(request, person, signature)), Busy);

    /// <summary>The party of a side of the open handover, for proving who confirms; null when there is none.</summary>
    public Task<Party?> PartyAsync(Side side) => RunAsync(() => new ValueTask<Party?>(
        _handover is not { } handover ? null : side == Side.Giver ? handover.State.Opened.Giver : handover.State.Opened.Receiver), null);

    private static StationReply NoHandover => Refuse("no_handover", "No handover is open at this station.");

    private Instant HandoverNow => Clock.FromUnixMicros(_services.Clock.Stamp().WallMicros);

    private async ValueTask<StationReply> OpenedAsync(OpenHandoverRequest request)
    {
        if (_handover is { } already) return Refuse("handover_open", "A handover is open at this station; finish or abandon it first.", ("handover", already.Id));
        var kind = (HandoverKind)request.Kind;
        if (PartyOf(request.Giver) is not { } giver) return Refuse("not_of_depot", "Nobody of this depot has that name or badge.", ("text", Short(request.Giver.Id)));
        if (PartyOf(request.Receiver) is not { } receiver) return Refuse("not_of_depot", "Nobody of this depot has that name or badge.", ("text", Short(request.Receiver.Id)));
        if (Expected(request, kind, giver, receiver) is not { } expected)
            return Refuse("unknown_parcel", "A parcel named for the handover is not in the depot's manifest.", ("parcel", request.Parcels.First(p => _services.Manifest.Find(p) is null)));
        var id = FactMaker.Text(request.CommandId);
        var opened = new HandoverStep.Opened(HandoverNow, Actor, id, kind, giver, receiver, _services.Configuration.Depot, expected, request.RunSheet);
        var taken = _services.Handovers.Reserve(id, [.. expected.Select(static e => e.Parcel)]);
        var decision = HandoverRules.Open(opened, taken);
        if (decision is not HandoverDecision.Done done)
        {
            if (taken.Count == 0) _services.Handovers.Release(id);
            return Refused(decision);
        }
        var fact = ToFact(opened, id, request.CommandId);
        fact.Reference = opened.RunSheet;
        var late = kind == HandoverKind.DepotToCourier ? HandoverWindow.Lateness(_services.Configuration.Shifts, _services.Clock.ServerNow) : null;
        fact.HandoverOpened.LateUs = late is { } by ? by.BclCompatibleTicks / 10 : 0;
        var answer = await RecordAsync(fact);
        if (answer.Refused is { } refused)
        {
            _services.Handovers.Release(id);
            return Refuse(refused);
        }
        _services.Handovers.Journalled(id, answer.Boot, answer.FirstSequence);
        _handover = new StationHandover(done.Next);
        if (late is { } minutes) Warn("handover_late", ("minutes", ((long)minutes.TotalMinutes).ToString(CultureInfo.InvariantCulture)));
        return Done(fact);
    }

    /// <summary>People name a courier by sign-in name or badge, journals by the person's id; null when the depot knows no such person.</summary>
    private Party? PartyOf(Wire.Party? named)
    {
        var party = HandoverWire.ToParty(named);
        if (party.Kind != PartyKind.Courier || party.Id.Length == 0 || _services.People.ById(party.Id) is not null) return party;
        return _services.People.Find(party.Id) is { } person ? party with { Id = person.Id } : null;
    }

    /// <summary>The expected set: as named, else the manifest's; null when a named parcel is not known.</summary>
    private ImmutableArray<ExpectedParcel>? Expected(OpenHandoverRequest request, HandoverKind kind, Party giver, Party receiver)
    {
        if (request.Parcels.Count > HandoverRules.ParcelsMax) return [.. request.Parcels.Select(static p => new ExpectedParcel(p))];
        var parcels = request.Parcels.Count > 0
            ? request.Parcels.Select(_services.Manifest.Find).ToList()
            : [.. StationHandover.ExpectedBetween(_services.Manifest, kind, giver, receiver)];
        return parcels.Contains(null) ? null : [.. parcels.Select(p => StationHandover.ToExpected(p!, HandoverTermsOf(p!)))];
    }

    private async ValueTask<StationReply> LineCheckedAsync(CheckLineRequest request)
    {
        if (_handover is not { } handover) return NoHandover;
        if (request.Line is null || request.Line.Result == Wire.LineResult.Unspecified) return Refuse("line_missing", "Say how the parcel was found.");
        if (request.Line.Result == Wire.LineResult.Over && handover.Now(request.Parcel, null, null) is { Scanned: false }) return Refuse("not_scanned", "A parcel that is over must be scanned.", ("parcel", request.Parcel));
        // Whether it was weighed again is the scale's word, not the page's.
        var line = HandoverWire.ToLine(request.Parcel, request.Line) with { Reweighed = NowOf(request.Parcel).Reweigh is Verdicts.Weighing.WeighVerdict.Judged };
        return await RecordLineAsync(line, request.CommandId);
    }

    private ValueTask<StationReply> ExceptInHandAsync(string parcel, LineResult result, string reason) =>
        RecordLineAsync((_handover!.Draft is { } draft && string.Equals(draft.Parcel, parcel, StringComparison.Ordinal) ? draft : new HandoverLine(parcel, result)) with { Result = result, Reason = reason }, null);

    private async ValueTask<StationReply> RecordLineAsync(HandoverLine line, ByteString? command)
    {
        var handover = _handover!;
        var decision = HandoverRules.CheckLine(handover.State, line, NowOf(line.Parcel), HandoverNow, Actor);
        var reply = await CarryOutAsync(decision, command);
        // Its scan must not make the weight of the next parcel ambiguous.
        if (decision is HandoverDecision.Done && reply.Done is not null && _pairingOptions is not null) await PairAsync(new PairingInput.Done(_services.Clock.Elapsed, line.Parcel));
        return reply;
    }

    private async ValueTask<StationReply> CountAsync(ByteString? command) =>
        _handover is { } handover ? await CarryOutAsync(HandoverRules.Count(handover.State, HandoverNow, Actor), command) : NoHandover;

    private async ValueTask<StationReply> AbandonAsync(string reason, ByteString? command) =>
        _handover is { } handover ? await CarryOutAsync(HandoverRules.Abandon(handover.State, reason, HandoverNow, Actor), command) : NoHandover;

    private async ValueTask<StationReply> ConfirmedAsync(ConfirmHandoverRequest request, string person, byte[]? signature)
    {
        if (_handover is not { } handover) return NoHandover;
        var word = new Confirmation((Side)request.Side, person, (ConfirmationMethod)request.Method, HandoverWire.ToTotals(request.Totals));
        return await CarryOutAsync(HandoverRules.Confirm(handover.State, word, HandoverNow, HandoverTermsOf), request.CommandId, signature);
    }

    /// <summary>Journals a decision's steps, with all that follows from them, as one group; the state advances only when that is durable.</summary>
    private async ValueTask<StationReply> CarryOutAsync(HandoverDecision decision, ByteString? command, byte[]? signature = null)
    {
        if (decision is not HandoverDecision.Done done) return Refused(decision);
        var handover = _handover!;
        var facts = new List<Wire.ParcelEvent>();
        for (var i = 0; i < done.Steps.Length; i++) facts.Add(ToFact(done.Steps[i], handover.Id, i == done.Steps.Length - 1 ? command : null, signature));
        var last = facts[^1];
        if (done.Next.Outcome is { } outcome) AddOutcome(facts, done.Next, outcome);
        if ((await RecordAsync(facts)).Refused is { } refused) return Refuse(refused);
        handover.Advance(done.Next);
        if (!done.Next.IsOpen) Close(handover);
        return Done(last);
    }

    private void Close(StationHandover handover)
    {
        _services.Handovers.Release(handover.Id);
        Warn(handover.State.Phase == HandoverPhase.Confirmed ? "handover_confirmed" : "handover_abandoned", ("handover", handover.Id));
        _handover = null;
    }

    /// <summary>Custody moves for the accepted lines; what stays is named with its reason, and held where somebody must decide.</summary>
    private void AddOutcome(List<Wire.ParcelEvent> facts, HandoverState state, HandoverOutcome outcome)
    {
        foreach (var move in outcome.Moves)
        {
            var out4Delivery = string.Equals(_services.Manifest.Find(move.Parcel)?.State, "out_for_delivery", StringComparison.Ordinal);
            var fact = New((Wire.EventKind)state.Opened.Kind.MoveKind(out4Delivery), move.Parcel);
            (fact.From, fact.To) = (HandoverWire.ToWire(move.From), HandoverWire.ToWire(move.To));
            facts.Add(fact);
        }
        foreach (var stay in outcome.Stays)
        {
            var kind = stay.Result switch
            {
                LineResult.Short => Wire.EventKind.Short,
                LineResult.Over => Wire.EventKind.Over,
                LineResult.Damaged => Wire.EventKind.Damaged,
                _ => Wire.EventKind.Unspecified,
            };
            if (kind != Wire.EventKind.Unspecified)
            {
                var found = New(kind, stay.Parcel);
                found.Reason = stay.Reason;
                facts.Add(found);
            }
            if (stay.HoldReason is { } hold)
            {
                var held = _facts.Held(stay.Parcel, Actor, hold, Configuration.HoldPlace);
                held.Handover = state.Opened.Id;
                facts.Add(held);
            }
        }

        Wire.ParcelEvent New(Wire.EventKind kind, string parcel)
        {
            var fact = _facts.New(kind, Actor, parcel);
            fact.Handover = state.Opened.Id;
            fact.Place = state.Opened.Place;
            return fact;
        }
    }

    private Wire.ParcelEvent ToFact(HandoverStep step, string handover, ByteString? id, byte[]? signature = null)
    {
        var kind = step switch
        {
            HandoverStep.Opened => Wire.EventKind.HandoverOpened,
            HandoverStep.LineChecked => Wire.EventKind.HandoverLine,
            HandoverStep.Counted => Wire.EventKind.HandoverCounted,
            HandoverStep.Confirmed => Wire.EventKind.HandoverConfirmed,
            _ => Wire.EventKind.HandoverAbandoned,
        };
        var fact = _facts.New(kind, step.Actor, step is HandoverStep.LineChecked checkedLine ? checkedLine.Line.Parcel : "", id);
        fact.Handover = handover;
        fact.TermsVersion = _services.Terms.Now.Version;
        switch (step)
        {
            case HandoverStep.Opened opened: fact.HandoverOpened = HandoverWire.ToWire(opened); break;
            case HandoverStep.LineChecked line: fact.HandoverLine = HandoverWire.ToWire(line.Line); break;
            case HandoverStep.Counted counted: fact.HandoverCounted = HandoverWire.ToWire(counted.Totals); break;
            case HandoverStep.Abandoned abandoned: fact.Reason = abandoned.Reason; break;
            case HandoverStep.Confirmed { Confirmation: var word }:
                fact.HandoverConfirmed = new Wire.HandoverConfirmation
                {
                    Side = (Wire.Side)word.Side,
                    Method = (Wire.ConfirmationMethod)word.Method,
                    Totals = HandoverWire.ToWire(word.Totals),
                    SignatureSha256 = signature is null ? ByteString.Empty : ByteString.CopyFrom(signature),
                };
                break;
        }
        return fact;
    }

    private ParcelNow NowOf(string parcel)
    {
        var known = _services.Manifest.Find(parcel);
        return _handover!.Now(parcel, known is { Held: true } ? known.HoldReason : null, known is null ? null : HandoverTermsOf(known));
    }

    private HandoverTerms? HandoverTermsOf(string parcel) => _services.Manifest.Find(parcel) is { } known ? HandoverTermsOf(known) : null;

    private HandoverTerms? HandoverTermsOf(ManifestParcel parcel) =>
        _services.Terms.Now.InForce(parcel.Account, Snapshots.Manifest.AcceptedAt(parcel) ?? _services.Clock.ServerNow)?.Handover;

    private static StationReply Refused(HandoverDecision decision)
    {
        var refusal = ((HandoverDecision.Refused)decision).Refusal;
        var reply = Refuse(ReasonCode.Of(refusal.Reason), string.Create(CultureInfo.InvariantCulture, $"The handover's rules refuse this: {refusal.Reason}."));
        foreach (var (name, value) in refusal.Figures) reply.Refused.Figures[name] = value;
        if (refusal.Parcel is { } parcel) reply.Refused.Figures["parcel"] = parcel;
        return reply;
    }
}
