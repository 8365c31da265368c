using System.Collections.Immutable;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Acting;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Custody.Scales;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Handovers;

/// <summary>
/// A handover run by RPC, for places without an agent: the same rules (<see cref="HandoverRules"/>), the same events. A handover's row is locked while an act on it is decided,
/// so that two screens cannot both be the second confirmation.
/// </summary>
internal sealed class RunHandover(Acts acts, ITermsInForce terms, IEnumerable<IConfirmIdentity> identities, IIds ids, WaybillScheme waybills, TimeProvider time)
{
    private static readonly ByteString NoSignature = ByteString.Empty;

    internal Task<Outcome<HandoverReply>> OpenAsync(OpenHandoverCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Handovers/Open", command, HandoverReply.Parser,
        async (transaction, cancel) =>
        {
            if (command.Opened is not { Giver: not null, Receiver: not null } asked) return new Fault.Invalid("opened", "field.missing", "Kind, giver and receiver are missing.");
            if (asked.Expected.Count > HandoverRules.ParcelsMax) return new Fault.Invalid("opened.expected", "batch.too_long", $"A handover takes at most {HandoverRules.ParcelsMax} parcels.");
            var (giver, receiver) = (HandoverSteps.PartyOf(asked.Giver), HandoverSteps.PartyOf(asked.Receiver));
            if (command.RunSheet.Length > 64) return new Fault.Invalid("run_sheet", "field.malformed", "A run sheet's number has at most 64 characters.");
            var node = NodeOf(giver, receiver, asked.Place);
            if (acts.WhyNotAt(node) is { } elsewhere) return elsewhere;
            var codes = asked.Expected.Select(e => ParcelCodes.KeyOf(e.Parcel, waybills) ?? "").ToList();
            await LockParcelsAsync(transaction, codes, cancel);
            var known = await ParcelsAsync(codes, cancel);
            if (codes.Find(c => !known.ContainsKey(c)) is { } unknown) return Reading.ReadParcel.Unknown(unknown);
            var expected = asked.Expected.Zip(codes, (e, code) => AsRegistered(HandoverSteps.ExpectedOf(e) with { Parcel = code }, known[code].Shipment)).ToImmutableArray();
            var opened = new HandoverStep.Opened(
                time.Now(), acts.Caller.Id, "HO-" + ids.New().ToString("N"), (Verdicts.Handovers.HandoverKind)(int)asked.Kind, giver, receiver, asked.Place, expected, command.RunSheet);
            return await TakeAsync(transaction, HandoverRules.Open(opened, await OpenHandoversAsync(codes, cancel)), opened.Id, node, NoSignature, cancel);
        },
        ct);

    internal Task<Outcome<HandoverReply>> CheckLineAsync(CheckLineCommand command, CancellationToken ct) => ActAsync(
        command.CommandId, "Handovers/CheckLine", command, command.Handover, HandoverReply.Parser,
        async (transaction, state, node, cancel) =>
        {
            if (command.Line is null) return new Fault.Invalid("line", "field.missing", "The line is missing.");
            if (ParcelCodes.KeyOf(command.Parcel, waybills) is not { } code) return new Fault.Invalid("parcel", "field.missing", "The parcel is missing.");
            var known = await ParcelsAsync([code], cancel);
            // What lies there and nobody knows is recorded as over; anything else about it cannot be said.
            if (!known.TryGetValue(code, out var parcel) && command.Line.Result is not Api.Custody.V1.LineResult.Over) return Reading.ReadParcel.Unknown(command.Parcel);
            var decision = HandoverRules.CheckLine(state, HandoverSteps.LineOf(code, command.Line), await NowOfAsync(parcel.Parcel, parcel.Shipment, state, cancel), time.Now(), acts.Caller.Id);
            return await TakeAsync(transaction, decision, state.Opened.Id, node, NoSignature, cancel);
        },
        ct);

    internal Task<Outcome<HandoverReply>> CountAsync(CountHandoverCommand command, CancellationToken ct) => ActAsync(
        command.CommandId, "Handovers/Count", command, command.Handover, HandoverReply.Parser,
        (transaction, state, node, cancel) => TakeAsync(transaction, HandoverRules.Count(state, time.Now(), acts.Caller.Id), state.Opened.Id, node, NoSignature, cancel), ct);

    internal async Task<Outcome<HandoverReply>> ConfirmAsync(ConfirmHandoverCommand command, CancellationToken ct)
    {
        if (command.Confirmation is not { } said) return new Fault.Invalid("confirmation", "field.missing", "The confirmation is missing.");
        // Proved before the transaction begins: wrong PINs are counted whatever becomes of it. The PIN goes there and nowhere else, not into the command's content either.
        var proved = await ProvedAsync(command, ct);
        if (!proved.IsOk) return proved.Fault;
        var secretless = command.Clone();
        secretless.Pin = "";
        return await ActAsync(
            command.CommandId, "Handovers/Confirm", secretless, command.Handover, HandoverReply.Parser,
            async (transaction, state, node, cancel) =>
            {
                var person = SpeakerOf(proved.Value, said, state);
                if (!person.IsOk) return person.Fault;
                var word = HandoverSteps.WordOf(person.Value, said);
                if (!said.SignatureSha256.IsEmpty) word = word with { Proofs = word.Proofs | DeliveryProofs.Signature };
                var allowed = await HandoverTermsAsync(state, cancel);
                var decision = HandoverRules.Confirm(state, word, time.Now(), code => allowed.GetValueOrDefault(code));
                return await TakeAsync(transaction, decision, state.Opened.Id, node, said.SignatureSha256, cancel);
            },
            ct);
    }

    internal Task<Outcome<HandoverReply>> AbandonAsync(AbandonHandoverCommand command, CancellationToken ct) => ActAsync(
        command.CommandId, "Handovers/Abandon", command, command.Handover, HandoverReply.Parser,
        (transaction, state, node, cancel) =>
            TakeAsync(transaction, HandoverRules.Abandon(state, command.Reason, time.Now(), acts.Caller.Id), state.Opened.Id, node, NoSignature, cancel),
        ct);

    private Task<Outcome<HandoverReply>> ActAsync(
        ByteString commandId, string rpc, IMessage command, string handover, MessageParser<HandoverReply> parser,
        Func<WriteTransaction, HandoverState, string, CancellationToken, Task<Outcome<HandoverReply>>> act, CancellationToken ct) => acts.RunAsync(
        commandId, rpc, command, parser,
        async (transaction, cancel) =>
        {
            var unknown = new Fault.NotFound("handover.unknown", "No handover is known under this id.");
            var keys = new RowBlock(ColumnKind.Text).Text(handover);
            await transaction.Statements.QueryAsync(HandoverSql.Find, keys, static _ => { }, cancel);
            if (await acts.Db.Handovers.AsNoTracking().SingleOrDefaultAsync(h => h.Id == handover, cancel) is not { } row) return unknown;
            if (await LoadAsync(acts.Db, handover, cancel) is not { } state) return unknown;
            return await act(transaction, state, row.Depot ?? "", cancel);
        },
        ct);

    /// <summary>The fold of a handover's steps; null while none opens it.</summary>
    internal static async Task<HandoverState?> LoadAsync(CustodyDb db, string handover, CancellationToken ct)
    {
        var steps = await db.HandoverSteps.AsNoTracking().Where(s => s.Handover == handover).ToListAsync(ct);
        return HandoverSteps.Fold(steps.Select(s => new LifeFact(ParcelEvent.Parser.ParseFrom(s.Body), s.BestUs, s.BestUs, s.BestUs)));
    }

    // Decided: the steps become events, and with the second confirmation custody moves in the same transaction.
    private async Task<Outcome<HandoverReply>> TakeAsync(
        WriteTransaction transaction, HandoverDecision decision, string id, string node, ByteString signature, CancellationToken ct)
    {
        if (decision is HandoverDecision.Refused refused) return RefusalTexts.Reply(refused.Refusal);
        var done = (HandoverDecision.Done)decision;
        var events = done.Steps.Select(step => HandoverSteps.EventOf(id, step, signature)).ToList();
        if (done.Next.Outcome is { } outcome)
        {
            var stages = (await ParcelsAsync([.. done.Next.Lines.Keys], ct)).ToDictionary(p => p.Key, p => (ParcelStage)p.Value.Parcel.Stage, StringComparer.Ordinal);
            events.AddRange(HandoverViews.EventsOf(outcome, done.Next, node, stages));
        }
        foreach (var e in events) e.Node = node;
        return await acts.AppendAsync(transaction, events, ct) is { } fault ? fault : new HandoverReply { Handover = HandoverViews.Of(done.Next, node, null) };
    }

    private async Task<ParcelNow> NowOfAsync(ParcelRow? parcel, ShipmentRow? shipment, HandoverState state, CancellationToken ct)
    {
        if (parcel is null) return new ParcelNow(Scanned: true);
        var accountTerms = TermsOf(shipment);
        var weights = ParcelState.Parser.ParseFrom(parcel.State).Weights;
        var standings = await ScaleStandings.OfAsync(acts.Db, weights, ct);
        var reweigh = Reweigh.Decide(weights, standings, shipment, accountTerms, state.Opened.At.ToUnixMicros());
        return new ParcelNow(Scanned: true, parcel.HeldSinceUs is null ? null : parcel.HoldReason, reweigh, accountTerms?.Handover);
    }

    // Empty: nobody was named, so it is the caller or the party itself.
    private async Task<Outcome<string>> ProvedAsync(ConfirmHandoverCommand command, CancellationToken ct)
    {
        if (command.NameOrBadge.Length == 0 && command.Pin.Length == 0) return "";
        var node = await acts.Db.Handovers.AsNoTracking().Where(h => h.Id == command.Handover).Select(h => h.Depot).SingleOrDefaultAsync(ct);
        return identities.FirstOrDefault() is { } people
            ? await people.ConfirmAsync(command.NameOrBadge, command.Pin, node, ct)
            : new Fault.Unavailable("identity.unavailable", "Nobody's PIN can be checked here; let each side confirm at a screen of its own.");
    }

    // Who speaks for a side: somebody proved by badge or PIN at this screen, the caller, or the party itself where it has no sign-in (a consignee, a client's clerk).
    private Outcome<string> SpeakerOf(string proved, HandoverConfirmation said, HandoverState state)
    {
        if (proved.Length > 0) return proved;
        var party = said.Side is Api.Custody.V1.Side.Giver ? state.Opened.Giver : state.Opened.Receiver;
        if (party.Kind is not (Verdicts.Handovers.PartyKind.Client or Verdicts.Handovers.PartyKind.Consignee or Verdicts.Handovers.PartyKind.AgentReceiver)) return acts.Caller.Id;
        return said.Method is Api.Custody.V1.ConfirmationMethod.Signature && said.SignatureSha256.Length == 32
            ? $"{Reading.ParcelViews.WordOf((Api.Custody.V1.PartyKind)(int)party.Kind)}:{party.Id}"
            : new Fault.Invalid("confirmation.signature_sha256", "signature.missing", "A party without a sign-in confirms by signature: send its SHA-256 and upload the picture.");
    }

    private async Task<Dictionary<string, (ParcelRow Parcel, ShipmentRow? Shipment)>> ParcelsAsync(List<string> codes, CancellationToken ct)
    {
        var rows = await acts.Db.Parcels.AsNoTracking().Where(p => codes.Contains(p.Code)).ToListAsync(ct);
        var registered = rows.Select(p => p.ShipmentId).OfType<long>().Distinct().ToList();
        var shipments = await acts.Db.Shipments.AsNoTracking().Where(s => registered.Contains(s.Id)).ToDictionaryAsync(s => s.Id, ct);
        return rows.ToDictionary(p => p.Code, p => (p, p.ShipmentId is { } id ? shipments.GetValueOrDefault(id) : null), StringComparer.Ordinal);
    }

    // Two handovers that would take the same parcel wait for each other here.
    private static async Task LockParcelsAsync(WriteTransaction transaction, IEnumerable<string> codes, CancellationToken ct)
    {
        var keys = new RowBlock(ColumnKind.Text);
        foreach (var code in codes.Distinct(StringComparer.Ordinal)) keys.Text(code);
        await transaction.Statements.QueryAsync(ParcelSql.Find, keys, static _ => { }, ct);
    }

    private async Task<Dictionary<string, string>> OpenHandoversAsync(List<string> codes, CancellationToken ct)
    {
        var open = await acts.Db.HandoverParcels.AsNoTracking().Where(p => codes.Contains(p.Parcel))
            .Join(acts.Db.Handovers.IgnoreQueryFilters(["depot"]), p => p.Handover, h => h.Id, (p, h) => new { p.Parcel, p.Handover, h.Phase })
            .Where(p => p.Phase >= (int)HandoverPhase.Open && p.Phase <= (int)HandoverPhase.ConfirmedGiver).ToListAsync(ct);
        return open.DistinctBy(o => o.Parcel, StringComparer.Ordinal).ToDictionary(o => o.Parcel, o => o.Handover, StringComparer.Ordinal);
    }

    private async Task<Dictionary<string, HandoverTerms?>> HandoverTermsAsync(HandoverState state, CancellationToken ct) =>
        (await ParcelsAsync([.. state.ExpectedByCode.Keys], ct)).ToDictionary(p => p.Key, p => TermsOf(p.Value.Shipment)?.Handover, StringComparer.Ordinal);

    private AccountTerms? TermsOf(ShipmentRow? shipment) => shipment?.AcceptedUs is { } accepted ? terms.For(shipment.Account, Clock.FromUnixMicros(accepted)) : null;

    // What is registered is what the run sheet says (SEED-03-COD-FC): the amounts to collect are not the screen's to choose.
    private static Verdicts.Handovers.ExpectedParcel AsRegistered(Verdicts.Handovers.ExpectedParcel asked, ShipmentRow? shipment) => shipment is null ? asked : asked with
    {
        Insured = shipment.Insured, Fragile = shipment.Fragile, CodMinor = shipment.CodMinor, FreightCollectMinor = shipment.FreightCollectMinor,
        Currency = shipment.CodMinor > 0 || shipment.FreightCollectMinor > 0 ? shipment.Currency ?? "" : "", Seal = shipment.Seal,
    };

    private static string NodeOf(Verdicts.Handovers.Party giver, Verdicts.Handovers.Party receiver, string place)
    {
        var depot = new[] { giver, receiver }.FirstOrDefault(p => p.Kind is Verdicts.Handovers.PartyKind.Depot or Verdicts.Handovers.PartyKind.Hub);
        return depot.Id is { Length: > 0 } id ? id : place;
    }
}
