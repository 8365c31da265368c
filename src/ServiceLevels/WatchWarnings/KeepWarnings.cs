using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Storage;
using KeyAccountLogistics.Verdicts;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>
/// What rules answered, kept: a warning opens, goes on with new evidence, or closes by itself because its cause is gone (<see cref="StandingWarning.Next"/>). An answer that does not say
/// leaves it as it is. Whoever answers for the account owns its warnings, and a new owner has those that stand.
/// </summary>
internal sealed class KeepWarnings(LevelsDb db, ReadAccountFacts owners, IWriteGate gate, TimeProvider time)
{
    internal const string CauseGone = "cause_gone";
    internal const int SubjectsMax = 50;
    private const long Hour = 3_600_000_000L;
    private const int NameMax = 200;

    /// <param name="accounts">Whose warnings may be touched.</param>
    /// <param name="answers">By account and rule.</param>
    /// <param name="asked">Names the asking: asked twice under one name a warning is opened once, also when it is closed by then.</param>
    /// <param name="ct">Cancels before anything is kept.</param>
    internal async Task<Fault?> RunAsync(IReadOnlyCollection<string> accounts, IReadOnlyList<(string Account, string Rule, WarningAnswer Answer)> answers, string asked, CancellationToken ct)
    {
        var owned = await owners.OwnersAsync(accounts, ct);
        var kept = await gate.RunAsync<bool>((transaction, cancel) => KeepAsync(transaction, accounts, owned, answers, asked, cancel), ct);
        return kept.IsOk ? null : kept.Fault;
    }

    private async Task<Outcome<bool>> KeepAsync(
        WriteTransaction transaction, IReadOnlyCollection<string> accounts, IReadOnlyDictionary<string, string> owned, IReadOnlyList<(string Account, string Rule, WarningAnswer Answer)> answers, string asked, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        await transaction.EnlistAsync(db, ct);
        var now = time.Now().ToUnixMicros();
        var standing = (await db.Warnings.Where(w => accounts.Contains(w.Account) && w.ClosedUs == null).ToListAsync(ct)).ToDictionary(static w => (w.Account, w.Rule));
        foreach (var row in standing.Values) row.Owner = owned.GetValueOrDefault(row.Account, "");
        var opening = new List<WarningRow>();
        foreach (var (account, rule, answer) in answers)
        {
            var row = standing.GetValueOrDefault((account, rule));
            if (answer is WarningAnswer.Clear && row is not null) (row.ClosedUs, row.ClosedBecause) = (now, CauseGone);
            if (answer is not WarningAnswer.Raised raised) continue;
            if (row is null) opening.Add(Opened(account, rule, raised, owned.GetValueOrDefault(account, ""), asked, now));
            else GoOn(row, raised, now);
        }
        var ids = opening.ConvertAll(static o => o.Id);
        var known = ids.Count == 0 ? [] : await db.Warnings.Where(w => ids.Contains(w.Id)).Select(static w => w.Id).ToListAsync(ct);
        db.Warnings.AddRange(opening.Where(o => !known.Contains(o.Id, StringComparer.Ordinal)));
        await db.SaveChangesAsync(ct);
        return true;
    }

    private static WarningRow Opened(string account, string rule, WarningAnswer.Raised raised, string owner, string asked, long now) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{account}.{rule}.{asked}"), Account = account, Rule = rule, Family = ReasonCode.Of(raised.Family), Reason = ReasonCode.Of(raised.Reason), Level = (int)raised.Level,
        Evidence = Text(raised), Subjects = Names(raised), Owner = owner, SinceUs = now, DueUs = now + Within(raised.Level), Done = "", DoneBy = "",
    };

    private static void GoOn(WarningRow row, WarningAnswer.Raised raised, long now)
    {
        // It rises: there is less time than there was, and never more. It falls: what was promised by then stays promised.
        if ((int)raised.Level > row.Level) row.DueUs = Math.Min(row.DueUs, now + Within(raised.Level));
        (row.Reason, row.Level, row.Evidence, row.Subjects) = (ReasonCode.Of(raised.Reason), (int)raised.Level, Text(raised), Names(raised));
    }

    private static long Within(WarningLevel level) => (level is WarningLevel.Act ? 24 : 72) * Hour;

    private static string Text(WarningAnswer.Raised raised) => JsonSerializer.Serialize(raised.Evidence.ToDictionary(static e => e.Name, static e => e.Text, StringComparer.Ordinal));

    private static string Names(WarningAnswer.Raised raised) => JsonSerializer.Serialize(raised.Subjects.Take(SubjectsMax).Select(static s => s.Length <= NameMax ? s : s[..NameMax]));
}
