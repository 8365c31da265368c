using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Scales;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Custody.Scales;

/// <summary>How the scales stand behind the weights of a parcel, as the facts known here say. The hour of the daily check is in the depots' own configurations: only agents judge by it.</summary>
internal sealed class ScaleStandings
{
    private readonly Dictionary<(string, string), ScaleStanding> _known;

    private ScaleStandings(Dictionary<(string, string), ScaleStanding> known) => _known = known;

    /// <summary>
    /// Of all scales behind these weights, in one question. A parcel is weighed at other depots than the caller's, and what stands against a scale must count wherever the
    /// parcel comes (decisions/0007), as agents are told of every quarantine: so this one question lifts the restriction to the caller's depots, and answers standings only.
    /// </summary>
    internal static async Task<ScaleStandings> OfAsync(CustodyDb db, IReadOnlyList<WeightRecord> weights, CancellationToken ct)
    {
        var keys = weights.Select(KeyOf).OfType<(string Depot, string Device)>().ToHashSet();
        if (keys.Count == 0) return new ScaleStandings([]);
        var depots = keys.Select(static k => k.Depot).Distinct(StringComparer.Ordinal).ToList();
        var devices = keys.Select(static k => k.Device).Distinct(StringComparer.Ordinal).ToList();
        var rows = await db.Scales.IgnoreQueryFilters(["depot"]).AsNoTracking().Where(s => depots.Contains(s.Depot!) && devices.Contains(s.Device)).ToListAsync(ct);
        return new ScaleStandings(rows.ToDictionary(static s => (s.Depot!, s.Device), Of));
    }

    /// <summary>Of the scale that took a weight; trusted when nothing is said of it, or no scale took it.</summary>
    internal ScaleStanding Of(WeightRecord weight) => KeyOf(weight) is { } key ? _known.GetValueOrDefault(key, ScaleStanding.Trusted) : ScaleStanding.Trusted;

    /// <summary>Of a scale by its row; trusted without one.</summary>
    internal static ScaleStanding Of(ScaleRow? row) => row is null
        ? ScaleStanding.Trusted
        : JudgeStanding.Of(
            rule: null, row.CheckedUs == 0 ? null : new LastScaleCheck(Utc(row.CheckedUs), row.CheckPassed),
            new ScaleDoubts(row.QuarantinedUs > row.ReleasedUs, row.AskedUs == 0 ? null : Utc(row.AskedUs)), now: default);

    // A check and what is asked for are only compared with each other: any one zone does.
    private static LocalDateTime Utc(long us) => Clock.FromUnixMicros(us).InUtc().LocalDateTime;

    private static (string Depot, string Device)? KeyOf(WeightRecord weight) =>
        weight.Typed || weight.Scale is null ? null : (LifeLimits.Clip(weight.Node), LifeLimits.Clip(weight.Scale.Device));
}
