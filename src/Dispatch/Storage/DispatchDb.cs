using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Dispatch.Storage;

/// <summary>The module's tables for reading and for acts of people. What follows from events is written by the projection's own statements.</summary>
internal sealed class DispatchDb(DbContextOptions<DispatchDb> options, ICallerScope callers, IWriteGate gate) : ScopedDbContext(options, callers, gate)
{
    internal const string Module = "dispatch";

    internal DbSet<EntryRow> Entries => Set<EntryRow>();

    internal DbSet<PostingRow> Postings => Set<PostingRow>();

    internal DbSet<BalanceRow> Balances => Set<BalanceRow>();

    internal DbSet<OpenMoneyRow> OpenMoney => Set<OpenMoneyRow>();

    internal DbSet<FactRow> Facts => Set<FactRow>();

    internal DbSet<OrderRow> Orders => Set<OrderRow>();

    internal DbSet<StandingRow> Standing => Set<StandingRow>();

    internal DbSet<PhoneRow> Phones => Set<PhoneRow>();

    internal DbSet<RefusedFactRow> RefusedFacts => Set<RefusedFactRow>();

    internal DbSet<CourierRow> Couriers => Set<CourierRow>();

    internal DbSet<AbsenceRow> Absences => Set<AbsenceRow>();

    internal DbSet<DayRow> Days => Set<DayRow>();

    internal DbSet<TravelRow> Travel => Set<TravelRow>();

    internal DbSet<SheetRow> Sheets => Set<SheetRow>();

    internal DbSet<SheetLineRow> SheetLines => Set<SheetLineRow>();

    protected override void BuildModel(ModelBuilder model)
    {
        var entry = model.Entity<EntryRow>().ToTable("dispatch_entry");
        entry.HasKey(e => e.EventId);
        entry.HasIndex(e => e.Flaw).HasFilter("flaw > 0");
        var posting = model.Entity<PostingRow>().ToTable("dispatch_posting");
        posting.HasKey(p => new { p.EventId, p.Origin, p.Line });
        posting.HasIndex(p => p.Parcel);
        posting.HasIndex(p => new { p.Ledger, p.Owner, p.AtUs });
        model.Entity<BalanceRow>().ToTable("dispatch_balance").HasKey(b => new { b.Ledger, b.Owner, b.Depot, b.Currency });
        var open = model.Entity<OpenMoneyRow>().ToTable("dispatch_open_money");
        open.HasKey(o => new { o.Ledger, o.Owner, o.Depot, o.Currency, o.Parcel, o.Purpose });
        open.HasIndex(o => new { o.Ledger, o.Owner, o.SinceUs }).HasFilter("minor <> 0");
        open.HasIndex(o => o.Parcel).HasFilter("minor <> 0");

        var fact = model.Entity<FactRow>().ToTable("dispatch_fact");
        fact.HasKey(f => f.EventId);
        fact.HasIndex(f => new { f.Subject, f.BestUs });
        var order = model.Entity<OrderRow>().ToTable("dispatch_order");
        order.HasKey(o => o.Id);
        order.HasIndex(o => new { o.Depot, o.FromUs });
        order.HasIndex(o => new { o.Account, o.FromUs });
        order.HasIndex(o => o.UntilUs).HasFilter("phase = 1");
        var standing = model.Entity<StandingRow>().ToTable("dispatch_standing");
        standing.HasKey(s => s.Id);
        standing.HasIndex(s => s.Account);

        model.Entity<CourierRow>().ToTable("dispatch_courier").HasKey(c => new { c.Depot, c.Courier });
        model.Entity<AbsenceRow>().ToTable("dispatch_absence").HasKey(a => new { a.Depot, a.Day, a.Courier });
        model.Entity<DayRow>().ToTable("dispatch_day").HasKey(d => new { d.Depot, d.Day });
        model.Entity<TravelRow>().ToTable("dispatch_travel").HasKey(t => t.Depot);
        var sheet = model.Entity<SheetRow>().ToTable("dispatch_sheet");
        sheet.HasKey(s => s.Number);
        sheet.HasIndex(s => new { s.Depot, s.Day });
        sheet.HasIndex(s => new { s.Courier, s.Day });
        var line = model.Entity<SheetLineRow>().ToTable("dispatch_sheet_line");
        line.HasKey(l => new { l.Number, l.Position });
        line.HasIndex(l => l.Parcel);

        model.Entity<PhoneRow>().ToTable("dispatch_phone").HasKey(p => new { p.Courier, p.Device });
        model.Entity<RefusedFactRow>().ToTable("dispatch_refused_fact").HasKey(r => r.EventId);
    }
}
