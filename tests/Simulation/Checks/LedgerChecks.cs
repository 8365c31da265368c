using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Simulation.World;

namespace KeyAccountLogistics.Simulation.Checks;

/// <summary>The ledger against the day's real money, and against itself.</summary>
internal static class LedgerChecks
{
    internal const int CourierCash = 1;
    private const int DepotCash = 2;
    private const int InTransit = 3;
    private const int CompanyCod = 4;
    private const int CompanyFreight = 5;
    private const int ShipperPayable = 6;
    private const int FreightIncome = 7;
    private const int FreightReceivable = 8;
    private const int CashVariance = 9;
    private const int VarianceLoss = 10;
    private static readonly int[] KeptByParcel = [CourierCash, DepotCash, InTransit, CompanyCod, ShipperPayable];

    internal static void Check(Day day, Rows rows, List<string> broken)
    {
        void Expect(bool holds, string otherwise)
        {
            if (!holds) broken.Add(otherwise);
        }

        Expect(rows.Flawed == 0, $"{rows.Flawed} money facts made no sense");
        Expect(rows.Postings.Sum(p => p.Minor) == 0, "the ledger does not balance in all");
        foreach (var e in rows.Postings.GroupBy(p => p.Event).Where(g => g.Sum(p => p.Minor) != 0)) broken.Add($"the lines of event {e.Key} do not balance");
        foreach (var p in rows.Postings.GroupBy(p => p.Parcel, StringComparer.Ordinal).Where(g => g.Sum(l => l.Minor) != 0)) broken.Add($"the lines of parcel {p.Key} do not balance");
        Sums(rows, broken);
        Doors(day, rows, Expect);

        var held = rows.Balances.GroupBy(b => (b.Ledger, b.Owner)).ToDictionary(g => g.Key, g => g.Sum(b => b.Minor));
        var expected = Expected(day);
        foreach (var place in held.Keys.Union(expected.Keys).Where(k => k.Ledger is not (DepotCash or CompanyCod or CompanyFreight)).OrderBy(k => k.Ledger).ThenBy(k => k.Owner, StringComparer.Ordinal))
        {
            var (found, should) = (held.GetValueOrDefault(place), expected.GetValueOrDefault(place));
            Expect(found == should, $"cash unexplained: account {place.Ledger} of {day.Backend.Names.GetValueOrDefault(place.Owner, place.Owner)} says {found}, and {should} is the truth");
        }
        var (safe, bank) = (held.Where(h => h.Key.Ledger == DepotCash).Sum(h => h.Value), held.Where(h => h.Key.Ledger is CompanyCod or CompanyFreight).Sum(h => h.Value));
        Expect(safe == day.Safe, $"cash unexplained: the safe holds {day.Safe}, and the ledger says {safe}");
        Expect(bank == day.Bank, $"cash unexplained: {day.Bank} is in the bank, and the ledger says {bank}");
    }

    // What stands in rows is what the lines add up to.
    private static void Sums(Rows rows, List<string> broken)
    {
        var lines = rows.Postings.GroupBy(p => (p.Ledger, p.Owner)).ToDictionary(g => g.Key, g => g.Sum(p => p.Minor));
        foreach (var b in rows.Balances.Where(b => lines.GetValueOrDefault((b.Ledger, b.Owner)) != b.Minor)) broken.Add($"the balance of account {b.Ledger} is not the sum of its lines");
        var open = rows.Postings.Where(p => KeptByParcel.Contains(p.Ledger)).GroupBy(p => (p.Ledger, p.Owner, p.Parcel, p.Purpose)).ToDictionary(g => g.Key, g => g.Sum(p => p.Minor));
        foreach (var o in rows.Open.Where(o => open.GetValueOrDefault((o.Ledger, o.Owner, o.Parcel, o.Purpose)) != o.Minor)) broken.Add($"the open money of {o.Parcel} in account {o.Ledger} is not the sum of its lines");
        if (open.Count(o => o.Value != 0) != rows.Open.Count(o => o.Minor != 0)) broken.Add("open money lacks rows");
    }

    // Each parcel's money came in once, and as much as its ticket says.
    private static void Doors(Day day, Rows rows, Action<bool, string> expect)
    {
        var fromDoors = rows.Postings.Where(p => p.OriginKind is (int)EventKind.MoneyCollected or (int)EventKind.CollectionRefused).ToLookup(p => (p.Parcel, p.Ledger));
        foreach (var parcel in day.Parcels)
        {
            long Of(int ledger) => fromDoors[(parcel.Code, ledger)].Sum(p => p.Minor);
            var refused = FreightRefused(parcel) ? parcel.Freight : 0;
            var (cod, freight) = parcel.Paid ? (parcel.Cod, parcel.Freight) : (0, 0);
            expect(Of(ShipperPayable) == -cod, $"{parcel.Code}: {cod} were collected for its shipper, and the ledger says {-Of(ShipperPayable)}");
            expect(Of(FreightIncome) == -(freight + refused), $"{parcel.Code}: {freight + refused} freight are due, and the ledger says {-Of(FreightIncome)}");
            expect(Of(FreightReceivable) == refused, $"{parcel.Code}: {refused} freight were refused, and the ledger says {Of(FreightReceivable)}");
        }
    }

    private static Dictionary<(int Ledger, string Owner), long> Expected(Day day)
    {
        var expected = new Dictionary<(int Ledger, string Owner), long>();
        void Add(int ledger, string owner, long minor) => expected[(ledger, owner)] = expected.GetValueOrDefault((ledger, owner)) + minor;
        foreach (var courier in day.Couriers)
        {
            Add(CourierCash, courier.Id, courier.Pouch);
            Add(CashVariance, courier.Id, courier.Missing - day.MadeGood.GetValueOrDefault(courier.Id) - day.Borne.GetValueOrDefault(courier.Id));
        }
        Add(CashVariance, "SLIP-1", day.BankMissing);
        foreach (var parcel in day.Parcels)
        {
            if (parcel.Paid)
            {
                Add(ShipperPayable, parcel.Account, -parcel.Cod);
                Add(FreightIncome, TestKit.Hosting.BackendFixture.Depot, -parcel.Freight);
            }
            if (!FreightRefused(parcel)) continue;
            Add(FreightReceivable, parcel.Account, parcel.Freight);
            Add(FreightIncome, TestKit.Hosting.BackendFixture.Depot, -parcel.Freight);
        }
        foreach (var (account, minor) in day.Remitted) Add(ShipperPayable, account, minor);
        Add(VarianceLoss, TestKit.Hosting.BackendFixture.Depot, day.Borne.Values.Sum());
        return expected;
    }

    private static bool FreightRefused(SimParcel parcel) => parcel.Ending is Ending.FreightRefused && parcel.Visits > 0;
}
