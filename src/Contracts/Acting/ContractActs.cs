using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace KeyAccountLogistics.Contracts.Acting;

/// <summary>
/// The module's acts by RPC (<see cref="ServerActs"/>), with their account or contract taken up first, so that of two people who act at once the second decides on what the first left.
/// </summary>
internal sealed class ContractActs(ServerActs acts, ContractsDb db, IIds ids, TimeProvider time)
{
    internal ContractsDb Db => db;

    internal Caller Caller => acts.Caller;

    internal Actor Actor => new(Caller.Id, Caller.Roles, Caller.Kind is CallerKind.System);

    internal NodaTime.Instant Now => time.Now();

    internal Guid NewId() => ids.New();

    /// <summary>Runs the work in the command's transaction, with the module's context in it.</summary>
    internal async Task<Outcome<TReply>> RunAsync<TReply>(
        ByteString commandId, string rpc, IMessage request, MessageParser<TReply> parser, Func<WriteTransaction, CancellationToken, Task<Outcome<TReply>>> work, CancellationToken ct)
        where TReply : IMessage<TReply>
    {
        try
        {
            return await acts.RunAsync(db, commandId, rpc, request, parser, work, ct);
        }
        catch (DbUpdateException made) when (made.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Two people made the same new thing at once: there was no row yet to take up. SQLite has one writer.
            return new Fault.Conflict("made.at_once", "Somebody else made this at the same moment: look at it, and try again if need be.");
        }
    }

    /// <summary>The account's row, taken up until the transaction ends; null when there is none for this caller.</summary>
    internal async Task<AccountRow?> TakeAccountAsync(string account, CancellationToken ct)
    {
        var taken = await db.Accounts.Where(a => a.Account == account).ExecuteUpdateAsync(s => s.SetProperty(a => a.Revision, a => a.Revision + 1), ct);
        return taken == 0 ? null : await db.Accounts.SingleAsync(a => a.Account == account, ct);
    }

    /// <summary>The contract's row, taken up until the transaction ends; null when there is none for this caller.</summary>
    internal async Task<ContractRow?> TakeContractAsync(string contract, CancellationToken ct)
    {
        var taken = await db.Contracts.Where(c => c.Number == contract).ExecuteUpdateAsync(s => s.SetProperty(c => c.Revision, c => c.Revision + 1), ct);
        return taken == 0 ? null : await db.Contracts.SingleAsync(c => c.Number == contract, ct);
    }

    /// <summary>Tells the journal, in the transaction of what it is told of. The first event that is refused is the fault.</summary>
    internal Task<Fault?> AppendAsync(WriteTransaction transaction, IReadOnlyList<ParcelEvent> events, CancellationToken ct) => acts.AppendAsync(transaction, events, ct);

    /// <summary>A line in the account's history.</summary>
    internal async Task NoteAsync(string account, string kind, string note, CancellationToken ct)
    {
        var last = await db.AccountEvents.Where(e => e.Account == account).MaxAsync(e => (int?)e.Seq, ct) ?? 0;
        db.AccountEvents.Add(new AccountEventRow { Account = account, Seq = last + 1, AtUs = Now.ToUnixMicros(), Who = Caller.Id, Kind = kind, Note = note });
    }

    /// <summary>
    /// The terms in force change with this transaction. The number is at least the seconds since 1970: a restored backup, or an installation that kept its terms in files
    /// before, goes on above what agents hold.
    /// </summary>
    internal async Task RaiseTermsAsync(CancellationToken ct)
    {
        var seconds = Now.ToUnixTimeSeconds();
        var raised = await db.Counters.Where(c => c.Name == TermsCounter).ExecuteUpdateAsync(s => s.SetProperty(c => c.Last, c => c.Last + 1 > seconds ? c.Last + 1 : seconds), ct);
        if (raised == 0) db.Counters.Add(new TermsCounterRow { Name = TermsCounter, Last = seconds });
    }

    internal const string TermsCounter = "terms";

    internal async Task<AuthorityLadder> LadderAsync(CancellationToken ct) => new((await db.Authority.AsNoTracking().Where(static a => a.Rank > 0).ToListAsync(ct)).Select(static a => new AuthorityLimit(
        a.Role, a.Rank, a.HeadOffice, a.DiscountBp is { } bp ? bp / 100m : null, a.CompensationMinor, a.WaiverDays)));
}

/// <summary>What the commands of this module answer when they refuse.</summary>
internal static class Answers
{
    /// <summary>
    /// A refusal as an answer (law 4): what contradicts the request or the state. What the caller may not see or do, limits and failures stay statuses.
    /// </summary>
    internal static TReply OrRefusal<TReply>(this Outcome<TReply> outcome, Func<Api.Contracts.V1.Refusal, TReply> refused) => outcome.Match(
        static reply => reply,
        fault => fault switch
        {
            Fault.Conflict => refused(new Api.Contracts.V1.Refusal { Code = fault.Code, Message = fault.Message }),
            Fault.Invalid invalid => refused(new Api.Contracts.V1.Refusal { Code = fault.Code, Message = fault.Message, Field = invalid.Field }),
            _ => throw fault.ToRpc(),
        });
}
