using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Journal;

/// <summary>Which depots' agents are connected, as known by whoever holds their links. Thread-safe.</summary>
public interface IDepotLinks
{
    /// <summary>Every agent known in this process, connected or not.</summary>
    IReadOnlyList<DepotHealth> Now { get; }
}
