using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Confirmations;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Dispatch.Projections;

/// <summary>Keeps what happened at a parcel's door, and the looks at vehicles, where they are found by what they are about. They are folded when they are read.</summary>
internal static class DoorRun
{
    internal const string DoorPrefix = "door:";
    internal const string VehiclePrefix = "vehicle:";

    internal static void Apply(IJournalWrites writes, IReadOnlyList<AppendedEvent> events)
    {
        RowBlock? rows = null;
        foreach (var e in events)
        {
            if (SubjectOf(e.Event) is { } subject) FactSql.Write(rows ??= FactSql.Block(), subject, e);
        }
        if (rows is not null) writes.Write(FactSql.Add, rows);
    }

    internal static string? SubjectOf(ParcelEvent e) =>
        DoorState.IsOfADoor(e.Kind) && e.Parcel.Length > 0 ? DoorPrefix + e.Parcel
        : e.Kind is EventKind.VehicleChecked && e.Reference.Length > 0 ? VehiclePrefix + e.Reference
        : null;
}
