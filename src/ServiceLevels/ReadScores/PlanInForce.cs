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

/// <summary>How an account is scored in a period: by the contract version in force on its last day, a version's own figures by that version; and what names it.</summary>
/// <param name="Plan">Null when what the contract says makes no plan; <paramref name="Flaw"/> says why.</param>
internal sealed record PlanInForce(string NameZh, string NameEn, string Contract, uint Version, ScorePlan? Plan, string? Flaw, SqiProfile Sqi)
{
    private static readonly ConditionalWeakTable<ScorePlan, string> Hashes = new();

    /// <summary>True where a version was asked for that nobody holds: it is scored by no other's plan.</summary>
    internal bool IsUnknown { get; init; }

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

    /// <summary>The zones in which some account's days are counted, the carrier's own among them.</summary>
    internal IEnumerable<DateTimeZone> Zones => terms.Now.All.Select(static t => AccountDays.Of(t).Zone).Append(AccountDays.Usual).DistinctBy(static z => z.Id, StringComparer.Ordinal);

    /// <summary>True when a contract of the account is in force on that day.</summary>
    internal bool HasContract(string account, LocalDate day) => terms.For(account, Noon(day)) is not null;

    internal AccountDays DaysOf(string account, LocalDate day) => AccountDays.Of(terms.For(account, Noon(day)));

    /// <summary>Whose days a period's are: a version's own, where its figures are asked for.</summary>
    internal AccountDays DaysOf(AskedPeriod asked) => asked.Kind is CounterKind.Contract && VersionOf(asked.Member) is var (contract, version)
        ? AccountDays.Of(terms.Now.Find(asked.Account, contract, version)) : DaysOf(asked.Account, asked.To);

    /// <summary>The plan that scores what is asked for: the figures of one contract version by that version, everything else by the one in force on the last day.</summary>
    internal PlanInForce For(AskedPeriod asked)
    {
        if (asked.Kind is not CounterKind.Contract) return For(asked.Account, asked.To);
        var named = VersionOf(asked.Member);
        var held = named is var (contract, version) ? terms.Now.Find(asked.Account, contract, version) : null;
        var service = named is var (number, own) ? services.ServiceOf(asked.Account, number, own) : null;
        return held is not null || service is not null
            ? Of(asked.Account, service, held)
            : new PlanInForce(asked.Account, asked.Account, named?.Contract ?? asked.Member, named?.Version ?? 0, null, null, SqiProfile.A) { IsUnknown = true };
    }

    internal PlanInForce For(string account, LocalDate lastDay)
    {
        var at = EndOf(lastDay);
        return Of(account, services.ServiceOf(account, at), terms.For(account, at));
    }

    /// <summary>By which weights each day counts: the version's in force at its end. Asked only where a version begins or ends, since nowhere else they can change.</summary>
    internal IReadOnlyDictionary<LocalDate, SqiProfile> ProfilesOf(string account, LocalDate first, LocalDate last)
    {
        var changes = terms.Now.All.Where(t => string.Equals(t.Account, account, StringComparison.Ordinal))
            .SelectMany(static t => new[] { t.EffectiveFrom, t.EffectiveUntil ?? t.EffectiveFrom }).Select(static at => at.InZone(AccountDays.Usual).Date).ToHashSet();
        var (profiles, profile) = (new Dictionary<LocalDate, SqiProfile>(), ProfileOf(services.ServiceOf(account, EndOf(first))));
        for (var day = first; day <= last; day = day.PlusDays(1))
        {
            if (changes.Contains(day)) profile = ProfileOf(services.ServiceOf(account, EndOf(day)));
            profiles[day] = profile;
        }
        return profiles;
    }

    private static SqiProfile ProfileOf(ServiceTerms? service) =>
        service is null ? SqiProfile.A : SqiProfile.Known.FirstOrDefault(p => string.Equals(p.Code, service.SqiProfile, StringComparison.Ordinal)) ?? SqiProfile.A;

    // As contributions name their contract (AccountTerms.ToString): its number and version.
    private static (string Contract, uint Version)? VersionOf(string member) =>
        member.LastIndexOf(" v", StringComparison.Ordinal) is > 0 and var at && uint.TryParse(member.AsSpan(at + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? (member[..at], version) : null;

    private static PlanInForce Of(string account, ServiceTerms? service, AccountTerms? held)
    {
        var currency = held?.Currency ?? "CNY";
        if (service is null)
        {
            return held is not null
                ? new PlanInForce(held.NameZh, held.NameEn, held.Contract, held.Version, ScorePlan.Default, null, SqiProfile.A) { Currency = currency }
                : new PlanInForce(account, account, "", 0, ScorePlan.Default, null, SqiProfile.A);
        }
        var plan = PlanOf(service);
        return new PlanInForce(service.NameZh, service.NameEn, service.Contract, service.Version, plan.IsOk ? plan.Value : null, plan.IsOk ? null : plan.Fault.Message, ProfileOf(service)) { Currency = currency };
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
