using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Cash;

namespace KeyAccountLogistics.Unit.Dispatch;

// Any day of two couriers, a clerk and a cashier, with mistakes put right, told in any order and more than once.
public sealed class CashProperties
{
    private static readonly string[] Couriers = ["c-1", "c-2"];
    private static readonly string[] Accounts = ["ACME", "BOLT"];

    private sealed record Act(int Kind, int Who, int Amount, int Other, PaymentMeans Means);

    private static Gen<Act[]> Days =>
        (from kind in Gen.Frequency((8, Gen.Constant(0)), (2, Gen.Constant(1)), (1, Gen.Constant(2)), (1, Gen.Constant(3)), (1, Gen.Constant(4)), (1, Gen.Constant(5)), (2, Gen.Constant(6)))
         from who in Gen.Choose(0, 1)
         from amount in Gen.Choose(1, 50_000)
         from other in Gen.Choose(-400, 400)
         from means in Gen.Elements(PaymentMeans.Cash, PaymentMeans.Cash, PaymentMeans.Alipay)
         select new Act(kind, who, amount, other, means)).ArrayOf(40);

    [Fact]
    public void The_ledger_balances_for_every_event_and_every_parcel_and_in_all() => Seeded.Holds(Days, day =>
    {
        var (purse, _) = Live(day);
        return purse.Postings.All(p => p.Lines.Sum(l => l.Minor) == 0)
            && purse.Lines.GroupBy(l => l.Parcel, StringComparer.Ordinal).All(g => g.Sum(l => l.Minor) == 0)
            && purse.Lines.Sum(l => l.Minor) == 0;
    });

    [Fact]
    public void What_lies_open_at_a_place_is_its_balance_and_a_count_leaves_the_pouch_empty() => Seeded.Holds(Days, day =>
    {
        var (purse, emptied) = Live(day);
        return emptied && Couriers.All(c => purse.Open(LedgerAccount.CourierCash, c).Sum(i => i.Minor) == purse.Balance(LedgerAccount.CourierCash, c))
            && Accounts.All(a => purse.Open(LedgerAccount.ShipperPayable, a).Sum(i => i.Minor) == purse.Balance(LedgerAccount.ShipperPayable, a));
    });

    [Fact]
    public void Order_of_arrival_and_repetitions_change_no_sum() => Seeded.Holds(Days.SelectMany(d => Gen.Choose(0, int.MaxValue).Select(s => (Day: d, Seed: s))), drawn =>
    {
        List<ParcelEvent> facts = [];
        var (purse, _) = Live(drawn.Day, facts);
        var (again, shuffled) = (new Purse(), facts.Concat(facts).ToArray());
        new Random(drawn.Seed).Shuffle(shuffled);
        foreach (var fact in shuffled) again.Come(fact);
        return purse.Sums().SequenceEqual(again.Sums());
    }, tests: 300);

    [Fact]
    public void Whatever_comes_in_one_batch_brings_each_line_once() => Seeded.Holds(Days.SelectMany(d => Gen.Choose(0, int.MaxValue).Select(s => (Day: d, Seed: s))), drawn =>
    {
        List<ParcelEvent> facts = [];
        var (purse, _) = Live(drawn.Day, facts);
        var (together, shuffled) = (new Purse(), facts.ToArray());
        new Random(drawn.Seed).Shuffle(shuffled);
        foreach (var batch in shuffled.Chunk(1 + (drawn.Seed % 7))) together.ComeTogether(batch);
        return purse.Sums().SequenceEqual(together.Sums()) && together.Postings.DistinctBy(p => (p.Event, p.Origin)).Count() == together.Postings.Count;
    }, tests: 300);

    [Fact]
    public void What_the_journal_is_told_of_a_remittance_follows_from_the_lines_and_not_from_their_order() => Seeded.Holds(Days.SelectMany(d => Gen.Choose(0, int.MaxValue).Select(s => (Day: d, Seed: s))), drawn =>
    {
        var (purse, _) = Live(drawn.Day);
        var owed = purse.Lines.Where(l => l.Place.Account == LedgerAccount.ShipperPayable).GroupBy(l => l.Parcel, StringComparer.Ordinal).ToDictionary(g => g.Key, g => -g.Sum(l => l.Minor), StringComparer.Ordinal);
        return owed.All(one =>
        {
            var lines = RemittanceTests.LinesOf(purse, one.Key).ToArray();
            var told = Remittance.Of(lines)!;
            new Random(drawn.Seed).Shuffle(lines);
            // All that is not paid is owed; more than all is never owed.
            return told == Remittance.Of(lines) && (told.PaidUs != 0 || told.Minor == 0 || one.Value > 0) && (told.PaidUs == 0 || one.Value <= 0);
        });
    }, tests: 200);

    private static (Purse Purse, bool PouchesEmptied) Live(Act[] day, List<ParcelEvent>? facts = null)
    {
        var purse = new Purse();
        var (next, slips, emptied) = (0, 0, true);
        void Come(EventKind kind, MoneyMove? money, int? corrects = null)
        {
            var fact = Purse.Fact(++next, kind, money, corrects);
            facts?.Add(fact);
            purse.Come(fact);
        }

        void Done(CashDecision decision)
        {
            if (decision is not CashDecision.Done done) return;
            foreach (var move in done.Moves) Come(done.Kind, move);
        }

        foreach (var act in day)
        {
            var (courier, account) = (Couriers[act.Who], Accounts[act.Who]);
            switch (act.Kind)
            {
                case 0: Come(EventKind.MoneyCollected, Purse.Collected($"P{next}", act.Amount, Math.Max(0, act.Other), act.Means, courier, account)); break;
                case 1:
                    var open = purse.Open(LedgerAccount.CourierCash, courier);
                    Done(CashRules.Count(open, courier, "clerk", "HZ01", "CNY", Math.Max(0, open.Sum(i => i.Minor) + act.Other)));
                    emptied &= purse.Open(LedgerAccount.CourierCash, courier).Count == 0;
                    break;
                case 2:
                    var safe = purse.Open(LedgerAccount.DepotCash, "HZ01");
                    Done(CashRules.Deposit(safe, false, "HZ01", $"S{++slips}", "CNY", safe.Sum(i => i.Minor)));
                    break;
                case 3:
                    var sent = purse.Open(LedgerAccount.InTransit, $"S{slips}");
                    Done(CashRules.Confirm(sent, "HZ01", $"S{slips}", "CNY", Math.Max(0, sent.Sum(i => i.Minor) + (act.Other % 3))));
                    break;
                case 4:
                    var (payable, bank) = (purse.Open(LedgerAccount.ShipperPayable, account), purse.Open(LedgerAccount.CompanyCod, LedgerAccounts.Company));
                    if (CashRules.Remit(payable, bank, account, "R", "CNY", 0) is CashDecision.Refused refused) Done(CashRules.Remit(payable, bank, account, "R", "CNY", refused.Expected));
                    break;
                case 5:
                    var variance = purse.Balance(LedgerAccount.CashVariance, courier);
                    Done(CashRules.Settle(variance, courier, "HZ01", "CNY", variance, act.Other > 0));
                    break;
                default:
                    var named = 1 + (act.Amount % Math.Max(1, next));
                    if (next > 0 && !purse.IsCorrected(named)) Come(EventKind.Corrected, null, named);
                    break;
            }
        }
        return (purse, emptied);
    }
}
