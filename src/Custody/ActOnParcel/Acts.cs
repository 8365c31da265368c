using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Acting;

/// <summary>
/// How every act by RPC is done: once per command id (law 5), as events of the server's own chain, in one transaction with what it reads and answers. The slices say which
/// events; this says how they get in.
/// </summary>
internal sealed class Acts(CommandLog commands, CustodyDb db, ICallerScope callers, WaybillScheme waybills, IIds ids, TimeProvider time, JournalOptions limits)
{
    internal Caller Caller => callers.Current;

    internal CustodyDb Db => db;

    /// <summary>Runs the work in the command's transaction, with the module's context in it.</summary>
    internal async Task<Outcome<TReply>> RunAsync<TReply>(
        ByteString commandId, string rpc, IMessage request, MessageParser<TReply> parser, Func<WriteTransaction, CancellationToken, Task<Outcome<TReply>>> work, CancellationToken ct)
        where TReply : IMessage<TReply>
    {
        var id = CommandKey.ReadId(commandId);
        if (!id.IsOk) return id.Fault;
        return await commands.RunAsync(
            CommandKey.Of(id.Value, Caller.Id, rpc, request), parser,
            async (transaction, cancel) =>
            {
                db.ChangeTracker.Clear();
                await transaction.EnlistAsync(db, cancel);
                return await work(transaction, cancel);
            },
            ct);
    }

    /// <summary>The parcel's row as this caller may see it; NotFound otherwise.</summary>
    internal async Task<Outcome<ParcelRow>> ParcelAsync(string text, CancellationToken ct)
    {
        if (ParcelCodes.KeyOf(text, waybills) is not { } code) return new Fault.Invalid("parcel", "field.missing", "The parcel is missing.");
        var parcel = await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Code == code, ct);
        return parcel is null ? Reading.ReadParcel.Unknown(text) : parcel;
    }

    /// <summary>Null when the caller may act at that depot.</summary>
    internal Fault? WhyNotAt(string node)
    {
        if (node.Length == 0) return new Fault.Invalid("node", "field.missing", "Say at which depot: node is missing.");
        return Caller.Depots is { } own && !own.Contains(node, StringComparer.Ordinal)
            ? new Fault.Forbidden("depot.not_yours", $"The depot {node} is not one of yours.")
            : null;
    }

    /// <summary>Gives the events ids, actor and ascending times, and appends them.</summary>
    internal async Task<Fault?> AppendAsync(WriteTransaction transaction, IReadOnlyList<ParcelEvent> events, CancellationToken ct)
    {
        var at = time.Now().ToUnixMicros();
        foreach (var e in events)
        {
            e.Id = ByteString.CopyFrom(ids.New().ToByteArray(bigEndian: true));
            e.CapturedAtUs = at++;   // one after the other, so that their order is theirs
            if (e.Actor.Length == 0) e.Actor = Caller.Id;
        }
        foreach (var chunk in events.Chunk(limits.BatchEventsMax))
        {
            var batch = new AppendBatch
            {
                Source = JournalSource.Server, Bodies = [.. chunk.Select(e => (ReadOnlyMemory<byte>)e.ToByteArray())], Clock = BatchClock.Server, ReceivedAt = Clock.FromUnixMicros(at),
            };
            var appended = await transaction.AppendAsync(batch, ct);
            if (!appended.IsOk) return appended.Fault;
            if (appended.Value.Rejected is [var rejected, ..]) return new Fault.Invalid("event", rejected.Code, rejected.Message);
        }
        return null;
    }
}
