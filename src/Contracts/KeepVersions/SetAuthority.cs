using System.Collections.Immutable;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>What each role may grant and decide (SEED-03-AUTH), as the installation's administrator sets it.</summary>
internal sealed class SetAuthority(ContractActs acts) : ICaseAuthority
{
    public string Currency => "CNY";

    public async Task<ImmutableDictionary<string, long?>> MostMinorAsync(CancellationToken ct) =>
        (await acts.Db.Authority.AsNoTracking().ToListAsync(ct)).ToImmutableDictionary(static a => a.Role, static a => a.CaseMinor, StringComparer.Ordinal);

    internal async Task<ListAuthorityReply> ListAsync(CancellationToken ct) => new() { Limits = { (await acts.Db.Authority.AsNoTracking().OrderBy(a => a.Rank).ThenBy(a => a.Role).ToListAsync(ct)).Select(View) } };

    internal Task<Outcome<SetAuthorityReply>> RunAsync(SetAuthorityCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Contracts/SetAuthority", command, SetAuthorityReply.Parser,
        async (_, cancel) =>
        {
            if (command.Limit is not { } limit) return new Fault.Invalid("limit", "field.missing", "The limit is missing.");
            if (Check.Code("limit.role", limit.Role) is { } wrong) return wrong;
            if (limit.Rank < 0) return new Fault.Invalid("limit.rank", "rank.range", "Ranks begin at 1; 0 stands for a role that grants nothing in contracts and decides cases.");
            if (limit.DiscountBp is < -1 or > 10_000) return new Fault.Invalid("limit.discount_bp", "discount.range", "A discount is 0 to 10,000 hundredths of a percent; -1 stands for no limit.");
            if (limit.CompensationMinor < -1) return new Fault.Invalid("limit.compensation_minor", "compensation.negative", "A compensation is not below zero; -1 stands for no limit.");
            if (limit.WaiverDays < -1) return new Fault.Invalid("limit.waiver_days", "waiver.negative", "A waiver is not below zero days; -1 stands for no limit.");
            if (limit.CaseMinor < -1) return new Fault.Invalid("limit.case_minor", "case.negative", "What a case may cost is not below zero; -1 stands for no limit.");
            var row = await acts.Db.Authority.SingleOrDefaultAsync(a => a.Role == limit.Role, cancel);
            if (row is null) acts.Db.Authority.Add(row = new AuthorityRow { Role = limit.Role });
            (row.Rank, row.HeadOffice, row.DiscountBp, row.CompensationMinor, row.WaiverDays, row.CaseMinor) = (
                limit.Rank, limit.HeadOffice, limit.DiscountBp < 0 ? null : limit.DiscountBp, limit.CompensationMinor < 0 ? null : limit.CompensationMinor,
                limit.WaiverDays < 0 ? null : limit.WaiverDays, limit.CaseMinor < 0 ? null : limit.CaseMinor);
            await acts.Db.SaveChangesAsync(cancel);
            return new SetAuthorityReply { Limit = View(row) };
        },
        ct);

    private static AuthorityLimit View(AuthorityRow row) => new()
    {
        Role = row.Role, Rank = row.Rank, HeadOffice = row.HeadOffice, DiscountBp = row.DiscountBp ?? -1, CompensationMinor = row.CompensationMinor ?? -1, WaiverDays = row.WaiverDays ?? -1,
        CaseMinor = row.CaseMinor ?? -1,
    };
}
