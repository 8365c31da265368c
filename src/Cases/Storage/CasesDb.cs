using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Cases.Storage;

/// <summary>The module's tables. Entries are read through their case, which carries the scope.</summary>
internal sealed class CasesDb(DbContextOptions<CasesDb> options, ICallerScope callers, IWriteGate gate) : ScopedDbContext(options, callers, gate)
{
    internal const string Module = "cases";

    // Kinds are few and known to the program: no column has to say it.
    private static readonly List<string> CarriersOwn = [.. CaseKinds.All.Where(static k => k.CarriersOwn).Select(static k => k.Name)];

    internal DbSet<CaseRow> Cases => Set<CaseRow>();

    internal DbSet<CaseEntryRow> Entries => Set<CaseEntryRow>();

    internal DbSet<CaseScaleRow> Scales => Set<CaseScaleRow>();

    internal DbSet<ScaleChangeRow> ScaleChanges => Set<ScaleChangeRow>();

    /// <summary>For the query filter only: what is the carrier's own is hidden here, as other accounts' cases are, and not in each query.</summary>
    private bool IsClient => Actor.Of(Reader).Side == Side.Client;

    protected override void BuildModel(ModelBuilder model)
    {
        var one = model.Entity<CaseRow>().ToTable("cases_case");
        one.HasKey(c => c.Id);
        // Cases of before the column are none of it.
        one.Property(c => c.Serious).HasDefaultValue(false);
        one.Property(c => c.Uncontrollable).HasDefaultValue(false);
        one.HasQueryFilter("own", c => !IsClient || !CarriersOwn.Contains(c.Kind));
        one.HasIndex(c => new { c.OpenedUs, c.Id });
        one.HasIndex(c => new { c.Account, c.OpenedUs });
        one.HasIndex(c => c.DueUs).HasFilter("due_us IS NOT NULL");
        one.HasIndex(c => c.TickUs).HasFilter("tick_us IS NOT NULL");

        var entry = model.Entity<CaseEntryRow>().ToTable("cases_entry");
        entry.HasKey(e => new { e.CaseId, e.Number });
        entry.HasIndex(e => new { e.CaseId, e.EntryId }).IsUnique();

        var scale = model.Entity<CaseScaleRow>().ToTable("cases_scale");
        scale.HasKey(s => new { s.CaseId, s.EventId });
        scale.HasIndex(s => new { s.Depot, s.Device, s.AtUs });

        var change = model.Entity<ScaleChangeRow>().ToTable("cases_scale_change");
        change.HasKey(c => c.EventId);
        change.HasIndex(c => new { c.Depot, c.Device });
    }
}
