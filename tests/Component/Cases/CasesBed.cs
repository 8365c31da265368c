using Google.Protobuf;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Cases.Closing;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Component.Custody;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using CasesClient = KeyAccountLogistics.Api.Cases.V1.Cases.CasesClient;
using Scale = KeyAccountLogistics.Api.Custody.V1.Scale;

namespace KeyAccountLogistics.Component.Cases;

/// <summary>A backend whose contracts give the client a week and whose rating takes 2.00 a kilogram, to the gram; facts go in as a file's.</summary>
internal sealed class CasesBed : IAsyncDisposable
{
    internal const string Own = "KAL-CASE-OWN";
    internal const string Others = "KAL-CASE-OTHERS";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private CasesBed(BackendFixture backend) => Backend = backend;

    internal BackendFixture Backend { get; }

    internal static async Task<CasesBed> StartAsync(Engine engine, TestDatabase? database = null, ShiftedTime? time = null, OnSilence onSilence = OnSilence.AutoAccept, bool rates = true) =>
        new(await BackendFixture.StartAsync(engine, options => options with
        {
            AddMore = services =>
            {
                services.AddTerms(Terms(BackendFixture.Account, onSilence), Terms(BackendFixture.OtherAccount, onSilence));
                if (rates) services.AddSingleton<PriceShipment>(TwoAKilogram);
            },
        }, database, time));

    internal async Task RegisterAsync()
    {
        var reply = await new Shipments.ShipmentsClient(await Backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest
        {
            Shipments = { Line(Own, BackendFixture.Account), Line(Others, BackendFixture.OtherAccount) },
        });
        reply.Registered.ShouldBe(2);
    }

    /// <summary>Appends facts as a file's; ids and instants are in them.</summary>
    internal Task AppendAsync(params ParcelEvent[] facts) => AppendAsync(JournalSource.Import("cases"), BatchClock.History, facts);

    internal Task QuarantineAsync(string device, Instant at, int id = 900) => AppendAsync(JournalSource.Server, BatchClock.Server, [Quarantined(device, at, id)]);

    internal static ParcelEvent Quarantined(string device, Instant at, int id) => new()
    {
        Id = IdOf(id), Kind = EventKind.ScaleQuarantined, Node = BackendFixture.Depot, Device = device, CapturedAtUs = at.ToUnixMicros(), Reason = "drift",
        ScaleBias = new ScaleBias { AtMg = 2_500_000, ErrorMg = 480_000, LowMg = 400_000, HighMg = 520_000, LimitMg = 10_000, Parcels = 120, Scales = 3 },
    };

    /// <summary>A weighing judged against the 2 kg that were declared.</summary>
    internal ParcelEvent Weighed(int id, string parcel, double minutesAgo, long grams, string device = "scale-1")
    {
        var at = Backend.Time.Now() - Duration.FromMinutes(minutesAgo);
        var billing = grams switch { > 2000 => BillingAnswer.Over, < 2000 => BillingAnswer.Under, _ => BillingAnswer.SameBill };
        return new ParcelEvent
        {
            Id = IdOf(id), Kind = EventKind.Weighed, Parcel = parcel, Node = BackendFixture.Depot, Device = device, Actor = "clerk-7", CapturedAtUs = at.ToUnixMicros(),
            Weight = new Weight
            {
                MassMg = grams * 1000, NumberSent = (grams / 1000m).ToString(System.Globalization.CultureInfo.InvariantCulture), UnitSent = "kg", Purpose = WeightPurpose.Depot,
                Frames = { ByteString.CopyFromUtf8($"ST,GS,+{grams:000000} g\r\n") },
                Scale = new Scale { Device = device, Serial = "B-" + device, AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000, VerifiedUntilDay = 21_000 },
                Verdict = new WeighVerdict
                {
                    Billing = billing, Integrity = IntegrityAnswer.NoReference, HasDeclared = true, DeclaredMg = 2_000_000, DeclaredBillsMg = 2_000_000,
                    BillsMg = grams * 1000, BillingLimitMg = 20_000, Clause = "W-2", Contract = "KA", ContractVersion = 1,
                },
            },
        };
    }

    /// <summary>A client of the person of that role, signed in now: the clock may have moved past an earlier sign-in.</summary>
    internal async Task<CasesClient> AsAsync(string role) => new(await ChannelAsync(role));

    internal async Task<GrpcChannel> ChannelAsync(string role) => Backend.With((await Backend.SignInAsync(BackendFixture.NameOf(role))).AccessToken);

    /// <summary>The case as the carrier reads it, as soon as it is so.</summary>
    internal async Task<CaseView> UntilAsync(string caseId, Func<CaseView, bool> so, string role = Roles.SalesManager)
    {
        var cases = await AsAsync(role);
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if ((await cases.ListAsync(new ListCasesRequest(), cancellationToken: limit.Token)).Cases.Any(c => c.CaseId == caseId)
                && await cases.ReadAsync(new ReadCaseRequest { CaseId = caseId }, cancellationToken: limit.Token) is var found && so(found)) return found;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    internal static string CaseOf(string parcel) => "W-" + parcel;

    /// <summary>The job that closes windows, now.</summary>
    internal async Task RunJobAsync()
    {
        await using var scope = Backend.Host.Services.CreateScopeAs(Caller.System);
        await ActivatorUtilities.CreateInstance<CloseDueWindowsJob>(scope.ServiceProvider).RunAsync(CancellationToken.None);
    }

    /// <summary>The differences a rebuild finds.</summary>
    internal async Task<(long Differences, List<string> Shown)> RebuildAsync(bool dryRun)
    {
        using var call = new Operations.OperationsClient(Backend.AsLocalAdministrator()).Rebuild(new RebuildRequest { DryRun = dryRun });
        var (differences, shown) = (0L, new List<string>());
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            differences = call.ResponseStream.Current.Differences;
            shown.AddRange(call.ResponseStream.Current.Shown.Select(d => $"{d.Projection} {d.Key} {d.Field}"));
        }
        return (differences, shown);
    }

    internal static ByteString IdOf(int id) => ByteString.CopyFrom(NamedId.From("cases-test", id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToByteArray(bigEndian: true));

    internal static string TextOf(ByteString id) => new Guid(id.Span, bigEndian: true).ToString();

    public ValueTask DisposeAsync() => Backend.DisposeAsync();

    private async Task AppendAsync(JournalSource source, BatchClock clock, ParcelEvent[] facts)
    {
        var appended = await Backend.Host.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
        {
            Source = source, Bodies = [.. facts.Select(static f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = clock, ReceivedAt = Backend.Time.Now(),
        });
        appended.Value.Rejected.ShouldBeEmpty();
    }

    private static ShipmentLine Line(string waybill, string account) =>
        new() { Waybill = waybill, Account = account, Product = "standard", Origin = BackendFixture.Depot, Destination = "PEK02", DeclaredMg = 2_000_000, AcceptedAtUs = 1_772_000_000_000_000 };

    private static AccountTerms Terms(string account, OnSilence onSilence) => new()
    {
        Account = account, NameZh = "甲", NameEn = "A", Contract = "KA", Version = 1, EffectiveFrom = Instant.FromUtc(2020, 1, 1, 0, 0), Currency = "CNY", Chargeable = [],
        Weight = new WeightTerms(ClauseId.Parse("W-2"), Mass.Zero, 0) { Dispute = new DisputeTerms(DisputeParty.Client, Duration.FromDays(7), onSilence) },
        Handover = HandoverTerms.Strictest,
    };

    private static RateOutcome TwoAKilogram(string account, ShipmentToRate shipment)
    {
        var total = new Money(shipment.Pieces[0].Weight.Milligrams / 5_000, "CNY");
        return new RateOutcome.Charged("KA", 1, total, shipment.Pieces[0].Weight, [new KeyAccountLogistics.Contracts.Published.ChargeLine("T-3", "freight", total, "运费", "freight")], "");
    }
}
