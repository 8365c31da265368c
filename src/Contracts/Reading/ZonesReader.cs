using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using static KeyAccountLogistics.Contracts.Reading.WordLists;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>A zone that a row gives, and where it says so.</summary>
internal readonly record struct GivenZone(string Zone, Section Row);

/// <summary>The zones of a tariff as they were read, with the places in the document that the checks against prices and promise need.</summary>
/// <param name="Rule">The rule; null when the tariff has one price for everywhere.</param>
/// <param name="Given">Every zone some row gives, once; empty when zones come with the shipment, or could not be read.</param>
/// <param name="Lanes">The rows of a lane table.</param>
internal sealed record ZonesRead(ZoneRule? Rule, ImmutableArray<GivenZone> Given, ImmutableArray<(Lane Lane, Section Row)> Lanes)
{
    internal static ZonesRead None { get; } = new(null, [], []);
}

/// <summary>Reads how origin and destination give a zone.</summary>
internal static class ZonesReader
{
    private const string ZoneShape = "a zone like b, without blanks";
    private const int RowsMax = TableNodes.RowsMax;

    internal static ZonesRead Read(Section parent)
    {
        if (parent.Child("zones", required: false, "by, and its rows or a table") is not { } section) return ZonesRead.None;
        var by = section.Word("by", ZoneWords, required: true);
        var read = by switch
        {
            ZoneBy.Given => new(new ZoneRule.Given(), [], []),
            ZoneBy.Lane => ByLane(section),
            ZoneBy.Postcode => ByPostcode(section),
            ZoneBy.Region => ByRegion(section),
            _ => ZonesRead.None,
        };
        if (by == default) _ = section.Has("rows") | section.Has("table") | section.Has("regions") | section.Has("pairs");
        section.Close();
        return read;
    }

    private static ZonesRead ByLane(Section section)
    {
        var rows = new List<LaneZone>();
        var given = new List<GivenZone>();
        var lanes = new List<(Lane, Section)>();
        var seen = new HashSet<Lane>();
        foreach (var row in section.Children("rows", required: true, RowsMax, "a lane with from, to and zone"))
        {
            var lane = LaneOf(row);
            var zone = row.Required<string>("zone", TermsText.Code, ZoneShape);
            if (!seen.Add(lane)) row.Mistake("to", $"the lane {lane} stands in the list already; this row is never reached.");
            row.Close();
            if (zone is null) continue;
            rows.Add(new LaneZone(lane, zone));
            given.Add(new GivenZone(zone, row));
            lanes.Add((lane, row));
        }
        return new(new ZoneRule.ByLane([.. rows]), Once(given), [.. lanes]);
    }

    internal static Lane LaneOf(Section row) => new(
        row.Optional<string>("from", TermsText.Place, AccountTermsReader.PlaceShape, "*") ?? "*",
        row.Optional<string>("to", TermsText.Place, AccountTermsReader.PlaceShape, "*") ?? "*");

    private static ZonesRead ByPostcode(Section section)
    {
        var rows = new List<(PostcodeZone Row, Section Section)>();
        foreach (var row in section.Children("rows", required: true, RowsMax, "a pair of ranges with from, to and zone"))
        {
            var from = row.Optional<PostcodeRange>("from", Postcodes, PostcodeShape);
            var to = row.Optional<PostcodeRange>("to", Postcodes, PostcodeShape);
            var zone = row.Required<string>("zone", TermsText.Code, ZoneShape);
            row.Close();
            if (zone is not null) rows.Add((new PostcodeZone(from, to, zone), row));
        }
        Overlaps(rows);
        return new(new ZoneRule.ByPostcode([.. rows.Select(r => r.Row)]), Once(rows.Select(r => new GivenZone(r.Row.Zone, r.Section))), []);
    }

    // Two rows that hold one pair of postcodes contradict each other. As numbers and pair by pair: five thousand rows are twelve million comparisons.
    private static void Overlaps(List<(PostcodeZone Row, Section Section)> rows)
    {
        var spans = rows.Select(r => (From: Span(r.Row.From), To: Span(r.Row.To))).ToArray();
        for (var later = 1; later < spans.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                if (!Meet(spans[earlier].From, spans[later].From) || !Meet(spans[earlier].To, spans[later].To)) continue;
                var inside = Holds(spans[earlier].From, spans[later].From) && Holds(spans[earlier].To, spans[later].To);
                rows[later].Section.Mistake(rows[later].Row.To is null ? "from" : "to", $"{Told(rows[later].Row)} {(inside ? "lies inside" : "overlaps")} {Told(rows[earlier].Row)} of another row; a pair of postcodes has one zone.");
                break;
            }
        }
    }

    private static (int Length, long First, long Last)? Span(PostcodeRange? range) =>
        range is null ? null : (range.First.Length, long.Parse(range.First, CultureInfo.InvariantCulture), long.Parse(range.Last, CultureInfo.InvariantCulture));

    private static bool Meet((int Length, long First, long Last)? a, (int Length, long First, long Last)? b) =>
        a is not { } x || b is not { } y || (x.Length == y.Length && x.First <= y.Last && y.First <= x.Last);

    private static bool Holds((int Length, long First, long Last)? outer, (int Length, long First, long Last)? inner) =>
        outer is not { } o || (inner is { } i && o.Length == i.Length && o.First <= i.First && i.Last <= o.Last);

    private static string Told(PostcodeZone row) => $"{(row.From is null ? "*" : Write(row.From))} > {(row.To is null ? "*" : Write(row.To))}";

    private static ZonesRead ByRegion(Section section)
    {
        const string RegionShape = "a region like east, without blanks";
        var places = new List<PlaceRegion>();
        var regions = new Dictionary<string, Section>(StringComparer.Ordinal);
        var patterns = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in section.Children("regions", required: true, RowsMax, "a place with its region"))
        {
            var place = row.Required<string>("place", TermsText.Place, AccountTermsReader.PlaceShape);
            var region = row.Required<string>("region", TermsText.Code, RegionShape);
            if (place is not null && !patterns.Add(place)) row.Mistake("place", $"{place} stands in the list already; this row is never reached.");
            if (region is "*") row.Mistake("region", "* means any region; name this one.");
            row.Close();
            if (place is null || region is null) continue;
            places.Add(new PlaceRegion(place, region));
            regions.TryAdd(region, row);
        }
        var pairs = new List<RegionZone>();
        var given = new List<GivenZone>();
        var seen = new HashSet<(string, string)>();
        foreach (var row in section.Children("pairs", required: true, RowsMax, "two regions with their zone"))
        {
            var from = row.Optional<string>("from", TermsText.Code, RegionShape, "*") ?? "*";
            var to = row.Optional<string>("to", TermsText.Code, RegionShape, "*") ?? "*";
            var zone = row.Required<string>("zone", TermsText.Code, ZoneShape);
            if (!seen.Add((from, to))) row.Mistake("to", $"the pair {from} > {to} stands in the list already; this row is never reached.");
            foreach (var (key, region) in new[] { ("from", from), ("to", to) })
            {
                if (region is "*" || regions.Count == 0 || regions.ContainsKey(region)) continue;
                var near = NearestWord.Of(region, regions.Keys) is { } word ? $"; did you mean {word}?" : "; this row is never reached.";
                row.Mistake(key, $"no place belongs to the region {region}{near}");
            }
            row.Close();
            if (zone is null) continue;
            pairs.Add(new RegionZone(from, to, zone));
            given.Add(new GivenZone(zone, row));
        }
        foreach (var (region, row) in regions)
        {
            if (pairs.Count > 0 && !pairs.Exists(p => p.From is "*" || string.Equals(p.From, region, StringComparison.Ordinal)) && !pairs.Exists(p => p.To is "*" || string.Equals(p.To, region, StringComparison.Ordinal)))
                row.Mistake("region", $"{region} stands in no pair, so its places have no zone.");
        }
        return new(new ZoneRule.ByRegion([.. places], [.. pairs]), Once(given), []);
    }

    private static ImmutableArray<GivenZone> Once(IEnumerable<GivenZone> given) => [.. given.DistinctBy(g => g.Zone, StringComparer.Ordinal)];
}
