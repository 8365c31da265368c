using KeyAccountLogistics.Custody.Scales;
using KeyAccountLogistics.Custody.Watching;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Projections;

/// <summary>
/// Keeps parcels and handovers as their events say, in the events' own transaction. One read and one update per transaction however many events it holds; a parcel is folded
/// anew from the journal only when one of its events came late (decisions/0004).
/// </summary>
internal sealed class CustodyProjection(WaybillScheme waybills, CommittedFeed feed, ScaleFeed scales) : IEventProjection
{
    public string Name => "custody";

    public IProjectionRun Begin(IJournalWrites writes) => new CustodyRun(writes, waybills, feed, scales);
}
