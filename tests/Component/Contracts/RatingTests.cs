using System.Text;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Watching;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.Contracts.ContractsBed;

namespace KeyAccountLogistics.Component.Contracts;

/// <summary>What a signed version does: prices, audits, gates at acceptance, alerts before its end.</summary>
public sealed class RatingTests
{
    private const string Promise = """
        promise:
          id: P-1
          cut_off: "23:59"
          calendar: none
          transit: [{days: 2}]
          decided_by: date
          gates: [{gate: pickup, after: 0, by: "23:00"}, {gate: out_for_delivery, before: 0, by: "08:30"}]
        """;

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_signed_version_rates_audits_gives_gates_and_is_told_before_its_end(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        var from = bed.Now - Duration.FromHours(1);
        var document = Document(from, discount: 10, more: Promise);
        document.Text = document.Text.Replace("effective: {from:", "effective: {until: " + NodaTime.Text.InstantPattern.General.Format(bed.Now + Duration.FromDays(200)) + ", from:", StringComparison.Ordinal);
        await bed.InForceAsync(document);
        await RatesAsync(bed);
        await WhatIfAsync(bed);
        await GatesAsync(bed);
        await AlertsAsync(bed);
    }

    private static async Task RatesAsync(ContractsBed bed)
    {
        var rating = new Rating.RatingClient(await bed.Backend.AsAsync(Roles.ClientUser));
        var shipment = new Shipment { Waybill = "W-1", Service = "standard", Origin = "3100", Destination = "4401", AcceptedAtUs = bed.Now.ToUnixMicros(), DeclaredValueMinor = -1, Pieces = { new Piece { WeightMg = 2_000_000 } } };
        var charge = (await rating.RateAsync(new RateRequest { Account = Account, Shipment = shipment })).Charge;
        (charge.TotalMinor, charge.Contract, charge.Version).ShouldBe((900, Contract, 1u));   // 8.00 + 2 × 1.00, less 10 %
        charge.Lines.Sum(l => l.AmountMinor).ShouldBe(charge.TotalMinor);
        charge.Lines[0].Zh.ShouldNotBeEmpty();
        shipment.AcceptedAtUs -= 86_400_000_000;
        (await rating.RateAsync(new RateRequest { Account = Account, Shipment = shipment })).Refused.Reason.ShouldBe("NOT_IN_FORCE");
        (await StatusAsync(async () => await rating.RateAsync(new RateRequest { Account = "HDDS-A", Shipment = shipment }))).ShouldBe(StatusCode.NotFound);

        using var audit = rating.Audit();
        await audit.RequestStream.WriteAsync(new AuditPart
        {
            Header = new AuditHeader { Contract = Contract },
            Invoice = ByteString.CopyFrom(Encoding.UTF8.GetBytes("waybill,service,origin,destination,weight_kg,billed\nW-1,standard,3100,4401,2,9.50\nW-2,standard,3100,4401,1,7.20\n")),
        });
        await audit.RequestStream.CompleteAsync();
        var lines = new List<string>();
        while (await audit.ResponseStream.MoveNext(CancellationToken.None)) lines.Add(audit.ResponseStream.Current.Json);
        lines.Count.ShouldBe(3);
        lines[0].ShouldContain("\"over\"");
        lines[1].ShouldContain("\"right\"");
    }

    private static async Task WhatIfAsync(ContractsBed bed)
    {
        await bed.ImportAsync(Document(bed.Now + Duration.FromDays(20), version: 2, first: 7, discount: 10, more: Promise));
        async Task<WhatIfReply> AskAsync(string role)
        {
            using var ask = new Rating.RatingClient(await bed.Backend.AsAsync(role)).WhatIf();
            var moment = NodaTime.Text.InstantPattern.General.Format(bed.Now);
            await ask.RequestStream.WriteAsync(new WhatIfPart
            {
                Header = new WhatIfHeader { DraftContract = Contract, DraftVersion = 2 },
                Shipments = ByteString.CopyFrom(Encoding.UTF8.GetBytes($"waybill,service,origin,destination,accepted,weight_kg\nW-1,standard,3100,4401,{moment},2\n")),
            });
            await ask.RequestStream.WriteAsync(new WhatIfPart { Shipments = ByteString.CopyFrom(Encoding.UTF8.GetBytes($"W-2,standard,3100,4401,{moment},1\n")) });
            await ask.RequestStream.CompleteAsync();
            return await ask.ResponseAsync;
        }
        using var answer = System.Text.Json.JsonDocument.Parse((await AskAsync(Roles.SalesManager)).Json);
        var total = answer.RootElement.GetProperty("total");
        (total.GetProperty("current").GetString(), total.GetProperty("change").GetString()).ShouldBe(("16.20", "-1.80"), "9.00 and 7.20 become 8.10 and 6.30");
        (await StatusAsync(async () => await AskAsync(Roles.ClientUser))).ShouldBe(StatusCode.PermissionDenied);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_empty_installation_takes_a_folder_of_documents_in_once(Engine engine)
    {
        var folder = Directory.CreateTempSubdirectory("kal-documents-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "good.yaml"), Document(null).Text);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "mistaken.yaml"), Document(null, contract: "KA-2027-0043").Text.Replace("tariff:", "tarif:", StringComparison.Ordinal));
            await using var database = await TestDatabase.CreateAsync(engine);
            await using (var first = await StartAsync(engine, database, folder.FullName)) await DraftedAsync(first);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "later.yaml"), Document(null, contract: "KA-2027-0044").Text);
            await using var second = await StartAsync(engine, database, folder.FullName);
            await DraftedAsync(second);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static Task<BackendFixture> StartAsync(Engine engine, TestDatabase database, string folder) =>
            BackendFixture.StartAsync(engine, options => options with { ContractsDirectory = folder }, database);

        static async Task DraftedAsync(BackendFixture backend)
        {
            var versions = await new Api.Contracts.V1.Contracts.ContractsClient(await backend.AsAdministratorAsync()).ListAsync(new ListVersionsRequest());
            versions.Versions.Select(v => (v.Contract, v.Version, v.Account, v.State)).ShouldBe([(Contract, 1u, Account, "draft")]);
        }
    }

    private static async Task GatesAsync(ContractsBed bed)
    {
        var shipments = new Shipments.ShipmentsClient(await bed.Backend.AsAdministratorAsync());
        (await shipments.RegisterAsync(new RegisterShipmentsRequest
        {
            Shipments = { new ShipmentLine { Waybill = "ORDER-G1", Account = Account, Product = "standard", Origin = "3100", Destination = "4401", AcceptedAtUs = bed.Now.ToUnixMicros() } },
        })).Registered.ShouldBe(1);
        var life = await new Parcels.ParcelsClient(await bed.Backend.AsAsync(Roles.ClientUser)).GetAsync(new GetParcelRequest { Code = "ORDER-G1" });
        life.Shipment.Gates.Select(g => g.Gate).ShouldBe(["pickup", "out_for_delivery"]);
        var (promised, out_) = (Clock.FromUnixMicros(life.Shipment.PromisedByUs), Clock.FromUnixMicros(life.Shipment.Gates[1].ByUs));
        (promised - out_).ShouldBe(Duration.FromHours(15.5));   // the promise is the end of that day
        life.Shipment.Gates[0].ByUs.ShouldBeLessThan(life.Shipment.Gates[1].ByUs);
    }

    private static async Task AlertsAsync(ContractsBed bed)
    {
        var contracts = await bed.ContractsAsync(Roles.KeyAccountManager);
        await WatchAsync(bed);
        (await contracts.ListAlertsAsync(new ListAlertsRequest())).Alerts.ShouldBeEmpty();
        bed.Backend.Advance(TimeSpan.FromDays(180));
        await WatchAsync(bed);
        await WatchAsync(bed);
        contracts = await bed.ContractsAsync(Roles.KeyAccountManager);
        (await contracts.ListAlertsAsync(new ListAlertsRequest())).Alerts.Select(a => (a.Kind, a.Contract)).ShouldBe([("expires", Contract)]);
        bed.Backend.Advance(TimeSpan.FromDays(61));
        await WatchAsync(bed);
        contracts = await bed.ContractsAsync(Roles.KeyAccountManager);
        (await contracts.ListAlertsAsync(new ListAlertsRequest())).Alerts.ShouldBeEmpty();
        (await contracts.ListAlertsAsync(new ListAlertsRequest { ClosedToo = true })).Alerts.Count.ShouldBe(1);
    }

    private static async Task WatchAsync(ContractsBed bed)
    {
        await using var scope = bed.Backend.Services.CreateScopeAs(Caller.System);
        await scope.ServiceProvider.GetRequiredService<WatchTerms>().RunAsync(CancellationToken.None);
    }
}
