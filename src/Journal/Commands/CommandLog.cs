using System.Security.Cryptography;
using Google.Protobuf;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal;

/// <summary>A command as its sender named it: the id minted before it was sent, and what was asked, so that the id cannot be used for something else.</summary>
public sealed record CommandKey(Guid Id, string Caller, string Rpc, ReadOnlyMemory<byte> ContentHash)
{
    /// <summary>From a request as it came; the id is its <c>command_id</c>.</summary>
    public static CommandKey Of(Guid id, string caller, string rpc, IMessage request) => new(id, caller, rpc, SHA256.HashData(request.ToByteArray()));

    /// <summary>Reads a <c>command_id</c> field: 16 bytes, not all zero.</summary>
    public static Outcome<Guid> ReadId(ByteString bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return bytes.Length == 16 && !Databases.Uuid.IsZero(bytes.Span)
            ? Databases.Uuid.From(bytes.Span)
            : new Fault.Invalid("command_id", "command.id", "The command's id must be a UUID of 16 bytes, minted by the sender before the first attempt; send the same id with every attempt.");
    }
}

/// <summary>
/// Runs a command once, however often it is sent (law 5). The reply is stored in the command's own transaction: after a crash either both stand or neither.
/// The same id with the same content gets the stored reply; with other content it is a conflict. A fault is not stored: nothing happened, and the command may come again.
/// </summary>
public sealed class CommandLog(IWriteGate gate, TimeProvider time)
{
    private const string Find = "SELECT caller, rpc, content_hash, reply FROM journal_command WHERE command_id = @id";
    private const string Keep = "INSERT INTO journal_command(command_id, caller, rpc, content_hash, reply, done_us) VALUES (@id, @caller, @rpc, @hash, @reply, @now)";

    /// <summary>The work runs in a transaction over the journal and every context it enlists; it may run again after a deadlock, so it keeps no effect outside.</summary>
    public Task<Outcome<TReply>> RunAsync<TReply>(
        CommandKey key, MessageParser<TReply> parser, Func<WriteTransaction, CancellationToken, Task<Outcome<TReply>>> work, CancellationToken ct = default)
        where TReply : IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(key);
        return gate.RunAsync<TReply>(
            async (transaction, token) =>
            {
                if (await StoredAsync(transaction, key, token) is { } stored) return stored.Match<Outcome<TReply>>(reply => parser.ParseFrom(reply), fault => fault);
                var outcome = await work(transaction, token);
                if (outcome.IsOk) await KeepAsync(transaction, key, outcome.Value, token);
                return outcome;
            },
            ct);
    }

    private static async Task<Outcome<byte[]>?> StoredAsync(WriteTransaction transaction, CommandKey key, CancellationToken ct)
    {
        await using var command = Sql.Command(transaction, Find, ("id", Sql.Uuid(transaction.Connection, key.Id)));
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        var same = string.Equals(reader.GetString(0), key.Caller, StringComparison.Ordinal) && string.Equals(reader.GetString(1), key.Rpc, StringComparison.Ordinal)
            && ((byte[])reader.GetValue(2)).AsSpan().SequenceEqual(key.ContentHash.Span);
        return same
            ? Outcome<byte[]>.Ok((byte[])reader.GetValue(3))
            : Outcome<byte[]>.Failed(new Fault.Conflict("command.id_reused", $"The command id {key.Id} was used for another command already. Mint a new id for every command, and keep it for its repetitions."));
    }

    private async Task KeepAsync(WriteTransaction transaction, CommandKey key, IMessage reply, CancellationToken ct)
    {
        await using var command = Sql.Command(
            transaction, Keep, ("id", Sql.Uuid(transaction.Connection, key.Id)), ("caller", key.Caller), ("rpc", key.Rpc), ("hash", key.ContentHash.ToArray()), ("reply", reply.ToByteArray()),
            ("now", time.Now().ToUnixMicros()));
        await command.ExecuteNonQueryAsync(ct);
    }
}
