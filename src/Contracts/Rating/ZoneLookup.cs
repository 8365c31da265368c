using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>A zone rule ready to be asked: a row's number for a shipment. Allocates nothing.</summary>
internal abstract class ZoneLookup
{
    private readonly string[] _rowNames;
    private readonly byte[][] _json;

    /// <summary>Rows by number: what each is called, and the zone it gives.</summary>
    private ZoneLookup(string clause, string by, IEnumerable<(string Row, string Zone)> rows)
    {
        (string Row, string Zone)[] all = [.. rows];
        _rowNames = [.. all.Select(r => r.Row)];
        Zones = [.. all.Select(r => r.Zone)];
        _json = [.. all.Select(r => Encoding.UTF8.GetBytes(StepJson(clause, by, r.Row, r.Zone)))];
    }

    /// <summary>The zone of each row.</summary>
    internal string[] Zones { get; }

    /// <summary>The row's step in a trace, whole.</summary>
    internal ReadOnlySpan<byte> Json(int row) => _json[row];

    /// <summary>The row that gives the zone; -1 when none does.</summary>
    internal abstract int Find(ShipmentToRate shipment);

    internal string RowName(int row) => _rowNames[row];

    internal static string StepJson(string clause, string by, string row, string zone) =>
        new TraceBuffer().Text("{\"step\":\"zone\",\"clause\":").Quoted(clause).Text(",\"by\":").Quoted(by).Text(",\"row\":").Quoted(row).Text(",\"zone\":").Quoted(zone).Text("}").ToString();

    /// <summary>The lookup of a rule; null where the zone comes with the shipment.</summary>
    internal static ZoneLookup? Of(ZoneRule rule, string clause) => rule switch
    {
        ZoneRule.Given => null,
        ZoneRule.ByLane lanes => new ByLane(lanes, clause),
        ZoneRule.ByPostcode postcodes => new ByPostcode(postcodes, clause),
        ZoneRule.ByRegion regions => new ByRegion(regions, clause),
        _ => throw new InvariantBrokenException("A zone is found in one of four ways.", rule.ToString()),
    };

    private static long Key(int from, int to) => ((long)from << 32) | (uint)to;

    private sealed class ByLane(ZoneRule.ByLane rule, string clause) : ZoneLookup(clause, "lane", rule.Rows.Select(r => (r.Lane.ToString(), r.Zone)))
    {
        private readonly LaneTable _lanes = new([.. rule.Rows.Select(r => r.Lane)]);

        internal override int Find(ShipmentToRate shipment) => _lanes.Find(shipment.Origin, shipment.Destination);
    }

    /// <summary>
    /// The rows' origin ranges cut the origins into spans in which the same rows hold; of a span's rows at most one holds a destination, since no two rows hold one pair. Two halvings find it.
    /// </summary>
    private sealed class ByPostcode : ZoneLookup
    {
        private readonly (PostcodeKey First, Destinations Rows)[] _spans;
        private readonly Destinations _elsewhere;

        internal ByPostcode(ZoneRule.ByPostcode rule, string clause)
            : base(clause, "postcode", rule.Rows.Select(r => ($"{Name(r.From)} > {Name(r.To)}", r.Zone)))
        {
            (PostcodeZone Row, int Number)[] rows = [.. rule.Rows.Select((r, i) => (r, i))];
            _elsewhere = new Destinations(rows.Where(r => r.Row.From is null));
            var cuts = new SortedSet<PostcodeKey>();
            foreach (var range in rule.Rows.Select(r => r.From).OfType<PostcodeRange>())
            {
                cuts.Add(PostcodeKey.Of(range.First));
                cuts.Add(PostcodeKey.Of(range.Last).Next);
            }
            _spans = [.. cuts.Select(first => (first, new Destinations(rows.Where(r => r.Row.From is not { } from || (PostcodeKey.Of(from.First) <= first && first <= PostcodeKey.Of(from.Last))))))];
        }

        internal override int Find(ShipmentToRate shipment)
        {
            var origin = PostcodeKey.Of(shipment.Origin);
            var (low, high) = (0, _spans.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_spans[middle].First <= origin) low = middle + 1;
                else high = middle;
            }
            return (low == 0 || origin.IsNone ? _elsewhere : _spans[low - 1].Rows).Find(PostcodeKey.Of(shipment.Destination));
        }

        private static string Name(PostcodeRange? range) => range is null ? "*" : $"{range.First}-{range.Last}";

        private sealed class Destinations
        {
            private readonly (PostcodeKey First, PostcodeKey Last, int Row)[] _ranges;
            private readonly int _anywhere;

            internal Destinations(IEnumerable<(PostcodeZone Row, int Number)> rows)
            {
                (PostcodeZone Row, int Number)[] all = [.. rows];
                _anywhere = all.Where(r => r.Row.To is null).Select(r => r.Number).DefaultIfEmpty(-1).First();
                _ranges = [.. all.Where(r => r.Row.To is not null).Select(r => (PostcodeKey.Of(r.Row.To!.First), PostcodeKey.Of(r.Row.To.Last), r.Number)).OrderBy(r => r.Item1)];
            }

            internal int Find(PostcodeKey destination)
            {
                var (low, high) = (0, _ranges.Length - 1);
                while (low <= high && !destination.IsNone)
                {
                    var middle = (low + high) / 2;
                    if (destination < _ranges[middle].First) high = middle - 1;
                    else if (destination > _ranges[middle].Last) low = middle + 1;
                    else return _ranges[middle].Row;
                }
                return _anywhere;
            }
        }

        /// <summary>A postcode as a number that keeps its length: shorter ones come first. None for what is not digits.</summary>
        private readonly record struct PostcodeKey(int Length, long Number) : IComparable<PostcodeKey>
        {
            internal bool IsNone => Length == 0;

            internal PostcodeKey Next => this with { Number = Number + 1 };

            internal static PostcodeKey Of(string text) =>
                text.Length is 0 or > 18 || text.AsSpan().ContainsAnyExceptInRange('0', '9') ? default : new PostcodeKey(text.Length, long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

            public int CompareTo(PostcodeKey other) => Length != other.Length ? Length.CompareTo(other.Length) : Number.CompareTo(other.Number);

            public static bool operator <(PostcodeKey a, PostcodeKey b) => a.CompareTo(b) < 0;

            public static bool operator >(PostcodeKey a, PostcodeKey b) => a.CompareTo(b) > 0;

            public static bool operator <=(PostcodeKey a, PostcodeKey b) => a.CompareTo(b) <= 0;

            public static bool operator >=(PostcodeKey a, PostcodeKey b) => a.CompareTo(b) >= 0;
        }
    }

    private sealed class ByRegion : ZoneLookup
    {
        private const string Any = "*";
        private readonly PlacePatterns _places;
        private readonly int[] _regionOfPlace;
        private readonly int _any;
        private readonly FrozenDictionary<long, int> _rows;

        internal ByRegion(ZoneRule.ByRegion rule, string clause)
            : base(clause, "region", rule.Pairs.Select(p => ($"{p.From} > {p.To}", p.Zone)))
        {
            string[] regions = [.. rule.Places.Select(p => p.Region).Concat(rule.Pairs.SelectMany(p => new[] { p.From, p.To })).Append(Any).Distinct(StringComparer.Ordinal)];
            _places = new PlacePatterns([.. rule.Places.Select(p => p.Pattern)]);
            _regionOfPlace = [.. rule.Places.Select(p => Array.IndexOf(regions, p.Region))];
            _any = Array.IndexOf(regions, Any);
            var rows = new Dictionary<long, int>();
            for (var row = 0; row < rule.Pairs.Length; row++) rows.TryAdd(Key(Array.IndexOf(regions, rule.Pairs[row].From), Array.IndexOf(regions, rule.Pairs[row].To)), row);
            _rows = rows.ToFrozenDictionary();
        }

        // A place in no region has no zone, not even by a star: the star is any region, and a wrong code must not be priced.
        internal override int Find(ShipmentToRate shipment)
        {
            var (origin, destination) = (_places.Best(shipment.Origin), _places.Best(shipment.Destination));
            if (origin < 0 || destination < 0) return -1;
            var (from, to) = (_regionOfPlace[origin], _regionOfPlace[destination]);
            if (_rows.TryGetValue(Key(from, to), out var both)) return both;
            var one = _rows.TryGetValue(Key(from, _any), out var fromRow) ? fromRow : -1;
            if (_rows.TryGetValue(Key(_any, to), out var toRow) && (one < 0 || toRow < one)) one = toRow;
            if (one >= 0) return one;
            return _rows.TryGetValue(Key(_any, _any), out var any) ? any : -1;
        }
    }
}
