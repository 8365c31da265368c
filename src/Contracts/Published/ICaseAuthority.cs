using System.Collections.Immutable;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>Up to what amount a role decides a case alone (SEED-03-AUTH), kept beside what it may grant in a contract, so that an installation sets both in one place.</summary>
public interface ICaseAuthority
{
    /// <summary>ISO 4217, of all amounts: the carrier's own books.</summary>
    string Currency { get; }

    /// <summary>By role, minor units, 0 or more; null = without limit. A role that is not named decides nothing that costs.</summary>
    Task<ImmutableDictionary<string, long?>> MostMinorAsync(CancellationToken ct);
}
