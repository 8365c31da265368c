using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Quartz;

namespace KeyAccountLogistics.ServiceLevels.Lapsing;

/// <summary>
/// Every hour, the last time before the daily close: tells of parcels whose promised day is over with no attempt known that it is (<see cref="PromiseLapse"/>). A run that stopped owes nothing and two tell nothing twice:
/// what was told is known by its id. A parcel leaves the list when it is attempted, goes back or is thoroughly late, and after a season nobody looks at it any more.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class TellLapses(LevelsDb db, ServerActs acts, IJournalReader journal, IWriteGate gate, ITermsInForce terms, TimeProvider time) : IJob
{
    internal const string Name = "levels.tell-lapses";
    private const int ParcelsAtOnce = 200;

    // Held before it was due and never released, or announced and never brought: such a one is looked at for so long.
    private const int DaysBack = 90;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await RunAsync(cancellationToken) is { } fault) throw new JobExecutionException(fault.Message);
    }

    internal async Task<Fault?> RunAsync(CancellationToken ct)
    {
        var now = time.Now().ToUnixMicros();
        var (gateUs, subject) = ((time.Now() - Duration.FromDays(DaysBack)).ToUnixMicros(), "");
        while (true)
        {
            var (afterGate, afterSubject) = (gateUs, subject);
            var page = await db.Subjects.AsNoTracking()
                .Where(s => s.GateUs < now && s.Subject.StartsWith("p:") && (s.GateUs > afterGate || (s.GateUs == afterGate && string.Compare(s.Subject, afterSubject) > 0)))
                .OrderBy(s => s.GateUs).ThenBy(s => s.Subject).Take(ParcelsAtOnce).Select(s => new { s.Subject, s.GateUs, s.Body }).ToListAsync(ct);
            if (page.Count == 0) return null;
            // The next gate may be a day's before the promise.
            var parcels = page.Select(static s => (Id: long.Parse(s.Subject.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture), Adds: Contribution.Parser.ParseFrom(s.Body)))
                .Where(p => p.Adds.Risk?.PromisedUs < now).ToDictionary(static p => p.Id, static p => p.Adds);
            if (parcels.Count > 0)
            {
                var told = await gate.RunAsync<bool>((transaction, cancel) => TellAsync(transaction, parcels, now, cancel), ct);
                if (!told.IsOk) return told.Fault;
            }
            (gateUs, subject) = (page[^1].GateUs!.Value, page[^1].Subject);
        }
    }

    private async Task<Outcome<bool>> TellAsync(WriteTransaction transaction, Dictionary<long, Contribution> parcels, long nowUs, CancellationToken ct)
    {
        var snapshot = terms.Now;
        var lives = (await ParcelLives.ReadAsync(transaction.Statements, parcels.Keys, ct)).Select(life => (life.Id, Facts: PromiseLapse.Facts(life, snapshot, nowUs))).Where(static l => l.Facts.Count > 0).ToList();
        var known = await journal.KnownAsync([.. lives.SelectMany(static l => l.Facts).Select(static f => Uuid.From(f.Id.Span))], ct);
        var facts = lives.SelectMany(static l => l.Facts).Where(f => !known.Contains(Uuid.From(f.Id.Span))).ToList();
        // Told, and followed by a server of a version that did not know the word: noted once more, for one that does.
        var unheard = lives.Where(l => l.Facts.All(f => known.Contains(Uuid.From(f.Id.Span))) && parcels[l.Id].Tallies.Any(static t => t.Figure is FigureCodes.Punctual && t.Open)).Select(static l => l.Id).ToList();
        if (unheard.Count > 0) transaction.Statements.Write(LevelSql.AddChanged, LevelSql.ChangedBlock().Long(nowUs).Bytes(new Changed { Parcels = { unheard } }.ToByteArray()));
        if (facts.Count == 0) return unheard.Count > 0;
        return await acts.AppendAsync(transaction, facts, ct) is { } fault ? fault : true;
    }

    // Ten minutes before the hour, so that what lapsed by a day's end is told before that day is closed at two.
    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<TellLapses>(
        t => t.WithIdentity(Name).WithCronSchedule("0 50 * * * ?", c => c.WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)), j => j.WithIdentity(Name));
}
