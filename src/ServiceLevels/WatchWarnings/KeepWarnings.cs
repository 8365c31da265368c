using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>What rules answered, kept: a warning opens, goes on with new evidence, or closes by itself because its cause is gone. An answer that does not say leaves it as it is.</summary>
internal sealed class KeepWarnings(LevelsDb db, IWriteGate gate, TimeProvider time)
{
    /// <param name="accounts">Whose warnings may be touched.</param>
    /// <param name="answers">By account and rule.</param>
    /// <param name="asked">Names the asking: asked twice under one name a warning is opened once, also when it is closed by then.</param>
    /// <param name="ct">Cancels before anything is kept.</param>
    internal async Task<Fault?> RunAsync(IReadOnlyCollection<string> accounts, IReadOnlyList<(string Account, string Rule, WarningAnswer Answer)> answers, string asked, CancellationToken ct)
    {
        var kept = await gate.RunAsync<bool>((transaction, cancel) => KeepAsync(transaction, accounts, answers, asked, cancel), ct);
        return kept.IsOk ? null : kept.Fault;
    }

    private async Task<Outcome<bool>> KeepAsync(WriteTransaction transaction, IReadOnlyCollection<string> accounts, IReadOnlyList<(string Account, string Rule, WarningAnswer Answer)> answers, string asked, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        await transaction.EnlistAsync(db, ct);
        var now = time.Now().ToUnixMicros();
        var standing = (await db.Warnings.Where(w => accounts.Contains(w.Account) && w.ClosedUs == null).ToListAsync(ct)).ToDictionary(static w => (w.Account, w.Rule));
        foreach (var (account, rule, answer) in answers)
        {
            var row = standing.GetValueOrDefault((account, rule));
            if (answer is WarningAnswer.Clear && row is not null) (row.ClosedUs, row.ClosedBecause) = (now, "cause_gone");
            if (answer is not WarningAnswer.Raised raised) continue;
            if (row is null) await OpenAsync(account, rule, raised, asked, now, ct);
            else (row.Reason, row.Level, row.Evidence) = (Verdicts.ReasonCode.Of(raised.Reason), (int)raised.Level, Text(raised));
        }
        await db.SaveChangesAsync(ct);
        return true;
    }

    private async Task OpenAsync(string account, string rule, WarningAnswer.Raised raised, string asked, long now, CancellationToken ct)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{account}.{rule}.{asked}");
        if (await db.Warnings.AnyAsync(w => w.Id == id, ct)) return;
        var hours = raised.Level is WarningLevel.Act ? 24 : 72;
        db.Warnings.Add(new WarningRow
        {
            Id = id, Account = account, Rule = rule, Family = Verdicts.ReasonCode.Of(raised.Family), Reason = Verdicts.ReasonCode.Of(raised.Reason), Level = (int)raised.Level, Evidence = Text(raised),
            SinceUs = now, DueUs = now + hours * 3_600_000_000L, Done = "", DoneBy = "",
        });
    }

    private static string Text(WarningAnswer.Raised raised) =>
        JsonSerializer.Serialize(raised.Evidence.ToDictionary(static e => e.Name, static e => e.Value.ToString("0.######", CultureInfo.InvariantCulture), StringComparer.Ordinal));
}
