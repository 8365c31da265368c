using Microsoft.Extensions.DependencyInjection;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Component.Custody;

public sealed class CustodyProjectionTests
{
    private const string Parcel = "ORDER-0001";

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public Task Migrations_give_the_models_schema(Engine engine) => SchemaTest.MigratedEqualsModelAsync(engine, s => s.AddSingleton<Microsoft.Extensions.Hosting.IHostApplicationLifetime, Microsoft.Extensions.Hosting.Internal.ApplicationLifetime>().AddCustody().AddTerms());

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Events_of_an_unknown_code_make_a_parcel_that_is_an_exception(Engine engine)
    {
        await using var bed = await CustodyBed.StartAsync(engine);
        await bed.AppendAsync("a", CustodyBed.Fact(1, Parcel, 10, EventKind.Scanned, e => e.Node = "HZ01"), CustodyBed.Fact(2, "order-0001", 20, EventKind.Collected, e => e.Actor = "c-1"));
        var row = await bed.ParcelAsync(Parcel);
        (row.Exceptions, row.Events, row.Stage, row.Node, row.Custodian, row.Closed).ShouldBe((1, 2, (int)ParcelStage.Collected, "HZ01", "c-1", false));
        row.ShipmentId.ShouldBeNull();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Late_events_corrections_and_repetitions_give_the_state_of_the_whole_fold(Engine engine)
    {
        await using var bed = await CustodyBed.StartAsync(engine);
        var collected = CustodyBed.Fact(1, Parcel, 60, EventKind.Collected);
        var delivered = CustodyBed.Fact(2, Parcel, 120, EventKind.Delivered);
        var accepted = CustodyBed.Fact(3, Parcel, 90, EventKind.OrderAccepted);
        var weighed = CustodyBed.Fact(4, Parcel, 70, EventKind.Weighed, e => e.Weight = new Weight { MassMg = 5 });
        var corrected = CustodyBed.Fact(5, Parcel, 130, EventKind.Corrected, e => e.Corrects = weighed.Id);
        await bed.AppendAsync("a", delivered);
        await bed.AppendAsync("b", collected, accepted);
        await bed.AppendAsync("a", delivered, weighed);
        (await bed.StateAsync(Parcel)).Weights.Count.ShouldBe(1);
        await bed.AppendAsync("a", corrected);

        var state = await bed.StateAsync(Parcel);
        state.Weights.ShouldBeEmpty();
        state.Stage.ShouldBe(ParcelStage.Delivered);
        state.Exceptions.ShouldHaveSingleItem().Code.ShouldBe("out_of_order");
        var facts = new[] { collected, delivered, accepted, weighed, corrected }.Select(e => new LifeFact(e, e.CapturedAtUs, e.CapturedAtUs, e.CapturedAtUs));
        state.ShouldBe(ParcelFold.Fold(facts));
        (await bed.ParcelAsync(Parcel)).Exceptions.ShouldBe(2);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Sources_that_write_about_the_same_parcels_at_once_lose_nothing(Engine engine)
    {
        await using var bed = await CustodyBed.StartAsync(engine);
        var codes = Enumerable.Range(0, 40).Select(i => $"SHARED-{i:000}").ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async source =>
        {
            var random = new Random(source);
            for (var batch = 0; batch < 5; batch++)
            {
                var facts = codes.OrderBy(_ => random.Next())
                    .Select((code, i) => CustodyBed.Fact((source * 1000) + (batch * 100) + i, code, (batch * 10) + source, EventKind.Scanned, e => e.Node = "HZ01"));
                await bed.AppendAsync("s" + source, [.. facts]);
            }
        }));
        var rows = await bed.ReadAsync(db => db.Parcels.AsNoTracking().ToListAsync());
        rows.Count.ShouldBe(40);
        rows.ShouldAllBe(r => r.Events == 40);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_handover_is_the_fold_of_its_steps_however_they_arrive(Engine engine)
    {
        await using var bed = await CustodyBed.StartAsync(engine);
        var totals = new HandoverTotals { Accepted = 1 };
        ParcelEvent Step(int id, int minute, EventKind kind, Action<ParcelEvent> more, string parcel = "") =>
            CustodyBed.Fact(id, parcel, minute, kind, e => { e.Handover = "HO-1"; e.Node = "HZ01"; e.Actor = "p-1"; more(e); });
        ParcelEvent[] steps =
        [
            Step(1, 10, EventKind.HandoverOpened, e => e.HandoverOpened = new HandoverOpened
            {
                Kind = HandoverKind.DepotToCourier, Giver = new Party { Kind = PartyKind.Depot, Id = "HZ01" }, Receiver = new Party { Kind = PartyKind.Courier, Id = "c-1" },
                Expected = { new ExpectedParcel { Parcel = Parcel } },
            }),
            Step(2, 11, EventKind.HandoverLine, e => e.HandoverLine = new HandoverLine { Result = LineResult.Accepted }, Parcel),
            Step(3, 12, EventKind.HandoverCounted, e => e.HandoverCounted = totals),
            Step(4, 13, EventKind.HandoverConfirmed, e => e.HandoverConfirmed = new HandoverConfirmation { Side = Side.Giver, Totals = totals }),
            Step(5, 14, EventKind.HandoverConfirmed, e => { e.Actor = "c-1"; e.HandoverConfirmed = new HandoverConfirmation { Side = Side.Receiver, Totals = totals }; }),
        ];
        foreach (var step in steps.Reverse()) await bed.AppendAsync("a", step);
        await bed.AppendAsync("a", steps);
        var handover = await bed.ReadAsync(db => db.Handovers.AsNoTracking().SingleAsync());
        ((Verdicts.Handovers.HandoverPhase)handover.Phase, handover.Depot, handover.Kind).ShouldBe((Verdicts.Handovers.HandoverPhase.Confirmed, "HZ01", (int)HandoverKind.DepotToCourier));
        handover.ClosedUs.ShouldBe(steps[4].CapturedAtUs);
        (await bed.ReadAsync(db => db.HandoverSteps.CountAsync())).ShouldBe(5);
        (await bed.ReadAsync(db => db.HandoverParcels.SingleAsync())).Parcel.ShouldBe(Parcel);
    }
}
