using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>
/// Which of a service's surcharges a shipment may bear, found for all at once, so that rating walks over those alone. The remote ones by one look-up of an end: every pattern that names a place is
/// the start of the longest that does, so the longest decides which surcharges do. Of the first 64; the others are asked one by one.
/// </summary>
internal sealed class SurchargeChoice
{
    internal const int Most = 64;

    private readonly ulong _always;
    private readonly ulong _marked;
    private readonly PlacePatterns? _patterns;
    private readonly ulong[] _byDestination;
    private readonly ulong[] _byOrigin;
    private readonly bool _originCounts;

    internal SurchargeChoice(IReadOnlyList<SurchargeWhen> surcharges)
    {
        string[] patterns = [.. surcharges.Take(Most).OfType<SurchargeWhen.Remote>().SelectMany(static s => s.Places).Distinct(StringComparer.Ordinal)];
        (_byDestination, _byOrigin) = (new ulong[patterns.Length], new ulong[patterns.Length]);
        for (var i = 0; i < Math.Min(surcharges.Count, Most); i++)
        {
            var bit = 1UL << i;
            if (surcharges[i] is SurchargeWhen.Remote remote)
            {
                for (var p = 0; p < patterns.Length; p++)
                {
                    if (!remote.Places.Any(place => Names(place, patterns[p]))) continue;
                    if (remote.Ends is LaneEnds.Destination or LaneEnds.Either) _byDestination[p] |= bit;
                    if (remote.Ends is LaneEnds.Origin or LaneEnds.Either) _byOrigin[p] |= bit;
                }
            }
            else if (surcharges[i] is SurchargeWhen.Marked)
            {
                _marked |= bit;
            }
            else
            {
                _always |= bit;
            }
        }
        if (patterns.Length > 0) _patterns = new PlacePatterns(patterns);
        _originCounts = _byOrigin.Any(static mask => mask != 0);
    }

    /// <summary>A bit for each surcharge, by its number, that the shipment may bear; whether it does is the surcharge's own business, save that a remote one names an end.</summary>
    internal ulong At(ShipmentToRate shipment)
    {
        var may = _always;
        if (shipment.Fragile || shipment.FreightCollect || !shipment.Marks.IsDefaultOrEmpty) may |= _marked;
        if (_patterns is null) return may;
        if (_patterns.Best(shipment.Destination) is var to && to >= 0) may |= _byDestination[to];
        if (_originCounts && _patterns.Best(shipment.Origin) is var from && from >= 0) may |= _byOrigin[from];
        return may;
    }

    // Whether a pattern names every place that the longest pattern names.
    private static bool Names(string pattern, string longest) =>
        string.Equals(pattern, longest, StringComparison.Ordinal) || (pattern.EndsWith('*') && longest.AsSpan().TrimEnd('*').StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal));
}
