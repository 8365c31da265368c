using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.Proving;

/// <summary>The terms of an extract in place of a backend's, so that the same functions find the same plan and the same days. What figures do not read is not in it.</summary>
internal sealed class ProofTermsInForce : ITermsInForce, IServiceTermsInForce
{
    private readonly ServiceTerms? _service;

    internal ProofTermsInForce(ProofTerms terms)
    {
        Now = new TermsSnapshot(1, terms.Versions.Select(v => VersionOf(terms.Account, v)));
        _service = terms.Plan is { } plan ? ServiceOf(terms.Account, plan) : null;
    }

    public TermsSnapshot Now { get; }

    /// <summary>The one the extract is scored by, whenever it is asked: an extract is of one period.</summary>
    public ServiceTerms? ServiceOf(string account, Instant at) => _service;

    public ServiceTerms? ServiceOf(string account, string contract, uint version) =>
        _service is { } own && own.Version == version && string.Equals(own.Contract, contract, StringComparison.Ordinal) ? own : null;

    public Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct) => Task.FromResult(Now);

    internal static ProofTerms Of(string account, TermsSnapshot snapshot, ServiceTerms? service)
    {
        var terms = new ProofTerms { Account = account, Versions = { snapshot.All.Where(t => string.Equals(t.Account, account, StringComparison.Ordinal)).Select(Version) } };
        if (service is not null) terms.Plan = Plan(service);
        return terms;
    }

    internal static ProofVersion Version(AccountTerms t)
    {
        var version = new ProofVersion
        {
            Contract = t.Contract, Version = t.Version, NameZh = t.NameZh, NameEn = t.NameEn, FromUs = t.EffectiveFrom.ToUnixMicros(), Promise = t.Promise is not null, Zone = t.Promise?.Zone ?? "",
            DecidedBy = t.Promise is { } promise ? ReasonCode.Of(promise.DecidedBy) : "", EndOfDay = t.Promise is { By: null }, Currency = t.Currency,
        };
        if (t.EffectiveUntil is { } until) version.UntilUs = until.ToUnixMicros();
        return version;
    }

    internal static ProofPlan Plan(ServiceTerms service)
    {
        var plan = new ProofPlan { Contract = service.Contract, Version = service.Version, NameZh = service.NameZh, NameEn = service.NameEn, SqiProfile = service.SqiProfile };
        foreach (var (letter, weight) in service.Weights ?? ImmutableSortedDictionary<string, decimal>.Empty) plan.Weights[letter] = Text(weight);
        foreach (var t in service.Targets)
        {
            var target = new ProofTarget { Code = t.Code, Target = Text(t.Target), Threshold = Text(t.Threshold), Floor = Text(t.Floor), Weight = t.Weight is { } weight ? Text(weight) : "" };
            if (t.MinimumSample is { } sample) target.MinimumSample = sample;
            plan.Targets.Add(target);
        }
        return plan;
    }

    private static AccountTerms VersionOf(string account, ProofVersion v) => new()
    {
        Account = account, Contract = v.Contract, Version = v.Version, NameZh = v.NameZh, NameEn = v.NameEn, EffectiveFrom = Clock.FromUnixMicros(v.FromUs), EffectiveUntil = v.HasUntilUs ? Clock.FromUnixMicros(v.UntilUs) : null,
        Currency = v.Currency.Length > 0 ? v.Currency : "CNY", Chargeable = [], Weight = new WeightTerms(ClauseId.Parse("W-1"), Mass.Zero, 0), Handover = HandoverTerms.Strictest,
        Promise = v.Promise ? new PromiseTerms(ClauseId.Parse("P-1"), LocalTime.Midnight, v.Zone, "none", [], v.EndOfDay ? null : LocalTime.Noon, v.DecidedBy switch
        {
            "date" => DecidedBy.Date,
            "timestamp" => DecidedBy.Timestamp,
            _ => throw new InvalidDataException($"A promise is decided by date or timestamp, not by '{v.DecidedBy}'."),
        }) : null,
    };

    private static ServiceTerms ServiceOf(string account, ProofPlan plan) => new(
        account, plan.NameZh, plan.NameEn, plan.Contract, plan.Version,
        plan.Weights.Count == 0 ? null : plan.Weights.ToImmutableSortedDictionary(static w => w.Key, static w => Number(w.Value), StringComparer.Ordinal), plan.SqiProfile,
        [.. plan.Targets.Select(static t => new ServiceTarget(t.Code, Number(t.Target), Number(t.Threshold), Number(t.Floor), t.Weight.Length > 0 ? Number(t.Weight) : null, t.HasMinimumSample ? t.MinimumSample : null))]);

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidDataException($"'{text}' is no number.");
}
