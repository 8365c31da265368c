namespace KeyAccountLogistics.Contracts.Published;

/// <summary>The documents of contracts, within the caller's scope.</summary>
public interface IContractDocuments
{
    /// <summary>The signed versions of an account, ascending; one that this program cannot read is left out.</summary>
    Task<IReadOnlyList<ContractDocument>> SignedOfAsync(string account, CancellationToken ct);
}
