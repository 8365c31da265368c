using System.Text;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Writing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Versions;

/// <summary>From rows to what the rules look at, and back. A version's document is kept as the very bytes its hash is of.</summary>
internal static class StoredVersions
{
    internal static string Text(ContractVersion version) => Encoding.UTF8.GetString(ContractJson.Write(version));

    internal static byte[] HashOf(ContractVersion version) => Convert.FromHexString(ContractHash.Of(version));

    /// <summary>The document; null when this program cannot read it, being older than what wrote it.</summary>
    internal static ContractVersion? Document(VersionRow row) => ContractText.ReadJson(Encoding.UTF8.GetBytes(row.Document)).Version;

    internal static Fault Unreadable(VersionRow row) => new Fault.Unavailable("document.unreadable", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"This program cannot read the document of {row.Contract} v{row.Version}: install the one that wrote it, or a newer one."));

    internal static Instant? At(long? us) => us is { } micros ? Clock.FromUnixMicros(micros) : null;

    internal static Instant? EndOf(VersionRow row) => VersionLife.EndOf(At(row.UntilUs), row.Renews, At(row.EndsUs));

    /// <summary>The first instant that the account's security agreements do not cover; null = there is none. A gap between two is the carrier's to answer for, not a parcel's.</summary>
    internal static Instant? AgreementUntil(LocalDate? lastDay) => lastDay is { } day ? VersionLife.Zone.AtStartOfDay(day.PlusDays(1)).ToInstant() : null;

    internal static async Task<LocalDate?> LastAgreedDayAsync(ContractsDb db, string account, CancellationToken ct) =>
        (await db.Agreements.AsNoTracking().Where(a => a.Account == account).OrderByDescending(a => a.LastDay).Take(1).ToListAsync(ct)).FirstOrDefault()?.LastDay;

    internal static async Task<VersionStanding?> StandingAsync(ContractsDb db, string contract, int version, CancellationToken ct) => VersionLife.Fold(
        (await db.VersionEvents.AsNoTracking().Where(e => e.Contract == contract && e.Version == version).OrderBy(e => e.Seq).ToListAsync(ct)).Select(EventBytes.Read));

    /// <summary>The percent of freight that a document gives away: its discounts, and the highest tier of each rebate.</summary>
    internal static decimal DiscountOf(ContractVersion document) => document.Discounts.Sum(static d => d.Percent) + document.Rebates.Sum(static r => r.Tiers.Max(static t => t.Percent));

    /// <summary>The version's columns as its events leave it.</summary>
    internal static void Put(VersionRow row, VersionStanding standing)
    {
        (row.State, row.ProposedBy, row.Awaiting, row.AnnouncedUs) = ((int)standing.State, standing.ProposedBy, standing.Awaiting, standing.AnnouncedAt?.ToUnixMicros());
        (row.SignedBy, row.ClientContact, row.SignedUs, row.EndsUs) = (standing.SignedBy, standing.ClientContact, standing.SignedAt?.ToUnixMicros(), standing.EndsAt?.ToUnixMicros());
    }

    internal static void Put(VersionRow row, ContractVersion document)
    {
        (row.Document, row.Hash) = (Text(document), HashOf(document));
        (row.FromUs, row.UntilUs, row.Renews) = (document.EffectiveFrom?.ToUnixMicros(), document.EffectiveUntil?.ToUnixMicros(), document.Renewal is { Automatic: true });
    }
}
