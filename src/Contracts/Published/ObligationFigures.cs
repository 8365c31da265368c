using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Obligations;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>The carrier's obligations due on a day (S4, SEED-03-FULFIL100), each as contract/clause.</summary>
/// <param name="Day">The day.</param>
/// <param name="Due">Due on it.</param>
/// <param name="Met">Those of them met by then; what came late is none of them.</param>
public sealed record ObligationDay(LocalDate Day, ImmutableArray<string> Due, ImmutableArray<string> Met);

/// <summary>Obligations as service levels count them, within the scope of the unit of work's caller. Registered scoped.</summary>
public sealed class ObligationFigures
{
    private readonly KeepObligations _register;

    internal ObligationFigures(KeepObligations register) => _register = register;

    /// <summary>
    /// The days of the span on which something of the account was due, in order; days after today are left out, for what may still be met is no failure. A span of more than 400
    /// days is a fault.
    /// </summary>
    public async Task<Outcome<ImmutableArray<ObligationDay>>> OfAsync(string account, LocalDate first, LocalDate last, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        if (last < first || Period.DaysBetween(first, last) > KeepObligations.DaysMax) return new Fault.Invalid("last", "figures.span", $"Ask for 1 to {KeepObligations.DaysMax} days.");
        var until = LocalDate.Min(last, _register.Today);
        if (until < first) return ImmutableArray<ObligationDay>.Empty;
        var carriers = (await _register.OfAsync(account, first, until, ct)).Where(static o => string.Equals(o.By, "carrier", StringComparison.Ordinal) && !string.Equals(o.State, "open", StringComparison.Ordinal));
        return carriers.GroupBy(static o => o.Due, StringComparer.Ordinal).Select(static day => new ObligationDay(
            Check.Day(day.Key)!.Value, [.. day.Select(Name)], [.. day.Where(static o => string.Equals(o.State, KeepObligations.Met, StringComparison.Ordinal)).Select(Name)])).ToImmutableArray();
    }

    private static string Name(Api.Contracts.V1.ObligationView o) => $"{o.Contract}/{o.Clause}";
}
