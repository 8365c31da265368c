using System.Globalization;
using System.Security.Cryptography;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.ServiceLevels.Declaring;

/// <summary>Declares force majeure for regions and a period: one person asks, another confirms, and whoever may ask may withdraw. What it does to parcels, <see cref="ApplyDeclarations"/> does.</summary>
internal sealed class DeclareForceMajeure(ServerActs acts, LevelsDb db, TimeProvider time)
{
    private const int RegionsMax = 50;
    private const int TextMax = 200;
    private const long LongestUs = 92L * 24 * 3600 * 1_000_000;

    internal Task<Outcome<DeclareReply>> RunAsync(DeclareCommand command, CancellationToken ct) => acts.RunAsync(
        db, command.CommandId, "Scorecards/Declare", command, DeclareReply.Parser,
        async (_, cancel) =>
        {
            // A declaration is of every account: whoever sees some of them only cannot speak for the others.
            if (!SeesAll) return new Fault.Forbidden("declaration.scope", "Force majeure is declared by people who see every account.");
            var done = command.Act switch
            {
                "" or "ask" => Ask(command),
                "confirm" => await ConfirmAsync(command, cancel),
                "withdraw" => await WithdrawAsync(command, cancel),
                _ => new Fault.Invalid("act", "act.unknown", "Ask, confirm or withdraw."),
            };
            if (!done.IsOk) return done.Fault;
            await db.SaveChangesAsync(cancel);
            return new DeclareReply { Declared = View(done.Value) };
        },
        ct);

    internal async Task<Outcome<ListDeclaredReply>> ListAsync(ListDeclaredRequest ask, CancellationToken ct)
    {
        var shown = db.Declared.AsNoTracking();
        if (!SeesAll) shown = shown.Where(static d => d.ConfirmedUs != null);
        var rows = await shown.OrderByDescending(d => d.FromUs).ThenBy(d => d.Id).Take(Reading.AskedPeriod.PageOf(ask.PageSize)).ToListAsync(ct);
        return new ListDeclaredReply { Declared = { rows.Select(View) } };
    }

    private bool SeesAll => acts.Caller.Accounts is null;

    private Outcome<DeclaredRow> Ask(DeclareCommand c)
    {
        var regions = c.Regions.Select(static r => r.Trim()).Where(static r => r.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (regions.Count is 0 or > RegionsMax || regions.Exists(static r => r.Length > 40 || r.Contains(',', StringComparison.Ordinal) || r.Any(char.IsControl)))
            return new Fault.Invalid("regions", "regions.range", $"Name 1 to {RegionsMax} regions by the beginning of their place codes, such as 3301.");
        if (c.FromUs <= 0 || c.UntilUs < c.FromUs || c.UntilUs - c.FromUs > LongestUs) return new Fault.Invalid("until_us", "period.range", "The period ends after it begins, and lasts at most 92 days.");
        if (string.IsNullOrWhiteSpace(c.Why) || c.Why.Length > TextMax || c.Why.Any(char.IsControl)) return new Fault.Invalid("why", "field.missing", $"Say in at most {TextMax} characters what happened, and by which notice.");
        var now = time.Now().ToUnixMicros();
        var row = new DeclaredRow
        {
            Id = IdOf(c.CommandId.Span), Regions = string.Join(',', regions), FromUs = c.FromUs, UntilUs = c.UntilUs, Why = c.Why, AskedBy = acts.Caller.Id, AskedUs = now,
        };
        db.Declared.Add(row);
        return row;
    }

    private async Task<Outcome<DeclaredRow>> ConfirmAsync(DeclareCommand c, CancellationToken ct)
    {
        if (await db.Declared.SingleOrDefaultAsync(d => d.Id == c.Id, ct) is not { } row) return Unknown(c.Id);
        if (row.WithdrawnUs is not null) return new Fault.Conflict("declaration.withdrawn", $"The declaration {row.Id} was withdrawn.");
        if (row.ConfirmedUs is not null) return new Fault.Conflict("declaration.confirmed", $"The declaration {row.Id} is confirmed already.");
        if (string.Equals(row.AskedBy, acts.Caller.Id, StringComparison.Ordinal)) return new Fault.Conflict("declaration.same_person", "Another person than the one who declared it must confirm it.");
        (row.ConfirmedBy, row.ConfirmedUs) = (acts.Caller.Id, time.Now().ToUnixMicros());
        return row;
    }

    private async Task<Outcome<DeclaredRow>> WithdrawAsync(DeclareCommand c, CancellationToken ct)
    {
        if (await db.Declared.SingleOrDefaultAsync(d => d.Id == c.Id, ct) is not { } row) return Unknown(c.Id);
        if (row.WithdrawnUs is null) (row.WithdrawnBy, row.WithdrawnUs) = (acts.Caller.Id, time.Now().ToUnixMicros());
        return row;
    }

    private static Fault.NotFound Unknown(string id) => new("declaration.unknown", string.Create(CultureInfo.InvariantCulture, $"No declaration {(id.Length > 40 ? "of that name" : id)} is known."));

    // Of the whole command: ids that are made one after the other begin alike.
    private static string IdOf(ReadOnlySpan<byte> command) => "FM-" + Convert.ToHexString(SHA256.HashData(command).AsSpan(0, 5));

    // Whose acts they were, and how many parcels of others, is the carrier's own.
    private Declared View(DeclaredRow row) => new()
    {
        Id = row.Id, Regions = { row.Regions.Split(',') }, FromUs = row.FromUs, UntilUs = row.UntilUs, Why = row.Why, AskedUs = row.AskedUs, ConfirmedUs = row.ConfirmedUs ?? 0, WithdrawnUs = row.WithdrawnUs ?? 0,
        AskedBy = SeesAll ? row.AskedBy : "", ConfirmedBy = SeesAll ? row.ConfirmedBy ?? "" : "", WithdrawnBy = SeesAll ? row.WithdrawnBy ?? "" : "", Parcels = SeesAll ? row.Parcels : 0,
    };
}
