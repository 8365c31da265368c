using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Cases.Storage;

/// <summary>The module's tables. Entries are read through their case, which carries the scope.</summary>
internal sealed class CasesDb(DbContextOptions<CasesDb> options, ICallerScope callers, IWriteGate gate) : ScopedDbContext(options, callers, gate)
{
    internal const string Module = "cases";

    internal DbSet<CaseRow> Cases => Set<CaseRow>();

    internal DbSet<CaseEntryRow> Entries => Set<CaseEntryRow>();

    internal DbSet<CaseScaleRow> Scales => Set<CaseScaleRow>();

    internal DbSet<ScaleChangeRow> ScaleChanges => Set<ScaleChangeRow>();

    protected override void BuildModel(ModelBuilder model)
    {
        var one = model.Entity<CaseRow>().ToTable("cases_case");
        one.HasKey(c => c.Id);
        // Cases of before the column are none of it.
        one.Property(c => c.Serious).HasDefaultValue(false);
        one.HasIndex(c => new { c.OpenedUs, c.Id });
        one.HasIndex(c => new { c.Account, c.OpenedUs });
        one.HasIndex(c => c.DueUs).HasFilter("due_us IS NOT NULL");
        one.HasIndex(c => c.TickUs).HasFilter("tick_us IS NOT NULL");
        one.HasIndex(c => new { c.Account, c.AnswerDueUs }).HasFilter("answer_due_us IS NOT NULL");
        one.HasIndex(c => new { c.Account, c.StatuteDueUs }).HasFilter("statute_due_us IS NOT NULL");
        one.HasIndex(c => new { c.Account, c.FirstClosedUs }).HasFilter("first_closed_us IS NOT NULL");

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
