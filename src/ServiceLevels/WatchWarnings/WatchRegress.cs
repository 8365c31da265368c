using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>
/// 事前: what stands of an account together (<see cref="RegressWarning"/>). Over the threshold it is a warning of its own, and opens the regress of the cases, whose stages are 事中 and 事后;
/// the warning closes when the score falls, the case when a person closes it.
/// </summary>
internal sealed class WatchRegress(LevelsDb db, KeepWarnings keep, OpenRegress door, IWriteGate gate, ILogger<WatchRegress> log)
{
    internal async Task<Fault?> RunAsync(IReadOnlyCollection<string> accounts, string asked, CancellationToken ct)
    {
        var standing = (await db.Warnings.AsNoTracking().Where(w => accounts.Contains(w.Account) && w.ClosedUs == null && w.Rule != WarningRules.Regress).ToListAsync(ct)).ToLookup(static w => w.Account, StringComparer.Ordinal);
        var answers = accounts.Select(account => (account, WarningRules.Regress, RegressWarning.Of(standing[account].Select(SignOf).OfType<RegressSign>()))).ToList();
        if (await keep.RunAsync(accounts, answers, asked, ct) is { } fault) return fault;
        // Few: each in a transaction of its own, so that one account's trouble is not the others'.
        var slipping = await db.Warnings.AsNoTracking().Where(w => accounts.Contains(w.Account) && w.ClosedUs == null && w.Rule == WarningRules.Regress).OrderBy(w => w.Id).ToListAsync(ct);
        foreach (var warning in slipping)
        {
            if (await OpenAsync(warning, [.. standing[warning.Account]], ct) is { } failed) return failed;
        }
        return null;
    }

    private async Task<Fault?> OpenAsync(WarningRow warning, List<WarningRow> standing, CancellationToken ct)
    {
        var signs = standing.Where(w => SignOf(w) is { } sign && RegressWarning.Points(sign) > 0).OrderByDescending(static w => RegressWarning.Points(SignOf(w)!)).ThenBy(static w => w.Id, StringComparer.Ordinal)
            .Take(OpenRegress.SignsMax).Select(static w => new SlippingSign(w.Reason, w.Id, EvidenceOf(w).ToImmutableSortedDictionary(StringComparer.Ordinal), [])).ToList();
        if (signs.Count == 0) return null;
        var opened = await gate.RunAsync<bool>(async (transaction, cancel) =>
        {
            var stands = await door.RunAsync(transaction, warning.Account, signs, cancel);
            if (!stands.IsOk) return stands.Fault;
            db.ChangeTracker.Clear();
            await transaction.EnlistAsync(db, cancel);
            await db.Warnings.Where(w => w.Id == warning.Id).ExecuteUpdateAsync(s => s.SetProperty(w => w.CaseId, stands.Value.CaseId), cancel);
            return true;
        }, ct);
        // An account whose contract has ended slips no further, and has no case; the warning says what it says.
        if (opened.IsOk || opened.Fault is not Fault.NotFound) return opened.IsOk ? null : opened.Fault;
        LevelsLog.NoRegress(log, warning.Id, opened.Fault.Message);
        return null;
    }

    // A warning that another program wrote, of a reason unknown here, is no sign.
    private static RegressSign? SignOf(WarningRow row)
    {
        if (WarningRules.ReasonOf(row.Reason) is not { } reason || WarningRules.FamilyOf(row.Family) is not { } family) return null;
        var rises = reason is WarningReason.VolumeChanged && EvidenceOf(row).TryGetValue("change", out var text) && decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var change) && change > 0;
        return new RegressSign(row.Id, family, reason, (WarningLevel)row.Level, rises);
    }

    private static Dictionary<string, string> EvidenceOf(WarningRow row) => JsonSerializer.Deserialize<Dictionary<string, string>>(row.Evidence) ?? [];
}
