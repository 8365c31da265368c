using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>
/// What the account manager finds on the desk in the morning: the three accounts with their sites, people and project groups, a fourth that is not ready for a contract, an amendment
/// that waits for approval and one that waits for its signature. Through the same RPCs as everybody.
/// </summary>
internal sealed class DemoOffice(CallInvoker administrator, IReadOnlyList<DemoPerson> people, IIds ids, TimeProvider time)
{
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    private readonly Accounts.AccountsClient _accounts = new(administrator);
    private readonly Api.Contracts.V1.Contracts.ContractsClient _contracts = new(administrator);

    private LocalDate Today => time.Now().InZone(Zone).Date;

    /// <summary>The accounts, before their contracts are taken over: whoever takes them over leaves what is there.</summary>
    public async Task OpenAccountsAsync(CancellationToken ct)
    {
        await AccountAsync(Account("HDDS-A", "华东电商甲", "East China E-Commerce A", "A", "private"), Today.PlusYears(2), Record("上海市浦东新区张江路88号", "电子商务", "服饰、家居小件", 24_000, "strategic", true), ct);
        await AccountAsync(Account("XYSP-C", "鲜悦食品", "Fresh Joy Foods", "B", "joint"), Today.PlusDays(20), Record("上海市嘉定区曹安公路1688号", "生鲜食品", "水果、冷冻食品", 6_500, "stable", true), ct);
        await AccountAsync(Account("YYSM-B", "粤远数码", "Yueyuan Digital", "A", "private"), Today.PlusYears(1), Record("深圳市南山区科苑路15号", "消费电子", "手机、相机", 9_000, "initial", false), ct);
        await AccountAsync(Account("MLJJ-D", "木里家居", "Muli Furniture", "C", "private"), null, Record("杭州市余杭区良渚路200号", "家具", "板式家具、灯具", 1_200, "incubation", false), ct);
        await SiteAsync("HDDS-A", new SiteView { Code = "PD-1", Name = "浦东一号仓", Place = "310115", Address = "上海市浦东新区张江路88号", Depot = DemoBackend.Depot, Windows = { Days(1, 6, "10:30", "11:30"), Days(1, 6, "17:00", "18:30"), Days(7, 7, "16:00", "17:00") } }, ct);
        await SiteAsync("HDDS-A", new SiteView { Code = "JX-2", Name = "嘉兴分仓", Place = "330402", Address = "嘉兴市南湖区亚太路66号", Depot = DemoBackend.Depot, Windows = { Days(1, 5, "16:30", "17:30") } }, ct);
        await SiteAsync("XYSP-C", new SiteView { Code = "JD-1", Name = "嘉定冷库", Place = "310114", Address = "上海市嘉定区曹安公路1688号", Depot = DemoBackend.Depot, Windows = { Days(1, 7, "06:00", "07:30"), Days(1, 7, "14:00", "15:00") } }, ct);
        await SiteAsync("YYSM-B", new SiteView { Code = "NS-1", Name = "南山仓", Place = "440305", Address = "深圳市南山区科苑路15号", Depot = DemoBackend.Depot, Windows = { Days(1, 5, "18:00", "19:30") } }, ct);
        await ContactAsync("HDDS-A", "c_level", "法定代表人", true, "王建国", "13812345678", "wang@example.cn", ct);
        await ContactAsync("HDDS-A", "manager", "物流总监", false, "李慧敏", "13900001111", "li@example.cn", ct);
        await ContactAsync("HDDS-A", "operator", "仓库主管", false, "赵大海", "13700002222", "zhao@example.cn", ct);
        await ContactAsync("YYSM-B", "manager", "供应链经理", false, "陈思远", "13600003333", "chen@example.cn", ct);
        Good("group", await _accounts.SetProjectGroupAsync(
            new SetProjectGroupCommand
            {
                CommandId = Id(), Account = "HDDS-A",
                Members =
                {
                    new GroupMember { Level = 1, Person = Person("SalesManager"), Duty = "统一谈判与报价", Escalation = 1 },
                    new GroupMember { Level = 2, Person = Person("KeyAccountManager"), Duty = "日常协调", Escalation = 1 },
                    new GroupMember { Level = 2, Person = Person("CustomerService"), Duty = "投诉与理赔", Escalation = 2 },
                },
            },
            cancellationToken: ct));
        Good("scope", await _accounts.AskScopeAsync(new AskScopeCommand { CommandId = Id(), Account = "HDDS-A", Scope = "provincial", Reason = "嘉兴、宁波两地新开分仓" }, cancellationToken: ct));
    }

    /// <summary>What is under way, after the contracts in force have been taken over.</summary>
    public async Task LeaveWorkAsync(CancellationToken ct)
    {
        var documents = DemoTerms.Files().ToDictionary(static f => f.Name, static f => f.Text, StringComparer.Ordinal);
        // A dearer way to the neighbouring provinces: announced, and waiting for somebody with the authority.
        var proposed = Next(documents["hdds-a.yaml"], Today.PlusDays(40)).Replace("first: 5.00, further: 0.60", "first: 5.20, further: 0.60", StringComparison.Ordinal);
        await ProposedAsync("hdds-a.yaml", proposed, 24_000, 21_000_000, "14.2", ct);
        // A better one for the fruit: approved, to be signed.
        var approved = Next(documents["xysp-c.yaml"], Today.PlusDays(15)).Replace("percent: 0.5", "percent: 0.8", StringComparison.Ordinal);
        var version = await ProposedAsync("xysp-c.yaml", approved, 6_500, 5_200_000, "12.8", ct);
        Good(version.Contract, await _contracts.ApproveAsync(new VersionCommand { CommandId = Id(), Contract = version.Contract, Version = version.Version }, cancellationToken: ct));
    }

    private async Task<VersionSummary> ProposedAsync(string name, string text, long parcels, long revenue, string margin, CancellationToken ct)
    {
        var imported = await _contracts.ImportAsync(new ImportDocumentCommand { CommandId = Id(), Document = new Document { Name = name, Text = text } }, cancellationToken: ct);
        if (imported.Wrong is { } wrong) throw new InvalidOperationException($"{name}: {string.Join("; ", wrong.Mistakes_.Select(static m => m.Text))}");
        if (imported.Refused is { } refused) throw new InvalidOperationException($"{name}: {refused.Message}");
        var version = imported.Imported.Versions[^1];
        Good(name, await _contracts.AnnounceAsync(
            new AnnounceCommand { CommandId = Id(), Contract = version.Contract, Version = version.Version, Reference = "官网公告" }, cancellationToken: ct));
        Good(name, await _contracts.ProposeAsync(
            new ProposeCommand
            {
                CommandId = Id(), Contract = version.Contract, Version = version.Version, Note = "年度调价",
                Pricing = new Pricing { ParcelsAMonth = parcels, RevenueAMonthMinor = revenue, MarginPercent = margin },
            },
            cancellationToken: ct));
        return version;
    }

    private string Next(string text, LocalDate from) => text
        .Replace("version: 1", "version: 2", StringComparison.Ordinal)
        .Replace("2026-01-01T00:00:00+08:00", LocalDatePattern.Iso.Format(from) + "T00:00:00+08:00", StringComparison.Ordinal);

    private async Task AccountAsync(CreateAccountCommand create, LocalDate? agreedUntil, AccountRecord record, CancellationToken ct)
    {
        create.CommandId = Id();
        create.Owner = Person("KeyAccountManager");
        var made = Good(create.Account, await _accounts.CreateAsync(create, cancellationToken: ct));
        Good(create.Account, await _accounts.EditAsync(
            new EditAccountCommand
            {
                CommandId = Id(), Account = create.Account, Revision = made.Revision, NameZh = create.NameZh, NameEn = create.NameEn, Grade = create.Grade, Ownership = create.Ownership,
                Record = record, CreditCurrency = "CNY",
            },
            cancellationToken: ct));
        if (agreedUntil is not { } until) return;
        Good(create.Account, await _accounts.PutAgreementAsync(
            new PutAgreementCommand { CommandId = Id(), Account = create.Account, Number = "SA-" + create.Account, Signed = "2025-12-01", Until = LocalDatePattern.Iso.Format(until) }, cancellationToken: ct));
    }

    private static CreateAccountCommand Account(string account, string nameZh, string nameEn, string grade, string ownership) =>
        new() { Account = account, NameZh = nameZh, NameEn = nameEn, Grade = grade, Ownership = ownership };

    private static AccountRecord Record(string address, string industry, string products, long parcels, string relationship, bool first) => new()
    {
        Basic = new BasicPart { Address = address, Industry = industry, Bank = "中国工商银行", Switchboard = "021-55550000" },
        Business = new BusinessPart { Products = products, ParcelsAMonth = parcels, FiscalYearFrom = "01-01", Rivals = "自营车队" },
        Logistic = new LogisticPart { GoesFirst = first, Packing = "统一纸箱，三层瓦楞", PickupNotes = "仓库北门，登记车牌" },
        Trading = new TradingPart { TradingSince = "2023-05-18", Relationship = relationship },
    };

    private async Task SiteAsync(string account, SiteView site, CancellationToken ct) =>
        Good(account, await _accounts.PutSiteAsync(new PutSiteCommand { CommandId = Id(), Account = account, Site = site }, cancellationToken: ct));

    private async Task ContactAsync(string account, string level, string position, bool signs, string name, string phone, string email, CancellationToken ct) =>
        Good(account, await _accounts.PutContactAsync(
            new PutContactCommand
            {
                CommandId = Id(), Account = account, Level = level, Position = position, Signs = signs, Consent = "contact", ConsentHow = "合同附件二", Details = new ContactDetails { Name = name, Phone = phone, Email = email },
            },
            cancellationToken: ct));

    private static IEnumerable<PickupWindow> Days(int first, int last, string from, string until) =>
        Enumerable.Range(first, last - first + 1).Select(day => new PickupWindow { Day = day, From = from, Until = until });

    private string Person(string role) => people.First(p => string.Equals(p.Role, role, StringComparison.Ordinal)).Id;

    private ByteString Id() => ByteString.CopyFrom(ids.New().ToByteArray(bigEndian: true));

    private static AccountView Good(string what, AccountReply reply) => reply.Refused is { } refused ? throw Refused(what, refused) : reply.Account;

    private static void Good(string what, VersionReply reply)
    {
        if (reply.Refused is { } refused) throw Refused(what, refused);
    }

    private static InvalidOperationException Refused(string what, Refusal refused) => new(string.Create(CultureInfo.InvariantCulture, $"The demonstration's {what}: {refused.Code}, {refused.Message}"));
}
