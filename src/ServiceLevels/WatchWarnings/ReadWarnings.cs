using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>Warnings, the newest first, and what is done about one. Only its cause closes it.</summary>
internal sealed class ReadWarnings(LevelsDb db, ServerActs acts)
{
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
        var page = await rows.OrderByDescending(w => w.SinceUs).ThenByDescending(w => w.Id).Take(size + 1).ToListAsync(ct);
        var reply = new ListWarningsReply { Warnings = { page.Take(size).Select(View) } };
        if (page.Count > size) reply.NextPageToken = string.Create(CultureInfo.InvariantCulture, $"{page[size - 1].SinceUs}.{page[size - 1].Id}");
        return reply;
    }

    internal Task<Outcome<WarningView>> ActAsync(ActOnWarningCommand command, CancellationToken ct) => acts.RunAsync(
        db, command.CommandId, "Warnings/Act", command, WarningView.Parser,
        async (_, cancel) =>
        {
            if (string.IsNullOrWhiteSpace(command.Done) || command.Done.Length > DoneMax) return new Fault.Invalid("done", "field.missing", "Say in at most 500 characters what is done about it.");
            if (await db.Warnings.SingleOrDefaultAsync(w => w.Id == command.Id, cancel) is not { } row) return new Fault.NotFound("warning.unknown", "The warning is not known.");
            if (row.ClosedUs is not null) return new Fault.Conflict("warning.closed", "The warning is closed: its cause is gone.");
            (row.Done, row.DoneBy) = (command.Done, acts.Caller.Id);
            await db.SaveChangesAsync(cancel);
            return View(row);
        },
        ct);

    private static WarningView View(WarningRow row) => new()
    {
        Id = row.Id, Account = row.Account, Family = row.Family, Reason = row.Reason, Evidence = { JsonSerializer.Deserialize<Dictionary<string, string>>(row.Evidence) }, Owner = row.DoneBy,
        SinceUs = row.SinceUs, DueUs = row.DueUs, Done = row.Done, ClosedUs = row.ClosedUs ?? 0, ClosedBecause = row.ClosedBecause ?? "",
    };
}
