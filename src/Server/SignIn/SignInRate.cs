using System.Globalization;
using System.Threading.RateLimiting;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Hosting;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>
/// How often one address may try to sign in, refresh or enrol, and how many passwords are worked on at once: guessing is slow, and a flood of
/// sign-ins leaves processors for the scanners.
/// </summary>
internal sealed class SignInRate(BackendOptions options) : IDisposable
{
    private const int WaitingMax = 64;

    private readonly PartitionedRateLimiter<string> _perAddress = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.SignInsPerMinute,
            TokensPerPeriod = Math.Max(1, options.SignInsPerMinute / 6),
            ReplenishmentPeriod = TimeSpan.FromSeconds(10),
            QueueLimit = 0,
        }));

    private readonly ConcurrencyLimiter _hashing = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = WaitingMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Null when the address may try; else the fault.</summary>
    internal Fault? Refuse(string address)
    {
        using var lease = _perAddress.AttemptAcquire(address);
        return lease.IsAcquired
            ? null
            : new Fault.Exhausted("sign_in.too_many", string.Create(CultureInfo.InvariantCulture, $"More than {options.SignInsPerMinute} sign-ins a minute from {address}. Wait a minute and try again."));
    }

    /// <summary>Runs the costly part of a sign-in when it is its turn.</summary>
    internal async Task<Outcome<T>> WorkAsync<T>(Func<T> work, CancellationToken ct)
    {
        using var lease = await _hashing.AcquireAsync(1, ct);
        return lease.IsAcquired
            ? Outcome<T>.Ok(await Task.Run(work, ct))
            : new Fault.Exhausted("sign_in.busy", "Too many people are signing in at once. Try again in a few seconds.");
    }

    public void Dispose()
    {
        _perAddress.Dispose();
        _hashing.Dispose();
    }
}
