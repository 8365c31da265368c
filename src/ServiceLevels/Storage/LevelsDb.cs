using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.ServiceLevels.Storage;

/// <summary>The module's tables, for reading.</summary>
internal sealed class LevelsDb(DbContextOptions<LevelsDb> options, ICallerScope callers, IWriteGate gate) : ScopedDbContext(options, callers, gate)
{
    internal const string Module = "levels";

    internal DbSet<ChangedRow> Changed => Set<ChangedRow>();

    internal DbSet<SubjectRow> Subjects => Set<SubjectRow>();

    internal DbSet<MarkRow> Marks => Set<MarkRow>();

    internal DbSet<CounterRow> Counters => Set<CounterRow>();

    internal DbSet<MonthRow> Months => Set<MonthRow>();

    internal DbSet<HourRow> Hours => Set<HourRow>();

    internal DbSet<DeclaredRow> Declared => Set<DeclaredRow>();

    internal DbSet<PublishedRow> Published => Set<PublishedRow>();

    internal DbSet<FactRow> Facts => Set<FactRow>();

    internal DbSet<WarningRow> Warnings => Set<WarningRow>();

    internal DbSet<WarningActRow> WarningActs => Set<WarningActRow>();

    /// <summary>For query filters only: that we neglect a client or fear to lose it is for the carrier's people, and so is what they note.</summary>
    private bool IsClient => WarningsSeen.IsClient(Reader);

    protected override void BuildModel(ModelBuilder model)
    {
        model.Entity<ChangedRow>().ToTable("level_changed").HasKey(c => c.Id);

        model.Entity<TermsRow>().ToTable("level_terms").HasKey(t => t.Account);

        var subject = model.Entity<SubjectRow>().ToTable("level_subject");
        subject.HasKey(s => s.Subject);
        if (Database.IsNpgsql()) subject.Property(s => s.Subject).UseCollation("C");
        subject.HasIndex(s => new { s.Account, s.LastDay });
        subject.HasIndex(s => s.Code);
        // Partial: most parcels are over, and at risk are only those that are not.
        subject.HasIndex(s => s.GateUs).HasFilter("gate_us IS NOT NULL");

        var mark = model.Entity<MarkRow>().ToTable("level_mark");
        mark.HasKey(m => new { m.Subject, m.Figure });
        if (Database.IsNpgsql()) mark.Property(m => m.Subject).UseCollation("C");
        mark.HasIndex(m => new { m.Account, m.Figure, m.Day, m.Subject });

        var counter = model.Entity<CounterRow>().ToTable("level_counter");
        // Kind first: every account's month as a whole lies together.
        counter.HasKey(c => new { c.Kind, c.Account, c.Day, c.Member, c.Figure });

        model.Entity<MonthRow>().ToTable("level_month").HasKey(m => new { m.Month, m.Account, m.Figure });

        var hour = model.Entity<HourRow>().ToTable("level_hour");
        hour.HasKey(h => new { h.Account, h.Figure, h.Hour });
        hour.HasIndex(h => h.Hour);

        var fact = model.Entity<FactRow>().ToTable("level_fact");
        fact.HasKey(f => f.EventId);
        if (Database.IsNpgsql()) fact.Property(f => f.Subject).UseCollation("C");
        fact.HasIndex(f => new { f.Account, f.Kind, f.Subject });
        // Partial: corrections are few.
        fact.HasIndex(f => f.Corrects).HasFilter("corrects IS NOT NULL");

        model.Entity<DeclaredRow>().ToTable("level_declared").HasKey(d => d.Id);

        var published = model.Entity<PublishedRow>().ToTable("level_published");
        published.HasKey(p => new { p.Account, p.Day, p.Figure });

        var warning = model.Entity<WarningRow>().ToTable("level_warning");
        warning.HasKey(w => w.Id);
        warning.HasIndex(w => new { w.SinceUs, w.Id });
        warning.HasIndex(w => w.Account).HasFilter("closed_us IS NULL");
        // Warnings of before these columns name nothing and nobody.
        warning.Property(w => w.Subjects).HasDefaultValue("[]");
        warning.Property(w => w.Owner).HasDefaultValue("");
        warning.HasQueryFilter("own", w => !IsClient || !WarningsSeen.CarriersOwn.Contains(w.Family));

        var act = model.Entity<WarningActRow>().ToTable("level_warning_act");
        act.HasKey(a => new { a.WarningId, a.Seq });
        act.HasIndex(a => new { a.Account, a.AsOwner });
        act.HasQueryFilter("own", _ => !IsClient);
    }
}
