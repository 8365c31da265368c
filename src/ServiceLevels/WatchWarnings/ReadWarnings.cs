using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using KeyAccountLogistics.Verdicts;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>Warnings, the newest first, and what is done about one. Only its cause closes it.</summary>
internal sealed class ReadWarnings(LevelsDb db, ReadAccountFacts owners, ServerActs acts, TimeProvider time)
{
    /// <summary>Who answers for a warning of an account without a record.</summary>
    internal const string OwnerRole = "KeyAccountManager";

    internal const int ActsMax = 100;
    private const int DoneMax = 500;

    internal async Task<Outcome<ListWarningsReply>> ListAsync(ListWarningsRequest ask, CancellationToken ct)
    {
        if (ask.Account.Length > 120 || ask.Account.Any(char.IsControl)) return new Fault.Invalid("account", "field.malformed", "The account is longer than 120 characters or holds control characters.");
        // What the carrier is warned of, arrears and cost among it, is its own.
        if (ClientSide.Is(acts.Caller)) return new ListWarningsReply();
        var rows = db.Warnings.AsNoTracking();
        if (ask.Account.Length > 0) rows = rows.Where(w => w.Account == ask.Account);
        if (!ask.ClosedToo) rows = rows.Where(w => w.ClosedUs == null);
        if (ask.PageToken.Length > 0)
        {
            if (ask.PageToken.Split('.', 2) is not [var sinceText, var id] || !long.TryParse(sinceText, NumberStyles.None, CultureInfo.InvariantCulture, out var since))
                return new Fault.Invalid("page_token", "page.malformed", "The page token is not one that this list gave out.");
            rows = rows.Where(w => w.SinceUs < since || (w.SinceUs == since && string.Compare(w.Id, id) < 0));
        }
        var size = AskedPeriod.PageOf(ask.PageSize);
        var found = await rows.OrderByDescending(w => w.SinceUs).ThenByDescending(w => w.Id).Take(size + 1).ToListAsync(ct);
        var page = found.Take(size).ToList();
        var ids = page.ConvertAll(static w => w.Id);
        var done = (await db.WarningActs.AsNoTracking().Where(a => ids.Contains(a.WarningId)).OrderBy(a => a.Seq).ToListAsync(ct)).ToLookup(static a => a.WarningId, StringComparer.Ordinal);
        var reply = new ListWarningsReply { Warnings = { page.Select(w => View(w, done[w.Id])) } };
        if (found.Count > size) reply.NextPageToken = string.Create(CultureInfo.InvariantCulture, $"{page[^1].SinceUs}.{page[^1].Id}");
        return reply;
    }

    internal Task<Outcome<WarningView>> ActAsync(ActOnWarningCommand command, CancellationToken ct) => acts.RunAsync(
        db, command.CommandId, "Warnings/Act", command, WarningView.Parser,
        async (_, cancel) =>
        {
            if (string.IsNullOrWhiteSpace(command.Done) || command.Done.Length > DoneMax) return new Fault.Invalid("done", "field.missing", "Say in at most 500 characters what is done about it.");
            // Taken up by a change, so that of two who act at once the second counts on from the first.
            if (await db.Warnings.Where(w => w.Id == command.Id && w.ClosedUs == null).ExecuteUpdateAsync(s => s.SetProperty(w => w.Done, command.Done).SetProperty(w => w.DoneBy, acts.Caller.Id), cancel) == 0)
                return await db.Warnings.AnyAsync(w => w.Id == command.Id, cancel) ? new Fault.Conflict("warning.closed", "The warning is closed: its cause is gone.") : new Fault.NotFound("warning.unknown", "The warning is not known.");
            var row = await db.Warnings.AsNoTracking().SingleAsync(w => w.Id == command.Id, cancel);
            var before = await db.WarningActs.AsNoTracking().Where(a => a.WarningId == row.Id).OrderBy(a => a.Seq).ToListAsync(cancel);
            if (before.Count >= ActsMax) return new Fault.Exhausted("warning.acts", $"A warning keeps at most {ActsMax} acts.");
            var owner = (await owners.OwnersAsync([row.Account], cancel)).GetValueOrDefault(row.Account, "");
            var act = new WarningActRow
            {
                WarningId = row.Id, Seq = before.Count + 1, Account = row.Account, AtUs = time.Now().ToUnixMicros(), Who = acts.Caller.Id, AsOwner = string.Equals(owner, acts.Caller.Id, StringComparison.Ordinal), Words = command.Done,
            };
            db.WarningActs.Add(act);
            await db.SaveChangesAsync(cancel);
            return View(row, [.. before, act]);
        },
        ct);

    private WarningView View(WarningRow row, IEnumerable<WarningActRow> done)
    {
        var client = WarningsSeen.IsClient(acts.Caller);
        var kind = WarningRules.SubjectsOf(row.Reason);
        return new WarningView
        {
            Id = row.Id, Account = row.Account, Family = row.Family, Reason = row.Reason, Level = ReasonCode.Of((WarningLevel)row.Level), Evidence = { JsonSerializer.Deserialize<Dictionary<string, string>>(row.Evidence) },
            Subjects = { JsonSerializer.Deserialize<string[]>(row.Subjects)!.Select(name => new WarningSubject { Kind = kind, Name = name }) }, Owner = row.Owner.Length > 0 ? row.Owner : OwnerRole, SinceUs = row.SinceUs, DueUs = row.DueUs,
            Done = client ? "" : row.Done, Acts = { done.Select(static a => new WarningAct { AtUs = a.AtUs, Who = a.Who, Words = a.Words }) }, CaseId = row.CaseId ?? "",
            ClosedUs = row.ClosedUs ?? 0, ClosedBecause = row.ClosedBecause ?? "",
        };
    }
}
