using Grpc.Net.Client;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>The evening: phones tell the rest, parcels come back, cash is counted, taken to the bank and paid out. What real money is where is kept beside it.</summary>
internal sealed partial class Day
{
    /// <summary>Fen that the bank did not find in the deposit.</summary>
    internal long BankMissing { get; private set; }

    /// <summary>Real cash in the depot's safe.</summary>
    internal long Safe { get; private set; }

    /// <summary>Real money in the carrier's bank account.</summary>
    internal long Bank { get; private set; }

    /// <summary>Variances made good in cash and borne, by owner; above 0 = had been missing.</summary>
    internal Dictionary<string, long> MadeGood { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, long> Borne { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, long> Remitted { get; } = new(StringComparer.Ordinal);

    /// <summary>Called when all phones have told everything and nobody has counted yet.</summary>
    internal Func<Task> BeforeCount { get; set; } = () => Task.CompletedTask;

    private async Task CloseAsync()
    {
        Backend.AdvanceTo(DayPlan.At(18, 45));
        foreach (var courier in Couriers) (courier.OfflineUntil, courier.BadNetworkUntil) = (Backend.Now, Backend.Now);
        // Copies that the network still holds come in between.
        for (var round = 0; round < 100; round++)
        {
            var quiet = true;
            foreach (var courier in Couriers.Where(c => c.Phone.Waiting.Any())) quiet &= await ContactAsync(courier);
            await DrainAsync();
            if (quiet && !Couriers.Any(c => c.Phone.Waiting.Any())) break;
        }
        await ReverseAsync();
        await BeforeCount();
        Backend.AdvanceTo(DayPlan.At(19, 20));
        foreach (var courier in Couriers.Where(c => _draw.Chance(0.3) && _plan.Parcels.Any(p => p.Courier == c.Index && p.Place is Place.Courier))) await CloseTooEarlyAsync(courier);
        await TakeBackAsync();
        Backend.AdvanceTo(DayPlan.At(19, 45));
        foreach (var courier in Couriers) await CountAsync(courier);
        foreach (var courier in Couriers) await CloseSheetAsync(courier);
        await DepositAsync();
        await PayOutAsync();
        await SettleAsync();
    }

    private async Task ReverseAsync()
    {
        foreach (var parcel in _plan.Parcels.Where(p => p.Ending is Ending.PaidThenRefused && p.Visits > 0))
        {
            var money = Couriers[parcel.Courier].OnRecord[(parcel.Code, "money")];
            var done = await ActAsync(Roles.Finance, cash => cash.CorrectAsync(new CorrectMoneyCommand
            {
                CommandId = CommandId("correct " + parcel.Code), EventId = money.Id.ToString("D"), Reason = "given back at the door",
            }).ResponseAsync);
            if (done.Done is null) Oddities.Add($"the money of {parcel.Code}, given back, was not reversed: {done}");
        }
    }

    private async Task TakeBackAsync()
    {
        foreach (var parcel in _plan.Parcels.Where(p => p.Place is Place.Courier))
        {
            Tick(_draw.Int(300, 2_000));
            var courier = new Party { Kind = PartyKind.Courier, Id = Couriers[parcel.Courier].Id };
            if (parcel.Ending is Ending.Missing)
            {
                parcel.Place = Place.Gone;
                Agent.Record(new ParcelEvent { Kind = EventKind.Lost, Parcel = parcel.Code, Reason = "missing_at_close", From = courier });
                continue;
            }
            parcel.Place = Place.Depot;
            Agent.Record(new ParcelEvent
            {
                Kind = EventKind.ReturnedToCustody, Parcel = parcel.Code, Handover = "BACK-" + Couriers[parcel.Courier].Name, From = courier,
                To = new Party { Kind = PartyKind.Depot, Id = BackendFixture.Depot },
            });
        }
        await Agent.SendAsync(_killAgent, _killServer);
        (_killAgent, _killServer) = (false, _draw.Chance(0.5));
    }

    private async Task CountAsync(SimCourier courier)
    {
        if (courier.Pouch == 0) courier.Missing = 0;
        courier.Missing = Math.Min(courier.Missing, courier.Pouch);
        var counted = courier.Pouch - courier.Missing;
        if (counted == 0 && courier.Missing == 0) return;
        Tick(_draw.Int(10_000, 60_000));
        var reply = await ActAsync(Roles.DepotClerk, cash => cash.CountAsync(new CountCashCommand
        {
            CommandId = CommandId("count " + courier.Name), Courier = courier.Id, Depot = BackendFixture.Depot, Currency = "CNY", CountedMinor = counted,
        }).ResponseAsync);
        if (reply.Done?.VarianceMinor != -courier.Missing) Oddities.Add($"{courier.Name} lacked {courier.Missing} of {courier.Pouch}, and the count says {reply}");
        (Safe, courier.Pouch) = (Safe + counted, 0);
    }

    private async Task DepositAsync()
    {
        var carried = Safe;
        if (carried > 0)
        {
            var reply = await ActAsync(Roles.DepotClerk, cash => cash.DepositAsync(new DepositCashCommand
            {
                CommandId = CommandId("deposit"), Depot = BackendFixture.Depot, Currency = "CNY", AmountMinor = carried, Slip = "SLIP-1",
            }).ResponseAsync);
            if (reply.Done is null) Oddities.Add($"{carried} lie in the safe, and the deposit says {reply}");
            Safe = 0;
            BankMissing = Math.Min(BankMissing, carried);
            await ConfirmAsync("SLIP-1", carried - BankMissing);
        }
        else BankMissing = 0;
        foreach (var (means, word) in new[] { (PaymentMeans.Wechat, "wechat"), (PaymentMeans.Alipay, "alipay"), (PaymentMeans.Card, "card") })
        {
            var paid = _plan.Parcels.Where(p => p.Paid && p.Means == means).Sum(p => p.Cod + p.Freight);
            if (paid > 0) await ConfirmAsync(word, paid);
        }
    }

    private async Task ConfirmAsync(string slip, long found)
    {
        Bank += found;
        var reply = await ActAsync(Roles.Finance, cash => cash.ConfirmDepositAsync(new ConfirmDepositCommand
        {
            CommandId = CommandId("confirm " + slip), Slip = slip, Depot = BackendFixture.Depot, Currency = "CNY", AmountMinor = found,
        }).ResponseAsync);
        if (reply.Done is null) Oddities.Add($"the bank found {found} of {slip}, and the confirmation says {reply}");
    }

    private async Task PayOutAsync()
    {
        foreach (var account in SimBackend.Accounts)
        {
            var due = _plan.Parcels.Where(p => p.Paid && p.Account == account).Sum(p => p.Cod);
            if (due == 0) continue;
            var reply = await ActAsync(Roles.Finance, cash => cash.RemitAsync(new RemitCommand
            {
                CommandId = CommandId("remit " + account), Account = account, Currency = "CNY", AmountMinor = due, Reference = "PAY-" + account,
            }).ResponseAsync);
            if (reply.Done is null) Oddities.Add($"{due} is due to {account}, and the payment says {reply}");
            Remitted[account] = due;
            Bank -= due;
        }
    }

    // The first half is made good in cash, the next borne, the rest stays open.
    private async Task SettleAsync()
    {
        foreach (var courier in Couriers.Where(c => c.Missing != 0))
        {
            var borne = courier.Index % 3 == 1;
            if (courier.Index % 3 == 2) continue;
            var minor = borne ? courier.Missing : courier.Missing - (courier.Missing / 2);
            var reply = await ActAsync(Roles.Finance, cash => cash.SettleVarianceAsync(new SettleVarianceCommand
            {
                CommandId = CommandId("settle " + courier.Name), Owner = courier.Id, Depot = BackendFixture.Depot, Currency = "CNY", Minor = minor, Borne = borne, Reason = "settled at close",
            }).ResponseAsync);
            if (reply.Done is null) Oddities.Add($"{minor} of {courier.Name}'s variance was settled, and the ledger says {reply}");
            (borne ? Borne : MadeGood)[courier.Id] = minor;
            if (!borne) Safe += minor;
        }
    }

    // A desk's act: the answer may be lost, the server killed after the commit; the same command comes again and must be answered the same.
    private Task<CashReply> ActAsync(string role, Func<Cash.CashClient, Task<CashReply>> act) => ActAsync(role, channel => act(new Cash.CashClient(channel)));

    private async Task<TReply> ActAsync<TReply>(string role, Func<GrpcChannel, Task<TReply>> act)
        where TReply : notnull
    {
        Tick(_draw.Int(1_000, 20_000));
        var reply = await act(await Backend.AsAsync(role));
        var killed = _killServer && _draw.Chance(0.3);
        if (killed)
        {
            _killServer = false;
            await Backend.KillAsync();
        }
        if (!killed && !_draw.Chance(0.25)) return reply;
        var again = await act(await Backend.AsAsync(role));
        if (!again.Equals(reply)) Oddities.Add($"the same command was answered with {reply} and then with {again}");
        return again;
    }
}
