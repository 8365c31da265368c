using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal.Append;

/// <summary>A batch whose bodies have been read, once, on the caller's thread, so that writers only write.</summary>
internal sealed class ReadyBatch
{
    private readonly TaskCompletionSource<Outcome<AppendResult>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal required AppendBatch Batch { get; init; }

    internal required AppendedEvent[] Events { get; init; }

    internal required RejectedFact[] Rejected { get; init; }

    internal required byte[] Evidence { get; init; }

    internal Task<Outcome<AppendResult>> Answer => _answer.Task;

    internal void Answered(Outcome<AppendResult> outcome) => _answer.TrySetResult(outcome);

    internal void Broke(Exception failure) => _answer.TrySetException(failure);
}

/// <summary>From bytes to facts. What cannot be read is kept and reported, never dropped (kind 0); what is over a limit is refused as a whole.</summary>
internal static class ReadBatch
{
    private const int CodeLengthMax = 64;
    private const int TextLengthMax = 500;
    private const int NameLengthMax = 120;
    private static readonly ParcelEvent NoFact = new();
    private static readonly HashSet<EventKind> Kinds = [.. Enum.GetValues<EventKind>().Where(k => k != EventKind.Unspecified)];

    internal static Outcome<ReadyBatch> Read(AppendBatch batch, JournalOptions options)
    {
        if (Refusal(batch, options) is { } fault) return fault;
        var events = new AppendedEvent[batch.Bodies.Count];
        List<RejectedFact>? rejected = null;
        for (var i = 0; i < events.Length; i++)
        {
            var sequence = batch.Boot is null ? 0 : batch.FirstSequence + i;
            events[i] = ReadOne(batch.Bodies[i], batch.Source.Kind, out var why);
            events[i].Sequence = sequence;
            events[i].ReceivedAt = batch.ReceivedAt;
            if (why is null) continue;
            MarkRejected(events[i], batch, why);
            events[i].RejectedWhenRead = why;
            (rejected ??= []).Add(new RejectedFact(i, sequence, why.Code, why.Message));
        }
        return new ReadyBatch { Batch = batch, Events = events, Rejected = rejected?.ToArray() ?? [], Evidence = EvidenceBytes(batch.Clock) };
    }

    /// <summary>
    /// A rejected event has no id it may claim; one that follows from where it came (or, without numbers, from its bytes) makes sending it again no second event.
    /// </summary>
    internal static void MarkRejected(AppendedEvent rejected, AppendBatch batch, Rejection why)
    {
        rejected.Rejected = why;
        rejected.Id = batch.Boot is { } boot
            ? NamedId.From("rejected", string.Create(CultureInfo.InvariantCulture, $"{batch.Source.Name}|{boot:N}|{rejected.Sequence}"))
            : NamedId.From("rejected", batch.Source.Name + "|" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(rejected.Body.Span)));
    }

    internal static byte[] EvidenceBytes(BatchClock clock)
    {
        var length = clock.Evidence?.CalculateSize() ?? 0;
        var bytes = new byte[1 + length];
        bytes[0] = (byte)clock.Trust;
        clock.Evidence?.WriteTo(bytes.AsSpan(1));
        return bytes;
    }

    private static Fault.Invalid? Refusal(AppendBatch batch, JournalOptions options)
    {
        if (batch.Bodies.Count == 0) return new Fault.Invalid("events", "batch.empty", "The batch has no events; send at least one.");
        if (batch.Bodies.Count > options.BatchEventsMax)
            return new Fault.Invalid("events", "batch.too_long", $"The batch has {N(batch.Bodies.Count)} events; send at most {N(options.BatchEventsMax)} at a time.");
        if (batch.Boot is not null && (batch.FirstSequence < 1 || batch.FirstSequence > long.MaxValue - batch.Bodies.Count))
            return new Fault.Invalid("first_sequence", "batch.sequence", $"The first sequence {N(batch.FirstSequence)} is out of range; sequences of a boot count from 1.");
        if (batch.Boot == Guid.Empty) return new Fault.Invalid("boot", "batch.boot", "The boot id is all zero; send the id of this start of the program.");
        if (batch.Clock.Trust == ClockTrust.Agent && batch.Clock.Evidence is null)
            return new Fault.Invalid("clock", "batch.clock", "An agent's batch carries what it knows of its clock; none was sent.");
        long total = 0;
        for (var i = 0; i < batch.Bodies.Count; i++)
        {
            var length = batch.Bodies[i].Length;
            total += length;
            if (length > options.BodyBytesMax)
                return new Fault.Invalid($"events[{N(i)}]", "event.too_big", $"The event has {N(length)} bytes; at most {N(options.BodyBytesMax)} are taken.");
        }
        return total > options.BatchBytesMax
            ? new Fault.Invalid("events", "batch.too_big", $"The batch has {N(total)} bytes; send at most {N(options.BatchBytesMax)} at a time.")
            : null;
    }

    private static AppendedEvent ReadOne(ReadOnlyMemory<byte> body, SourceKind source, out Rejection? why)
    {
        ParcelEvent fact;
        try
        {
            fact = ParcelEvent.Parser.ParseFrom(body.Span);
        }
        catch (InvalidProtocolBufferException unreadable)
        {
            why = new Rejection("event.unreadable", $"The bytes are no event: {unreadable.Message}");
            return new AppendedEvent(Guid.Empty, NoFact, body, source);
        }
        why = Flaw(fact, source);
        return why is null ? new AppendedEvent(Uuid.From(fact.Id.Span), fact, body, source) : new AppendedEvent(Guid.Empty, NoFact, body, source);
    }

    private static Rejection? Flaw(ParcelEvent fact, SourceKind source)
    {
        if (fact.Id.Length != 16 || Uuid.IsZero(fact.Id.Span)) return new Rejection("event.id", $"The event's id has {N(fact.Id.Length)} bytes or is all zero; it must be a UUID of 16 bytes.");
        if (!Kinds.Contains(fact.Kind)) return new Rejection("event.kind", $"The event's kind {N((int)fact.Kind)} is not known here; it is kept and can be read by a newer release.");
        if (!MayCome(fact.Kind, source))
            return new Rejection("event.source", $"An event of kind {fact.Kind} is not taken from this kind of source.");
        // What a person of the desk has put right of the ledger is this server's word; a correction without money moves none.
        if (fact is { Kind: EventKind.Corrected, Money: not null } && source is not SourceKind.Server)
            return new Rejection("event.source", "A correction of money is not taken from this kind of source.");
        if (fact.Parcel.Length > CodeLengthMax || HasControls(fact.Parcel))
            return new Rejection("event.parcel", $"The parcel code has {N(fact.Parcel.Length)} characters or holds control characters; at most {N(CodeLengthMax)} printable ones are taken.");
        if (FaultyText(fact) is { } text)
            return new Rejection("event.text", $"A text of the event has {N(text.Length)} characters or holds a NUL; at most {N(TextLengthMax)} without NUL are taken.");
        // Account and name are a fact's key wherever it is kept.
        if (fact.Service is { } service && IsOfService(fact.Kind) && (service.Account.Length > CodeLengthMax || fact.Reference.Length > NameLengthMax))
            return new Rejection("event.text", $"The account has {N(service.Account.Length)} characters and the name {N(fact.Reference.Length)}; at most {N(CodeLengthMax)} and {N(NameLengthMax)} are taken.");
        if (!AdjudgeClock.IsPossible(fact.CapturedAtUs) || !AdjudgeClock.IsPossible(fact.OccurredAtUs) || !ArePossible(fact.Service))
            return new Rejection("event.instant", "An instant of the event lies before 1970 or after 9999.");
        return null;
    }

    // What takes a scale out of service everywhere is this server's own word; a check is done at a depot's station. At doors it is phones that tell; orders and what becomes of money are this server's acts.
    private static bool MayCome(EventKind kind, SourceKind source) => kind switch
    {
        EventKind.ScaleQuarantined or EventKind.ScaleReleased or EventKind.ScaleCheckAsked => source is SourceKind.Server,
        EventKind.ScaleChecked => source is SourceKind.Agent,
        EventKind.PickupOrdered or EventKind.PickupChanged or EventKind.PickupCancelled => source is SourceKind.Server,
        EventKind.CodeUnlocked or EventKind.InterceptOrdered or EventKind.ParcelExcluded or EventKind.ExclusionConfirmed or EventKind.PromiseLapsed => source is SourceKind.Server,
        EventKind.PickupDone or EventKind.PickupMissed or EventKind.PickupRefused or EventKind.VehicleChecked or EventKind.MoneyCollected or EventKind.CollectionRefused
            or EventKind.ConsentRecorded or EventKind.CodeWrong or EventKind.InterceptSeen => source is SourceKind.Server or SourceKind.Device,
        > EventKind.CollectionRefused and <= EventKind.VarianceSettled => source is SourceKind.Server,
        _ when IsOfService(kind) => source is SourceKind.Server or SourceKind.Import,
        _ => true,
    };

    private static bool IsOfService(EventKind kind) => kind is >= EventKind.ClientQuery and <= EventKind.PlanStep;

    private static bool ArePossible(ServiceFact? service) =>
        service is null || (AdjudgeClock.IsPossible(service.BeganUs) && AdjudgeClock.IsPossible(service.DueUs) && AdjudgeClock.IsPossible(service.DoneUs) && ArePossible(service.Complaint));

    private static bool ArePossible(Complaint? complaint) => complaint is null
        || (AdjudgeClock.IsPossible(complaint.OpenedUs) && AdjudgeClock.IsPossible(complaint.AnswerDueUs) && AdjudgeClock.IsPossible(complaint.AnsweredUs)
            && AdjudgeClock.IsPossible(complaint.StatuteDueUs) && AdjudgeClock.IsPossible(complaint.ClosedUs) && AdjudgeClock.IsPossible(complaint.ReopenedUs));

    private static bool HasControls(string text)
    {
        foreach (var c in text)
            if (char.IsControl(c)) return true;
        return false;
    }

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Neither engine's text keeps a NUL; everything a projection may put into a column is looked at here, once. No array of them: this runs for every event.
    private static string? FaultyText(ParcelEvent fact) =>
        Faulty(fact.Node) ?? Faulty(fact.NextNode) ?? Faulty(fact.Station) ?? Faulty(fact.Device) ?? Faulty(fact.Actor) ?? Faulty(fact.Reason) ?? Faulty(fact.Action)
        ?? Faulty(fact.Handover) ?? Faulty(fact.Place) ?? Faulty(fact.Reference) ?? Faulty(fact.From?.Id) ?? Faulty(fact.To?.Id) ?? Faulty(fact.Hold?.Reason) ?? Faulty(fact.Hold?.Owner)
        ?? Faulty(fact.Money) ?? Faulty(fact.Pickup?.Account) ?? Faulty(fact.Pickup?.Site) ?? Faulty(fact.Pickup?.Depot) ?? Faulty(fact.Pickup?.Standing)
        ?? Faulty(fact.Service);

    private static string? Faulty(MoneyMove? money)
    {
        if (money is null) return null;
        foreach (var item in money.Items)
            if ((Faulty(item.Parcel) ?? Faulty(item.Account)) is { } text) return text;
        return Faulty(money.Currency) ?? Faulty(money.Courier) ?? Faulty(money.Depot) ?? Faulty(money.Slip);
    }

    private static string? Faulty(ServiceFact? service) => service is null ? null
        : Faulty(service.Account) ?? Faulty(service.Parcel) ?? Faulty(service.Contract) ?? Faulty(service.Currency) ?? Faulty(service.Title) ?? Faulty(service.Complaint?.About) ?? Faulty(service.Complaint?.Found);

    private static string? Faulty(string? text) => text is null || (text.Length <= TextLengthMax && !text.Contains('\0', StringComparison.Ordinal)) ? null : text;
}
