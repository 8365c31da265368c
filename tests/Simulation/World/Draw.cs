using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>Choices drawn from a seed. Each actor draws from a source of its own, so that one actor's further choice does not change another's.</summary>
internal sealed class Draw(ulong seed, string who)
{
    private readonly Random _random = RunSettings.RandomOf(seed ^ Hash(who));

    internal bool Chance(double of) => _random.NextDouble() < of;

    /// <summary>From the lower bound up to and including the upper one.</summary>
    internal int Int(int from, int to) => _random.Next(from, to + 1);

    internal T Of<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    internal T ByWeight<T>(params (T What, int Weight)[] choices)
    {
        var at = _random.Next(choices.Sum(c => c.Weight));
        foreach (var (what, weight) in choices)
        {
            if ((at -= weight) < 0) return what;
        }
        return choices[^1].What;
    }

    // FNV-1a: the runtime's own string hash differs from run to run.
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        unchecked
        {
            foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        }
        return hash;
    }
}
