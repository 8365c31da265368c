using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Quartz;

namespace KeyAccountLogistics.ServiceLevels.Declaring;

/// <summary>
/// Every hour: leaves out what a confirmed declaration concerns and is late, and takes in again what a withdrawn one had left out. Parcels are found by their marks; which of them it concerns is
/// asked of their facts. What was told is known by its id, so a run that stopped owes nothing and two do nothing twice.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class ApplyDeclarations(LevelsDb db, ServerActs acts, IJournalReader journal, IWriteGate gate, TimeProvider time) : IJob
{
    internal const string Name = "levels.apply-declarations";
    private const int ParcelsAtOnce = 200;

    // A parcel that was on its way may be promised, and come late, some weeks after the period.
    private const int DaysAfter = 45;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await RunAsync(cancellationToken) is { } fault) throw new JobExecutionException(fault.Message);
    }

    internal async Task<Fault?> RunAsync(CancellationToken ct)
    {
        var oldest = (time.Now() - Duration.FromDays(DaysAfter)).ToUnixMicros();
        var rows = await db.Declared.AsNoTracking().Where(d => d.ConfirmedUs != null && (d.UntilUs >= oldest || (d.WithdrawnUs != null && d.Parcels > 0))).OrderBy(d => d.Id).ToListAsync(ct);
        foreach (var row in rows)
        {
            if (await ApplyAsync(row, ct) is { } fault) return fault;
        }
        return null;
    }

    private async Task<Fault?> ApplyAsync(DeclaredRow row, CancellationToken ct)
    {
        var (declared, withdrawn) = (Declaration.Of(row), row.WithdrawnUs is not null);
        // Region by region: most of what is late is elsewhere, and would be asked in vain every hour. A parcel of two of them is asked twice, and told once.
        foreach (var region in declared.Regions)
        {
            if (await RegionAsync(row, declared, withdrawn, region, ct) is { } fault) return fault;
        }
        return null;
    }

    private async Task<Fault?> RegionAsync(DeclaredRow row, Declaration declared, bool withdrawn, string region, CancellationToken ct)
    {
        var (first, last, outcome) = (DayOf(row.FromUs), DayOf(row.UntilUs) + DaysAfter, (int)(withdrawn ? TallyOutcome.Excluded : TallyOutcome.Missed));
        var (after, towards) = ("", "-" + region);
        while (true)
        {
            var from = after;
            // A lane is known where both ends are; without one its facts say.
            var subjects = await db.Marks.AsNoTracking().Where(m => (m.Figure == FigureCodes.Punctual || m.Figure == FigureCodes.Within72) && m.Outcome == outcome && m.Day >= first && m.Day <= last && string.Compare(m.Subject, from) > 0 && m.Subject.StartsWith("p:"))
                .Join(db.Subjects.Where(s => s.Lane == "" || s.Lane.StartsWith(region) || s.Lane.Contains(towards)), m => m.Subject, s => s.Subject, (m, _) => m.Subject)
                .Distinct().OrderBy(s => s).Take(ParcelsAtOnce).ToListAsync(ct);
            if (subjects.Count == 0) return null;
            var parcels = subjects.ConvertAll(static s => long.Parse(s.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture));
            var told = await gate.RunAsync<int>((transaction, cancel) => TellAsync(transaction, row, declared, withdrawn, parcels, cancel), ct);
            if (!told.IsOk) return told.Fault;
            after = subjects[^1];
        }
    }

    private async Task<Outcome<int>> TellAsync(WriteTransaction transaction, DeclaredRow row, Declaration declared, bool withdrawn, List<long> parcels, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        await transaction.EnlistAsync(db, ct);
        var facts = new List<ParcelEvent>();
        foreach (var life in await ParcelLives.ReadAsync(transaction.Statements, parcels, ct))
        {
            if (withdrawn && declared.TakenBack(life, row.WithdrawnBy!) is { } back) facts.Add(back);
            else if (!withdrawn && declared.FactsFor(life) is { } left) facts.AddRange([left.Asked, left.Confirmed]);
        }
        // One that a person has taken in again stays in: its exclusion was told once.
        var known = await journal.KnownAsync(facts.ConvertAll(static f => Uuid.From(f.Id.Span)), ct);
        facts.RemoveAll(f => known.Contains(Uuid.From(f.Id.Span)));
        if (facts.Count == 0) return 0;
        if (await acts.AppendAsync(transaction, facts, ct) is { } fault) return fault;
        var change = withdrawn ? -facts.Count : facts.Count / 2;
        await db.Declared.Where(d => d.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(d => d.Parcels, d => d.Parcels + change), ct);
        return facts.Count;
    }

    private static int DayOf(long us) => AccountDays.Of(null).Day(us) - 1;

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<ApplyDeclarations>(
        t => t.WithIdentity(Name).WithCronSchedule("15 7 * * * ?", c => c.WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)), j => j.WithIdentity(Name));
}
