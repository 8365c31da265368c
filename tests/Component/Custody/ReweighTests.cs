using System.Text;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Handovers;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Scale = KeyAccountLogistics.Api.Custody.V1.Scale;

namespace KeyAccountLogistics.Component.Custody;

/// <summary>An insured parcel is weighed in a handover without an agent (SEED-03-INSURED): which scales count there, by a clerk who sees one depot only; on both engines.</summary>
public sealed class ReweighTests
{
    private const string Parcel = "ORDER-0001";
    private static readonly (string Depot, string Device) Own = ("HZ01", "bench"), Before = ("SH02", "pickup");

    [Theory, OnSqlite, OnPostgres]
    public async Task A_scale_that_is_not_believed_gives_no_verdict_and_what_one_in_quarantine_handed_on_is_no_reference(Engine engine)
    {
        await using var bed = await CustodyBed.StartAsync(engine, static s => s.AddTerms(Terms()));
        await bed.RegisterAsync(new ShipmentLine
        {
            Waybill = Parcel, Account = "KA-1", Product = "STD", Origin = "SH02", Destination = "HZ01", AcceptedAtUs = Now().ToUnixMicros(), Seal = "S-1",
        });
        await WeighAsync(bed, Before, grams: 5_000);
        var handover = await OpenAsync(bed);
        await WeighAsync(bed, Own, grams: 5_200);
        (await CheckAsync(bed, handover)).Refused.Code.ShouldBe("weight_held", "200 g more than was handed on");

        await SayAsync(bed, JournalSource.Server, EventKind.ScaleQuarantined, Own);
        await RefusesToWeighAsync("scale_quarantined");
        await SayAsync(bed, JournalSource.Server, EventKind.ScaleReleased, Own);
        await SayAsync(bed, JournalSource.Agent("a-1"), EventKind.ScaleChecked, Own, static e => e.ScaleCheck = new ScaleCheck { Passed = false });
        await RefusesToWeighAsync("check_failed");
        await SayAsync(bed, JournalSource.Agent("a-1"), EventKind.ScaleChecked, Own, static e => e.ScaleCheck = new ScaleCheck { Passed = true });
        await SayAsync(bed, JournalSource.Server, EventKind.ScaleCheckAsked, Own);
        await RefusesToWeighAsync("check_missed");
        await SayAsync(bed, JournalSource.Agent("a-1"), EventKind.ScaleChecked, Own, static e => e.ScaleCheck = new ScaleCheck { Passed = true });
        (await CheckAsync(bed, handover)).Refused.Code.ShouldBe("weight_held", "the same as before: the scale is believed again");

        // Of another depot than the clerk's: the clerk does not see that scale, and its weight is no reference all the same.
        await SayAsync(bed, JournalSource.Server, EventKind.ScaleQuarantined, Before);
        (await CheckAsync(bed, handover)).Handover.Lines.ShouldHaveSingleItem().Found.Result.ShouldBe(LineResult.Accepted);

        async Task RefusesToWeighAsync(string why)
        {
            var refused = (await CheckAsync(bed, handover)).Refused;
            refused.Code.ShouldBe("reweigh_missing");
            refused.Message.ShouldContain("why " + why);
        }
    }

    // The first bill and 40 g are far away from 200 g: only the reference decides.
    private static AccountTerms Terms() => AccountTermsJson.Read(Encoding.UTF8.GetBytes("""
        {"account":"KA-1","name":{"zh":"甲","en":"A"},"contract":"KA-2026-0001","version":3,"effective":{"from":"2020-01-01T00:00:00Z"},"currency":"CNY",
         "chargeable":[{"id":"C-1","first":"1 kg","rounding":{"mode":"CeilStep","step":"0.5 kg"}}],
         "weight":{"id":"W-2","absolute":"0 g","percent":"0"},"handover":{"id":"H-1","insured":["reweigh"],"touch":"fragile"}}
        """)).Terms!;

    private static Instant Now() => TimeProvider.System.Now();

    private static Task WeighAsync(CustodyBed bed, (string Depot, string Device) scale, long grams) => SayAsync(bed, JournalSource.Import("phone"), EventKind.Weighed, scale, e =>
    {
        e.Parcel = Parcel;
        e.Weight = new Weight
        {
            MassMg = grams * 1_000, Scale = new Scale { Device = scale.Device, Serial = "B", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000, VerifiedUntilDay = 40_000 },
        };
    });

    private static async Task SayAsync(CustodyBed bed, JournalSource source, EventKind kind, (string Depot, string Device) scale, Action<ParcelEvent>? more = null)
    {
        var at = Now();
        var fact = new ParcelEvent { Id = BackendFixture.NewCommandId(), Kind = kind, Node = scale.Depot, Device = scale.Device, CapturedAtUs = at.ToUnixMicros() };
        more?.Invoke(fact);
        var appended = await bed.Journal.AppendAsync(new AppendBatch { Source = source, Bodies = [fact.ToByteArray()], Clock = BatchClock.History, ReceivedAt = at });
        appended.Value.Rejected.ShouldBeEmpty();
    }

    private static async Task<string> OpenAsync(CustodyBed bed) => (await ActAsync(bed, run => run.OpenAsync(
        new OpenHandoverCommand
        {
            CommandId = BackendFixture.NewCommandId(),
            Opened = new HandoverOpened
            {
                Kind = HandoverKind.DepotToCourier, Giver = new Party { Kind = PartyKind.Depot, Id = Own.Depot }, Receiver = new Party { Kind = PartyKind.Courier, Id = "c-1" },
                Place = Own.Depot, Expected = { new ExpectedParcel { Parcel = Parcel } },
            },
        }, CancellationToken.None))).Handover.Id;

    private static Task<HandoverReply> CheckAsync(CustodyBed bed, string handover) => ActAsync(bed, run => run.CheckLineAsync(
        new CheckLineCommand
        {
            CommandId = BackendFixture.NewCommandId(), Handover = handover, Parcel = Parcel,
            Line = new HandoverLine { Result = LineResult.Accepted, PackagingOk = true, TouchOk = true, Reweighed = true, SealFound = "S-1" },
        }, CancellationToken.None));

    private static async Task<HandoverReply> ActAsync(CustodyBed bed, Func<RunHandover, Task<Outcome<HandoverReply>>> act)
    {
        await using var scope = bed.Services.CreateScopeAs(new Caller("p-1", CallerKind.Person, new HashSet<Api.Access.V1.Permission>(), null, [Own.Depot]));
        return (await act(scope.ServiceProvider.GetRequiredService<RunHandover>())).Value;
    }
}
