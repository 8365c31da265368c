using System.Runtime.InteropServices;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Weighing;

namespace KeyAccountLogistics.Verdicts.Scales;

/// <summary>One parcel on two scales, within the same custody chain.</summary>
/// <param name="First">Index of the earlier scale.</param>
/// <param name="FirstMass">What it showed.</param>
/// <param name="Second">Index of the later scale, another one.</param>
/// <param name="SecondMass">What that showed.</param>
public readonly record struct WeighedTwice(int First, Mass FirstMass, int Second, Mass SecondMass);

/// <summary>What the estimate says of a scale.</summary>
public enum BiasAnswer
{
    /// <summary>Too few parcels were weighed on it and on another one.</summary>
    TooFew = 1,

    /// <summary>Nothing says that it is beyond its limit.</summary>
    Within = 2,

    /// <summary>Beyond its limit, with the whole interval: quarantine it.</summary>
    Beyond = 3,

    /// <summary>It and another scale cannot both be within their limits, and no majority says which errs: both need their test weights.</summary>
    Disagrees = 4,
}

/// <summary>How much more a scale shows than the others, at the mass where that is worst within what it weighed.</summary>
/// <param name="Answer">What follows.</param>
/// <param name="Parcels">Parcels weighed on it and on another scale.</param>
/// <param name="Others">Scales it was compared with directly.</param>
/// <param name="At">The mass the figures stand at; zero when too few.</param>
/// <param name="Error">How much more than the others it shows there.</param>
/// <param name="Low">Lower end of the 95 % confidence interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Limit">Its in-service error there (OIML R 76-1).</param>
public sealed record ScaleEstimate(BiasAnswer Answer, int Parcels, int Others, Mass At, Mass Error, Mass Low, Mass High, Mass Limit);

/// <summary>
/// Drift without test weights: the same parcels on two scales say how much more one shows than the other, and over all scales of a network, which one it is.
/// </summary>
/// <remarks>
/// <para>Model: scale s shows a mass m as m + a(s) + b(s)·m, an offset (off level, something rubbing) and a span error (what a load cell's drift is). Each parcel weighed
/// twice gives one equation in the differences of a and of b; they are solved together by weighted least squares with Tukey's biweight, so that a parcel that was opened in
/// between has no say. Differences leave the common level open: it is the median over the scales, the majority is taken to be right, with the median's own uncertainty in
/// every interval; where fewer than three scales can vote there is no majority and nobody is blamed.</para>
/// <para>A scale is beyond its limit only when the interval at three standard deviations lies beyond it, at a mass between the 10th and the 90th percentile of what it
/// weighed: nothing is extrapolated. These are statistics about scales, in double; no weight of a parcel is computed here (law 8).</para>
/// </remarks>
public static class EstimateBias
{
    /// <summary>Fewer parcels on a scale say nothing of it.</summary>
    public const int ParcelsMin = 20;

    /// <summary>Scales solved together; larger networks are taken apart where they hang together least.</summary>
    public const int GroupMax = 300;

    private const int VotersMin = 3;

    /// <summary>The estimate of every scale, in the order given. Parcels on one scale twice are left out. Deterministic.</summary>
    public static IReadOnlyList<ScaleEstimate> Of(IReadOnlyList<ScaleFacts> scales, IReadOnlyList<WeighedTwice> parcels) => Of(scales, parcels, GroupMax);

    internal static IReadOnlyList<ScaleEstimate> Of(IReadOnlyList<ScaleFacts> scales, IReadOnlyList<WeighedTwice> parcels, int groupMax)
    {
        ArgumentNullException.ThrowIfNull(scales);
        ArgumentNullException.ThrowIfNull(parcels);
        var useful = parcels.Where(p => p.First != p.Second && p.FirstMass > Mass.Zero && p.SecondMass > Mass.Zero).ToList();
        var answers = new ScaleEstimate[scales.Count];
        Array.Fill(answers, TooFew(0, 0));
        foreach (var group in Groups(scales.Count, useful, groupMax))
        {
            var place = new Dictionary<int, int>();
            foreach (var scale in group) place[scale] = place.Count;
            var inside = useful.Where(p => place.ContainsKey(p.First) && place.ContainsKey(p.Second))
                .Select(p => p with { First = place[p.First], Second = place[p.Second] }).ToList();
            var found = new BiasGroup([.. group.Select(s => scales[s])], inside).Judge();
            for (var i = 0; i < group.Count; i++) answers[group[i]] = found[i];
        }
        return answers;
    }

    internal static ScaleEstimate TooFew(int parcels, int others) => new(BiasAnswer.TooFew, parcels, others, Mass.Zero, Mass.Zero, Mass.Zero, Mass.Zero, Mass.Zero);

    internal static bool CanVote(int voters) => voters >= VotersMin;

    /// <summary>Scales that hang together by common parcels, at most <paramref name="groupMax"/> each: grown from the scale with the most parcels along the strongest ties.</summary>
    private static IEnumerable<List<int>> Groups(int scales, List<WeighedTwice> parcels, int groupMax)
    {
        var ties = new Dictionary<int, Dictionary<int, int>>();
        foreach (var p in parcels)
        {
            foreach (var (from, to) in ((int, int)[])[(p.First, p.Second), (p.Second, p.First)])
            {
                ref var of = ref CollectionsMarshal.GetValueRefOrAddDefault(ties, from, out _);
                CollectionsMarshal.GetValueRefOrAddDefault(of ??= [], to, out _)++;
            }
        }
        var free = new HashSet<int>(ties.Keys);
        foreach (var seed in Enumerable.Range(0, scales).Where(ties.ContainsKey).OrderByDescending(s => ties[s].Values.Sum()).ThenBy(static s => s))
        {
            if (!free.Remove(seed)) continue;
            var group = new List<int> { seed };
            var near = new Dictionary<int, int>();
            Reach(seed);
            while (group.Count < groupMax && near.Count > 0)
            {
                var next = near.OrderByDescending(static n => n.Value).ThenBy(static n => n.Key).First().Key;
                near.Remove(next);
                free.Remove(next);
                group.Add(next);
                Reach(next);
            }
            yield return group;

            void Reach(int scale)
            {
                foreach (var (other, common) in ties[scale])
                {
                    if (free.Contains(other)) near[other] = near.GetValueOrDefault(other) + common;
                }
            }
        }
    }
}
