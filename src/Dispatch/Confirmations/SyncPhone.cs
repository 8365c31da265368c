using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Dispatch.Sheets;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Confirmations;
using WeighVerdict = KeyAccountLogistics.Verdicts.Weighing.WeighVerdict;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using ClockEvidence = KeyAccountLogistics.Api.Edge.V1.ClockEvidence;
using LedgerAccount = KeyAccountLogistics.Dispatch.Cash.LedgerAccount;

namespace KeyAccountLogistics.Dispatch.Confirmations;

/// <summary>
/// Takes a phone's journal in: facts in order, each once by its id, judged and appended in one transaction, with times by what this server knows of the phone's counter (law 2) - the
/// phone's word on its own contacts is not asked for. A refusal is an answer and is kept; what is known is never judged again.
/// </summary>
internal sealed class SyncPhone(DispatchDb db, IWriteGate gate, IJournalReader journal, IParcelsNow parcels, DoorWeights weights, ITermsInForce terms, DeliveryCodes codes, ICallerScope callers, TimeProvider time)
{
    internal const int EventsMax = 200;
    private const int DeviceMax = 64;
    private const int AboardMax = 2_000;

    // A phone's network may hold a message that long.
    private static readonly Duration Uncertainty = Duration.FromSeconds(5);

    // How far back what a phone tells at its first contact may lie.
    private static readonly Duration NeverMet = Duration.FromHours(24);

    internal async Task<Outcome<SyncReply>> RunAsync(SyncRequest request, CancellationToken ct)
    {
        var read = Read(request);
        if (!read.IsOk) return read.Fault;
        var facts = read.Value;
        // His whole sheet: an order to stop a parcel reaches him with whatever he tells, or with nothing.
        var texts = facts.Select(f => f.Event.Parcel).Where(p => p.Length > 0).Concat(await AboardAsync(ct));
        var standing = await parcels.FindAsync([.. texts.Distinct(StringComparer.Ordinal)], ct);
        return await gate.RunAsync<SyncReply>((transaction, cancel) => TakeAsync(transaction, request, facts, standing, cancel), ct);
    }

    private async Task<List<string>> AboardAsync(CancellationToken ct)
    {
        var me = callers.Current.Id;
        return await (
            from s in db.Sheets.AsNoTracking()
            join l in db.SheetLines.AsNoTracking() on s.Number equals l.Number
            where s.Courier == me && s.State == (int)SheetState.Released && l.WentOut
            orderby l.Parcel
            select l.Parcel).Take(AboardMax).ToListAsync(ct);
    }

    private async Task<Outcome<SyncReply>> TakeAsync(
        WriteTransaction transaction, SyncRequest request, List<PhoneFact> facts, IReadOnlyDictionary<string, ParcelStanding> standing, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        await transaction.EnlistAsync(db, ct);
        var (caller, now) = (callers.Current, time.Now());
        await transaction.Statements.QueryAsync(PhoneSql.Touch, PhoneSql.NewRow(caller.Id, request.Device), static _ => { }, ct);
        await transaction.Statements.QueryAsync(PhoneSql.Lock, PhoneSql.Key(caller.Id, request.Device), static _ => { }, ct);
        // After the lock: of the same call twice at once the second finds what the first has brought in.
        var known = (await journal.KnownAsync(facts.ConvertAll(f => f.Id), ct)).ToHashSet();
        var phone = await db.Phones.SingleAsync(p => p.Courier == caller.Id && p.Device == request.Device, ct);
        var evidence = EvidenceOf(phone, request, now);
        var doors = await DoorsAsync(standing.Keys, ct);
        var refusedBefore = await RefusedAsync(facts, ct);
        var (reply, taken) = (new SyncReply { ServerUs = now.ToUnixMicros() }, new List<PhoneFact>());
        var told = facts.Select(f => f.Event.Parcel).ToHashSet(StringComparer.Ordinal);
        var collected = await CollectedAsync(caller.Id, standing.Keys.Where(told.Contains), ct);
        var at = new Surroundings(caller, standing, doors, collected, await OrdersAsync(facts, now, ct), await WeightsAsync(facts, now, ct), evidence, now);
        var wrongCodes = new List<ParcelEvent>();
        foreach (var fact in facts)
        {
            var id = fact.Id.ToString("D");
            if (known.Contains(fact.Id)) reply.Results.Add(new SyncedFact { EventId = id, Result = "known" });
            else if (refusedBefore.TryGetValue(fact.Id, out var stored)) reply.Results.Add(stored);
            else if (Judge(fact, at) is { } refusal)
            {
                reply.Results.Add(Keep(fact, refusal, caller.Id, request.Device, now));
                // Guessing by deliveries counts as guessing: the wrong code is told by the server, whatever the phone tells.
                if (IsGuess(fact, refusal, doors)) wrongCodes.Add(WrongCode(fact, doors, now));
            }
            else
            {
                reply.Results.Add(new SyncedFact { EventId = id, Result = "recorded" });
                taken.Add(fact);
                known.Add(fact.Id);
                if (DoorState.IsOfADoor(fact.Event.Kind)) doors[fact.Event.Parcel].Add(new DispatchFact(fact.Id, fact.Event, TimeOf(fact.Event, evidence, now)));
                // A weighing that is refused, or comes after it, proves nothing of a delivery.
                if (fact.Event is { Kind: EventKind.Weighed, Weight.Purpose: WeightPurpose.Delivery }) at.Scales.Weighed[fact.Event.Parcel] = (fact.Event.Weight, TimeOf(fact.Event, evidence, now).Best);
                if (fact.Event.Kind is EventKind.MoneyCollected) collected[fact.Event.Parcel] = fact.Event.Money;
            }
        }
        Note(phone, request, facts.Count, now, reply);
        reply.Intercepts.AddRange(doors.Where(d => IsIn(standing.GetValueOrDefault(d.Key), caller.Id)).Select(d => (d.Key, DoorState.Fold(d.Value).Intercept)).Where(i => i.Intercept is not null).Select(i => new InterceptTold
        {
            Parcel = i.Key, EventId = i.Intercept!.Id.ToString("D"), Action = i.Intercept.Event.Action, Reason = i.Intercept.Event.Reason, OrderedUs = i.Intercept.Time.Best.ToUnixMicros(),
        }));
        await db.SaveChangesAsync(ct);
        if (await AppendWrongAsync(transaction, wrongCodes, now, ct) is { } fault0) return fault0;
        return await AppendAsync(transaction, request, taken, evidence, now, ct) is { } fault ? fault : reply;
    }

    private FactRefusal? Judge(PhoneFact fact, Surroundings at)
    {
        var parcel = at.Standing.GetValueOrDefault(fact.Event.Parcel);
        var inForce = parcel?.AcceptedAt is { } accepted ? terms.For(parcel.Account, accepted) : null;
        var door = DoorState.Fold(at.Doors.GetValueOrDefault(fact.Event.Parcel) ?? []);
        return JudgeFact.WhyNot(
            fact.Event, new FactContext(at.Caller.Id, at.Caller.Depots, parcel, inForce, door, TimeOf(fact.Event, at.Evidence, at.Now),
            parcel is not null && fact.Event.Proof is { Code.Length: > 0 } proof ? codes.IsRight(parcel.Code, proof.Code) : null, at.Collected.GetValueOrDefault(fact.Event.Parcel),
            at.Orders.GetValueOrDefault(fact.Event.Reference), at.Scales.VerdictOf(fact.Event.Parcel, inForce)));
    }

    // What was weighed at a door before this call, with what was handed on to the courier.
    private async Task<DoorScales> WeightsAsync(List<PhoneFact> facts, Instant now, CancellationToken ct)
    {
        var delivered = facts.Where(f => f.Event.Kind is EventKind.Delivered or EventKind.AtPickupPoint).Select(f => f.Event.Parcel).Distinct(StringComparer.Ordinal).ToList();
        return new DoorScales(await weights.OfAsync(delivered, ct), new Dictionary<string, (Weight, Instant)>(StringComparer.Ordinal), now);
    }

    private async Task<Dictionary<string, OrderAtDoor>> OrdersAsync(List<PhoneFact> facts, Instant now, CancellationToken ct)
    {
        var named = facts.Where(f => f.Event.Kind is EventKind.PickupDone or EventKind.PickupMissed or EventKind.PickupRefused).Select(f => f.Event.Reference).Distinct(StringComparer.Ordinal).ToList();
        if (named.Count == 0) return [];
        var rows = await db.Orders.AsNoTracking().Where(o => named.Contains(o.Id) && o.Phase > 0).Select(o => new { o.Id, o.Account }).ToListAsync(ct);
        return rows.ToDictionary(o => o.Id, o => new OrderAtDoor(terms.For(o.Account, now) is not null), StringComparer.Ordinal);
    }

    private bool IsGuess(PhoneFact fact, FactRefusal refusal, Dictionary<string, List<DispatchFact>> doors) =>
        refusal.Code is "code_wrong" or "code_locked" && fact.Event.Proof is { Code.Length: > 0 } proof && !codes.IsRight(fact.Event.Parcel, proof.Code)
        && DoorState.Fold(doors[fact.Event.Parcel]).WrongCodes < DeliveryRules.WrongCodesMax;

    private static bool IsIn(ParcelStanding? parcel, string courier) => parcel is { CustodianKind: PartyKind.Courier } && string.Equals(parcel.Custodian, courier, StringComparison.Ordinal);

    private static ParcelEvent WrongCode(PhoneFact fact, Dictionary<string, List<DispatchFact>> doors, Instant now)
    {
        var id = NamedId.From("wrong code", fact.Id.ToString("D"));
        var told = new ParcelEvent
        {
            Id = ByteString.CopyFrom(Uuid.Bytes(id)), Kind = EventKind.CodeWrong, Parcel = fact.Event.Parcel, Actor = fact.Event.Actor, Node = fact.Event.Node, CapturedAtUs = now.ToUnixMicros(), Reason = "given_with_delivery",
        };
        doors[told.Parcel].Add(new DispatchFact(id, told, new AdjudgedInterval(now, now, now)));
        return told;
    }

    private static async Task<Fault?> AppendWrongAsync(WriteTransaction transaction, List<ParcelEvent> wrong, Instant now, CancellationToken ct)
    {
        if (wrong.Count == 0) return null;
        var appended = await transaction.AppendAsync(
            new AppendBatch { Source = JournalSource.Server, Bodies = wrong.ConvertAll(e => (ReadOnlyMemory<byte>)e.ToByteArray()), Clock = BatchClock.Server, ReceivedAt = now }, ct);
        return appended.IsOk ? null : appended.Fault;
    }

    private static async Task<Fault?> AppendAsync(WriteTransaction transaction, SyncRequest request, List<PhoneFact> taken, ClockEvidence evidence, Instant now, CancellationToken ct)
    {
        if (taken.Count == 0) return null;
        var appended = await transaction.AppendAsync(
            new AppendBatch
            {
                // Never another courier's chain, whatever the phone calls itself.
                Source = JournalSource.Device($"{taken[0].Event.Actor}/{request.Device}"), Bodies = taken.ConvertAll(f => f.Body.Memory), Clock = BatchClock.Agent(evidence), ReceivedAt = now,
            },
            ct);
        if (!appended.IsOk) return appended.Fault;
        return appended.Value.Rejected is [var rejected, ..] ? new Fault.Invalid("events", rejected.Code, rejected.Message) : null;
    }

    private static Outcome<List<PhoneFact>> Read(SyncRequest request)
    {
        if (DispatchActs.Missing(("device", request.Device)) is { } missing) return missing;
        if (request.Device.Length > DeviceMax) return new Fault.Invalid("device", "field.malformed", $"A phone's id has at most {DeviceMax} characters.");
        if (request.Boot.Length != 16) return new Fault.Invalid("boot", "boot.id", "The boot is a UUID of 16 bytes, new with every start of the phone's counter.");
        if (request.EventsBoot.Length is not (0 or 16)) return new Fault.Invalid("events_boot", "boot.id", "The boot of the facts is a UUID of 16 bytes, or empty.");
        if (request.Journal.Length != 16) return new Fault.Invalid("journal", "journal.id", "The journal is a UUID of 16 bytes, new when the phone's journal was begun anew.");
        if (request.MonotonicUs < 0) return new Fault.Invalid("monotonic_us", "counter.range", "The counter counts up from 0.");
        if (request.Events.Count > EventsMax) return new Fault.Invalid("events", "batch.too_long", $"At most {EventsMax} facts are taken at a time.");
        if (request.Events.Count > 0 && (request.FirstSequence < 1 || request.FirstSequence > long.MaxValue - EventsMax))
            return new Fault.Invalid("first_sequence", "batch.sequence", "Facts of a journal are numbered from 1.");
        var facts = new List<PhoneFact>(request.Events.Count);
        for (var i = 0; i < request.Events.Count; i++)
        {
            try
            {
                var e = ParcelEvent.Parser.ParseFrom(request.Events[i]);
                if (e.Id.Length != 16) return new Fault.Invalid(FormattableString.Invariant($"events[{i}]"), "event.id", "A fact's id is a UUID of 16 bytes, minted on the phone.");
                facts.Add(new PhoneFact(Uuid.From(e.Id.Span), e, request.Events[i]));
            }
            catch (InvalidProtocolBufferException)
            {
                return new Fault.Invalid(FormattableString.Invariant($"events[{i}]"), "event.unreadable", "The bytes are no fact.");
            }
        }
        return facts;
    }

    // The contact is the one this server remembers: a phone cannot vouch for its own clock.
    private static ClockEvidence EvidenceOf(PhoneRow phone, SyncRequest request, Instant now)
    {
        // Never met: its clock's word alone would let whoever takes a new phone choose his times.
        if (phone.ContactUs == 0) return new ClockEvidence { PreviousContactUs = (now - NeverMet).ToUnixMicros() };
        var made = request.EventsBoot.IsEmpty ? request.Boot : request.EventsBoot;
        return Uuid.From(made.Span) == phone.Boot
            ? new ClockEvidence
            {
                ContactInBoot = true, ContactServerUs = phone.ContactUs, ContactMonotonicUs = phone.ContactMonotonicUs, ContactUncertaintyUs = (long)Uncertainty.TotalNanoseconds / 1_000,
            }
            : new ClockEvidence { PreviousContactUs = phone.ContactUs };
    }

    // As the journal will adjudge it, near enough for how far apart two attempts lie.
    private static AdjudgedInterval TimeOf(ParcelEvent e, ClockEvidence evidence, Instant now)
    {
        if (evidence.ContactInBoot && e.MonotonicUs > 0)
        {
            var at = Instant.Min(Clock.FromUnixMicros(Math.Max(0, evidence.ContactServerUs + (e.MonotonicUs - evidence.ContactMonotonicUs))), now);
            return new AdjudgedInterval(at - Uncertainty, at, Instant.Min(at + Uncertainty, now));
        }
        var floor = evidence.PreviousContactUs > 0 ? Clock.FromUnixMicros(evidence.PreviousContactUs) : now;
        return new AdjudgedInterval(Instant.Min(floor, now), now, now);
    }

    private async Task<Dictionary<string, List<DispatchFact>>> DoorsAsync(IEnumerable<string> codes, CancellationToken ct)
    {
        var doors = codes.ToDictionary(c => c, _ => new List<DispatchFact>(), StringComparer.Ordinal);
        var subjects = doors.Keys.Select(c => DoorRun.DoorPrefix + c).ToList();
        foreach (var row in await db.Facts.AsNoTracking().Where(f => subjects.Contains(f.Subject)).ToListAsync(ct))
        {
            doors[row.Subject[DoorRun.DoorPrefix.Length..]].Add(new DispatchFact(
                row.EventId, ParcelEvent.Parser.ParseFrom(row.Body),
                new AdjudgedInterval(Clock.FromUnixMicros(row.EarliestUs), Clock.FromUnixMicros(row.BestUs), Clock.FromUnixMicros(row.LatestUs))));
        }
        return doors;
    }

    // What the ledger has of these parcels from the door: a line of a fact that was put right has its opposite beside it. The codes are of parcels the caller sees, and only whether the
    // ticket has been paid is asked; the lines themselves, which are of depots and shippers, are not shown.
    private async Task<Dictionary<string, MoneyMove>> CollectedAsync(string courier, IEnumerable<string> codes, CancellationToken ct)
    {
        var parcelsOfBatch = codes.ToList();
        if (parcelsOfBatch.Count == 0) return [];
        List<int> doors = [(int)LedgerAccount.ShipperPayable, (int)LedgerAccount.FreightIncome];
        var fromDoors = await (
            from p in db.Postings.IgnoreQueryFilters().AsNoTracking()
            join e in db.Entries.AsNoTracking() on p.Origin equals e.EventId
            where parcelsOfBatch.Contains(p.Parcel) && doors.Contains(p.Ledger) && e.Kind == (int)EventKind.MoneyCollected
            select p).ToListAsync(ct);
        var found = new Dictionary<string, MoneyMove>(StringComparer.Ordinal);
        foreach (var parcel in fromDoors.GroupBy(p => p.Parcel, StringComparer.Ordinal))
        {
            var sums = parcel.GroupBy(p => p.Purpose).Select(g => (Purpose: (MoneyPurpose)g.Key, Minor: -g.Sum(p => p.Minor))).Where(s => s.Minor != 0).ToList();
            if (sums.Count == 0) continue;
            var move = new MoneyMove { Currency = parcel.First().Currency, Courier = courier };
            move.Items.AddRange(sums.Select(s => new MoneyItem { Parcel = parcel.Key, Purpose = s.Purpose, Minor = s.Minor }));
            found[parcel.Key] = move;
        }
        return found;
    }

    private async Task<Dictionary<Guid, SyncedFact>> RefusedAsync(List<PhoneFact> facts, CancellationToken ct)
    {
        var ids = facts.ConvertAll(f => f.Id);
        return await db.RefusedFacts.AsNoTracking().Where(r => ids.Contains(r.EventId)).ToDictionaryAsync(r => r.EventId, r => SyncedFact.Parser.ParseFrom(r.Answer), ct);
    }

    private SyncedFact Keep(PhoneFact fact, FactRefusal refusal, string courier, string device, Instant now)
    {
        var answer = new SyncedFact { EventId = fact.Id.ToString("D"), Result = "refused", Code = refusal.Code, Message = refusal.Message };
        foreach (var (name, value) in refusal.Figures) answer.Figures[name] = value;
        if (db.RefusedFacts.Local.All(r => r.EventId != fact.Id))
        {
            db.RefusedFacts.Add(new RefusedFactRow
            {
                EventId = fact.Id, Courier = courier, Device = device, AtUs = now.ToUnixMicros(), Body = fact.Body.ToByteArray(), Answer = answer.ToByteArray(),
            });
        }
        return answer;
    }

    private static void Note(PhoneRow phone, SyncRequest request, int count, Instant now, SyncReply reply)
    {
        var id = Uuid.From(request.Journal.Span);
        var seen = phone.Journal == id ? SequenceSet.Read(phone.Seen) : SequenceSet.Empty;
        if (count > 0 && !seen.IsFull) seen = seen.With(request.FirstSequence, request.FirstSequence + count - 1);
        (phone.Journal, phone.Seen) = (id, seen.ToString());
        reply.Gaps.AddRange(seen.Gaps.Select(g => new Api.Dispatch.V1.SequenceGap { First = g.First, Last = g.Last }));
        // Facts of an earlier start are judged by the contact before it, as many calls as they take; the present start's own contact replaces it.
        if (!request.EventsBoot.IsEmpty && request.EventsBoot != request.Boot) return;
        var boot = Uuid.From(request.Boot.Span);
        // A call that the network held back carries a counter that later calls have passed: when it was sent is not now.
        if (phone.Boot == boot && request.MonotonicUs <= phone.ContactMonotonicUs) return;
        (phone.Boot, phone.ContactUs, phone.ContactMonotonicUs) = (boot, now.ToUnixMicros(), request.MonotonicUs);
    }

    // What a call's facts are judged by; doors, collected money and weights grow with every fact that is taken.
    private sealed record Surroundings(
        Caller Caller, IReadOnlyDictionary<string, ParcelStanding> Standing, Dictionary<string, List<DispatchFact>> Doors, Dictionary<string, MoneyMove> Collected,
        Dictionary<string, OrderAtDoor> Orders, DoorScales Scales, ClockEvidence Evidence, Instant Now);

    private sealed record DoorScales(IReadOnlyDictionary<string, DoorChain> Chains, Dictionary<string, (Weight Weight, Instant At)> Weighed, Instant Now)
    {
        internal WeighVerdict? VerdictOf(string parcel, Verdicts.Terms.AccountTerms? inForce)
        {
            if (!Chains.TryGetValue(parcel, out var chain)) return null;
            return Weighed.TryGetValue(parcel, out var now) ? chain.Judge(now.Weight, now.At, inForce) : chain.Judge(null, Now, inForce);
        }
    }

    private sealed record PhoneFact(Guid Id, ParcelEvent Event, ByteString Body);
}

internal static class PhoneSql
{
    /// <summary>A row made before it is read under lock, so that the first two calls of a new phone wait for each other too. Contact 0 = never met.</summary>
    internal static readonly BulkSql Touch = new(
        "INSERT INTO dispatch_phone(courier, device, journal, seen, boot, contact_us, contact_monotonic_us) VALUES (?1, ?2, ?3, '', ?3, 0, 0) ON CONFLICT(courier, device) DO NOTHING RETURNING courier",
        "INSERT INTO dispatch_phone(courier, device, journal, seen, boot, contact_us, contact_monotonic_us) SELECT c, d, z, '', z, 0, 0 FROM unnest($1::text[], $2::text[], $3::uuid[]) AS u(c, d, z) "
        + "ON CONFLICT(courier, device) DO NOTHING RETURNING courier");

    /// <summary>Two calls of one phone wait for each other: the second finds what the first has taken.</summary>
    internal static readonly BulkSql Lock = new(
        "SELECT courier FROM dispatch_phone WHERE courier = ?1 AND device = ?2",
        "SELECT p.courier FROM dispatch_phone p JOIN unnest($1::text[], $2::text[]) AS u(c, d) ON p.courier = u.c AND p.device = u.d FOR UPDATE OF p");

    internal static RowBlock NewRow(string courier, string device) => new RowBlock(ColumnKind.Text, ColumnKind.Text, ColumnKind.Uuid).Text(courier).Text(device).Uuid(Guid.Empty);

    internal static RowBlock Key(string courier, string device) => new RowBlock(ColumnKind.Text, ColumnKind.Text).Text(courier).Text(device);
}
