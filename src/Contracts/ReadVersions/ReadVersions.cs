using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Contracts.Writing;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Verdicts;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>Versions as people see them: the carrier's own see all of it, a client what is put before it to sign and what was signed.</summary>
internal sealed class ReadVersions(ContractsDb db, ICallerScope callers, TimeProvider time)
{
    private const int PageMax = 200;

    internal static Fault.NotFound Unknown(string contract, uint version) => new(
        "contract.unknown", string.Create(CultureInfo.InvariantCulture, $"No {(version == 0 ? "version" : $"version {version}")} of a contract '{(contract.Length <= 40 ? contract : contract[..40])}' is known, or it is none that you may see."));

    // Whoever may read the accounts' records is the carrier's; drafts, proposals and who gave away what are its own business.
    private bool IsCarriers => callers.Current.May(Permission.AccountRead);

    private IQueryable<VersionRow> Shown => IsCarriers ? db.Versions.AsNoTracking() : db.Versions.AsNoTracking().Where(v => v.State == (int)VersionState.Approved || v.State == (int)VersionState.Signed);

    internal async Task<Outcome<ListVersionsReply>> ListAsync(ListVersionsRequest ask, CancellationToken ct)
    {
        var versions = Shown;
        if (ask.Account.Length > 0) versions = versions.Where(v => v.Account == ask.Account);
        if (ask.Contract.Length > 0) versions = versions.Where(v => v.Contract == ask.Contract);
        var size = ask.PageSize <= 0 ? 50 : Math.Min(ask.PageSize, PageMax);
        var reply = new ListVersionsReply();
        var token = ask.PageToken;
        // A state follows from dates, so it is looked for row by row; every turn goes on behind the last.
        while (true)
        {
            var rest = versions;
            if (token.Length > 0)
            {
                var dot = token.LastIndexOf('.');
                if (dot <= 0 || !int.TryParse(token.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var below)) return new Fault.Invalid("page_token", "page.malformed", "The page token is not one that this list gave out.");
                var contract = token[..dot];
                rest = versions.Where(v => string.Compare(v.Contract, contract) > 0 || (v.Contract == contract && v.Version < below));
            }
            var rows = await rest.OrderBy(v => v.Contract).ThenByDescending(v => v.Version).Take(size + 1).ToListAsync(ct);
            var page = rows.Take(size).ToList();
            var summaries = await SummariesAsync(page, ct);
            for (var i = 0; i < summaries.Count; i++)
            {
                if (ask.State.Length > 0 && !string.Equals(summaries[i].State, ask.State, StringComparison.Ordinal)) continue;
                reply.Versions.Add(summaries[i]);
                if (reply.Versions.Count < size) continue;
                if (i < summaries.Count - 1 || rows.Count > size) reply.NextPageToken = Token(summaries[i].Contract, summaries[i].Version);
                return reply;
            }
            if (rows.Count <= size) return reply;
            token = Token(page[^1].Contract, (uint)page[^1].Version);
        }
    }

    internal async Task<Outcome<VersionView>> ReadAsync(ReadVersionRequest ask, CancellationToken ct)
    {
        var row = await FindAsync(ask.Contract, ask.Version, ct);
        return row is null ? Unknown(ask.Contract, ask.Version) : await ViewAsync(row, ct);
    }

    internal async Task<Outcome<DiffVersionsReply>> DiffAsync(DiffVersionsRequest ask, CancellationToken ct)
    {
        if (await FindAsync(ask.Contract, ask.To, ct) is not { } to) return Unknown(ask.Contract, ask.To);
        var from = ask.From == 0
            ? await Shown.Where(v => v.Contract == to.Contract && v.Version < to.Version).OrderByDescending(v => v.Version).FirstOrDefaultAsync(ct)
            : await FindAsync(ask.Contract, ask.From, ct);
        if (from is null) return Unknown(ask.Contract, ask.From);
        if (StoredVersions.Document(from) is not { } before) return StoredVersions.Unreadable(from);
        if (StoredVersions.Document(to) is not { } after) return StoredVersions.Unreadable(to);
        return DiffWords.Of(before, after);
    }

    internal async Task<VersionRow?> FindAsync(string contract, uint version, CancellationToken ct) => version switch
    {
        0 => await Shown.Where(v => v.Contract == contract).OrderByDescending(v => v.Version).FirstOrDefaultAsync(ct),
        <= int.MaxValue => await Shown.SingleOrDefaultAsync(v => v.Contract == contract && v.Version == (int)version, ct),
        _ => null,
    };

    /// <summary>A version whole; for a command's answer too, from the rows its transaction has written.</summary>
    internal async Task<Outcome<VersionView>> ViewAsync(VersionRow row, CancellationToken ct)
    {
        if (StoredVersions.Document(row) is not { } document) return StoredVersions.Unreadable(row);
        var view = new VersionView
        {
            Summary = (await SummariesAsync([row], ct))[0], Document = ContractYaml.Write(document), SignedBy = row.SignedBy ?? "", SignedForClient = row.ClientContact ?? "",
        };
        view.Clauses.AddRange(ClauseTexts.Of(document));
        foreach (var e in await db.VersionEvents.AsNoTracking().Where(e => e.Contract == row.Contract && e.Version == row.Version).OrderBy(e => e.Seq).ToListAsync(ct))
        {
            if (IsCarriers || e.Act is (int)VersionAct.Announced or (int)VersionAct.Signed or (int)VersionAct.Ended) view.History.Add(EventBytes.Wire(e));
        }
        var before = await db.Versions.AsNoTracking().Where(v => v.Contract == row.Contract && v.Version < row.Version && v.State == (int)VersionState.Signed).OrderByDescending(v => v.Version).FirstOrDefaultAsync(ct);
        if (before is not null && StoredVersions.Document(before) is { } amended) view.RaisedClauses.AddRange(DiffWords.RaisedClauses(amended, document));
        return view;
    }

    /// <summary>The rows in their order, each with the state it has now.</summary>
    internal async Task<IReadOnlyList<VersionSummary>> SummariesAsync(IReadOnlyList<VersionRow> rows, CancellationToken ct)
    {
        var contracts = rows.Select(static r => r.Contract).Distinct(StringComparer.Ordinal).ToList();
        var accounts = rows.Select(static r => r.Account).Distinct(StringComparer.Ordinal).ToList();
        var signed = await db.Versions.AsNoTracking().Where(v => contracts.Contains(v.Contract) && v.State == (int)VersionState.Signed).Select(v => new { v.Contract, v.Version, v.FromUs }).ToListAsync(ct);
        var agreed = (await db.Agreements.AsNoTracking().Where(a => accounts.Contains(a.Account)).Select(a => new { a.Account, a.LastDay }).ToListAsync(ct))
            .GroupBy(static a => a.Account!, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => (LocalDate?)g.Max(static a => a.LastDay), StringComparer.Ordinal);
        var now = time.Now();
        return [.. rows.Select(row =>
        {
            var next = signed.Where(s => string.Equals(s.Contract, row.Contract, StringComparison.Ordinal) && s.Version > row.Version).Min(static s => s.FromUs);
            var end = StoredVersions.EndOf(row);
            var state = VersionLife.At((VersionState)row.State, StoredVersions.At(row.FromUs), end, StoredVersions.At(next), StoredVersions.AgreementUntil(agreed.GetValueOrDefault(row.Account!)), now);
            return new VersionSummary
            {
                Contract = row.Contract, Version = (uint)row.Version, Account = row.Account, State = ReasonCode.Of(state), EffectiveFromUs = row.FromUs ?? 0, EffectiveUntilUs = end?.ToUnixMicros() ?? 0,
                Hash = ByteString.CopyFrom(row.Hash), SignedAtUs = row.SignedUs ?? 0, AnnouncedAtUs = row.AnnouncedUs ?? 0,
                Awaiting = IsCarriers ? row.Awaiting ?? "" : "", ProposedBy = IsCarriers ? row.ProposedBy ?? "" : "",
            };
        })];
    }

    private static string Token(string contract, uint version) => string.Create(CultureInfo.InvariantCulture, $"{contract}.{version}");
}
