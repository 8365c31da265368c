using System.Collections.Immutable;
using KeyAccountLogistics.Verdicts.Handovers;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Sheets;

/// <summary>A line of a run sheet: a parcel with what is to be collected for it (SEED-03-RUNSHEET, SEED-03-COD-FC).</summary>
/// <param name="Position">Its place in the run, from 1.</param>
/// <param name="Parcel">Canonical code.</param>
/// <param name="Account">The shipper.</param>
/// <param name="Insured">Listed apart and handed over item by item (SEED-03-INSURED).</param>
/// <param name="CodMinor">Goods money; 0 = none.</param>
/// <param name="FreightCollectMinor">Freight; 0 = none.</param>
/// <param name="Currency">Empty without amounts.</param>
internal sealed record SheetLine(int Position, string Parcel, string Account, bool Insured, bool Fragile, long CodMinor, long FreightCollectMinor, string Currency, string Seal = "");

/// <summary>
/// The run sheet (派送路单): what the depot gives a courier for one run. It is handed over like everything else (<see cref="HandoverState"/> of kind depot to courier, which names the
/// sheet's number); this is the paper of it, as opposed to the act.
/// </summary>
internal sealed record RunSheet(string Number, string Depot, string Courier, string Vehicle, LocalDate Day, ImmutableArray<SheetLine> Lines)
{
    /// <summary>Insured parcels come first on the sheet and are handed over singly.</summary>
    internal IEnumerable<SheetLine> Insured => Lines.Where(l => l.Insured);

    internal IEnumerable<SheetLine> Ordinary => Lines.Where(l => !l.Insured);

    /// <summary>Count, goods money and freight: two sums, never one (domain.md 4.5).</summary>
    internal (int Parcels, long CodMinor, long FreightCollectMinor, string Currency) Totals =>
        (Lines.Length, Lines.Sum(l => l.CodMinor), Lines.Sum(l => l.FreightCollectMinor), Lines.FirstOrDefault(l => l.Currency.Length > 0)?.Currency ?? "");

    /// <summary>What its handover expects, in the order in which it is handed over: the insured ones apart and first.</summary>
    internal ImmutableArray<ExpectedParcel> Expected =>
        [.. Insured.Concat(Ordinary).Select(l => new ExpectedParcel(l.Parcel, l.Insured, l.Fragile, l.CodMinor, l.FreightCollectMinor, l.Currency, l.Seal))];
}

/// <summary>How a parcel of a sheet ended the day.</summary>
internal enum LineEnd
{
    Delivered = 1,

    /// <summary>Not delivered, with reason and action, and back in the depot's hands or kept as the action says.</summary>
    Attempted = 2,

    /// <summary>Back at the depot, undelivered.</summary>
    Returned = 3,

    /// <summary>Kept apart.</summary>
    Held = 4,

    /// <summary>At a locker or station.</summary>
    AtPickupPoint = 5,
}

/// <summary>What became of one parcel, as its facts say.</summary>
/// <param name="End">How it ended; null: nobody has said.</param>
/// <param name="Reason">Why it was not delivered.</param>
/// <param name="Action">What is done about it.</param>
/// <param name="BackAtDepot">The depot answers for it again.</param>
internal sealed record LineOutcome(string Parcel, LineEnd? End, string Reason = "", string Action = "", bool BackAtDepot = false);

/// <summary>How far a run sheet is. Numbers are stored.</summary>
internal enum SheetState
{
    /// <summary>Drawn up; nothing has left.</summary>
    Drawn = 1,

    /// <summary>Handed over and out.</summary>
    Released = 2,

    /// <summary>Every parcel accounted for, the cash counted.</summary>
    Closed = 3,
}
