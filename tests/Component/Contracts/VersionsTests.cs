using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.Contracts.ContractsBed;
using Pricing = KeyAccountLogistics.Api.Contracts.V1.Pricing;
using StatusCode = Grpc.Core.StatusCode;

namespace KeyAccountLogistics.Component.Contracts;

public sealed class VersionsTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public Task Migrations_give_the_models_schema(Engine engine) => SchemaTest.MigratedEqualsModelAsync(engine, s => s.AddDbContextOnly());

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_contract_goes_from_its_document_into_force_and_every_step_is_in_its_history(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        var terms = bed.Backend.Services.GetRequiredService<ITermsInForce>();
        // The agreement has raised the number, as soon as it is looked at; there are no terms yet.
        terms.Now.All.ShouldBeEmpty();
        var signed = await bed.InForceAsync(Document(bed.Now - Duration.FromHours(1)));
        signed.Summary.State.ShouldBe("in_force");
        signed.History.Select(e => e.Kind).ShouldBe(["drafted", "proposed", "approved", "signed"]);
        signed.History.ShouldAllBe(e => e.Who.Length > 0 && e.AtUs > 0);
        (signed.SignedBy, signed.SignedForClient).ShouldBe((bed.Backend.People[Roles.SalesManager], bed.ClientContact));
        // In force for the next parcel, not after a while.
        terms.For(Account, bed.Now).ShouldNotBeNull().Contract.ShouldBe(Contract);
        terms.Now.Version.ShouldBeGreaterThan(1_700_000_000ul);
        (await EventsFoldAsync(bed)).ShouldBeTrue();

        var contracts = await bed.ContractsAsync(Roles.SalesManager);
        var ended = Good(await contracts.EndAsync(new EndCommand { CommandId = Id(), Contract = Contract, Version = 1, Reason = "moved away", EndsAtUs = (bed.Now + Duration.FromHours(1)).ToUnixMicros() }));
        ended.Summary.State.ShouldBe("in_force");
        bed.Backend.Advance(TimeSpan.FromHours(2));
        (await (await bed.ContractsAsync(Roles.SalesManager)).ReadAsync(new ReadVersionRequest { Contract = Contract })).Summary.State.ShouldBe("ended");
        terms.For(Account, bed.Now).ShouldBeNull();
        terms.For(Account, bed.Now - Duration.FromHours(2)).ShouldNotBeNull();   // late judgements use what was in force
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_amendment_supersedes_from_its_day_and_the_terms_keep_their_number_over_a_restart(Engine engine)
    {
        var database = await TestDatabase.CreateAsync(engine);
        var time = new ShiftedTime();
        ulong number;
        await using (var bed = await BackendFixture.StartAsync(engine, database: database, time: time))
        {
            await bed.SignDemoContractsAsync();
            number = bed.Services.GetRequiredService<ITermsInForce>().Now.Version;
            number.ShouldBeGreaterThan(0ul);
        }
        await using (var bed = await BackendFixture.StartAsync(engine, database: database, time: time))
        {
            var terms = bed.Services.GetRequiredService<ITermsInForce>();
            terms.Now.Version.ShouldBe(number);
            terms.Now.All.Length.ShouldBe(4);
            var july = Instant.FromUtc(2026, 6, 30, 16, 0);
            terms.For("YYSM-B", july - Duration.Epsilon).ShouldNotBeNull().Version.ShouldBe(1u);
            terms.For("YYSM-B", july).ShouldNotBeNull().Version.ShouldBe(2u);
        }
        await database.DisposeAsync();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_price_that_rises_is_announced_ten_days_ahead_and_another_server_sees_the_change(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        await using var second = await BackendFixture.StartAsync(engine, o => o with { UnixSocket = o.UnixSocket + "2" }, bed.Backend.Database, bed.Backend.Time);
        await bed.InForceAsync(Document(bed.Now - Duration.FromHours(1)));
        var soon = bed.Now + Duration.FromDays(12);
        var amendment = await bed.ImportAsync(Document(soon, 2, first: 9));
        Good(await bed.ProposeAsync(2));
        Good(await bed.ApproveAsync(Roles.SalesManager, 2)).RaisedClauses.ShouldBe(["T-1"]);
        (await bed.SignAsync(amendment)).Refused.Code.ShouldBe("announcement.missing");
        var contracts = await bed.ContractsAsync(Roles.KeyAccountManager);
        Good(await contracts.AnnounceAsync(new AnnounceCommand { CommandId = Id(), Contract = Contract, Version = 2, Reference = "ka.example/tariff" }));
        Good(await bed.SignAsync(amendment)).Summary.State.ShouldBe("signed");
        var terms = second.Services.GetRequiredService<ITermsInForce>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (terms.Now.All.Length < 2) await terms.ChangedFromAsync(terms.Now.Version, limit.Token);
        terms.For(Account, soon - Duration.Epsilon).ShouldNotBeNull().Version.ShouldBe(1u);
        terms.For(Account, soon).ShouldNotBeNull().Version.ShouldBe(2u);
        terms.Now.Version.ShouldBe(bed.Backend.Services.GetRequiredService<ITermsInForce>().Now.Version);
        bed.Backend.Advance(TimeSpan.FromDays(13));
        var list = await (await bed.ContractsAsync(Roles.Auditor)).ListAsync(new ListVersionsRequest { Contract = Contract });
        list.Versions.Select(v => (v.Version, v.State)).ShouldBe([(2u, "in_force"), (1u, "superseded")]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Two_who_approve_at_once_make_one_approval(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        await bed.ImportAsync(Document(bed.Now + Duration.FromDays(1)));
        Good(await bed.ProposeAsync());
        var replies = await Task.WhenAll(new[] { Roles.SalesManager, Roles.AreaManager, Roles.SalesManager, Roles.AreaManager }.Select(role => bed.ApproveAsync(role)));
        replies.Count(r => r.Refused is null).ShouldBe(1);
        replies.Where(r => r.Refused is not null).ShouldAllBe(r => r.Refused.Code == "version.state");
        var history = (await (await bed.ContractsAsync(Roles.Auditor)).ReadAsync(new ReadVersionRequest { Contract = Contract })).History;
        history.Count(e => e.Kind is "approved").ShouldBe(1);
        (await EventsFoldAsync(bed)).ShouldBeTrue();
    }

    [Theory]
    [OnSqlite]
    public async Task SEED_03_AUTH_approval_goes_up_and_nobody_approves_his_own(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        await bed.ImportAsync(Document(bed.Now + Duration.FromDays(1), discount: 15));
        Good(await bed.ProposeAsync()).Summary.Awaiting.ShouldBe("AreaManager");
        (await bed.ApproveAsync(Roles.KeyAccountManager)).Refused.Code.ShouldBe("proposal.own");
        Good(await bed.ApproveAsync(Roles.AreaManager)).Summary.State.ShouldBe("approved");
        // The administrator takes the area manager's authority to 5 %; from then on head office decides.
        var set = await (await bed.ContractsAsync(Roles.Administrator)).SetAuthorityAsync(new SetAuthorityCommand
        {
            CommandId = Id(), Limit = new Api.Contracts.V1.AuthorityLimit { Role = "AreaManager", Rank = 2, DiscountBp = 500, CompensationMinor = 2_000_000, WaiverDays = 3 },
        });
        set.Refused.ShouldBeNull();
        var contracts = await bed.ContractsAsync(Roles.KeyAccountManager);
        Good(await contracts.WithdrawAsync(new VersionCommand { CommandId = Id(), Contract = Contract, Version = 1, Reason = "client wants more" }));
        await bed.ImportAsync(Document(bed.Now + Duration.FromDays(1), discount: 16));
        Good(await bed.ProposeAsync()).Summary.Awaiting.ShouldBe("SalesManager");
        var passed = Good(await bed.ApproveAsync(Roles.AreaManager));
        (passed.Summary.State, passed.History[^1].Kind, passed.History[^1].Awaiting).ShouldBe(("proposed", "endorsed", "SalesManager"));
        Good(await bed.ApproveAsync(Roles.SalesManager)).Summary.State.ShouldBe("approved");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_command_sent_twice_has_one_effect_and_one_answer(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        var contracts = await bed.ContractsAsync(Roles.KeyAccountManager);
        var import = new ImportDocumentCommand { CommandId = Id(), Document = Document(bed.Now + Duration.FromDays(1)) };
        var first = await contracts.ImportAsync(import);
        (await contracts.ImportAsync(import)).ShouldBe(first);
        var propose = new ProposeCommand { CommandId = Id(), Contract = Contract, Version = 1, Pricing = new Pricing { ParcelsAMonth = 1, RevenueAMonthMinor = 1 } };
        var once = await contracts.ProposeAsync(propose);
        (await contracts.ProposeAsync(propose)).ShouldBe(once);
        propose.Pricing.ParcelsAMonth = 2;
        (await contracts.ProposeAsync(propose)).Refused.Code.ShouldBe("command.id_reused");
        (await contracts.ReadAsync(new ReadVersionRequest { Contract = Contract })).History.Count.ShouldBe(2);
        // What is proposed is no draft any more, whatever its text.
        (await contracts.ImportAsync(new ImportDocumentCommand { CommandId = Id(), Document = import.Document })).Refused.Code.ShouldBe("version.state");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Without_papers_nothing_is_signed_and_without_agreement_nothing_stays_active(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine, papers: false);
        var accounts = await bed.AccountsAsync(Roles.KeyAccountManager);
        var draft = await bed.ImportAsync(Document(bed.Now - Duration.FromHours(1)));
        Good(await bed.ProposeAsync());
        Good(await bed.ApproveAsync(Roles.SalesManager));
        (await bed.SignAsync(draft)).Refused.Code.ShouldBe("identity.missing");
        (await accounts.PutIdentityAsync(new PutIdentityCommand { CommandId = Id(), Account = Account, CreditCode = "91350100M000100Y44", Document = "id_card" })).Refused.Field.ShouldBe("credit_code");
        Good(await accounts.PutIdentityAsync(new PutIdentityCommand { CommandId = Id(), Account = Account, CreditCode = "91350100M000100Y43", Document = "id_card" }));
        (await bed.SignAsync(draft)).Refused.Code.ShouldBe("agreement.missing");
        await bed.PutAgreementAsync(bed.Today.PlusDays(20));
        (await bed.SignAsync(draft)).Refused.Code.ShouldBe("contact.does_not_sign");
        var contact = Good(await accounts.PutContactAsync(Contact())).Contacts.Single().Id;
        Good(await bed.SignAsync(draft, contact: contact)).Summary.State.ShouldBe("in_force");
        var terms = bed.Backend.Services.GetRequiredService<ITermsInForce>();
        var later = bed.Now + Duration.FromDays(25);
        terms.For(Account, later).ShouldBeNull();
        bed.Backend.Advance(TimeSpan.FromDays(25));
        (await (await bed.ContractsAsync(Roles.SalesManager)).ReadAsync(new ReadVersionRequest { Contract = Contract })).Summary.State.ShouldBe("suspended");
        await bed.PutAgreementAsync(bed.Today.PlusDays(365));
        (await (await bed.ContractsAsync(Roles.SalesManager)).ReadAsync(new ReadVersionRequest { Contract = Contract })).Summary.State.ShouldBe("in_force");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (terms.For(Account, later) is null) await terms.ChangedFromAsync(terms.Now.Version, limit.Token);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_is_signed_never_changes_even_by_a_database_client(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        await bed.InForceAsync(Document(bed.Now - Duration.FromHours(1)));
        foreach (var change in new[] { "UPDATE contracts_version SET document = '{}'", "UPDATE contracts_version SET from_us = 0", "DELETE FROM contracts_version", "UPDATE contracts_version_event SET who = 'x'", "DELETE FROM contracts_account_event" })
            await Should.ThrowAsync<System.Data.Common.DbException>(() => bed.Backend.Database.ExecuteAsync(change));
        await bed.Backend.Database.ExecuteAsync("UPDATE contracts_version SET ends_us = 1");
        (await (await bed.ContractsAsync(Roles.KeyAccountManager)).ImportAsync(new ImportDocumentCommand { CommandId = Id(), Document = Document(bed.Now) })).Refused.Code.ShouldBe("version.state");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Another_accounts_contract_is_answered_like_one_that_does_not_exist_and_a_client_sees_what_is_put_before_it(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        await bed.Backend.SignDemoContractsAsync();
        var client = await bed.ContractsAsync(Roles.ClientUser);
        (await client.ListAsync(new ListVersionsRequest())).Versions.ShouldBeEmpty();
        (await StatusAsync(async () => await client.ReadAsync(new ReadVersionRequest { Contract = "KA-2026-0003" }))).ShouldBe(StatusCode.NotFound);
        (await StatusAsync(async () => await client.DiffAsync(new DiffVersionsRequest { Contract = "KA-2026-0002" }))).ShouldBe(StatusCode.NotFound);
        var keeper = await bed.ContractsAsync(Roles.KeyAccountManager);
        (await keeper.ImportAsync(new ImportDocumentCommand { CommandId = Id(), Document = Document(bed.Now, contract: "KA-2026-0003") })).Refused.Code.ShouldBe("contract.taken");
        (await keeper.ImportAsync(new ImportDocumentCommand { CommandId = Id(), Document = Document(bed.Now, account: "HDDS-A") })).Refused.Code.ShouldBe("account.unknown");

        await bed.ImportAsync(Document(bed.Now + Duration.FromDays(1), discount: 3));
        (await StatusAsync(async () => await client.ReadAsync(new ReadVersionRequest { Contract = Contract }))).ShouldBe(StatusCode.NotFound);
        Good(await bed.ProposeAsync());
        Good(await bed.ApproveAsync(Roles.SalesManager));
        var offered = await client.ReadAsync(new ReadVersionRequest { Contract = Contract });
        (offered.Summary.State, offered.Summary.ProposedBy, offered.History.Count).ShouldBe(("approved", "", 0));
        (await (await bed.ContractsAsync(Roles.SalesManager)).ListAsync(new ListVersionsRequest { State = "in_force", PageSize = 2 })).Versions.Count.ShouldBe(2);
    }

    [Theory]
    [OnSqlite]
    public async Task Every_mistake_of_a_document_is_told_and_nothing_is_kept(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        var contracts = await bed.ContractsAsync(Roles.KeyAccountManager);
        var document = Document(bed.Now);
        document.Text = document.Text.Replace("percent: 0}", "percent: plenty}", StringComparison.Ordinal).Replace("currency", "currancy", StringComparison.Ordinal);
        var wrong = (await contracts.ImportAsync(new ImportDocumentCommand { CommandId = Id(), Document = document })).Wrong.Mistakes_;
        wrong.Count.ShouldBe(2);
        wrong.ShouldAllBe(m => m.Line > 0 && m.File == "test.yaml");
        (await contracts.CheckAsync(new CheckDocumentRequest { Document = document })).Mistakes.ShouldBe(wrong);
        (await contracts.ListAsync(new ListVersionsRequest())).Versions.ShouldBeEmpty();
    }

    /// <summary>Law 1: the version's columns are the fold of its events.</summary>
    private static async Task<bool> EventsFoldAsync(ContractsBed bed)
    {
        await using var scope = bed.Backend.Services.CreateScopeAs(Caller.System);
        var db = scope.ServiceProvider.GetRequiredService<ContractsDb>();
        foreach (var row in await db.Versions.AsNoTracking().ToListAsync())
        {
            var standing = await StoredVersions.StandingAsync(db, row.Contract, row.Version, CancellationToken.None);
            var before = (row.State, row.ProposedBy, row.Awaiting, row.AnnouncedUs, row.SignedBy, row.ClientContact, row.SignedUs, row.EndsUs);
            StoredVersions.Put(row, standing!);
            (row.State, row.ProposedBy, row.Awaiting, row.AnnouncedUs, row.SignedBy, row.ClientContact, row.SignedUs, row.EndsUs).ShouldBe(before);
            row.Hash.ShouldBe(standing!.Hash.ToArray());
            StoredVersions.HashOf(StoredVersions.Document(row)!).ShouldBe(row.Hash);
        }
        return true;
    }
}

internal static class ContractsRegistration
{
    internal static void AddDbContextOnly(this IServiceCollection services) => services.AddModuleDatabase<ContractsDb>(ContractsDb.Module);
}
