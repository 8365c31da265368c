using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Published;

/// <summary>
/// Told of newly registered shipments in their own transaction, as projections are told of events: what a module derives from a parcel may change when its shipment becomes
/// known. Registered as a singleton; called by several registrations at once on PostgreSQL.
/// </summary>
public interface IFollowShipments
{
    /// <summary>Queues what follows. The rows are in the transaction; it may yet fail, so nothing is kept outside.</summary>
    void Registered(IJournalWrites writes, IReadOnlyCollection<long> shipments);
}
