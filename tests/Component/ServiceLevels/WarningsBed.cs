using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>A bed whose account has a record with an owner - the account manager - and a contract signed and live since long, or as a test says.</summary>
internal sealed class WarningsBed : IAsyncDisposable
{
    internal const string Account = BackendFixture.Account;
    internal static readonly LocalDate Yesterday = new(2026, 10, 19);
    private int _told;

    private WarningsBed(LevelsBed bed) => Bed = bed;

    internal LevelsBed Bed { get; }

    internal string Manager => Bed.Backend.People[Roles.KeyAccountManager];

    internal static async Task<WarningsBed> StartAsync(Engine engine, string grade = "A", string live = "2025-01-01", string more = "")
    {
        var bed = new WarningsBed(await LevelsBed.StartAsync(engine));
        Good(await (await bed.AccountsAsync(Roles.KeyAccountManager)).CreateAsync(new CreateAccountCommand { CommandId = BackendFixture.NewCommandId(), Account = Account, NameZh = "测试客户", NameEn = "Test client", Grade = grade, Ownership = "private" }));
        var local = bed.Bed.Backend.AsLocalAdministrator().CreateCallInvoker();
        await new ContractSeeds(local, new RandomIds(bed.Bed.Backend.Time), bed.Bed.Backend.Time).SignAsync([("test.yaml", $$"""
            contract: KA-2026-0042
            version: 1
            account: {{Account}}
            name: {zh: 测试客户, en: Test client}
            currency: CNY
            effective: {from: {{live}}T00:00:00+08:00}
            renewal: {id: N-1, automatic: true, months: 12, notice_days: 60}
            tariff:
              - id: T-1
                first: {to: 1 kg, price: 8}
                further: {step: 0.5 kg, price: 1.00, tier_read_on: excess}
            {{more}}
            weight: {id: W-2, absolute: 0 g, percent: 0}
            handover: {id: H-1, insured: [item_by_item, seal, reweigh], delivery: {high: [code, signature]} }
            """)]);
        return bed;
    }

    internal async Task<Accounts.AccountsClient> AccountsAsync(string role) => new(await Bed.Backend.AsAsync(role));

    internal async Task<Warnings.WarningsClient> WarningsAsync(string role = Roles.KeyAccountManager) => new(await Bed.Backend.AsAsync(role));

    /// <summary>The night after a day, twice: asked twice is once.</summary>
    internal async Task NightAsync(LocalDate day)
    {
        for (var again = 0; again < 2; again++) await Bed.WarnAsync(day);
    }

    internal async Task<List<WarningView>> ListAsync(bool closed = false, string role = Roles.KeyAccountManager) =>
        [.. (await (await WarningsAsync(role)).ListAsync(new ListWarningsRequest { Account = Account, ClosedToo = closed, PageSize = 200 })).Warnings];

    /// <summary>The one that stands of a rule.</summary>
    internal async Task<WarningView> StandingAsync(string rule) => (await ListAsync()).Where(w => RuleOf(w) == rule).ShouldHaveSingleItem();

    internal async Task<bool> StandsAsync(string rule) => (await ListAsync()).Exists(w => RuleOf(w) == rule);

    /// <summary>How all of a rule were closed; none stands.</summary>
    internal async Task<List<string>> ClosedAsync(string rule)
    {
        (await StandsAsync(rule)).ShouldBeFalse();
        return [.. (await ListAsync(closed: true)).Where(w => RuleOf(w) == rule).Select(w => w.ClosedBecause)];
    }

    internal static string RuleOf(WarningView w) => w.Id[(Account.Length + 1)..w.Id.LastIndexOf('.')];

    internal Task TellAsync(EventKind kind, string name, Action<ServiceFact> more) =>
        Bed.AppendAsync(ServiceFactTests.Told(++_told, kind, name, LevelsBed.At(19, 9), more));

    /// <summary>The day's counters as the follower leaves them.</summary>
    internal Task CountAsync(LocalDate day, string figure, long numerator, long denominator) => Bed.CountAsync(Account, day, figure, numerator, denominator);

    internal Task ParcelsAsync(LocalDate day, long parcels) => CountAsync(day, FigureCodes.Parcels, parcels, parcels);

    internal static long Us(int month, int day, int hour = 12) => new LocalDateTime(2026, month, day, hour, 0).InZoneLeniently(LevelsBed.Zone).ToInstant().ToUnixTimeTicks() / 10;

    internal static AccountView Good(AccountReply reply)
    {
        reply.Refused.ShouldBeNull(reply.ToString());
        return reply.Account;
    }

    public ValueTask DisposeAsync() => Bed.DisposeAsync();
}
