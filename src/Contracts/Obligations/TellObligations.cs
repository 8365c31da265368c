using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.InForce;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Quartz;

namespace KeyAccountLogistics.Contracts.Obligations;

/// <summary>
/// Every night: what the carrier owed by a day that has passed is told to the journal, unmet or met. All of it follows from what was signed and from the register, and what was told
/// is known by its id: a night that was missed owes nothing, and a contract that was dated back is caught up with.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class TellObligations(ContractActs acts, ContractTerms terms, IJournalReader journal, IWriteGate gate) : IJob
{
    internal const string Name = "contracts.obligations";
    private const int FactsAtOnce = 500;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var told = await RunAsync(cancellationToken);
        if (!told.IsOk) throw new JobExecutionException(told.Fault.Message);
    }

    /// <summary>How many facts were new.</summary>
    internal async Task<Outcome<int>> RunAsync(CancellationToken ct)
    {
        var yesterday = acts.Now.InZone(VersionLife.Zone).Date.PlusDays(-1);
        var due = DueObligations.Of(terms.Versions, yesterday.PlusDays(1 - KeepObligations.DaysMax), yesterday).Where(static o => o.Clause.By == Document.ObligationParty.Carrier);
        var count = 0;
        foreach (var page in due.Chunk(FactsAtOnce))
        {
            var told = await gate.RunAsync<int>((transaction, cancel) => TellAsync(transaction, page, cancel), ct);
            if (!told.IsOk) return told.Fault;
            count += told.Value;
        }
        return count;
    }

    private async Task<Outcome<int>> TellAsync(WriteTransaction transaction, DueObligation[] page, CancellationToken ct)
    {
        acts.Db.ChangeTracker.Clear();
        await transaction.EnlistAsync(acts.Db, ct);
        var (first, last) = (page[0].Due, page[^1].Due);
        var met = (await acts.Db.ObligationsMet.AsNoTracking().Where(m => m.Due >= first && m.Due <= last).ToListAsync(ct)).ToDictionary(static m => (m.Contract, m.Clause, m.Due));
        var facts = page.Select(o => ObligationFact.Of(o, met.GetValueOrDefault((o.Version.Contract, o.Clause.Clause.Value, o.Due)), acts.Now)).OfType<Api.Custody.V1.ParcelEvent>().ToList();
        // What is met is told in the transaction that says so: whoever sees the one finds the other.
        var known = await journal.KnownAsync(facts.ConvertAll(ObligationFact.IdOf), ct);
        facts.RemoveAll(f => known.Contains(ObligationFact.IdOf(f)));
        return facts.Count > 0 && await acts.AppendAsync(transaction, facts, ct) is { } fault ? fault : facts.Count;
    }

    internal static void Schedule(IQuartzBuilder quartz) => quartz.ScheduleJob<TellObligations>(
        // FireAndProceed: a night that was missed is made up for once at the next start.
        t => t.WithIdentity(Name).WithCronSchedule("0 10 2 * * ?", c => c.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(VersionLife.Zone.Id)).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)),
        j => j.WithIdentity(Name));
}
