using Google.Protobuf;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;
using static KeyAccountLogistics.Contracts.Acting.Check;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>Making an account and keeping its record: what it is, where its parcels are picked up, and the papers without which none of its contracts is active.</summary>
internal sealed class KeepAccount(ContractActs acts, ReadAccounts read, IKnowPeople people)
{
    internal static readonly string[] Grades = ["A", "B", "C"];
    internal static readonly string[] Ownerships = ["state", "private", "foreign", "joint", "government"];
    private static readonly string[] Documents = ["id_card", "passport", "other"];
    private const int RecordBytesMax = 65_536;
    private const int WindowsMax = 100;
    private const int SitesMax = 2_000;

    internal Task<Outcome<AccountReply>> CreateAsync(CreateAccountCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Accounts/Create", command, AccountReply.Parser,
        async (_, cancel) =>
        {
            if (First(Code("account", command.Account), Text("name_zh", command.NameZh), Text("name_en", command.NameEn), Word("grade", command.Grade, Grades), Word("ownership", command.Ownership, Ownerships)) is { } wrong) return wrong;
            if (acts.Caller.Accounts is { } own && !own.Contains(command.Account, StringComparer.Ordinal)) return new Fault.Forbidden("account.not_yours", $"The account {command.Account} is not one of yours.");
            var owner = command.Owner.Length > 0 ? command.Owner : acts.Caller.Id;
            if (command.Owner.Length > 0 && !await people.ReachesAsync(owner, command.Account, cancel)) return NobodyReaches("owner", owner);
            if (await acts.Db.Accounts.AnyAsync(a => a.Account == command.Account, cancel)) return new Fault.Conflict("account.exists", $"There is an account {command.Account} already.");
            var now = acts.Now.ToUnixMicros();
            var row = new AccountRow
            {
                Account = command.Account, NameZh = command.NameZh, NameEn = command.NameEn, Grade = command.Grade, Ownership = command.Ownership, Scope = (int)ContractScope.Local,
                Owner = owner, CreditLimitMinor = CreditLimits.UsualMinor(command.Ownership), CreditCurrency = "CNY", Record = new AccountRecord().ToByteArray(), CreatedUs = now,
            };
            acts.Db.Accounts.Add(row);
            acts.Db.Owners.Add(new OwnerRow { Account = row.Account, Seq = 1, Person = owner, SinceUs = now, Reason = "first owner", HandedOver = "", ChangedBy = acts.Caller.Id });
            await acts.NoteAsync(row.Account, "created", "", cancel);
            await acts.Db.SaveChangesAsync(cancel);
            return await ReplyAsync(row, cancel);
        },
        ct);

    internal Task<Outcome<AccountReply>> EditAsync(EditAccountCommand command, CancellationToken ct) => ChangeAsync(
        command.CommandId, "Accounts/Edit", command, command.Account,
        (row, _) =>
        {
            if (row.Revision != command.Revision + 1) return Of(new Fault.Conflict("account.changed", "Somebody has changed the account since you read it: read it again."));
            if (First(Text("name_zh", command.NameZh), Text("name_en", command.NameEn), Word("grade", command.Grade, Grades), Word("ownership", command.Ownership, Ownerships), Record(command.Record)) is { } wrong) return Of(wrong);
            if (command.CreditLimitMinor < -1) return Of(new Fault.Invalid("credit_limit_minor", "credit.negative", "A credit limit is not below zero; -1 stands for none agreed."));
            if (command.CreditCurrency.Length > 0 && !Money.IsCurrency(command.CreditCurrency)) return Of(new Fault.Invalid("credit_currency", "currency.unknown", "The currency is an ISO 4217 code of three capital letters."));
            // Said as what it is: whose the client is, is what its manager is warned of (SEED-04-WARN4).
            var was = row.Ownership;
            (row.NameZh, row.NameEn, row.Grade, row.Ownership) = (command.NameZh, command.NameEn, command.Grade, command.Ownership);
            row.CreditLimitMinor = command.CreditLimitMinor switch { -1 => null, 0 => CreditLimits.UsualMinor(command.Ownership), var given => given };
            row.CreditCurrency = command.CreditCurrency.Length > 0 ? command.CreditCurrency : "CNY";
            if (command.Record is not null) row.Record = command.Record.ToByteArray();
            return string.Equals(was, row.Ownership, StringComparison.Ordinal) ? Done("edited") : Done("ownership", $"{was} to {row.Ownership}");
        },
        ct);

    internal Task<Outcome<AccountReply>> PutSiteAsync(PutSiteCommand command, CancellationToken ct) => ChangeAsync(
        command.CommandId, "Accounts/PutSite", command, command.Account,
        async (row, cancel) =>
        {
            if (command.Site is not { } site) return new Fault.Invalid("site", "field.missing", "The site is missing.");
            if (First(Code("site.code", site.Code), Text("site.name", site.Name), Text("site.place", site.Place), Text("site.address", site.Address, needed: false), Text("site.depot", site.Depot, needed: false)) is { } wrong) return wrong;
            var windows = Windows(row.Account!, site);
            if (!windows.IsOk) return windows.Fault;
            var known = await acts.Db.Sites.SingleOrDefaultAsync(s => s.Account == row.Account && s.Code == site.Code, cancel);
            if (known is null)
            {
                if (await acts.Db.Sites.CountAsync(s => s.Account == row.Account, cancel) >= SitesMax) return new Fault.Exhausted("sites.many", $"An account has at most {SitesMax} sites.");
                acts.Db.Sites.Add(known = new SiteRow { Account = row.Account, Code = site.Code, Name = site.Name, Place = site.Place, Address = site.Address, Depot = site.Depot });
            }
            (known.Name, known.Place, known.Address, known.Depot, known.Closed) = (site.Name, site.Place, site.Address, site.Depot, site.Closed);
            await acts.Db.PickupWindows.Where(w => w.Account == row.Account && w.Site == site.Code).ExecuteDeleteAsync(cancel);
            acts.Db.PickupWindows.AddRange(windows.Value);
            return (site.Closed ? "site closed" : "site", site.Code);
        },
        ct);

    internal Task<Outcome<AccountReply>> PutAgreementAsync(PutAgreementCommand command, CancellationToken ct) => ChangeAsync(
        command.CommandId, "Accounts/PutAgreement", command, command.Account,
        async (row, cancel) =>
        {
            if (Text("number", command.Number) is { } wrong) return wrong;
            if (Day(command.Signed) is not { } signed) return new Fault.Invalid("signed", "date.malformed", "The day it was signed is yyyy-mm-dd.");
            if (Day(command.Until) is not { } until || until < signed) return new Fault.Invalid("until", "date.malformed", "The last day it holds is yyyy-mm-dd, not before it was signed.");
            if (signed > NodaTime.LocalDate.FromDateTime(acts.Now.InZone(VersionLife.Zone).ToDateTimeUnspecified())) return new Fault.Invalid("signed", "date.future", "An agreement is recorded once it is signed.");
            if (await acts.Db.Agreements.AnyAsync(a => a.Account == row.Account && a.Number == command.Number, cancel))
                return new Fault.Conflict("agreement.exists", $"The agreement {command.Number} is recorded already; a renewed one has a number of its own.");
            acts.Db.Agreements.Add(new AgreementRow { Account = row.Account, Number = command.Number, SignedOn = signed, LastDay = until, RecordedUs = acts.Now.ToUnixMicros(), RecordedBy = acts.Caller.Id });
            // It says until when the account's contracts may be active.
            await acts.RaiseTermsAsync(cancel);
            return ("agreement", $"{command.Number} until {command.Until}");
        },
        ct);

    internal Task<Outcome<AccountReply>> PutIdentityAsync(PutIdentityCommand command, CancellationToken ct) => ChangeAsync(
        command.CommandId, "Accounts/PutIdentity", command, command.Account,
        (row, _) =>
        {
            if (!SocialCreditCode.TryRead(command.CreditCode, out var code, out var flaw)) return Of(new Fault.Invalid("credit_code", "credit_code.wrong", flaw));
            if (Word("document", command.Document, Documents) is { } wrong) return Of(wrong);
            // Another company under the same account.
            var taken = row.CreditCode is { } before && !string.Equals(before, code.Text, StringComparison.Ordinal);
            (row.CreditCode, row.RepresentativeDocument, row.IdentitySeenUs, row.IdentitySeenBy) = (code.Text, command.Document, acts.Now.ToUnixMicros(), acts.Caller.Id);
            return Done(taken ? "ownership" : "identity", $"{code.Text}, {command.Document} of the legal representative seen");
        },
        ct);

    /// <summary>A change of an account that is there, with its line in the history and the account as it is then for an answer.</summary>
    private Task<Outcome<AccountReply>> ChangeAsync(
        ByteString commandId, string rpc, IMessage command, string account, Func<AccountRow, CancellationToken, Task<Outcome<(string Kind, string Note)>>> change, CancellationToken ct) => acts.RunAsync(
        commandId, rpc, command, AccountReply.Parser,
        async (_, cancel) =>
        {
            if (await acts.TakeAccountAsync(account, cancel) is not { } row) return ReadAccounts.Unknown(account);
            var changed = await change(row, cancel);
            if (!changed.IsOk) return changed.Fault;
            await acts.NoteAsync(account, changed.Value.Kind, changed.Value.Note, cancel);
            await acts.Db.SaveChangesAsync(cancel);
            return await ReplyAsync(row, cancel);
        },
        ct);

    internal static Fault.Invalid NobodyReaches(string field, string person) =>
        new(field, "person.unknown", $"'{(person.Length <= 40 ? person : person[..40])}' is nobody who may sign in and sees this account: give the account to the person's reach first.");

    private async Task<AccountReply> ReplyAsync(AccountRow row, CancellationToken ct) => new() { Account = await read.ViewAsync(row, 0, null, ct) };

    private static Outcome<List<PickupWindowRow>> Windows(string account, SiteView site)
    {
        var rows = new List<PickupWindowRow>();
        if (site.Windows.Count > WindowsMax) return new Fault.Exhausted("windows.many", $"A site has at most {WindowsMax} pickup windows.");
        foreach (var window in site.Windows)
        {
            if (window.Day is < 1 or > 7) return new Fault.Invalid("site.windows", "window.day", "The day of a pickup window is 1 (Monday) to 7.");
            if (Minute(window.From) is not { } from || Minute(window.Until) is not { } until || until <= from)
                return new Fault.Invalid("site.windows", "window.times", "A pickup window goes from hh:mm until a later hh:mm of the same day.");
            if (rows.Any(r => r.Day == window.Day && from < r.UntilMinute && r.FromMinute < until)) return new Fault.Invalid("site.windows", "window.overlap", "Two pickup windows of a day overlap.");
            rows.Add(new PickupWindowRow { Account = account, Site = site.Code, Day = window.Day, FromMinute = from, UntilMinute = until });
        }
        return rows;
    }

    private static Fault? Record(AccountRecord? record)
    {
        if (record is null) return null;
        if (record.CalculateSize() > RecordBytesMax) return new Fault.Exhausted("record.large", $"An account's record has at most {RecordBytesMax} bytes.");
        if (record.Business is { FiscalYearFrom: { Length: > 0 } from } && Day("2024-" + from) is null) return new Fault.Invalid("record.business.fiscal_year_from", "date.malformed", "The fiscal year begins at mm-dd.");
        return record.Trading is { TradingSince: { Length: > 0 } since } && Day(since) is null ? new Fault.Invalid("record.trading.trading_since", "date.malformed", "The day is yyyy-mm-dd.") : null;
    }

    private static Task<Outcome<(string, string)>> Of(Fault fault) => Task.FromResult(Outcome<(string, string)>.Failed(fault));

    private static Task<Outcome<(string, string)>> Done(string kind, string note = "") => Task.FromResult(Outcome<(string, string)>.Ok((kind, note)));
}

/// <summary>The credit limit an account begins with: private firms decide fast and pay as often as not (SEED-03-CREDIT5050), so theirs is the stricter one.</summary>
internal static class CreditLimits
{
    /// <summary>Minor units of CNY.</summary>
    internal static long UsualMinor(string ownership) => string.Equals(ownership, "private", StringComparison.Ordinal) ? 5_000_000 : 20_000_000;
}
