using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Component.Dispatch;

/// <summary>A courier's money over the wire, on both engines: derived from the journal, moved on by people, put right by reversal.</summary>
public sealed class CashLedgerTests
{
    private const string Account = BackendFixture.Account;

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_couriers_money_goes_to_the_shipper_and_each_step_is_one_whatever_is_sent_twice(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var courier = backend.People[Roles.Courier];
        await CollectAsync(backend, Collected(1, "P1", courier, cod: 10_000, freight: 1_200), Collected(2, "P2", courier, cod: 5_000));
        await CollectAsync(backend, Collected(2, "P2", courier, cod: 5_000));
        var clerk = new Api.Dispatch.V1.Cash.CashClient(await backend.AsAsync(Roles.DepotClerk));
        var finance = new Api.Dispatch.V1.Cash.CashClient(await backend.AsAsync(Roles.Finance));
        (await BalanceAsync(clerk, LedgerAccount.CourierCash)).ShouldBe(16_200);
        (await clerk.OpenMoneyAsync(new OpenMoneyRequest { Ledger = LedgerAccount.CourierCash, Owner = courier })).Items.Select(i => (i.Parcel, i.Purpose, i.Minor))
            .ShouldBe([("P1", MoneyPurpose.Cod, 10_000), ("P1", MoneyPurpose.Freight, 1_200), ("P2", MoneyPurpose.Cod, 5_000)], ignoreOrder: true);
        (await clerk.BalancesAsync(new BalancesRequest { Ledger = LedgerAccount.ShipperPayable })).Balances.ShouldBeEmpty("what is owed to shippers is no depot's");

        var count = new CountCashCommand
        {
            CommandId = BackendFixture.NewCommandId(), Courier = courier, Depot = BackendFixture.Depot, Currency = "CNY", CountedMinor = 16_000, RunSheet = "RS-1",
        };
        var counted = (await clerk.CountAsync(count)).Done;
        (counted.ExpectedMinor, counted.FoundMinor, counted.VarianceMinor, counted.Parcels).ShouldBe((16_200, 16_000, -200, 3));
        (await clerk.CountAsync(count)).Done.ShouldBe(counted);
        (await BalanceAsync(clerk, LedgerAccount.CashVariance)).ShouldBe(200);
        (await BalanceAsync(clerk, LedgerAccount.DepotCash)).ShouldBe(16_000);

        var wrong = (await clerk.DepositAsync(Deposit("S-1", 16_200))).Refused;
        (wrong.Code, wrong.ExpectedMinor, wrong.FoundMinor).ShouldBe(("amount_differs", 16_000, 16_200));
        (await clerk.DepositAsync(Deposit("S-1", 16_000))).Done.ShouldNotBeNull();
        (await clerk.DepositAsync(Deposit("S-1", 0))).Refused.Code.ShouldBe("slip_used");
        (await finance.ConfirmDepositAsync(new ConfirmDepositCommand
        {
            CommandId = BackendFixture.NewCommandId(), Slip = "S-1", Depot = BackendFixture.Depot, Currency = "CNY", AmountMinor = 16_000,
        })).Done.VarianceMinor.ShouldBe(0);
        var remit = new RemitCommand { CommandId = BackendFixture.NewCommandId(), Account = Account, Currency = "CNY", AmountMinor = 15_000, Reference = "R-1" };
        (await finance.RemitAsync(remit)).Done.Parcels.ShouldBe(2);
        (await finance.RemitAsync(new RemitCommand(remit) { CommandId = BackendFixture.NewCommandId() })).Refused.Code.ShouldBe("nothing_there");
        (await BalanceAsync(finance, LedgerAccount.ShipperPayable)).ShouldBe(0);
        (await finance.PostingsAsync(new PostingsRequest { Parcel = "P1" })).Postings.Sum(p => p.Minor).ShouldBe(0);
        await BalancesAsync(backend);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_wrong_amount_is_reversed_also_when_the_correction_comes_before_what_it_corrects(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var courier = backend.People[Roles.Courier];
        await CollectAsync(backend, Collected(1, "P1", courier, cod: 10_000));
        var finance = new Api.Dispatch.V1.Cash.CashClient(await backend.AsAsync(Roles.Finance));
        var correct = new CorrectMoneyCommand { CommandId = BackendFixture.NewCommandId(), EventId = IdOf(1).ToString("D"), Reason = "typed one zero too many" };
        (await finance.CorrectAsync(correct)).Done.EventIds.Count.ShouldBe(1);
        (await finance.CorrectAsync(new CorrectMoneyCommand(correct) { CommandId = BackendFixture.NewCommandId() })).Refused.Code.ShouldBe("corrected_already");
        (await finance.CorrectAsync(new CorrectMoneyCommand(correct) { CommandId = BackendFixture.NewCommandId(), EventId = IdOf(77).ToString("D") })).Refused.Code.ShouldBe("not_money");
        (await BalanceAsync(finance, LedgerAccount.CourierCash)).ShouldBe(0);

        // Whoever may tell of parcels does not take money back: not with another fact, and not by what only the desk may say.
        await CollectAsync(backend, Collected(20, "P9", courier, cod: 400));
        var named = ByteString.CopyFrom(Uuid.Bytes(IdOf(20)));
        var captures = new Captures.CapturesClient(await backend.AsAsync(Roles.Courier));
        ParcelEvent Taken(EventKind kind) => new() { Id = BackendFixture.NewCommandId(), Kind = kind, Parcel = "P9", Actor = courier, Corrects = named };
        (await captures.RecordAsync(new RecordEventsRequest { Device = "phone-1", Events = { Taken(EventKind.Scanned).ToByteString(), Taken(EventKind.Corrected).ToByteString() } }))
            .Results.ShouldAllBe(r => r.Result == "recorded");
        var forged = Taken(EventKind.Corrected);
        forged.Money = new MoneyMove();
        (await AppendAsync(backend, forged)).Rejected.Single().Code.ShouldBe("event.source");
        (await BalanceAsync(finance, LedgerAccount.CourierCash)).ShouldBe(400);
        (await finance.CorrectAsync(new CorrectMoneyCommand(correct) { CommandId = BackendFixture.NewCommandId(), EventId = IdOf(20).ToString("D") })).Done.ShouldNotBeNull();
        (await BalanceAsync(finance, LedgerAccount.CourierCash)).ShouldBe(0);

        // The phone's own correction, which carries the right amount, overtakes the wrong one.
        await CollectAsync(backend, Collected(3, "P2", courier, cod: 700, corrects: 2));
        (await BalanceAsync(finance, LedgerAccount.CourierCash)).ShouldBe(700);
        await CollectAsync(backend, Collected(2, "P2", courier, cod: 7_000));
        (await BalanceAsync(finance, LedgerAccount.CourierCash)).ShouldBe(700);
        // And in one batch, the other way round.
        await CollectAsync(backend, Collected(5, "P3", courier, cod: 900, corrects: 4), Collected(4, "P3", courier, cod: 9_000));
        (await BalanceAsync(finance, LedgerAccount.CourierCash)).ShouldBe(1_600);
        (await BalanceAsync(finance, LedgerAccount.ShipperPayable)).ShouldBe(-1_600);
        await CollectAsync(backend, Collected(6, "P4", courier, cod: 3_000), Collected(7, "P4", courier, cod: 300, corrects: 6));
        (await BalanceAsync(finance, LedgerAccount.CourierCash)).ShouldBe(1_900, "and the usual way round");
        await CollectAsync(backend, Collected(8, "P5", courier, cod: 50, corrects: 9), Collected(9, "P5", courier, cod: 60, corrects: 8));
        (await BalanceAsync(finance, LedgerAccount.CourierCash)).ShouldBe(1_900, "two that name each other take each other back");
        await BalancesAsync(backend);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_phone_can_tell_what_it_collected_and_not_what_others_counted_and_a_courier_does_not_count_himself(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var courier = backend.People[Roles.Courier];
        var forged = Collected(1, "P1", courier, cod: 10_000);
        (forged.Kind, forged.Money.HasCounted) = (EventKind.CashCounted, true);
        (await AppendAsync(backend, forged)).Rejected.Single().Code.ShouldBe("event.source");
        var flawed = Collected(2, "P1", courier, cod: 10_000);
        flawed.Money.Currency = "yuan";
        await CollectAsync(backend, flawed);
        (await backend.Database.ScalarAsync("SELECT COUNT(*) FROM dispatch_entry WHERE flaw > 0")).ShouldBe(1);
        (await backend.Database.ScalarAsync("SELECT COUNT(*) FROM dispatch_posting")).ShouldBe(0);
        var head = new Api.Dispatch.V1.Cash.CashClient(await backend.AsAsync(Roles.StationHead));
        (await Should.ThrowAsync<RpcException>(async () => await head.CountAsync(
            new CountCashCommand { CommandId = BackendFixture.NewCommandId(), Courier = courier, Depot = "PEK02", Currency = "CNY" }))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await head.CountAsync(new CountCashCommand { CommandId = BackendFixture.NewCommandId(), Courier = courier, Depot = BackendFixture.Depot, Currency = "CNY" }))
            .Refused.Code.ShouldBe("nothing_there");
    }

    /// <summary>What is missing in the evening is somebody's matter: a case with clocks, decided within authority, and closed by itself when the count was wrong.</summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_variance_is_a_case_until_it_is_decided_or_the_count_put_right(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var courier = backend.People[Roles.Courier];
        await CollectAsync(backend, Collected(1, "P1", courier, cod: 10_000));
        var clerk = new Api.Dispatch.V1.Cash.CashClient(await backend.AsAsync(Roles.DepotClerk));
        var count = new CountCashCommand { CommandId = BackendFixture.NewCommandId(), Courier = courier, Depot = BackendFixture.Depot, Currency = "CNY", CountedMinor = 9_700 };
        var counted = (await clerk.CountAsync(count)).Done;
        counted.VarianceMinor.ShouldBe(-300);
        var finance = await backend.AsAsync(Roles.Finance);
        var cases = new Api.Cases.V1.Cases.CasesClient(finance);
        var opened = await CaseAsync(cases, c => c.State == "open");
        (opened.Kind, opened.Stage, opened.Depot, opened.Subject, opened.OnHold.Minor, opened.Account).ShouldBe(("cash", "explaining", BackendFixture.Depot, courier, 300, ""));
        (await new Api.Cases.V1.Cases.CasesClient(await backend.AsAsync(Roles.ClientUser)).ListAsync(new Api.Cases.V1.ListCasesRequest())).Cases.ShouldBeEmpty("a depot's cash is no client's matter");

        // Whoever owes it cannot close it: a correction that carries no money, which anybody may tell of an event, puts nothing right.
        (await AppendAsync(backend, new ParcelEvent
        {
            Id = ByteString.CopyFrom(Uuid.Bytes(IdOf(90))), Kind = EventKind.Corrected, Actor = courier, Corrects = ByteString.CopyFrom(Uuid.Bytes(Guid.Parse(counted.EventIds[0]))), Reason = "forged",
        })).Rejected.ShouldBeEmpty();
        await CollectAsync(backend, Collected(2, "P2", courier, cod: 5_000));
        var wrong = (await clerk.CountAsync(new CountCashCommand(count) { CommandId = BackendFixture.NewCommandId(), CountedMinor = 500 })).Done;
        // What is told later is done later: with the second case there, the forged word has been heard.
        var second = await CaseAsync(cases, c => c.CaseId != opened.CaseId && c.State == "open");
        second.OnHold.Minor.ShouldBe(4_500);
        (await CaseAsync(cases, c => c.CaseId == opened.CaseId && c.State == "open")).Outcome.ShouldBe("");

        var explained = new Api.Cases.V1.ActOnCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = opened.CaseId, Step = "explained", Note = "wrong change at one door" };
        (await cases.ActAsync(explained)).Case.Stage.ShouldBe("deciding");
        var borne = new Api.Cases.V1.DecideCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = opened.CaseId, Outcome = "made_good", Reason = "wrong_change" };
        (await cases.DecideAsync(borne)).Case.State.ShouldBe("closed");
        (await cases.DecideAsync(borne)).Case.State.ShouldBe("closed");

        // The other evening the clerk had counted wrong, and the count is put right.
        var correct = new CorrectMoneyCommand { CommandId = BackendFixture.NewCommandId(), EventId = wrong.EventIds[0], Reason = "counted one bundle only" };
        (await new Api.Dispatch.V1.Cash.CashClient(finance).CorrectAsync(correct)).Done.ShouldNotBeNull();
        (await CaseAsync(cases, c => c.CaseId == second.CaseId && c.State == "closed")).Outcome.ShouldBe("withdrawn");
        await BalancesAsync(backend);
    }

    private static async Task<Api.Cases.V1.CaseSummary> CaseAsync(Api.Cases.V1.Cases.CasesClient cases, Func<Api.Cases.V1.CaseSummary, bool> such)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var found = (await cases.ListAsync(new Api.Cases.V1.ListCasesRequest { Kind = "cash" }, cancellationToken: limit.Token)).Cases.FirstOrDefault(such);
            if (found is not null) return found;
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, limit.Token);
        }
    }

    private static DepositCashCommand Deposit(string slip, long amount) =>
        new() { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Currency = "CNY", AmountMinor = amount, Slip = slip };

    internal static Guid IdOf(int id) => NamedId.From("cash", id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    internal static ParcelEvent Collected(int id, string parcel, string courier, long cod, long freight = 0, int? corrects = null, string account = Account)
    {
        var money = new MoneyMove { Courier = courier, Depot = BackendFixture.Depot, Currency = "CNY", Means = PaymentMeans.Cash };
        money.Items.Add(new MoneyItem { Parcel = parcel, Purpose = MoneyPurpose.Cod, Minor = cod, Account = account });
        if (freight > 0) money.Items.Add(new MoneyItem { Parcel = parcel, Purpose = MoneyPurpose.Freight, Minor = freight });
        return new ParcelEvent
        {
            Id = ByteString.CopyFrom(Uuid.Bytes(IdOf(id))), Kind = EventKind.MoneyCollected, Parcel = parcel, Actor = courier, Money = money,
            Corrects = corrects is { } named ? ByteString.CopyFrom(Uuid.Bytes(IdOf(named))) : ByteString.Empty,
        };
    }

    internal static async Task CollectAsync(BackendFixture backend, params ParcelEvent[] facts) => (await AppendAsync(backend, facts)).Rejected.ShouldBeEmpty();

    /// <summary>From another phone of his, whose batches are journalled beside the first one's.</summary>
    internal static async Task CollectAsync(BackendFixture backend, int phone, params ParcelEvent[] facts) => (await AppendAsync(backend, facts, phone)).Rejected.ShouldBeEmpty();

    private static Task<AppendResult> AppendAsync(BackendFixture backend, params ParcelEvent[] facts) => AppendAsync(backend, facts, 1);

    private static async Task<AppendResult> AppendAsync(BackendFixture backend, ParcelEvent[] facts, int phone) => (await backend.Host.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
    {
        Source = JournalSource.Device(FormattableString.Invariant($"the-courier/phone-{phone}")), Bodies = [.. facts.Select(f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.Unproven, ReceivedAt = backend.Time.Now(),
    })).Value;

    private static async Task<long> BalanceAsync(Api.Dispatch.V1.Cash.CashClient cash, LedgerAccount ledger) =>
        (await cash.BalancesAsync(new BalancesRequest { Ledger = ledger })).Balances.Sum(b => b.Minor);

    /// <summary>The tables themselves: in all, by event, and sums against lines.</summary>
    internal static async Task BalancesAsync(BackendFixture backend)
    {
        (await backend.Database.ScalarAsync("SELECT COALESCE(SUM(minor), 0) FROM dispatch_posting")).ShouldBe(0);
        (await backend.Database.ScalarAsync("SELECT COUNT(*) FROM (SELECT event_id FROM dispatch_posting GROUP BY event_id, currency HAVING SUM(minor) <> 0) AS x")).ShouldBe(0);
        (await backend.Database.ScalarAsync(
            "SELECT COUNT(*) FROM dispatch_balance b WHERE b.minor <> (SELECT COALESCE(SUM(p.minor), 0) FROM dispatch_posting p WHERE p.ledger = b.ledger AND p.owner = b.owner AND p.depot = b.depot AND p.currency = b.currency)"))
            .ShouldBe(0);
        (await backend.Database.ScalarAsync(
            "SELECT COUNT(*) FROM dispatch_balance b WHERE b.ledger <= 4 AND b.minor <> (SELECT COALESCE(SUM(o.minor), 0) FROM dispatch_open_money o WHERE o.ledger = b.ledger AND o.owner = b.owner AND o.depot = b.depot AND o.currency = b.currency)"))
            .ShouldBe(0);
    }
}
