using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal.Access;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.ServiceLevels.Budgets;

/// <summary>Lateness costs by what is left of the month's budget of T2: threefold where nothing is, twofold where one parcel is a twentieth of it or more.</summary>
internal sealed class LatenessWeights(IServiceProvider services, TimeProvider time) : ILatenessWeights
{
    private const long Few = 20;

    public async Task<IReadOnlyDictionary<string, int>> OfAsync(IReadOnlyCollection<string> accounts, CancellationToken ct)
    {
        // As the product: whoever plans a depot's day learns no figure by it.
        await using var scope = services.CreateScopeAs(Caller.System);
        var left = await scope.ServiceProvider.GetRequiredService<ReadLeft>().OfAsync(accounts, time.Now(), ct);
        return left.ToDictionary(static l => l.Key, static l => Of(l.Value), StringComparer.Ordinal);
    }

    internal static int Of(long left) => left <= 0 ? ILatenessWeights.Max : left <= Few ? 2 : 1;
}
