using System.Globalization;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.InForce;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Contracts.Watching;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Obligations;

/// <summary>The register of what is due: listed from the contracts, met by a person's word with a reference. What is due is never stored, so that it always is what was signed.</summary>
internal sealed class KeepObligations(ContractActs acts, ContractTerms terms)
{
    internal const int DaysMax = 400;
    internal const string Met = "met";
    internal const string Overdue = "overdue";
    private const int UsualDays = 90;

    // What has been overdue for longer is found in the list.
    private const int AlertDays = 31;
    private const int PageMax = 200;
    private static readonly string[] States = ["", "open", Met, "late", Overdue];

    internal LocalDate Today => acts.Now.InZone(VersionLife.Zone).Date;

    internal async Task<Outcome<ListObligationsReply>> ListAsync(ListObligationsRequest ask, CancellationToken ct)
    {
        var (first, last) = (ask.FirstDue.Length == 0 ? Today.PlusDays(-UsualDays) : Check.Day(ask.FirstDue), ask.LastDue.Length == 0 ? Today.PlusDays(UsualDays) : Check.Day(ask.LastDue));
        if (first is not { } from || last is not { } until || until < from || Period.DaysBetween(from, until) > DaysMax)
            return new Fault.Invalid("last_due", "day.span", $"first_due and last_due are days, yyyy-mm-dd, at most {DaysMax} days apart.");
        if (Check.Word("state", ask.State, States) is { } wrong) return wrong;
        if (ask.PageToken.Length > 0 && !int.TryParse(ask.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return new Fault.Invalid("page_token", "page.malformed", "The page token is not one that this list gave out.");
        var skip = ask.PageToken.Length > 0 ? int.Parse(ask.PageToken, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var size = ask.PageSize <= 0 ? 50 : Math.Min(ask.PageSize, PageMax);
        var all = (await OfAsync(ask.Account, from, until, ct)).Where(o => ask.State.Length == 0 || string.Equals(o.State, ask.State, StringComparison.Ordinal)).Skip(skip).Take(size + 1).ToList();
        return new ListObligationsReply { Obligations = { all.Take(size) }, NextPageToken = all.Count > size ? (skip + size).ToString(CultureInfo.InvariantCulture) : "" };
    }

    internal Task<Outcome<MeetObligationReply>> MeetAsync(MeetObligationCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Contracts/MeetObligation", command, MeetObligationReply.Parser,
        async (transaction, cancel) =>
        {
            if (Check.First(Check.Code("contract", command.Contract), Check.Text("clause", command.Clause), Check.Text("reference", command.Reference)) is { } wrong) return wrong;
            if (Check.Day(command.Due) is not { } due) return new Fault.Invalid("due", "day.malformed", "The due day is yyyy-mm-dd, as listed.");
            if ((command.MetOn.Length == 0 ? Today : Check.Day(command.MetOn)) is not { } met || met > Today) return new Fault.Invalid("met_on", "day.later", "It was met on a day, yyyy-mm-dd, that is not after today.");
            if (await acts.TakeContractAsync(command.Contract, cancel) is null || Find(command, due) is not { } owed)
                return new Fault.NotFound("obligation.unknown", $"No obligation of clause '{command.Clause}' of {command.Contract} that you may see is due on {command.Due}.");
            if (await acts.Db.ObligationsMet.AnyAsync(m => m.Contract == command.Contract && m.Clause == command.Clause && m.Due == due, cancel)) return new Fault.Conflict("obligation.met", "Somebody has said that it was met; look at the list.");
            var row = new ObligationMetRow
            {
                Account = owed.Version.Account, Contract = command.Contract, Clause = command.Clause, Due = due, MetOn = met, Reference = command.Reference, Who = acts.Caller.Id, AtUs = acts.Now.ToUnixMicros(),
            };
            acts.Db.ObligationsMet.Add(row);
            await acts.Db.SaveChangesAsync(cancel);
            if (ObligationFact.Of(owed, row, acts.Now) is { } fact && await acts.AppendAsync(transaction, [fact], cancel) is { } untold) return untold;
            return new MeetObligationReply { Obligation = View(owed, row) };
        },
        ct);

    /// <summary>What is due in a span, of one account or of all that the caller sees, with how it stands.</summary>
    internal async Task<List<ObligationView>> OfAsync(string account, LocalDate first, LocalDate last, CancellationToken ct)
    {
        var due = DueObligations.Of(Seen().Where(v => account.Length == 0 || string.Equals(v.Account, account, StringComparison.Ordinal)), first, last).ToList();
        if (due.Count == 0) return [];
        var rows = await acts.Db.ObligationsMet.AsNoTracking().Where(m => m.Due >= first && m.Due <= last && (account == "" || m.Account == account)).ToListAsync(ct);
        var met = rows.ToDictionary(static m => (m.Contract, m.Clause, m.Due));
        return due.ConvertAll(o => View(o, met.GetValueOrDefault((o.Version.Contract, o.Clause.Clause.Value, o.Due))));
    }

    /// <summary>What the carrier or the client owes and has lately let pass, as alerts; closed when it is met.</summary>
    internal async Task<IEnumerable<DueAlert>> AlertsAsync(CancellationToken ct) =>
        (await OfAsync("", Today.PlusDays(-AlertDays), Today, ct)).Where(static o => string.Equals(o.State, Overdue, StringComparison.Ordinal))
            .Select(static o => new DueAlert(DueAlerts.ObligationOverdue, o.Account, o.Contract, (int)o.Version, Check.Day(o.Due)!.Value));

    // The versions in force are the installation's; a caller sees those of its accounts.
    private IEnumerable<ContractVersion> Seen() => acts.Caller.Accounts is { } accounts ? terms.Versions.Where(v => accounts.Contains(v.Account, StringComparer.Ordinal)) : terms.Versions;

    private static bool Is(ContractVersion version, MeetObligationCommand command) => string.Equals(version.Contract, command.Contract, StringComparison.Ordinal);

    private DueObligation? Find(MeetObligationCommand command, LocalDate due) =>
        DueObligations.Of(Seen().Where(v => Is(v, command)), due, due).FirstOrDefault(o => string.Equals(o.Clause.Clause.Value, command.Clause, StringComparison.Ordinal));

    private ObligationView View(DueObligation owed, ObligationMetRow? met) => new()
    {
        Account = owed.Version.Account, Contract = owed.Version.Contract, Version = owed.Version.Version, Clause = owed.Clause.Clause.Value, By = owed.Clause.By == ObligationParty.Carrier ? "carrier" : "client",
        Zh = owed.Clause.Zh, En = owed.Clause.En, PeriodFirst = Check.Day(owed.PeriodFirst), PeriodLast = Check.Day(owed.PeriodLast), Due = Check.Day(owed.Due),
        State = met is not null ? met.MetOn <= owed.Due ? Met : "late" : owed.Due < Today ? Overdue : "open",
        MetOn = met is null ? "" : Check.Day(met.MetOn), Reference = met?.Reference ?? "", MetBy = met?.Who ?? "",
    };
}
