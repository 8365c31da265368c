using KeyAccountLogistics.Api.Access.V1;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Recording;

/// <summary>
/// Facts from callers that are no depot's agent: phones and clients' systems. Each caller's device has a chain of its own; sending an event again gives the same answer.
/// What a caller may not say is refused event by event, and the others go in.
/// </summary>
internal sealed class CapturesService(CustodyDb db, IJournal journal, Evidence evidence, ICallerScope callers, WaybillScheme waybills, TimeProvider time) : Captures.CapturesBase
{
    internal const int EventsMax = 500;
    private const int DeviceLengthMax = 60;
    private const int WholeMax = 3 * 1024 * 1024;

    public override async Task<RecordEventsReply> Record(RecordEventsRequest request, ServerCallContext context)
    {
        if (request.Device.Length is 0 or > DeviceLengthMax || request.Device.Any(char.IsControl))
            throw new Fault.Invalid("device", "device.name", $"Name the device, in at most {DeviceLengthMax} characters: its journal is kept apart from others.").ToRpc();
        if (request.Events.Count is 0 or > EventsMax) throw new Fault.Invalid("events", "batch.size", $"Send 1 to {EventsMax} events at a time.").ToRpc();
        var reply = new RecordEventsReply();
        reply.Results.AddRange(await SortOutAsync(request.Events, context.CancellationToken));
        var taken = Enumerable.Range(0, request.Events.Count).Where(i => reply.Results[i].Result.Length == 0).ToList();
        if (taken.Count == 0) return reply;
        var appended = (await journal.AppendAsync(
            new AppendBatch
            {
                // Never another caller's chain, whatever the device calls itself.
                Source = JournalSource.Device($"{callers.Current.Id}/{request.Device}"), Bodies = taken.ConvertAll(i => request.Events[i].Memory), Clock = BatchClock.Unproven,
                ReceivedAt = time.Now(),
            },
            context.CancellationToken)).OrThrow();
        for (var i = 0; i < taken.Count; i++)
        {
            var fate = appended.Answers[i].Fate;
            reply.Results[taken[i]].Result = fate switch { EventFate.Recorded => "recorded", EventFate.Known => "known", _ => "rejected" };
        }
        foreach (var rejected in appended.Rejected)
        {
            var result = reply.Results[taken[rejected.Index]];
            (result.Code, result.Message) = (rejected.Code, rejected.Message);
        }
        return reply;
    }

    public override async Task<EvidenceStored> UploadEvidence(IAsyncStreamReader<EvidencePart> requestStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        if (!await requestStream.MoveNext(ct)) throw new Fault.Invalid("event_id", "evidence.empty", "Nothing was sent.").ToRpc();
        var first = requestStream.Current;
        return await StoreAsync(first, ContentAsync(first, requestStream, ct), ct);
    }

    public override Task<EvidenceStored> StoreEvidence(EvidencePart request, ServerCallContext context)
    {
        if (request.Content.Length > WholeMax) throw new Fault.Invalid("content", "evidence.size", $"At most {WholeMax / 1024} KiB go in one message; stream what is larger.").ToRpc();
        return StoreAsync(request, OneAsync(request.Content.Memory), context.CancellationToken);
    }

    private async Task<EvidenceStored> StoreAsync(EvidencePart first, IAsyncEnumerable<ReadOnlyMemory<byte>> content, CancellationToken ct)
    {
        var own = $"device:{callers.Current.Id}/";
        var stored = await evidence.TakeAsync(
            new EvidenceHead(first.EventId.Memory, first.Sha256.Memory, first.Length),
            (source, fact) => source.StartsWith(own, StringComparison.Ordinal) || string.Equals(fact.Actor, callers.Current.Id, StringComparison.Ordinal),
            content, ct);
        stored.OrThrow();
        return new EvidenceStored { Sha256 = first.Sha256 };
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> OneAsync(ReadOnlyMemory<byte> content)
    {
        await Task.CompletedTask;
        yield return content;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ContentAsync(EvidencePart first, IAsyncStreamReader<EvidencePart> rest, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return first.Content.Memory;
        while (await rest.MoveNext(ct)) yield return rest.Current.Content.Memory;
    }

    private async Task<List<RecordedEvent>> SortOutAsync(IReadOnlyList<ByteString> events, CancellationToken ct)
    {
        var facts = events.Select(Read).ToList();
        var seen = callers.Current.Accounts is null ? null : await VisibleAsync(facts, ct);
        return facts.ConvertAll(fact =>
        {
            // What cannot be read at all is the journal's to reject: it keeps the bytes.
            var result = new RecordedEvent { EventId = fact is null ? "" : ParcelViews.IdOf(fact.Id) };
            if (fact is not null && Flaw(fact, seen) is { } flaw) (result.Result, result.Code, result.Message) = ("rejected", flaw.Code, flaw.Message);
            return result;
        });
    }

    private (string Code, string Message)? Flaw(ParcelEvent fact, HashSet<string>? seen)
    {
        var caller = callers.Current;
        if (fact.Kind is >= EventKind.HandoverOpened and <= EventKind.HandoverAbandoned || (fact.From is not null && fact.To is not null))
            return ("event.handover", "Both parties of a handover confirm it in the handover itself; use its calls.");
        // A courier's own calls hold these against the run sheet; here anybody could say anything of money.
        if (fact.Money is not null || fact.Kind > EventKind.ScaleCheckAsked) return ("event.kind", $"An event of kind {fact.Kind} is not recorded here.");
        // What a courier says of a door is held against the proof that the contract asks for, by the calls of his phone and by nothing else.
        if (IsOfADoor(fact.Kind) && caller.May(Permission.CourierWork) && !caller.May(Permission.Import))
            return ("event.kind", $"An event of kind {fact.Kind} is told by the phone (Courier.Sync), which holds it against the contract's proof.");
        if (caller.Kind is CallerKind.Person && fact.Actor.Length > 0 && !string.Equals(fact.Actor, caller.Id, StringComparison.Ordinal))
            return ("event.actor", "The actor is somebody else than you.");
        if (caller.Depots is { } depots && fact.Node.Length > 0 && !depots.Contains(fact.Node, StringComparer.Ordinal))
            return ("event.node", $"The depot {fact.Node} is not one of yours.");
        return seen is not null && (ParcelCodes.KeyOf(fact.Parcel, waybills) is not { } code || !seen.Contains(code))
            ? ("parcel.unknown", $"No parcel is known under '{fact.Parcel}'.")
            : null;
    }

    private static bool IsOfADoor(EventKind kind) => kind is EventKind.Delivered or EventKind.AtPickupPoint or EventKind.AttemptFailed or EventKind.Refused;

    private async Task<HashSet<string>> VisibleAsync(IEnumerable<ParcelEvent?> facts, CancellationToken ct)
    {
        var codes = facts.Select(f => f is null ? null : ParcelCodes.KeyOf(f.Parcel, waybills)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return [.. await db.Parcels.AsNoTracking().Where(p => codes.Contains(p.Code)).Select(p => p.Code).ToListAsync(ct)];
    }

    private static ParcelEvent? Read(ByteString bytes)
    {
        try
        {
            return ParcelEvent.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
