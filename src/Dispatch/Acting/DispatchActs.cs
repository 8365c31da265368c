using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Acting;

/// <summary>How every act by RPC is done: once per command id (law 5), as events of the server's own chain, in one transaction with what it reads and answers.</summary>
internal sealed class DispatchActs(CommandLog commands, DispatchDb db, ICallerScope callers, IIds ids, TimeProvider time, JournalOptions limits)
{
    private const int TextMax = 120;

    internal Caller Caller => callers.Current;

    internal DispatchDb Db => db;

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

    /// <summary>Null when the caller may act at that depot.</summary>
    internal Fault? WhyNotAt(string depot)
    {
        if (depot.Length == 0) return new Fault.Invalid("depot", "field.missing", "Say at which depot: depot is missing.");
        return Caller.Depots is { } own && !own.Contains(depot, StringComparer.Ordinal)
            ? new Fault.Forbidden("depot.not_yours", $"The depot {depot} is not one of yours.")
            : null;
    }

    /// <summary>Null when each of the texts is there and fit to be kept.</summary>
    internal static Fault? Missing(params ReadOnlySpan<(string Field, string Text)> fields)
    {
        foreach (var (field, text) in fields)
        {
            if (string.IsNullOrWhiteSpace(text)) return new Fault.Invalid(field, "field.missing", $"The {field} is missing.");
            if (Malformed(field, text) is { } wrong) return wrong;
        }
        return null;
    }

    /// <summary>Null when the text is fit to be kept; it may be empty.</summary>
    internal static Fault? Malformed(string field, string text) => text.Length > TextMax || text.Any(char.IsControl)
        ? new Fault.Invalid(field, "field.malformed", $"The {field} is longer than {TextMax} characters or holds control characters.")
        : null;

    /// <summary>Gives the events ids, actor and ascending times, and appends them.</summary>
    internal async Task<Fault?> AppendAsync(WriteTransaction transaction, IReadOnlyList<ParcelEvent> events, CancellationToken ct)
    {
        var at = time.Now().ToUnixMicros();
        foreach (var e in events)
        {
            if (e.Id.IsEmpty) e.Id = ByteString.CopyFrom(ids.New().ToByteArray(bigEndian: true));
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

/// <summary>A page of a list: where it begins and how long it is.</summary>
internal readonly record struct PageAsked(int Skip, int Size)
{
    internal static readonly Fault.Invalid Wrong = new("page_token", "page.unknown", "The page token is not one of this list; begin again without it.");

    internal static Outcome<PageAsked> Read(int size, string token, int usual, int max) =>
        token.Length == 0 ? new PageAsked(0, size <= 0 ? usual : Math.Min(size, max))
        : int.TryParse(token, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var skip) ? new PageAsked(skip, size <= 0 ? usual : Math.Min(size, max))
        : Wrong;

    /// <summary>One row more than the page was asked for: there is another page.</summary>
    internal string Next(int found) => found > Size ? (Skip + Size).ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
}
