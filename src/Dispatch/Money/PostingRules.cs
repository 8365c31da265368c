using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Verdicts;

namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>
/// From a money fact to its lines, as opposed to <see cref="CashRules"/>, which decides whether the fact may be made. Pure and total: what makes no sense brings a flaw.
/// COD and freight collect are two postings even where one note pays both (domain.md 4.5); a shortage never touches what is owed to the shipper.
/// </summary>
internal static class PostingRules
{
    internal const int ItemsMax = 1_000;

    /// <summary>Minor units of one item; sums of <see cref="ItemsMax"/> of them are far from overflowing.</summary>
    internal const long AmountMax = 1_000_000_000_000;

    internal static bool IsMoney(EventKind kind) => kind is >= EventKind.MoneyCollected and <= EventKind.VarianceSettled;

    internal static PostingAnswer Of(ParcelEvent fact)
    {
        if (fact.Money is not { } money || (money.Items.Count == 0 && !money.HasCounted)) return new PostingAnswer.Flawed(MoneyFlaw.NoAmounts);
        if ((WhyNotWhole(fact.Kind, money) ?? WhyNotItems(fact, money)) is { } flaw) return new PostingAnswer.Flawed(flaw);
        var lines = new List<PostingLine>((2 * money.Items.Count) + 2);
        foreach (var item in money.Items)
        {
            var (debit, credit) = Sides(fact.Kind, money, item);
            Add(lines, debit, credit, item.Minor, item.Parcel, item.Purpose);
        }
        if (fact.Kind is EventKind.CashCounted or EventKind.DepositConfirmed) AddVariance(lines, fact.Kind, money);
        return new PostingAnswer.Lines([.. lines]);
    }

    // What lies there counts; what is missing from it is somebody's matter until a case decides it. The parcels' money goes on whole.
    private static void AddVariance(List<PostingLine> lines, EventKind kind, MoneyMove money)
    {
        var variance = money.CountedMinor - money.Items.Sum(i => i.Minor);
        if (variance == 0) return;
        var counted = kind is EventKind.CashCounted ? DepotCash(money) : Company(MoneyPurpose.Variance);
        Add(lines, counted, Variance(money), variance, "", MoneyPurpose.Variance);
    }

    private static (LedgerPlace Debit, LedgerPlace Credit) Sides(EventKind kind, MoneyMove money, MoneyItem item) => kind switch
    {
        EventKind.MoneyCollected => (money.Means is PaymentMeans.Cash ? CourierCash(money) : InTransit(money), item.Purpose is MoneyPurpose.Cod ? Payable(item) : Income(money)),
        EventKind.CollectionRefused => (new LedgerPlace(LedgerAccount.FreightReceivable, item.Account, "", item.Account), Income(money)),
        EventKind.CashCounted => (DepotCash(money), CourierCash(money)),
        EventKind.CashDeposited => (InTransit(money), DepotCash(money)),
        EventKind.DepositConfirmed => (Company(item.Purpose), InTransit(money)),
        EventKind.MoneyRemitted => (Payable(item), Company(item.Purpose)),
        _ => (money.Borne ? new LedgerPlace(LedgerAccount.VarianceLoss, money.Depot, money.Depot, "") : DepotCash(money), Variance(money)),
    };

    private static void Add(List<PostingLine> lines, LedgerPlace debit, LedgerPlace credit, long minor, string parcel, MoneyPurpose purpose)
    {
        lines.Add(new PostingLine(debit, minor, parcel, purpose));
        lines.Add(new PostingLine(credit, -minor, parcel, purpose));
    }

    private static MoneyFlaw? WhyNotWhole(EventKind kind, MoneyMove money)
    {
        if (money.Items.Count > ItemsMax) return MoneyFlaw.TooManyItems;
        if (!Kernel.Money.IsCurrency(money.Currency)) return MoneyFlaw.CurrencyUnclear;
        if (money.HasCounted && money.CountedMinor is < 0 or > AmountMax) return MoneyFlaw.AmountOutOfRange;
        if (kind is EventKind.CashCounted or EventKind.DepositConfirmed && !money.HasCounted) return MoneyFlaw.NotCounted;
        if (money.Depot.Length == 0 && kind is not EventKind.MoneyRemitted) return MoneyFlaw.DepotMissing;
        if (money.Slip.Length == 0 && kind is EventKind.CashDeposited or EventKind.DepositConfirmed or EventKind.MoneyRemitted) return MoneyFlaw.SlipMissing;
        if (kind is EventKind.MoneyCollected && !Enum.IsDefined(money.Means)) return MoneyFlaw.MeansMissing;
        if (kind is EventKind.MoneyCollected && money.Means is PaymentMeans.Unspecified) return MoneyFlaw.MeansMissing;
        // Whom a variance of the bank's count belongs to is the slip's matter.
        var needsCourier = kind is EventKind.MoneyCollected or EventKind.CashCounted || (kind is EventKind.VarianceSettled && money.Slip.Length == 0);
        return needsCourier && money.Courier.Length == 0 ? MoneyFlaw.CourierMissing : null;
    }

    private static MoneyFlaw? WhyNotItems(ParcelEvent fact, MoneyMove money)
    {
        var met = new HashSet<(string, MoneyPurpose)>();
        foreach (var item in money.Items)
        {
            if (!PurposesOf(fact.Kind).Contains(item.Purpose)) return MoneyFlaw.PurposeUnclear;
            var isVariance = item.Purpose is MoneyPurpose.Variance;
            if (isVariance ? item.Parcel.Length > 0 : item.Parcel.Length == 0) return MoneyFlaw.ParcelMissing;
            // A door is one parcel's.
            if (fact.Kind is EventKind.MoneyCollected or EventKind.CollectionRefused && !string.Equals(item.Parcel, fact.Parcel, StringComparison.Ordinal)) return MoneyFlaw.ParcelMissing;
            // What was corrected after it had gone on is below 0 where it came from; it goes on as such.
            var maySink = isVariance || fact.Kind is EventKind.CashCounted or EventKind.CashDeposited or EventKind.DepositConfirmed;
            if (item.Minor is 0 or < -AmountMax or > AmountMax || (item.Minor < 0 && !maySink)) return MoneyFlaw.AmountOutOfRange;
            if (item.Account.Length == 0 && OwesTheShipper(fact.Kind, item.Purpose)) return MoneyFlaw.AccountMissing;
            if (!met.Add((item.Parcel, item.Purpose))) return MoneyFlaw.ItemTwice;
        }
        return null;
    }

    private static ReadOnlySpan<MoneyPurpose> PurposesOf(EventKind kind) => kind switch
    {
        EventKind.MoneyCollected or EventKind.CashCounted => [MoneyPurpose.Cod, MoneyPurpose.Freight],
        EventKind.CollectionRefused => [MoneyPurpose.Freight],
        EventKind.MoneyRemitted => [MoneyPurpose.Cod],
        EventKind.VarianceSettled => [MoneyPurpose.Variance],
        _ => [MoneyPurpose.Cod, MoneyPurpose.Freight, MoneyPurpose.Variance],
    };

    private static bool OwesTheShipper(EventKind kind, MoneyPurpose purpose) =>
        kind is EventKind.CollectionRefused or EventKind.MoneyRemitted || (kind is EventKind.MoneyCollected && purpose is MoneyPurpose.Cod);

    private static LedgerPlace CourierCash(MoneyMove money) => new(LedgerAccount.CourierCash, money.Courier, money.Depot, "");

    private static LedgerPlace DepotCash(MoneyMove money) => new(LedgerAccount.DepotCash, money.Depot, money.Depot, "");

    private static LedgerPlace InTransit(MoneyMove money) =>
        new(LedgerAccount.InTransit, money.Slip.Length > 0 ? money.Slip : ReasonCode.Of(money.Means), money.Depot, "");

    private static LedgerPlace Company(MoneyPurpose purpose) =>
        new(purpose is MoneyPurpose.Freight ? LedgerAccount.CompanyFreight : LedgerAccount.CompanyCod, LedgerAccounts.Company, "", "");

    private static LedgerPlace Payable(MoneyItem item) => new(LedgerAccount.ShipperPayable, item.Account, "", item.Account);

    private static LedgerPlace Income(MoneyMove money) => new(LedgerAccount.FreightIncome, money.Depot, money.Depot, "");

    private static LedgerPlace Variance(MoneyMove money) =>
        new(LedgerAccount.CashVariance, money.Courier.Length > 0 ? money.Courier : money.Slip, money.Depot, "");
}
