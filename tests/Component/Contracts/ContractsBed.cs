using System.Globalization;
using Grpc.Core;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;

namespace KeyAccountLogistics.Component.Contracts;

/// <summary>A backend with an account that may sign: the commands of accounts and contracts as each role's person.</summary>
internal sealed class ContractsBed : IAsyncDisposable
{
    internal const string Account = BackendFixture.Account;
    internal const string Contract = "KA-2027-0042";

    private ContractsBed(BackendFixture backend) => Backend = backend;

    internal BackendFixture Backend { get; }

    internal string ClientContact { get; private set; } = "";

    internal Instant Now => Backend.Time.Now();

    internal static async Task<ContractsBed> StartAsync(Engine engine, bool papers = true)
    {
        var bed = new ContractsBed(await BackendFixture.StartAsync(engine));
        var accounts = await bed.AccountsAsync(Roles.KeyAccountManager);
        Good(await accounts.CreateAsync(new CreateAccountCommand
        {
            CommandId = Id(), Account = Account, NameZh = "测试客户", NameEn = "Test client", Grade = "A", Ownership = "private", Owner = bed.Backend.People[Roles.KeyAccountManager],
        }));
        if (!papers) return bed;
        await bed.PutAgreementAsync(bed.Today.PlusDays(300));
        Good(await accounts.PutIdentityAsync(new PutIdentityCommand { CommandId = Id(), Account = Account, CreditCode = "91350100M000100Y43", Document = "id_card" }));
        bed.ClientContact = Good(await accounts.PutContactAsync(Contact())).Contacts.Single().Id;
        return bed;
    }

    internal LocalDate Today => Now.InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date;

    internal async Task PutAgreementAsync(LocalDate until)
    {
        var accounts = await AccountsAsync(Roles.KeyAccountManager);
        Good(await accounts.PutAgreementAsync(new PutAgreementCommand { CommandId = Id(), Account = Account, Number = "SA-" + until.ToString("uuuuMMdd", null), Signed = Day(Today), Until = Day(until) }));
    }

    internal static PutContactCommand Contact() => new()
    {
        CommandId = Id(), Account = Account, Level = "c_level", Position = "法定代表人", Signs = true, Consent = "contact", ConsentHow = "contract annex 2",
        Details = new ContactDetails { Name = "欧阳明", Phone = "13812345678", Email = "ouyang@example.cn" },
    };

    internal async Task<Accounts.AccountsClient> AccountsAsync(string role) => new(await Backend.AsAsync(role));

    internal async Task<Api.Contracts.V1.Contracts.ContractsClient> ContractsAsync(string role) => new(await Backend.AsAsync(role));

    /// <summary>A small whole document of the bed's contract.</summary>
    internal static Document Document(Instant? from, uint version = 1, decimal first = 8, decimal discount = 0, string more = "", string contract = Contract, string account = Account)
    {
        var effective = from is { } at ? "effective: {from: " + NodaTime.Text.InstantPattern.ExtendedIso.Format(at) + "}" : "";
        var discounts = discount > 0 ? "discounts: [{id: R-9, percent: " + discount.ToString(CultureInfo.InvariantCulture) + "}]" : "";
        return new Document
        {
            Name = "test.yaml",
            Text = string.Create(CultureInfo.InvariantCulture, $$"""
                contract: {{contract}}
                version: {{version}}
                account: {{account}}
                name: {zh: 测试客户, en: Test client}
                currency: CNY
                {{effective}}
                tariff:
                  - id: T-1
                    first: {to: 1 kg, price: {{first}} }
                    further: {step: 0.5 kg, price: 1.00, tier_read_on: excess}
                {{discounts}}
                {{more}}
                weight: {id: W-2, absolute: 0 g, percent: 0}
                handover: {id: H-1, insured: [item_by_item, seal, reweigh], delivery: {high: [code, signature]} }
                """),
        };
    }

    internal async Task<VersionSummary> ImportAsync(Document document)
    {
        var reply = await (await ContractsAsync(Roles.KeyAccountManager)).ImportAsync(new ImportDocumentCommand { CommandId = Id(), Document = document });
        reply.AnswerCase.ShouldBe(ImportDocumentReply.AnswerOneofCase.Imported, reply.ToString());
        return reply.Imported.Versions[^1];
    }

    internal async Task<VersionReply> ProposeAsync(uint version = 1) => await (await ContractsAsync(Roles.KeyAccountManager)).ProposeAsync(new ProposeCommand
    {
        CommandId = Id(), Contract = Contract, Version = version, Pricing = new Pricing { ParcelsAMonth = 9_000, RevenueAMonthMinor = 7_200_000 },
    });

    internal async Task<VersionReply> ApproveAsync(string role, uint version = 1) =>
        await (await ContractsAsync(role)).ApproveAsync(new VersionCommand { CommandId = Id(), Contract = Contract, Version = version });

    internal async Task<VersionReply> SignAsync(VersionSummary version, string role = Roles.SalesManager, string? contact = null) => await (await ContractsAsync(role)).SignAsync(new SignCommand
    {
        CommandId = Id(), Contract = version.Contract, Version = version.Version, Hash = version.Hash, ClientContact = contact ?? ClientContact,
    });

    /// <summary>Drafted, proposed, approved and signed.</summary>
    internal async Task<VersionView> InForceAsync(Document document, Func<Task>? beforeSigning = null)
    {
        var imported = await ImportAsync(document);
        Good(await ProposeAsync(imported.Version));
        Good(await ApproveAsync(Roles.SalesManager, imported.Version));
        if (beforeSigning is not null) await beforeSigning();
        return Good(await SignAsync(imported));
    }

    internal static AccountView Good(AccountReply reply)
    {
        reply.Refused.ShouldBeNull(reply.ToString());
        return reply.Account;
    }

    internal static VersionView Good(VersionReply reply)
    {
        reply.Refused.ShouldBeNull(reply.ToString());
        return reply.Version;
    }

    internal static Google.Protobuf.ByteString Id() => BackendFixture.NewCommandId();

    internal static string Day(LocalDate day) => NodaTime.Text.LocalDatePattern.Iso.Format(day);

    internal static async Task<StatusCode> StatusAsync(Func<Task> call) => (await Should.ThrowAsync<RpcException>(call)).StatusCode;

    public ValueTask DisposeAsync() => Backend.DisposeAsync();
}
