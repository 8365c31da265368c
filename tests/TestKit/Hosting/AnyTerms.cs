using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Hosting;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>A contract without calendar and cut-off for one account, so that a test does not depend on the day it runs.</summary>
public static class AnyTerms
{
    /// <summary>The backend knows that contract and no other.</summary>
    public static BackendOptions WithAnyTerms(this BackendOptions options, string account) =>
        options with { AddMore = services => services.AddSingleton<ITermsInForce>(new Given(account)) };

    private sealed class Given(string account) : ITermsInForce
    {
        public TermsSnapshot Now { get; } = new(1,
        [
            new AccountTerms
            {
                Account = account, NameZh = "甲", NameEn = "A", Contract = "KA-1", Version = 1, EffectiveFrom = Instant.FromUtc(2020, 1, 1, 0, 0), Currency = "CNY", Chargeable = [],
                Weight = new WeightTerms(ClauseId.Parse("W-1"), Mass.Zero, 0), Handover = HandoverTerms.Strictest,
            },
        ]);

        public async Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct)
        {
            if (known == Now.Version) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            return Now;
        }
    }
}
