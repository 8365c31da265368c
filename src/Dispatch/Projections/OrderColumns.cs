using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Projections;

/// <summary>An order's row but for its id. Compared as a whole, so a new column is compared too.</summary>
internal sealed record OrderColumns(
    string Account, string Site, string Depot, long FromUs, long UntilUs, long Parcels, long MassMg, long LongitudeE5, long LatitudeE5, string Standing, long Phase, long? DoneUs, long Punctuality, long Taken,
    bool WasMissed, string Reason)
{
    /// <summary>Nothing has ordered it (any more): what its row says when it is made.</summary>
    internal static readonly OrderColumns Empty = new("", "", "", 0, 0, 0, 0, 0, 0, "", 0, null, 0, 0, false, "");

    internal static OrderColumns Of(OrderState? state) => state is not { Asked: var asked } ? Empty : new OrderColumns(
        asked.Account, asked.Site, asked.Depot, asked.FromUs, asked.UntilUs, asked.Parcels, asked.MassMg, asked.LongitudeE5, asked.LatitudeE5, asked.Standing, (int)state.Phase,
        state.Collected?.Best.ToUnixMicros(), (int)(state.Punctuality ?? default), state.Taken, state.WasMissed, state.Reason);

    /// <summary>From the columns behind the first, which is the id.</summary>
    internal static OrderColumns Read(IRow row) => new(
        row.Text(1), row.Text(2), row.Text(3), row.Long(4), row.Long(5), row.Long(6), row.Long(7), row.Long(8), row.Long(9), row.Text(10), row.Long(11), row.IsNull(12) ? null : row.Long(12), row.Long(13),
        row.Long(14), row.Bool(15), row.Text(16));

    internal static RowBlock Block() => new(
        ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long,
        ColumnKind.Text, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long, ColumnKind.Bool, ColumnKind.Text);

    internal void Add(RowBlock rows, string id) => rows.Text(id).Text(Account).Text(Site).Text(Depot).Long(FromUs).Long(UntilUs).Long(Parcels).Long(MassMg).Long(LongitudeE5).Long(LatitudeE5)
        .Text(Standing).Long(Phase).Long(DoneUs).Long(Punctuality).Long(Taken).Bool(WasMissed).Text(Reason);
}
