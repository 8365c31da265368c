using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Storage;

/// <summary>The module's tables for reading and for acts of people. Events are folded into them by the projection's own statements.</summary>
internal sealed class CustodyDb(DbContextOptions<CustodyDb> options, ICallerScope callers, IWriteGate gate) : ScopedDbContext(options, callers, gate)
{
    internal const string Module = "custody";

    internal DbSet<ShipmentRow> Shipments => Set<ShipmentRow>();

    internal DbSet<ParcelRow> Parcels => Set<ParcelRow>();

    internal DbSet<HandoverRow> Handovers => Set<HandoverRow>();

    internal DbSet<HandoverStepRow> HandoverSteps => Set<HandoverStepRow>();

    internal DbSet<HandoverParcelRow> HandoverParcels => Set<HandoverParcelRow>();

    internal DbSet<ImportRow> Imports => Set<ImportRow>();

    internal DbSet<CertificateRow> Certificates => Set<CertificateRow>();

    internal DbSet<CounterRow> Counters => Set<CounterRow>();

    internal DbSet<ScaleRow> Scales => Set<ScaleRow>();

    internal DbSet<ScaleEstimateRow> ScaleEstimates => Set<ScaleEstimateRow>();

    internal DbSet<WeighedTwiceRow> WeighedTwice => Set<WeighedTwiceRow>();

    protected override void BuildModel(ModelBuilder model)
    {
        var shipment = model.Entity<ShipmentRow>().ToTable("custody_shipment");
        shipment.HasKey(s => s.Id);
        shipment.HasIndex(s => s.Waybill).IsUnique();

        var parcel = model.Entity<ParcelRow>().ToTable("custody_parcel");
        parcel.HasKey(p => p.Id);
        if (Database.IsNpgsql()) parcel.Property(p => p.Code).UseCollation("C");
        parcel.HasIndex(p => p.Code).IsUnique();
        parcel.HasIndex(p => p.ShipmentId);
        parcel.HasIndex(p => new { p.Account, p.Id });
        // Partial, and none on a column that every event changes: an ordinary event of an ordinary parcel touches no index (decisions/0004).
        parcel.HasIndex(p => new { p.HoldNode, p.HeldSinceUs }).HasFilter("held_since_us IS NOT NULL");
        parcel.HasIndex(p => p.Exceptions).HasFilter("exceptions > 0");
        parcel.HasIndex(p => p.Origin).HasFilter("NOT closed");
        parcel.HasIndex(p => p.Destination).HasFilter("NOT closed");
        parcel.HasIndex(p => p.Node).HasFilter("NOT closed");
        parcel.HasIndex(p => p.NextNode).HasFilter("NOT closed");
        parcel.HasIndex(p => new { p.Origin, p.ClosedChange }).HasFilter("closed");
        parcel.HasIndex(p => new { p.Destination, p.ClosedChange }).HasFilter("closed");

        var handover = model.Entity<HandoverRow>().ToTable("custody_handover");
        handover.HasKey(h => h.Id);
        handover.HasIndex(h => new { h.Depot, h.OpenedUs });
        var step = model.Entity<HandoverStepRow>().ToTable("custody_handover_step");
        step.HasKey(s => s.EventId);
        step.HasIndex(s => new { s.Handover, s.BestUs });
        var expected = model.Entity<HandoverParcelRow>().ToTable("custody_handover_parcel");
        expected.HasKey(e => new { e.Handover, e.Parcel });
        expected.HasIndex(e => e.Parcel);

        model.Entity<ImportRow>().ToTable("custody_import").HasKey(i => i.Id);
        var certificate = model.Entity<CertificateRow>().ToTable("custody_certificate");
        certificate.HasKey(c => c.Serial);
        certificate.HasIndex(c => c.Parcel);
        model.Entity<CounterRow>().ToTable("custody_counter").HasKey(c => c.Name);

        model.Entity<ScaleRow>().ToTable("custody_scale").HasKey(s => new { s.Depot, s.Device });
        model.Entity<ScaleEstimateRow>().ToTable("custody_scale_estimate").HasKey(s => new { s.Depot, s.Device });
        var twice = model.Entity<WeighedTwiceRow>().ToTable("custody_weighed_twice");
        twice.HasKey(w => w.EventId);
        twice.HasIndex(w => w.AtUs);
    }
}
