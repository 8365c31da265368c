using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Cash;

namespace KeyAccountLogistics.Unit.Dispatch;

/// <summary>Money from the door to the shipper (domain.md 4.5), one courier's day.</summary>
public sealed class CashTests
{
    private readonly Purse _purse = new();
    private int _next;

    [Fact]
    public void COD_and_freight_collect_are_two_postings_and_the_goods_money_is_the_shippers_from_the_door_on_SEED_03_COD_FC()
    {
        Come(EventKind.MoneyCollected, Purse.Collected("P1", cod: 10_000, freight: 1_200));
        _purse.Lines.Select(l => (l.Place.Account, l.Place.Owner, l.Minor, l.Parcel, l.Purpose)).ShouldBe(
        [
            (LedgerAccount.CourierCash, "c-1", 10_000, "P1", MoneyPurpose.Cod), (LedgerAccount.ShipperPayable, "ACME", -10_000, "P1", MoneyPurpose.Cod),
            (LedgerAccount.CourierCash, "c-1", 1_200, "P1", MoneyPurpose.Freight), (LedgerAccount.FreightIncome, "HZ01", -1_200, "P1", MoneyPurpose.Freight),
        ]);
    }

    [Fact]
    public void A_day_goes_from_the_pouch_to_the_safe_to_the_bank_to_the_shipper_and_leaves_nothing_behind()
    {
        Come(EventKind.MoneyCollected, Purse.Collected("P1", cod: 10_000));
        Come(EventKind.MoneyCollected, Purse.Collected("P2", cod: 5_000, freight: 800));
        Come(EventKind.MoneyCollected, Purse.Collected("P3", cod: 7_000, means: PaymentMeans.Wechat));
        _purse.Balance(LedgerAccount.CourierCash, "c-1").ShouldBe(15_800);
        _purse.Balance(LedgerAccount.InTransit, "wechat").ShouldBe(7_000, "what was never cash is not counted in the evening");

        Act(CashRules.Count(_purse.Open(LedgerAccount.CourierCash, "c-1"), "c-1", "clerk", "HZ01", "CNY", 15_800)).Found.ShouldBe(15_800);
        Act(CashRules.Deposit(_purse.Open(LedgerAccount.DepotCash, "HZ01"), slipUsed: false, "HZ01", "S-1", "CNY", 15_800));
        Act(CashRules.Confirm(_purse.Open(LedgerAccount.InTransit, "S-1"), "HZ01", "S-1", "CNY", 15_800));
        Refused(Remit(22_000)).ShouldBe((CashRefusalReason.AmountDiffers, 15_000, 22_000), "P3 is not in the bank yet");
        Act(Remit(15_000));
        Act(CashRules.Confirm(_purse.Open(LedgerAccount.InTransit, "wechat"), "HZ01", "wechat", "CNY", 7_000));
        Act(Remit(7_000));
        _purse.Sums().ShouldAllBe(k => k.Place.Contains("Freight", StringComparison.Ordinal), "only the earned freight is left");
        _purse.Balance(LedgerAccount.CompanyFreight).ShouldBe(800);
    }

    [Fact]
    public void A_shortage_stays_with_the_courier_and_never_touches_what_is_owed_to_the_shipper()
    {
        Come(EventKind.MoneyCollected, Purse.Collected("P1", cod: 10_000));
        var count = Act(CashRules.Count(_purse.Open(LedgerAccount.CourierCash, "c-1"), "c-1", "clerk", "HZ01", "CNY", 9_000));
        (count.Expected, count.Found).ShouldBe((10_000, 9_000));
        (_purse.Balance(LedgerAccount.CourierCash), _purse.Balance(LedgerAccount.DepotCash), _purse.Balance(LedgerAccount.CashVariance, "c-1"), _purse.Balance(LedgerAccount.ShipperPayable))
            .ShouldBe((0, 9_000, 1_000, -10_000));
        // The bank gets what lies there; the parcel's money is whole again when the shortage is made good.
        Act(CashRules.Deposit(_purse.Open(LedgerAccount.DepotCash, "HZ01"), false, "HZ01", "S-1", "CNY", 9_000));
        Act(CashRules.Settle(_purse.Balance(LedgerAccount.CashVariance, "c-1"), "c-1", "HZ01", "CNY", 1_000, borne: false));
        Act(CashRules.Deposit(_purse.Open(LedgerAccount.DepotCash, "HZ01"), false, "HZ01", "S-2", "CNY", 1_000));
        Act(CashRules.Confirm(_purse.Open(LedgerAccount.InTransit, "S-1"), "HZ01", "S-1", "CNY", 9_000));
        Act(CashRules.Confirm(_purse.Open(LedgerAccount.InTransit, "S-2"), "HZ01", "S-2", "CNY", 1_000));
        Act(Remit(10_000));
        // Every place is empty; inside the bank's the shortage and its payment still stand side by side, so that both can be found.
        Enum.GetValues<LedgerAccount>().ShouldAllBe(a => _purse.Balance(a) == 0);
    }

    [Fact]
    public void A_surplus_a_banks_difference_and_a_loss_that_is_borne_all_keep_their_names()
    {
        Come(EventKind.MoneyCollected, Purse.Collected("P1", cod: 10_000));
        Act(CashRules.Count(_purse.Open(LedgerAccount.CourierCash, "c-1"), "c-1", "clerk", "HZ01", "CNY", 10_500));
        _purse.Balance(LedgerAccount.CashVariance, "c-1").ShouldBe(-500);
        Act(CashRules.Deposit(_purse.Open(LedgerAccount.DepotCash, "HZ01"), false, "HZ01", "S-1", "CNY", 10_500));
        Act(CashRules.Confirm(_purse.Open(LedgerAccount.InTransit, "S-1"), "HZ01", "S-1", "CNY", 10_400));
        _purse.Balance(LedgerAccount.CashVariance, "S-1").ShouldBe(100, "the bank found a false note");
        Refused(CashRules.Settle(100, "S-1", "HZ01", "CNY", 101, borne: true)).Why.ShouldBe(CashRefusalReason.MoreThanVariance);
        Refused(CashRules.Settle(100, "S-1", "HZ01", "CNY", -1, borne: true)).Why.ShouldBe(CashRefusalReason.MoreThanVariance);
        Act(CashRules.Settle(100, "S-1", "HZ01", "CNY", 100, borne: true));
        _purse.Balance(LedgerAccount.VarianceLoss, "HZ01").ShouldBe(100);
    }

    [Fact]
    public void Freight_that_the_consignee_refuses_is_the_shippers_for_both_ways()
    {
        var move = new MoneyMove { Depot = "HZ01", Currency = "CNY", Items = { Purse.Item("P1", MoneyPurpose.Freight, 2_400) } };
        Come(EventKind.CollectionRefused, move);
        (_purse.Balance(LedgerAccount.FreightReceivable, "ACME"), _purse.Balance(LedgerAccount.FreightIncome, "HZ01")).ShouldBe((2_400, -2_400));
    }

    [Fact]
    public void Nobody_counts_his_own_cash_and_nothing_is_no_money_to_move()
    {
        Come(EventKind.MoneyCollected, Purse.Collected("P1", cod: 10_000));
        Refused(CashRules.Count(_purse.Open(LedgerAccount.CourierCash, "c-1"), "c-1", "c-1", "HZ01", "CNY", 10_000)).Why.ShouldBe(CashRefusalReason.SamePerson);
        Refused(CashRules.Count([], "c-2", "clerk", "HZ01", "CNY", 0)).Why.ShouldBe(CashRefusalReason.NothingThere);
        Refused(CashRules.Deposit([], false, "HZ01", "S-1", "CNY", 0)).Why.ShouldBe(CashRefusalReason.NothingThere);
        Refused(CashRules.Deposit(_purse.Open(LedgerAccount.CourierCash, "c-1"), true, "HZ01", "S-1", "CNY", 10_000)).Why.ShouldBe(CashRefusalReason.SlipUsed);
        Refused(CashRules.Deposit(_purse.Open(LedgerAccount.CourierCash, "c-1"), false, "HZ01", "S-1", "CNY", 9_999)).ShouldBe((CashRefusalReason.AmountDiffers, 10_000, 9_999));
    }

    [Fact]
    public void A_correction_reverses_the_lines_and_the_same_fact_again_has_no_effect()
    {
        Come(EventKind.MoneyCollected, Purse.Collected("P1", cod: 10_000));
        _purse.Come(Purse.Fact(1, EventKind.MoneyCollected, Purse.Collected("P1", cod: 10_000)));
        _purse.Balance(LedgerAccount.CourierCash).ShouldBe(10_000);
        _purse.Come(Purse.Fact(50, EventKind.MoneyCollected, Purse.Collected("P1", cod: 1_000), corrects: 1));
        _purse.Balance(LedgerAccount.CourierCash).ShouldBe(1_000, "the right amount in the place of the wrong one");
        _purse.Come(Purse.Fact(51, EventKind.Corrected, null, corrects: 50));
        _purse.Balance(LedgerAccount.CourierCash).ShouldBe(10_000, "the correction itself was wrong");
        _purse.Postings.Count.ShouldBe(5, "nothing is ever taken away");
    }

    [Fact]
    public void A_count_of_many_parcels_is_several_facts_of_which_the_last_tells_the_variance()
    {
        var items = Enumerable.Range(0, 1_201).Select(i => new OpenItem($"P{i:D5}", MoneyPurpose.Cod, 100, "")).ToList();
        var done = CashRules.Count(items, "c-1", "clerk", "HZ01", "CNY", 120_000).ShouldBeOfType<CashDecision.Done>();
        done.Moves.Select(m => (m.Items.Count, m.CountedMinor)).ShouldBe([(500, 50_000), (500, 50_000), (201, 20_000)]);
    }

    [Theory]
    [InlineData(MoneyFlaw.NoAmounts)]
    [InlineData(MoneyFlaw.CurrencyUnclear)]
    [InlineData(MoneyFlaw.AmountOutOfRange)]
    [InlineData(MoneyFlaw.ParcelMissing)]
    [InlineData(MoneyFlaw.PurposeUnclear)]
    [InlineData(MoneyFlaw.CourierMissing)]
    [InlineData(MoneyFlaw.DepotMissing)]
    [InlineData(MoneyFlaw.AccountMissing)]
    [InlineData(MoneyFlaw.MeansMissing)]
    [InlineData(MoneyFlaw.ItemTwice)]
    internal void A_fact_that_makes_no_sense_brings_its_flaw_and_no_line(MoneyFlaw flaw)
    {
        var fact = Purse.Fact(1, EventKind.MoneyCollected, Purse.Collected("P1", cod: 10_000));
        PostingRules.Of(fact).ShouldBeOfType<PostingAnswer.Lines>();
        var money = fact.Money;
        switch (flaw)
        {
            case MoneyFlaw.NoAmounts: money.Items.Clear(); break;
            case MoneyFlaw.CurrencyUnclear: money.Currency = "yuan"; break;
            case MoneyFlaw.AmountOutOfRange: money.Items[0].Minor = -1; break;
            case MoneyFlaw.ParcelMissing: money.Items[0].Parcel = "P2"; break;
            case MoneyFlaw.PurposeUnclear: money.Items[0].Purpose = MoneyPurpose.Variance; break;
            case MoneyFlaw.CourierMissing: money.Courier = ""; break;
            case MoneyFlaw.DepotMissing: money.Depot = ""; break;
            case MoneyFlaw.AccountMissing: money.Items[0].Account = ""; break;
            case MoneyFlaw.MeansMissing: money.Means = PaymentMeans.Unspecified; break;
            default: money.Items.Add(money.Items[0].Clone()); break;
        }
        PostingRules.Of(fact).ShouldBe(new PostingAnswer.Flawed(flaw));
    }

    [Fact]
    public void The_accounts_have_the_numbers_and_names_of_the_wire() => Enum.GetValues<LedgerAccount>().Select(a => ((int)a, a.ToString()))
        .ShouldBe(Enum.GetValues<Api.Dispatch.V1.LedgerAccount>().Where(a => a != Api.Dispatch.V1.LedgerAccount.Unspecified).Select(a => ((int)a, a.ToString())));

    private CashDecision Remit(long amount) => CashRules.Remit(
        _purse.Open(LedgerAccount.ShipperPayable, "ACME"), _purse.Open(LedgerAccount.CompanyCod, LedgerAccounts.Company), "ACME", "R-1", "CNY", amount);

    private CashDecision.Done Act(CashDecision decision)
    {
        var done = decision.ShouldBeOfType<CashDecision.Done>();
        foreach (var move in done.Moves) Come(done.Kind, move);
        return done;
    }

    private static (CashRefusalReason Why, long Expected, long Found) Refused(CashDecision decision)
    {
        var refused = decision.ShouldBeOfType<CashDecision.Refused>();
        return (refused.Why, refused.Expected, refused.Found);
    }

    private void Come(EventKind kind, MoneyMove money) => _purse.Come(Purse.Fact(++_next, kind, money));
}
