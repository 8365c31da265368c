using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal;

/// <summary>
/// How every module's acts by RPC are done: once per command id (law 5), in one transaction with what they read and answer, their facts as events of the server's own chain. The slices say which; this
/// says how they get in. Scoped.
/// </summary>
public sealed class ServerActs(CommandLog commands, ICallerScope callers, IIds ids, TimeProvider time, JournalOptions limits)
{
    /// <summary>Who acts.</summary>
    public Caller Caller => callers.Current;

    /// <summary>Runs the work in the command's transaction, with the module's context in it. Invalid (command.id) for an id that is none.</summary>
    public async Task<Outcome<TReply>> RunAsync<TReply>(
        ScopedDbContext db, ByteString commandId, string rpc, IMessage request, MessageParser<TReply> parser, Func<WriteTransaction, CancellationToken, Task<Outcome<TReply>>> work, CancellationToken ct)
        where TReply : IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(db);
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

    /// <summary>Null when the caller may act at that depot; <paramref name="field"/> names it in the fault.</summary>
    public Fault? WhyNotAt(string field, string depot)
    {
        ArgumentNullException.ThrowIfNull(depot);
        if (depot.Length == 0) return new Fault.Invalid(field, "field.missing", $"Say at which depot: {field} is missing.");
        return Caller.Depots is { } own && !own.Contains(depot, StringComparer.Ordinal)
            ? new Fault.Forbidden("depot.not_yours", $"The depot {depot} is not one of yours.")
            : null;
    }

    /// <summary>Gives the events ascending times, and ids and the caller as actor where they have none, and appends them. The first that is refused is the fault.</summary>
    public async Task<Fault?> AppendAsync(WriteTransaction transaction, IReadOnlyList<ParcelEvent> events, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(events);
        var at = time.Now().ToUnixMicros();
        foreach (var e in events)
        {
            if (e.Id.IsEmpty) e.Id = ByteString.CopyFrom(Databases.Uuid.Bytes(ids.New()));
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
