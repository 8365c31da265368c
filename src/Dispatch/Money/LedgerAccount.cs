namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>
/// The accounts that door money passes through (domain.md 4.5): CourierCash, DepotCash, InTransit, CompanyCod on one side, what is owed to the shipper on the other. Numbers are
/// stored. Each has owners of its own kind.
/// </summary>
internal enum LedgerAccount
{
    /// <summary>Cash in a courier's pouch; the owner is the courier.</summary>
    CourierCash = 1,

    /// <summary>Cash in a depot's safe; the owner is the depot.</summary>
    DepotCash = 2,

    /// <summary>On its way to the bank; the owner is the deposit's slip, or the means for what was never cash.</summary>
    InTransit = 3,

    /// <summary>Goods money in the carrier's bank account, not the carrier's own.</summary>
    CompanyCod = 4,

    /// <summary>Freight in the carrier's bank account.</summary>
    CompanyFreight = 5,

    /// <summary>Goods money owed to a shipper; the owner is the key account.</summary>
    ShipperPayable = 6,

    /// <summary>Freight earned at a depot's doors; the owner is the depot.</summary>
    FreightIncome = 7,

    /// <summary>Freight that the shipper owes because the consignee refused it; the owner is the key account.</summary>
    FreightReceivable = 8,

    /// <summary>Missing (above 0) or over (below 0) and not yet decided; the owner is the courier, or the slip where the bank counted.</summary>
    CashVariance = 9,

    /// <summary>Variances that the carrier bears; the owner is the depot.</summary>
    VarianceLoss = 10,
}

internal static class LedgerAccounts
{
    /// <summary>The owner of the carrier's own accounts.</summary>
    internal const string Company = "company";

    /// <summary>Accounts whose money leaves them again parcel by parcel: only these are kept by parcel.</summary>
    internal static bool Clears(this LedgerAccount account) =>
        account is LedgerAccount.CourierCash or LedgerAccount.DepotCash or LedgerAccount.InTransit or LedgerAccount.CompanyCod or LedgerAccount.ShipperPayable;
}
