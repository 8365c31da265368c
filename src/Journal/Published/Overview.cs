using KeyAccountLogistics.Api.Operations.V1;

namespace KeyAccountLogistics.Journal;

/// <summary>A module's part of the overview: it fills its own fields, within the caller's scope. Registered scoped.</summary>
public interface IOverviewPart
{
    /// <summary>Fills the module's fields; leaves absent what the caller's scope does not reach.</summary>
    Task FillAsync(OverviewReply overview, CancellationToken ct);
}
