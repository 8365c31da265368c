using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using NodaTime;

namespace KeyAccountLogistics.Cases.Weight;

/// <summary>What a fact says of a scale: it went into quarantine, or came back.</summary>
internal sealed record ScaleChange(Guid EventId, string Depot, string Device, bool Released, long AtUs, ScaleBias? Bias);

/// <summary>
/// Which of a parcel's weights a quarantine puts in doubt (decisions/0007): those of that scale since it last came back into service, but no further back than the weighings
/// that the estimate was made of, and until it comes back. A passed check in between clears nothing: a scale that drifted since would be proved right by its own morning.
/// Pure.
/// </summary>
internal static class ScaleDoubts
{
    /// <summary>The estimate's window (Custody, JudgeScales).</summary>
    internal static readonly Duration Window = Duration.FromDays(14);

    /// <summary>From when and until when a quarantine puts its scale's weights in doubt; until is exclusive, and far away while it has not come back.</summary>
    internal static (long SinceUs, long UntilUs) Span(ScaleChange quarantine, IEnumerable<ScaleChange> ofThatScale)
    {
        var since = quarantine.AtUs - Life.Micros.Of(Window);
        var until = long.MaxValue;
        foreach (var released in ofThatScale.Where(c => c.Released))
        {
            if (released.AtUs < quarantine.AtUs) since = Math.Max(since, released.AtUs);
            else until = Math.Min(until, released.AtUs);
        }
        return (since, until);
    }

    /// <summary>The quarantines that touch the weights, in the order of their instants, each once.</summary>
    internal static IEnumerable<ScaleDoubted> Of(IReadOnlyCollection<WeightLink> chain, IReadOnlyCollection<ScaleChange> changes)
    {
        foreach (var quarantine in changes.Where(c => !c.Released).OrderBy(c => c.AtUs).ThenBy(c => c.EventId))
        {
            var (since, until) = Span(quarantine, changes.Where(c => IsOf(c.Depot, c.Device, quarantine)));
            var touched = chain.Where(w => w.EventId.Length > 0 && !w.Typed && w.Scale is { } scale && IsOf(w.Node, scale.Device, quarantine) && w.AtUs >= since && w.AtUs < until)
                .Select(w => w.EventId).ToList();
            if (touched.Count == 0) continue;
            yield return new ScaleDoubted
            {
                EventId = quarantine.EventId.ToString(), Depot = quarantine.Depot, Device = quarantine.Device, SinceUs = since, AtUs = quarantine.AtUs, Estimate = quarantine.Bias, Weights = { touched },
            };
        }
    }

    private static bool IsOf(string depot, string device, ScaleChange scale) =>
        string.Equals(depot, scale.Depot, StringComparison.Ordinal) && string.Equals(device, scale.Device, StringComparison.Ordinal);
}
