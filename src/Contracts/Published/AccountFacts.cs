using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.InForce;
using KeyAccountLogistics.Contracts.Settling;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>What of a client changed that its manager should know of.</summary>
public enum AccountChanged
{
    /// <summary>Whom we speak with, or that we may no longer.</summary>
    Contact = 1,

    /// <summary>Whose the client is: its kind of ownership, or the company behind it.</summary>
    Ownership = 2,

    /// <summary>Where it ships from.</summary>
    Address = 3,
}

/// <summary>A change of an account's record.</summary>
/// <param name="Seq">Its place in the account's history.</param>
/// <param name="What">What changed.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="By">Who recorded it.</param>
public sealed record AccountChangeFact(int Seq, AccountChanged What, Instant At, string By);

/// <summary>Parcels that a client commits to in the period that holds a day.</summary>
/// <param name="Contract">The contract's number.</param>
/// <param name="Version">From 1.</param>
/// <param name="Clause">The clause.</param>
/// <param name="First">The period's first day under this version: a version that begins within the period commits from its own first day.</param>
/// <param name="Last">The period's last day under this version.</param>
/// <param name="PeriodDays">Days of the whole period, of which the commitment is.</param>
/// <param name="AtLeast">Parcels of the whole period.</param>
public sealed record CommittedParcels(string Contract, uint Version, string Clause, LocalDate First, LocalDate Last, int PeriodDays, long AtLeast);

/// <summary>An account as warnings need it.</summary>
/// <param name="Account">Its code.</param>
/// <param name="Grade">A, B or C.</param>
/// <param name="Owner">The person who answers for it.</param>
/// <param name="Currency">ISO 4217, of its credit.</param>
/// <param name="CreditLimit">Null when none is agreed.</param>
/// <param name="Created">When its record was made.</param>
/// <param name="Signed">When its first contract was signed; null before.</param>
/// <param name="Live">Since when a contract of it is in force; null before it was signed. May lie ahead.</param>
/// <param name="Commitments">Of parcels, by the version in force on the day asked; freight is not among them.</param>
/// <param name="Changes">Since the first signature was recorded, the oldest first: what was recorded before made the account, and changed nothing.</param>
public sealed record AccountFacts(
    string Account, string Grade, string Owner, string Currency, Money? CreditLimit, Instant Created, Instant? Signed, Instant? Live, ImmutableArray<CommittedParcels> Commitments, ImmutableArray<AccountChangeFact> Changes);

/// <summary>Reads accounts for warnings, within the scope of the unit of work's caller. Registered scoped.</summary>
public sealed class ReadAccountFacts
{
    /// <summary>Accounts that are asked at once.</summary>
    public const int AccountsMax = 500;

    private static readonly ImmutableSortedDictionary<string, AccountChanged> Kinds = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
    [
        new KeyValuePair<string, AccountChanged>("contact", AccountChanged.Contact), new("consent withdrawn", AccountChanged.Contact), new("ownership", AccountChanged.Ownership),
        new("site", AccountChanged.Address), new("site closed", AccountChanged.Address),
    ]);

    private readonly ContractsDb _db;
    private readonly ContractTerms _terms;

    internal ReadAccountFacts(ContractsDb db, ContractTerms terms) => (_db, _terms) = (db, terms);

    /// <summary>The codes of all accounts, in no order that a caller may rely on.</summary>
    public async Task<IReadOnlyList<string>> AllAsync(CancellationToken ct = default) => await _db.Accounts.AsNoTracking().Select(static a => a.Account!).ToListAsync(ct);

    /// <summary>Who answers for each of these; accounts without a record are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> OwnersAsync(IReadOnlyCollection<string> accounts, CancellationToken ct = default)
    {
        Check(accounts);
        return (await _db.Accounts.AsNoTracking().Where(a => accounts.Contains(a.Account!)).Select(static a => new { a.Account, a.Owner }).ToListAsync(ct)).ToDictionary(static a => a.Account!, static a => a.Owner, StringComparer.Ordinal);
    }

    /// <summary>These accounts as they are now; those without a record are left out. Four questions, however many they are.</summary>
    /// <param name="accounts">At most <see cref="AccountsMax"/>.</param>
    /// <param name="day">Whose periods and version in force are meant.</param>
    /// <param name="changesSince">Older changes are left out.</param>
    /// <param name="ct">Stops.</param>
    public async Task<IReadOnlyList<AccountFacts>> OfAsync(IReadOnlyCollection<string> accounts, LocalDate day, Instant changesSince, CancellationToken ct = default)
    {
        Check(accounts);
        var rows = await _db.Accounts.AsNoTracking().Where(a => accounts.Contains(a.Account!)).ToListAsync(ct);
        var signed = (await _db.Versions.AsNoTracking().Where(v => accounts.Contains(v.Account!) && v.State == (int)VersionState.Signed).GroupBy(static v => v.Account!)
            .Select(static g => new { Account = g.Key, SignedUs = g.Min(v => v.SignedUs), FromUs = g.Min(v => v.FromUs) }).ToListAsync(ct)).ToDictionary(static s => s.Account, StringComparer.Ordinal);
        // When the signature was recorded, which a contract taken over from paper may be years before.
        var recorded = (await _db.VersionEvents.AsNoTracking().Where(e => accounts.Contains(e.Account!) && e.Act == (int)VersionAct.Signed).GroupBy(static e => e.Account!)
            .Select(static g => new { Account = g.Key, AtUs = g.Min(e => e.AtUs) }).ToListAsync(ct)).ToDictionary(static s => s.Account, static s => s.AtUs, StringComparer.Ordinal);
        var (sinceUs, kinds) = (changesSince.ToUnixMicros(), Kinds.Keys.ToList());
        var changes = (await _db.AccountEvents.AsNoTracking().Where(e => accounts.Contains(e.Account!) && e.AtUs >= sinceUs && kinds.Contains(e.Kind)).OrderBy(static e => e.Seq).ToListAsync(ct)).ToLookup(static e => e.Account!, StringComparer.Ordinal);
        return [.. rows.Select(row =>
        {
            var first = signed.GetValueOrDefault(row.Account!);
            return new AccountFacts(
                row.Account!, row.Grade, row.Owner, row.CreditCurrency, row.CreditLimitMinor is > 0 and var minor ? new Money(minor, row.CreditCurrency) : null, Clock.FromUnixMicros(row.CreatedUs),
                StoredVersions.At(first?.SignedUs), StoredVersions.At(first?.FromUs), Commitments(row.Account!, day),
                [.. changes[row.Account!].Where(e => recorded.TryGetValue(row.Account!, out var from) && e.AtUs > from).Select(static e => new AccountChangeFact(e.Seq, Kinds[e.Kind], Clock.FromUnixMicros(e.AtUs), e.Who))]);
        })];
    }

    private ImmutableArray<CommittedParcels> Commitments(string account, LocalDate day)
    {
        var noon = day.At(LocalTime.Noon).InZoneLeniently(VersionLife.Zone).ToInstant();
        return _terms.InForce(account, noon) is not { } version ? [] : [.. version.Commitments.Where(static c => c.Basis is VolumeBasis.Parcels).Select(c =>
        {
            var (first, last) = PeriodSettlement.Bounds(c.Period, day);
            var from = version.EffectiveFrom is { } begins ? LocalDate.Max(first, begins.InZone(VersionLife.Zone).Date) : first;
            // The first instant after it may be a day's very beginning: then the day before is its last.
            var until = version.EffectiveUntil is { } ends ? LocalDate.Min(last, (ends - Duration.Epsilon).InZone(VersionLife.Zone).Date) : last;
            return new CommittedParcels(version.Contract, version.Version, c.Clause.Value, from, until, Period.DaysBetween(first, last) + 1, (long)c.AtLeast);
        })];
    }

    private static void Check(IReadOnlyCollection<string> accounts)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(accounts.Count, AccountsMax);
    }
}
