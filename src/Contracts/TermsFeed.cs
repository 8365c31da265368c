using Google.Protobuf;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using Microsoft.Extensions.Hosting;
using TermsInForce = KeyAccountLogistics.Verdicts.Terms.TermsSnapshot;

namespace KeyAccountLogistics.Contracts;

/// <summary>The terms in force, as agents judge by them with the line cut. Written once per version, not once per agent.</summary>
internal sealed class TermsFeed(ITermsInForce terms) : BackgroundService, IDepotFeed
{
    private volatile Written? _written;

    private sealed record Written(ulong Version, BackendMessage Message);

    public event Action? Changed;

    public TimeSpan? RefreshAfter => null;

    public ulong HeldBy(Hello hello) => hello.TermsVersion;

    public Task<FeedUpdate> SinceAsync(string depot, ulong held, CancellationToken ct)
    {
        var now = terms.Now;
        if (now.Version == held || now.Version == 0) return Task.FromResult(new FeedUpdate(now.Version, []));
        var written = _written is { } known && known.Version == now.Version ? known : Write(now);
        _written = written;
        return Task.FromResult(new FeedUpdate(written.Version, [written.Message]));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (var known = terms.Now.Version; ; known = (await terms.ChangedFromAsync(known, stoppingToken)).Version) Changed?.Invoke();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private static Written Write(TermsInForce now)
    {
        var snapshot = new TermsSnapshot { Version = now.Version };
        snapshot.AccountTermsJson.AddRange(now.All.Select(terms => UnsafeByteOperations.UnsafeWrap(AccountTermsJson.Write(terms))));
        return new Written(now.Version, new BackendMessage { Terms = snapshot });
    }
}
