using KeyAccountLogistics.Journal.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyAccountLogistics.Dispatch.Storage.Migrations;

/// <summary>Couriers, their days and their run sheets.</summary>
[DbContext(typeof(DispatchDb))]
[Migration("20260304000000_Days")]
internal sealed class Days : ModuleMigration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("dispatch_courier", t => new
        {
            depot = t.Column<string>(),
            courier = t.Column<string>(),
            areas = t.Column<string>(),
            shift_from = t.Column<int>(),
            shift_until = t.Column<int>(),
            vehicle = t.Column<string>(),
            longitude_e5 = t.Column<int>(),
            latitude_e5 = t.Column<int>(),
            parcels_max = t.Column<int>(),
            grams_max = t.Column<long>(),
            points_max = t.Column<int>(),
            active = t.Column<bool>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_courier", x => new { x.depot, x.courier }));
        migrationBuilder.CreateTable("dispatch_absence", t => new
        {
            depot = t.Column<string>(),
            day = t.Column<DateOnly>(),
            courier = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_absence", x => new { x.depot, x.day, x.courier }));
        migrationBuilder.CreateTable("dispatch_day", t => new
        {
            depot = t.Column<string>(),
            day = t.Column<DateOnly>(),
            version = t.Column<long>(),
            body = t.Column<byte[]>(),
            planned_us = t.Column<long>(),
            planned_by = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_day", x => new { x.depot, x.day }));
        Sheets(migrationBuilder);
    }

    private static void Sheets(MigrationBuilder b)
    {
        b.CreateTable("dispatch_sheet", t => new
        {
            number = t.Column<string>(),
            depot = t.Column<string>(),
            day = t.Column<DateOnly>(),
            courier = t.Column<string>(),
            vehicle = t.Column<string>(),
            state = t.Column<int>(),
            handover = t.Column<string>(),
            drawn_us = t.Column<long>(),
            released_us = t.Column<long>(nullable: true),
            closed_us = t.Column<long>(nullable: true),
            by = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_sheet", x => x.number));
        b.CreateIndex("ix_dispatch_sheet_depot_day", "dispatch_sheet", ["depot", "day"]);
        b.CreateIndex("ix_dispatch_sheet_courier_day", "dispatch_sheet", ["courier", "day"]);
        b.CreateTable("dispatch_sheet_line", t => new
        {
            number = t.Column<string>(),
            position = t.Column<int>(),
            parcel = t.Column<string>(),
            waybill = t.Column<string>(),
            account = t.Column<string>(),
            insured = t.Column<bool>(),
            fragile = t.Column<bool>(),
            cod_minor = t.Column<long>(),
            freight_collect_minor = t.Column<long>(),
            currency = t.Column<string>(),
            seal = t.Column<string>(),
            went_out = t.Column<bool>(),
        }, constraints: t => t.PrimaryKey("pk_dispatch_sheet_line", x => new { x.number, x.position }));
        b.CreateIndex("ix_dispatch_sheet_line_parcel", "dispatch_sheet_line", "parcel");
    }
}
