using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using static KeyAccountLogistics.Component.Contracts.ContractsBed;
using StatusCode = Grpc.Core.StatusCode;

namespace KeyAccountLogistics.Component.Contracts;

public sealed class AccountsTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SEED_04_REC5_the_record_has_its_parts_and_people_are_masked_until_revealed_for_a_reason(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        var accounts = await bed.AccountsAsync(Roles.KeyAccountManager);
        var before = await accounts.ReadAsync(new ReadAccountRequest { Account = Account });
        before.CreditLimitMinor.ShouldBe(5_000_000);   // SEED-03-CREDIT5050: private
        var edit = new EditAccountCommand
        {
            CommandId = Id(), Account = Account, Revision = before.Revision, NameZh = "测试客户", NameEn = "Test client", Grade = "B", Ownership = "state", CreditLimitMinor = 0,
            Record = new AccountRecord { Basic = new BasicPart { Bank = "ICBC" }, Business = new BusinessPart { FiscalYearFrom = "04-01" }, Logistic = new LogisticPart { GoesFirst = true }, Trading = new TradingPart { TradingSince = "2020-05-01" } },
        };
        var edited = Good(await accounts.EditAsync(edit));
        (edited.Record, edited.CreditLimitMinor, edited.Summary.Grade).ShouldBe((edit.Record, 20_000_000, "B"));
        (await accounts.EditAsync(new EditAccountCommand(edit) { CommandId = Id() })).Refused.Code.ShouldBe("account.changed");
        var site = new SiteView { Code = "WH-1", Name = "仓库", Place = "3101", Depot = "SHA01", Windows = { new PickupWindow { Day = 1, From = "09:00", Until = "11:30" }, new PickupWindow { Day = 1, From = "16:00", Until = "24:00" } } };
        Good(await accounts.PutSiteAsync(new PutSiteCommand { CommandId = Id(), Account = Account, Site = site })).Sites.ShouldBe([site]);
        site.Windows.Add(new PickupWindow { Day = 1, From = "11:00", Until = "12:00" });
        (await accounts.PutSiteAsync(new PutSiteCommand { CommandId = Id(), Account = Account, Site = site })).Refused.Code.ShouldBe("window.overlap");

        var contact = edited.Contacts.Single();
        (contact.Name, contact.Phone, contact.Email).ShouldBe(("欧**", "138******78", "***@example.cn"));
        var ask = new RevealContactRequest { Account = Account, Contact = contact.Id, Reason = "asked for a meeting" };
        (await accounts.RevealContactAsync(ask)).Phone.ShouldBe("13812345678");
        (await StatusAsync(async () => await (await bed.AccountsAsync(Roles.Finance)).RevealContactAsync(ask))).ShouldBe(StatusCode.PermissionDenied);
        (await accounts.ReadAsync(new ReadAccountRequest { Account = Account })).History[0].Note.ShouldContain("asked for a meeting");
        // Law 13: the number stands in no column that is not sealed.
        string[] columns = ["contracts_contact.position", "contracts_contact.consent_how", "contracts_account_event.note", "contracts_account.name_zh"];
        foreach (var column in columns.Select(c => c.Split('.'))) (await bed.Backend.Database.ScalarAsync($"SELECT COUNT(*) FROM {column[0]} WHERE {column[1]} LIKE '%13812345678%'")).ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    public async Task Personal_fields_need_consent_and_taking_it_back_destroys_them(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine, papers: false);
        var accounts = await bed.AccountsAsync(Roles.KeyAccountManager);
        var put = Contact();
        put.Consent = "none";
        (await accounts.PutContactAsync(put)).Refused.Code.ShouldBe("consent.missing");
        (put.CommandId, put.Consent, put.Details.Birthday) = (Id(), "contact", "1980-01-01");
        (await accounts.PutContactAsync(put)).Refused.Code.ShouldBe("consent.personal");
        (put.CommandId, put.Consent) = (Id(), "personal");
        var id = Good(await accounts.PutContactAsync(put)).Contacts.Single().Id;
        var withdrawn = Good(await accounts.WithdrawConsentAsync(new WithdrawConsentCommand { CommandId = Id(), Account = Account, Contact = id, Reason = "asked to" })).Contacts.Single();
        (withdrawn.Consent, withdrawn.Name, withdrawn.Signs, withdrawn.Level).ShouldBe(("withdrawn", "", false, "c_level"));
        (await StatusAsync(async () => await accounts.RevealContactAsync(new RevealContactRequest { Account = Account, Contact = id, Reason = "x" }))).ShouldBe(StatusCode.Unavailable);
        (put.CommandId, put.Contact) = (Id(), id);
        (await accounts.PutContactAsync(put)).Refused.Code.ShouldBe("consent.withdrawn");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SEED_02_STAFFCHANGE_an_owner_hands_over_everything_to_somebody_who_sees_the_account(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine, papers: false);
        var accounts = await bed.AccountsAsync(Roles.KeyAccountManager);
        ChangeOwnerCommand Ask(string person, params string[] handed) => new() { CommandId = Id(), Account = Account, Person = person, Reason = "moves to another region", HandedOver = { handed } };
        string[] all = ["contacts", "contracts", "open_cases", "promises", "visits"];
        (await accounts.ChangeOwnerAsync(Ask(bed.Backend.People[Roles.AreaSales], all[..4]))).Refused.Message.ShouldContain("visits");
        (await accounts.ChangeOwnerAsync(Ask("P-NOBODY", all))).Refused.Code.ShouldBe("person.unknown");
        var command = Ask(bed.Backend.People[Roles.AreaSales], all);
        var changed = Good(await accounts.ChangeOwnerAsync(command));
        changed.Summary.Owner.ShouldBe(bed.Backend.People[Roles.AreaSales]);
        changed.Owners.Select(o => o.Person).ShouldBe([bed.Backend.People[Roles.AreaSales], bed.Backend.People[Roles.KeyAccountManager]]);
        Good(await accounts.ChangeOwnerAsync(command)).ShouldBe(changed);   // law 5
        // SEED-04-HANDOVERREC: the successor sees the whole record.
        (await (await bed.AccountsAsync(Roles.AreaSales)).ReadAsync(new ReadAccountRequest { Account = Account })).History.Select(h => h.Kind).ShouldBe(["owner", "created"]);
        var group = Good(await accounts.SetProjectGroupAsync(new SetProjectGroupCommand
        {
            CommandId = Id(), Account = Account,
            Members = { new GroupMember { Level = 2, Person = bed.Backend.People[Roles.AreaSales], Duty = "visits", Escalation = 1 }, new GroupMember { Level = 1, Person = bed.Backend.People[Roles.SalesManager], Duty = "solution", Escalation = 2 } },
        })).Group;
        group.Select(m => m.Level).ShouldBe([1, 2]);   // SEED-03-TWOLEVEL
        (await accounts.SetProjectGroupAsync(new SetProjectGroupCommand { CommandId = Id(), Account = Account, Members = { new GroupMember { Level = 3, Person = "x", Duty = "x", Escalation = 1 } } })).Refused.Code.ShouldBe("group.level");
    }

    [Theory]
    [OnSqlite]
    public async Task SEED_03_INTEG_a_national_scope_is_head_offices_to_agree_to_and_its_contracts_to_approve(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        var accounts = await bed.AccountsAsync(Roles.KeyAccountManager);
        Good(await accounts.AskScopeAsync(new AskScopeCommand { CommandId = Id(), Account = Account, Scope = "national", Reason = "warehouses in nine provinces" })).Summary.Scope.ShouldBe("local");
        DecideScopeCommand Decide() => new() { CommandId = Id(), Account = Account, Approved = true };
        (await accounts.DecideScopeAsync(Decide())).Refused.Code.ShouldBe("scope.own");
        (await (await bed.AccountsAsync(Roles.AreaManager)).DecideScopeAsync(Decide())).Refused.Code.ShouldBe("authority.none");
        Good(await (await bed.AccountsAsync(Roles.SalesManager)).DecideScopeAsync(Decide())).Summary.Scope.ShouldBe("national");
        await bed.ImportAsync(Document(bed.Now));
        Good(await bed.ProposeAsync()).Summary.Awaiting.ShouldBe("SalesManager");
        Good(await bed.ApproveAsync(Roles.AreaManager)).Summary.State.ShouldBe("proposed");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Another_account_is_answered_like_one_that_does_not_exist(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine, papers: false);
        var everybody = await bed.AccountsAsync(Roles.SalesManager);
        Good(await everybody.CreateAsync(new CreateAccountCommand { CommandId = Id(), Account = BackendFixture.OtherAccount, NameZh = "别的", NameEn = "Other", Grade = "C", Ownership = "foreign" }));
        var own = await bed.AccountsAsync(Roles.KeyAccountManager);
        (await own.ListAsync(new ListAccountsRequest())).Accounts.Select(a => a.Account).ShouldBe([Account]);
        (await everybody.ListAsync(new ListAccountsRequest { PageSize = 1 })).NextPageToken.ShouldBe(Account);
        foreach (var code in new[] { BackendFixture.OtherAccount, "KA-NOBODY" })
        {
            (await StatusAsync(async () => await own.ReadAsync(new ReadAccountRequest { Account = code }))).ShouldBe(StatusCode.NotFound);
            (await StatusAsync(async () => await own.PutIdentityAsync(new PutIdentityCommand { CommandId = Id(), Account = code, CreditCode = "91350100M000100Y43", Document = "id_card" }))).ShouldBe(StatusCode.NotFound);
        }
        (await StatusAsync(async () => await own.CreateAsync(new CreateAccountCommand { CommandId = Id(), Account = "KA-NEW", NameZh = "新", NameEn = "New", Grade = "C", Ownership = "foreign" }))).ShouldBe(StatusCode.PermissionDenied);
    }
}
