namespace KeyAccountLogistics.Dispatch.Published;

/// <summary>
/// What a late parcel costs an account, for whoever plans its couriers' days. Given by the module that keeps promises' budgets, which lies above this one; without one every account's lateness costs the same.
/// </summary>
public interface ILatenessWeights
{
    /// <summary>The greatest weight there is.</summary>
    const int Max = 3;

    /// <summary>By account, in multiples of the usual price: 1 to <see cref="Max"/>. One that is not in it has 1.</summary>
    Task<IReadOnlyDictionary<string, int>> OfAsync(IReadOnlyCollection<string> accounts, CancellationToken ct);
}
