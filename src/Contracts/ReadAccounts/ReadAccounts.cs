using Google.Protobuf;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.Verdicts;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>Accounts as the carrier's people see them: personal details masked.</summary>
internal sealed class ReadAccounts(ContractsDb db, PersonalVault vault)
{
    internal const string PersonalKind = "contact";
    private const int PageMax = 200;
    private const int HistoryMax = 500;

    internal static Fault.NotFound Unknown(string account) =>
        new("account.unknown", $"No account is known under '{(account.Length <= 40 ? account : account[..40])}', or it is none that you may see.");

    internal static string VaultKey(string contact) => "contact:" + contact;

    internal async Task<ListAccountsReply> ListAsync(ListAccountsRequest ask, CancellationToken ct)
    {
        var accounts = db.Accounts.AsNoTracking();
        if (ask.Text.Length > 0) accounts = accounts.Where(a => a.Account!.Contains(ask.Text) || a.NameZh.Contains(ask.Text) || a.NameEn.Contains(ask.Text));
        if (ask.Owner.Length > 0) accounts = accounts.Where(a => a.Owner == ask.Owner);
        if (ask.Grade.Length > 0) accounts = accounts.Where(a => a.Grade == ask.Grade);
        if (ask.PageToken.Length > 0) accounts = accounts.Where(a => string.Compare(a.Account, ask.PageToken) > 0);
        var size = ask.PageSize <= 0 ? 50 : Math.Min(ask.PageSize, PageMax);
        var rows = await accounts.OrderBy(a => a.Account).Take(size + 1).ToListAsync(ct);
        var page = rows.Take(size).ToList();
        var codes = page.ConvertAll(a => a.Account);
        var until = (await db.Agreements.AsNoTracking().Where(g => codes.Contains(g.Account)).Select(g => new { g.Account, g.LastDay }).ToListAsync(ct))
            .GroupBy(g => g.Account!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Max(a => a.LastDay), StringComparer.Ordinal);
        var reply = new ListAccountsReply { NextPageToken = rows.Count > size ? page[^1].Account : "" };
        reply.Accounts.AddRange(page.Select(a => Summary(a, until.TryGetValue(a.Account!, out var day) ? day : null)));
        return reply;
    }

    internal async Task<Outcome<AccountView>> ReadAsync(ReadAccountRequest ask, CancellationToken ct)
    {
        var row = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Account == ask.Account, ct);
        return row is null ? Unknown(ask.Account) : await ViewAsync(row, ask.HistorySize, just: null, ct);
    }

    /// <summary>An account whole.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="historySize">So many newest lines of its history; 0 = 50.</param>
    /// <param name="just">A contact whose details were put in this very transaction, which the vault does not give out yet.</param>
    /// <param name="ct">Stops.</param>
    internal async Task<AccountView> ViewAsync(AccountRow row, int historySize, (string Contact, ContactDetails? Details)? just, CancellationToken ct)
    {
        var account = row.Account!;
        var agreements = await db.Agreements.AsNoTracking().Where(a => a.Account == account).OrderByDescending(a => a.LastDay).ThenBy(a => a.Number).ToListAsync(ct);
        var windows = await db.PickupWindows.AsNoTracking().Where(w => w.Account == account).OrderBy(w => w.Day).ThenBy(w => w.FromMinute).ToListAsync(ct);
        var view = new AccountView
        {
            Summary = Summary(row, agreements.Count > 0 ? agreements[0].LastDay : null), Record = AccountRecord.Parser.ParseFrom(row.Record),
            ScopeAsked = row.ScopeAsked == 0 ? "" : ReasonCode.Of((ContractScope)row.ScopeAsked), ScopeAskedBy = row.ScopeAskedBy ?? "",
            CreditLimitMinor = row.CreditLimitMinor ?? -1, CreditCurrency = row.CreditCurrency, Revision = row.Revision,
        };
        if (row.CreditCode is { } code)
            view.Identity = new IdentityView { CreditCode = code, Document = row.RepresentativeDocument, SeenAtUs = row.IdentitySeenUs ?? 0, SeenBy = row.IdentitySeenBy };
        foreach (var site in await db.Sites.AsNoTracking().Where(s => s.Account == account).OrderBy(s => s.Code).ToListAsync(ct))
        {
            var shown = new SiteView { Code = site.Code, Name = site.Name, Place = site.Place, Address = site.Address, Depot = site.Depot, Closed = site.Closed };
            shown.Windows.AddRange(windows.Where(w => string.Equals(w.Site, site.Code, StringComparison.Ordinal))
                .Select(static w => new PickupWindow { Day = w.Day, From = Check.Minute(w.FromMinute), Until = Check.Minute(w.UntilMinute) }));
            view.Sites.Add(shown);
        }
        foreach (var contact in await db.Contacts.AsNoTracking().Where(c => c.Account == account).OrderBy(c => c.Id).ToListAsync(ct))
            view.Contacts.Add(Masked(contact, just is { } j && string.Equals(j.Contact, contact.Id, StringComparison.Ordinal) ? j.Details : await DetailsAsync(contact, ct)));
        view.Owners.AddRange((await db.Owners.AsNoTracking().Where(o => o.Account == account).OrderByDescending(o => o.Seq).Take(HistoryMax).ToListAsync(ct)).Select(static o => new OwnerView
        {
            Person = o.Person, SinceUs = o.SinceUs, Reason = o.Reason, By = o.ChangedBy, HandedOver = { o.HandedOver.Split(',', StringSplitOptions.RemoveEmptyEntries) },
        }));
        view.Group.AddRange((await db.GroupMembers.AsNoTracking().Where(m => m.Account == account).OrderBy(m => m.Level).ThenBy(m => m.Escalation).ThenBy(m => m.Person).ToListAsync(ct))
            .Select(static m => new GroupMember { Level = m.Level, Person = m.Person, Duty = m.Duty, Escalation = m.Escalation }));
        view.Agreements.AddRange(agreements.Select(static a => new AgreementView
        {
            Number = a.Number, Signed = Check.Day(a.SignedOn), Until = Check.Day(a.LastDay), RecordedAtUs = a.RecordedUs, RecordedBy = a.RecordedBy,
        }));
        var lines = historySize <= 0 ? 50 : Math.Min(historySize, HistoryMax);
        view.History.AddRange((await db.AccountEvents.AsNoTracking().Where(e => e.Account == account).OrderByDescending(e => e.Seq).Take(lines).ToListAsync(ct))
            .Select(static e => new AccountEvent { AtUs = e.AtUs, Who = e.Who, Kind = e.Kind, Note = e.Note }));
        return view;
    }

    private async Task<ContactDetails?> DetailsAsync(ContactRow contact, CancellationToken ct)
    {
        if (contact.Consent is "none" or "withdrawn") return null;
        var stored = await vault.GetAsync(VaultKey(contact.Id), PersonalKind, ct);
        return stored.IsOk ? ContactDetails.Parser.ParseFrom(stored.Value) : null;
    }

    private static ContactView Masked(ContactRow row, ContactDetails? details) => new()
    {
        Id = row.Id, Level = row.Level, Position = row.Position, Signs = row.Signs, Consent = row.Consent, ConsentAtUs = row.ConsentUs ?? 0,
        Name = Masking.Name(details?.Name ?? ""), Phone = Masking.Phone(details?.Phone ?? ""), Email = Email(details?.Email ?? ""),
    };

    // The domain is mostly the client's own; what stands before it is a name.
    private static string Email(string email) => email.IndexOf('@', StringComparison.Ordinal) is var at and > 0 ? "***" + email[at..] : email.Length > 0 ? "***" : "";

    private static AccountSummary Summary(AccountRow a, NodaTime.LocalDate? until) => new()
    {
        Account = a.Account, NameZh = a.NameZh, NameEn = a.NameEn, Grade = a.Grade, Ownership = a.Ownership, Scope = ReasonCode.Of((ContractScope)a.Scope), Owner = a.Owner,
        HasIdentity = a.CreditCode is not null, AgreementUntil = until is { } day ? Check.Day(day) : "",
    };
}
