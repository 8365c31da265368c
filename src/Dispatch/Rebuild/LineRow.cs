using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Dispatch.Rebuild;

/// <summary>A line of the ledger as its row has it. Compared as a whole.</summary>
internal sealed record LineRow(
    Guid Event, Guid Origin, long Number, long Ledger, string Owner, string Depot, string Account, long Minor, string Currency, string Parcel, long Purpose, long AtUs)
{
    internal (Guid Event, Guid Origin, long Number) Key => (Event, Origin, Number);

    internal BalanceKey Balance => new(Ledger, Owner, Depot, Currency);

    /// <summary>Null where money is not kept by parcel.</summary>
    internal OpenKey? Open => ((LedgerAccount)Ledger).Clears() ? new OpenKey(Balance, Parcel, Purpose) : null;

    internal string Name => FormattableString.Invariant($"{Event:D} of {Origin:D} line {Number}");

    internal static IEnumerable<LineRow> Of(Posting posting, long atUs) => posting.Lines.Select((line, n) => new LineRow(
        posting.Event, posting.Origin, n, (int)line.Place.Account, line.Place.Owner, line.Place.Depot, line.Place.Client, line.Minor, posting.Currency, line.Parcel, (int)line.Purpose, atUs));

    internal static LineRow Read(IRow row) => new(
        row.Uuid(0), row.Uuid(1), row.Long(2), row.Long(3), row.Text(4), row.Text(5), row.Text(6), row.Long(7), row.Text(8), row.Text(9), row.Long(10), row.Long(11));

    internal void Add(RowBlock rows) => rows.Uuid(Event).Uuid(Origin).Long(Number).Long(Ledger).Text(Owner).Text(Depot).Text(Account).Long(Minor).Text(Currency).Text(Parcel).Long(Purpose).Long(AtUs);
}

/// <summary>An entry's row but for its id.</summary>
internal sealed record EntryColumns(Guid? CorrectedBy, long Kind, long Flaw, long AtUs)
{
    internal static EntryColumns Read(IRow row) => new(row.IsNull(1) ? null : row.Uuid(1), row.Long(2), row.Long(3), row.Long(4));
}
