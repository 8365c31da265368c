using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>Signed documents as they stand in rows: what was signed, not as later versions date it.</summary>
internal sealed class SignedDocuments(ContractsDb db) : IContractDocuments
{
    // Far above what one account signs; a list without an end is none (law 10).
    private const int VersionsMax = 200;

    public async Task<IReadOnlyList<ContractDocument>> SignedOfAsync(string account, CancellationToken ct)
    {
        var rows = await db.Versions.AsNoTracking().Where(v => v.Account == account && v.State == (int)VersionState.Signed).OrderBy(v => v.Contract).ThenBy(v => v.Version).Take(VersionsMax).ToListAsync(ct);
        return [.. rows.Select(StoredVersions.Document).OfType<Document.ContractVersion>().Select(static v => new ContractDocument(v))];
    }
}
