using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Verdicts;
using Microsoft.EntityFrameworkCore;
using static KeyAccountLogistics.Contracts.Acting.Check;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>Who of the carrier answers for an account: its owner, the two-level project group (SEED-03-TWOLEVEL), and the scope head office agreed to (SEED-03-INTEG).</summary>
internal sealed class AnswerForAccount(ContractActs acts, ReadAccounts read, IKnowPeople people)
{
    /// <summary>What goes from hand to hand when the owner changes (SEED-02-STAFFCHANGE): all of it.</summary>
    internal static readonly string[] Checklist = ["contacts", "contracts", "open_cases", "promises", "visits"];

    internal static readonly string[] Scopes = ["local", "provincial", "national"];
    private const int MembersMax = 100;

    internal Task<Outcome<AccountReply>> ChangeOwnerAsync(ChangeOwnerCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Accounts/ChangeOwner", command, AccountReply.Parser,
        async (_, cancel) =>
        {
            if (Text("reason", command.Reason, LongTextMax) is { } wrong) return wrong;
            if (Checklist.Except(command.HandedOver, StringComparer.Ordinal).ToList() is { Count: > 0 } left)
                return new Fault.Invalid("handed_over", "handover.incomplete", $"An account changes hands whole: {string.Join(", ", left)} is not handed over yet.");
            if (command.HandedOver.Except(Checklist, StringComparer.Ordinal).FirstOrDefault() is { } unknown) return Word("handed_over", unknown, Checklist)!;
            if (await acts.TakeAccountAsync(command.Account, cancel) is not { } row) return ReadAccounts.Unknown(command.Account);
            if (string.Equals(row.Owner, command.Person, StringComparison.Ordinal)) return new Fault.Conflict("owner.same", $"{command.Person} is the owner already.");
            if (!await people.ReachesAsync(command.Person, command.Account, cancel)) return KeepAccount.NobodyReaches("person", command.Person);
            var last = await acts.Db.Owners.Where(o => o.Account == command.Account).MaxAsync(o => o.Seq, cancel);
            acts.Db.Owners.Add(new OwnerRow
            {
                Account = command.Account, Seq = last + 1, Person = command.Person, SinceUs = acts.Now.ToUnixMicros(), Reason = command.Reason, HandedOver = string.Join(',', Checklist), ChangedBy = acts.Caller.Id,
            });
            await acts.NoteAsync(command.Account, "owner", $"{row.Owner} to {command.Person}: {command.Reason}", cancel);
            row.Owner = command.Person;
            return await SaveAsync(row, cancel);
        },
        ct);

    internal Task<Outcome<AccountReply>> SetGroupAsync(SetProjectGroupCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Accounts/SetProjectGroup", command, AccountReply.Parser,
        async (_, cancel) =>
        {
            if (command.Members.Count > MembersMax) return new Fault.Exhausted("members.many", $"A project group has at most {MembersMax} members.");
            if (await acts.TakeAccountAsync(command.Account, cancel) is not { } row) return ReadAccounts.Unknown(command.Account);
            foreach (var member in command.Members)
            {
                if (member.Level is not (1 or 2)) return new Fault.Invalid("members.level", "group.level", "A project group has two levels: 1 is head office, 2 is local.");
                if (member.Escalation < 1) return new Fault.Invalid("members.escalation", "group.escalation", "Who is told first has escalation 1, the next 2, and so on.");
                if (Text("members.duty", member.Duty) is { } wrong) return wrong;
                if (!await people.ReachesAsync(member.Person, command.Account, cancel)) return KeepAccount.NobodyReaches("members.person", member.Person);
            }
            if (command.Members.DistinctBy(static m => (m.Level, m.Person)).Count() != command.Members.Count) return new Fault.Invalid("members", "group.twice", "A person stands twice on one level.");
            await acts.Db.GroupMembers.Where(m => m.Account == command.Account).ExecuteDeleteAsync(cancel);
            acts.Db.GroupMembers.AddRange(command.Members.Select(m => new GroupMemberRow { Account = command.Account, Level = m.Level, Person = m.Person, Duty = m.Duty, Escalation = m.Escalation }));
            await acts.NoteAsync(command.Account, "project group", string.Join(", ", command.Members.Select(static m => m.Person)), cancel);
            return await SaveAsync(row, cancel);
        },
        ct);

    internal Task<Outcome<AccountReply>> AskScopeAsync(AskScopeCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Accounts/AskScope", command, AccountReply.Parser,
        async (_, cancel) =>
        {
            if (First(Word("scope", command.Scope, Scopes), Text("reason", command.Reason, LongTextMax)) is { } wrong) return wrong;
            if (await acts.TakeAccountAsync(command.Account, cancel) is not { } row) return ReadAccounts.Unknown(command.Account);
            var asked = Array.IndexOf(Scopes, command.Scope) + 1;
            if (asked <= row.Scope) (row.Scope, row.ScopeAsked, row.ScopeAskedBy) = (asked, 0, null);
            else (row.ScopeAsked, row.ScopeAskedBy) = (asked, acts.Caller.Id);
            await acts.NoteAsync(command.Account, row.ScopeAsked == 0 ? "scope" : "scope asked", $"{command.Scope}: {command.Reason}", cancel);
            return await SaveAsync(row, cancel);
        },
        ct);

    internal Task<Outcome<AccountReply>> DecideScopeAsync(DecideScopeCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Accounts/DecideScope", command, AccountReply.Parser,
        async (_, cancel) =>
        {
            if (Text("reason", command.Reason, LongTextMax, needed: !command.Approved) is { } wrong) return wrong;
            if (await acts.TakeAccountAsync(command.Account, cancel) is not { } row) return ReadAccounts.Unknown(command.Account);
            if (row.ScopeAsked == 0) return new Fault.Conflict("scope.not_asked", $"Nothing is asked for {command.Account}.");
            var asked = (ContractScope)row.ScopeAsked;
            if (!acts.Actor.IsLocalAdministrator && string.Equals(row.ScopeAskedBy, acts.Caller.Id, StringComparison.Ordinal)) return new Fault.Conflict("scope.own", "Nobody decides on what he asked for himself.");
            var ladder = await acts.LadderAsync(cancel);
            // What is provincial needs somebody above the account's own manager, what is national head office (SEED-03-INTEG).
            if (ladder.Of(acts.Actor) is not { } limit || (asked is ContractScope.National ? !limit.HeadOffice : limit.Rank <= ladder.LowestRank))
                return new Fault.Conflict("authority.none", $"None of your roles decides on a {ReasonCode.Of(asked)} scope.");
            if (command.Approved) row.Scope = row.ScopeAsked;
            (row.ScopeAsked, row.ScopeAskedBy) = (0, null);
            await acts.NoteAsync(command.Account, command.Approved ? "scope approved" : "scope refused", $"{ReasonCode.Of(asked)} by {limit.Role}. {command.Reason}".TrimEnd(), cancel);
            return await SaveAsync(row, cancel);
        },
        ct);

    private async Task<Outcome<AccountReply>> SaveAsync(AccountRow row, CancellationToken ct)
    {
        await acts.Db.SaveChangesAsync(ct);
        return new AccountReply { Account = await read.ViewAsync(row, 0, null, ct) };
    }
}
