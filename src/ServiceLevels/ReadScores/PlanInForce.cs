using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.ServiceLevels.Scoring;
using KeyAccountLogistics.ServiceLevels.Sqi;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>How an account is scored in a period: by the contract version in force on its last day, and what names it.</summary>
/// <param name="Plan">Null when what the contract says makes no plan; <paramref name="Flaw"/> says why.</param>
internal sealed record PlanInForce(string NameZh, string NameEn, string Contract, uint Version, ScorePlan? Plan, string? Flaw, SqiProfile Sqi)
{
    private static readonly ConditionalWeakTable<ScorePlan, string> Hashes = new();

    /// <summary>That the contract's sums of money are written in.</summary>
    internal string Currency { get; init; } = "CNY";

    /// <summary>SHA-256 of weights and levels, hexadecimal: the same plan has the same hash, whoever computes it.</summary>
    internal string Hash => Plan is null ? "" : Hashes.GetValue(Plan, static plan => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(plan)))));

    private static string Text(ScorePlan plan) => string.Join('\n', plan.Weights.Select(static w => string.Create(CultureInfo.InvariantCulture, $"{Indicator.Letter(w.Key)} {w.Value:0.######}"))
        .Concat(plan.Indicators.Select(static i => string.Create(
            CultureInfo.InvariantCulture, $"{i.Code} {i.Levels.Target:0.######} {i.Levels.Threshold:0.######} {i.Levels.Floor:0.######} {i.Levels.Weight:0.######} {i.Levels.MinimumSample}"))));
}

/// <summary>Finds plans. Thread-safe.</summary>
internal sealed class FindPlan(IServiceTermsInForce services, ITermsInForce terms)
{
    /// <summary>True when some contract names the account, whether or not anything was counted yet.</summary>
    internal bool Knows(string account) => terms.Now.All.Any(t => string.Equals(t.Account, account, StringComparison.Ordinal));

    /// <summary>Every account that some contract names.</summary>
    internal IEnumerable<string> Accounts => terms.Now.All.Select(static t => t.Account);

    internal AccountDays DaysOf(string account, LocalDate day) => AccountDays.Of(terms.For(account, Noon(day)));

    internal PlanInForce For(string account, LocalDate lastDay)
    {
        var at = EndOf(lastDay);
        var held = terms.For(account, at);
        return Find(account, at, held) is var found && held is not null ? found with { Currency = held.Currency } : found;
    }

    private PlanInForce Find(string account, Instant at, AccountTerms? held)
    {
        if (services.ServiceOf(account, at) is not { } service)
        {
            return held is not null
                ? new PlanInForce(held.NameZh, held.NameEn, held.Contract, held.Version, ScorePlan.Default, null, SqiProfile.A)
                : new PlanInForce(account, account, "", 0, ScorePlan.Default, null, SqiProfile.A);
        }
        var plan = PlanOf(service);
        var profile = SqiProfile.Known.FirstOrDefault(p => string.Equals(p.Code, service.SqiProfile, StringComparison.Ordinal)) ?? SqiProfile.A;
        return new PlanInForce(service.NameZh, service.NameEn, service.Contract, service.Version, plan.IsOk ? plan.Value : null, plan.IsOk ? null : plan.Fault.Message, profile);
    }

    private static Outcome<ScorePlan> PlanOf(ServiceTerms service)
    {
        var weights = service.Weights is { } own
            ? own.Select(static w => (Dimension: Indicator.DimensionOf(w.Key + "1"), w.Value)).Where(static w => w.Dimension is not null).ToImmutableSortedDictionary(static w => w.Dimension!.Value, static w => w.Value)
            : ScorePlan.DefaultWeights;
        return ScorePlan.Of(weights, [.. service.Targets.Select(static t => Deviation(t))]);
    }

    private static Indicator Deviation(ServiceTarget target)
    {
        var known = IndicatorCatalogue.ByCode.GetValueOrDefault(target.Code);
        var levels = new IndicatorLevels(target.Target, target.Threshold, target.Floor, target.Weight ?? known?.Levels.Weight ?? 0, target.MinimumSample ?? known?.Levels.MinimumSample ?? 1);
        return known is null ? IndicatorCatalogue.OfContract(target.Code, ValueKind.Share, levels) : known with { Levels = levels };
    }

    // The last instant of the day: a version that begins on it is in force on it.
    internal static Instant EndOf(LocalDate day)
    {
        var zone = AccountDays.Usual;
        return zone.AtStartOfDay(day.PlusDays(1)).ToInstant() - Duration.FromTicks(10);
    }

    private static Instant Noon(LocalDate day) => day.At(LocalTime.Noon).InZoneLeniently(AccountDays.Usual).ToInstant();
}
