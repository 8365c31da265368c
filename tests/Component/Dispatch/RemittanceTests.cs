using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Component.Contracts;
using KeyAccountLogistics.Component.Journal;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.Dispatch.CashLedgerTests;
using LedgerAccount = KeyAccountLogistics.Api.Dispatch.V1.LedgerAccount;

namespace KeyAccountLogistics.Component.Dispatch;

/// <summary>C3: goods money that is due to a shipper by its contract, as the journal is told of it, on both engines.</summary>
public sealed class RemittanceTests
{
    private const string Clause = "cod: {id: C-1, percent: 5, minimum: 3.00, highest_amount: 20000.00, remit: {working_days: 1}, cut_off: \"17:00\"}";

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Goods_money_is_told_paid_in_time_or_late_and_again_when_it_is_put_right(Engine engine)
    {
        await using var bed = await ContractsBed.StartAsync(engine);
        var (backend, slip) = (bed.Backend, 0);
        await bed.InForceAsync(ContractsBed.Document(bed.Now + Duration.FromMinutes(1), more: Clause));
        backend.Advance(TimeSpan.FromMinutes(5));
        var courier = backend.People[Roles.Courier];

        // Paid before its time: told with the payment, and the night has nothing to add.
        await CollectAsync(backend, Collected(1, "P1", courier, cod: 10_000, freight: 1_200));
        var collected = backend.Time.Now();
        var due = backend.Host.Services.GetRequiredService<IRemittancesInForce>().DueOf(BackendFixture.Account, collected)!;
        (due.Contract, due.Clause, due.Due > collected).ShouldBe((ContractsBed.Contract, "C-1", true));
        (await NightAsync()).ShouldBe(0, "not due yet");
        var paid = await PayAsync(11_200, 10_000);
        var first = (await ToldAsync()).ShouldHaveSingleItem();
        (first.Event.Reference, first.Fact.Account, first.Fact.Parcel, first.Fact.AmountMinor, first.Fact.Currency, first.Fact.Revision, first.Fact.Contract, first.Fact.ContractVersion).ShouldBe(
            ("P1/CNY", BackendFixture.Account, "P1", 10_000, "CNY", 2u, ContractsBed.Contract, 1u));
        (first.Fact.DueUs, first.Fact.DoneUs > 0 && first.Fact.DoneUs <= first.Fact.DueUs, first.Event.Parcel).ShouldBe((due.Due.ToUnixMicros(), true, ""));

        // Unpaid when its time is over: told by the night, once; paid late, told so. Another account has agreed on no time, so nothing of it is due.
        await CollectAsync(backend, Collected(2, "P2", courier, cod: 5_000), Collected(3, "P3", courier, cod: 3_000, account: BackendFixture.OtherAccount));
        backend.Advance(TimeSpan.FromDays(20));
        (await NightAsync()).ShouldBe(1);
        (await NightAsync()).ShouldBe(0);
        var late = (await ToldAsync())[^1];
        (late.Event.Reference, late.Fact.Revision, late.Fact.DoneUs, late.At.ToUnixMicros() > late.Fact.DueUs).ShouldBe(("P2/CNY", 1u, 0, true));
        await PayAsync(8_000, 5_000);
        late = (await ToldAsync())[^1];
        (late.Event.Reference, late.Fact.Revision, late.Fact.DoneUs > late.Fact.DueUs).ShouldBe(("P2/CNY", 2u, true));
        (await ToldAsync()).Count.ShouldBe(3);

        // The first remittance is put right: it was not paid after all, until it is.
        var finance = await CashAsync(Roles.Finance);
        (await finance.CorrectAsync(new CorrectMoneyCommand { CommandId = BackendFixture.NewCommandId(), EventId = paid, Reason = "returned by the bank" })).Done.ShouldNotBeNull();
        var again = (await ToldAsync())[^1];
        (again.Event.Reference, again.Fact.Revision, again.Fact.DoneUs, again.Fact.AmountMinor).ShouldBe(("P1/CNY", 3u, 0, 10_000));
        (await NightAsync()).ShouldBe(0, "it stands as unpaid already");
        (await finance.RemitAsync(new RemitCommand { CommandId = BackendFixture.NewCommandId(), Account = BackendFixture.Account, Currency = "CNY", AmountMinor = 10_000, Reference = "R-again" })).Done.ShouldNotBeNull();
        again = (await ToldAsync())[^1];
        (again.Fact.Revision, again.Fact.DoneUs > again.Fact.DueUs).ShouldBe((4u, true));

        // A collection that was told late and is put right by the phone: the next night tells what is due now.
        await CollectAsync(backend, Collected(4, "P4", courier, cod: 7_000));
        backend.Advance(TimeSpan.FromDays(20));
        (await NightAsync()).ShouldBe(1);
        await CollectAsync(backend, Collected(5, "P4", courier, cod: 700, corrects: 4));
        backend.Advance(TimeSpan.FromDays(20));
        (await NightAsync()).ShouldBe(1);
        var right = (await ToldAsync())[^1];
        (right.Event.Reference, right.Fact.Revision, right.Fact.AmountMinor, right.Fact.DoneUs).ShouldBe(("P4/CNY", 2u, 700, 0));
        // The desk takes that back, so that what was told first holds again: told at once.
        (await (await CashAsync(Roles.Finance)).CorrectAsync(new CorrectMoneyCommand { CommandId = BackendFixture.NewCommandId(), EventId = IdOf(5).ToString("D"), Reason = "the first was right" })).Done.ShouldNotBeNull();
        right = (await ToldAsync())[^1];
        (right.Event.Reference, right.Fact.Revision, right.Fact.AmountMinor).ShouldBe(("P4/CNY", 3u, 7_000));
        (await NightAsync()).ShouldBe(0);
        (await ToldAsync()).ShouldAllBe(f => f.Fact.Account == BackendFixture.Account);
        await BalancesAsync(backend);

        Task<List<(ParcelEvent Event, ServiceFact Fact, Instant At)>> ToldAsync() => ServiceFacts.OfAsync(backend, EventKind.RemittanceDue);

        // Signed in now: the clock has moved past an earlier sign-in.
        async Task<Api.Dispatch.V1.Cash.CashClient> CashAsync(string role) => new(backend.With((await backend.SignInAsync(BackendFixture.NameOf(role))).AccessToken));

        async Task<int> NightAsync()
        {
            await using var scope = backend.Host.Services.CreateScopeAs(Caller.System);
            var told = await scope.ServiceProvider.GetRequiredService<TellRemittances>().RunAsync(CancellationToken.None);
            return told.Value;
        }

        // What lies in the pouch to the bank, what is owed of it to the shipper; gives the remittance's event.
        async Task<string> PayAsync(long pouch, long owed)
        {
            var (clerk, cashier, name) = (await CashAsync(Roles.DepotClerk), await CashAsync(Roles.Finance), FormattableString.Invariant($"S-{++slip}"));
            (await clerk.CountAsync(new CountCashCommand { CommandId = BackendFixture.NewCommandId(), Courier = courier, Depot = BackendFixture.Depot, Currency = "CNY", CountedMinor = pouch })).Done.ShouldNotBeNull();
            (await clerk.DepositAsync(new DepositCashCommand { CommandId = BackendFixture.NewCommandId(), Depot = BackendFixture.Depot, Currency = "CNY", AmountMinor = pouch, Slip = name })).Done.ShouldNotBeNull();
            (await cashier.ConfirmDepositAsync(new ConfirmDepositCommand { CommandId = BackendFixture.NewCommandId(), Slip = name, Depot = BackendFixture.Depot, Currency = "CNY", AmountMinor = pouch })).Done.ShouldNotBeNull();
            var remit = new RemitCommand { CommandId = BackendFixture.NewCommandId(), Account = BackendFixture.Account, Currency = "CNY", AmountMinor = owed, Reference = "R-" + name };
            var done = (await cashier.RemitAsync(remit)).Done;
            (await cashier.RemitAsync(remit)).Done.ShouldBe(done, "the same command again has no second effect");
            return done.EventIds.ShouldHaveSingleItem();
        }
    }
}
