namespace KeyAccountLogistics.Contracts.Published;

/// <summary>What the module is started with.</summary>
public sealed record ContractsOptions
{
    /// <summary>Folder of contract documents (<c>*.yaml</c>, their tables beside them) that an empty installation takes in as drafts at its first start; null = none.</summary>
    public string? ImportFolder { get; init; }
}
