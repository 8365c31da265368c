namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>What figures are grouped by. Numbers are stored.</summary>
internal enum CounterKind
{
    /// <summary>The account as a whole.</summary>
    All = 0,

    /// <summary>A contract version.</summary>
    Contract = 1,

    /// <summary>Origin and destination.</summary>
    Lane = 2,

    /// <summary>A service.</summary>
    Product = 3,

    /// <summary>The depot that delivers, or picks up.</summary>
    Depot = 4,

    /// <summary>The courier of the first attempt.</summary>
    Courier = 5,
}

/// <summary>Where a figure is added up.</summary>
internal readonly record struct CounterKey(string Account, int Day, CounterKind Kind, string Member, string Figure) : IComparable<CounterKey>
{
    public int CompareTo(CounterKey other)
    {
        var order = string.CompareOrdinal(Account, other.Account);
        if (order == 0) order = Day.CompareTo(other.Day);
        if (order == 0) order = Kind.CompareTo(other.Kind);
        if (order == 0) order = string.CompareOrdinal(Member, other.Member);
        return order == 0 ? string.CompareOrdinal(Figure, other.Figure) : order;
    }
}

/// <summary>The figure there: sums, so that they can be added and taken back exactly.</summary>
internal readonly record struct CounterSums(long Numerator, long Denominator, long LeftOut, long InDoubt, long Open)
{
    internal static CounterSums Of(Tally t) => new(t.Numerator, t.Denominator, t.LeftOut ? 1 : 0, t.InDoubt ? 1 : 0, t.Open ? 1 : 0);

    public static CounterSums operator +(CounterSums a, CounterSums b) =>
        new(a.Numerator + b.Numerator, a.Denominator + b.Denominator, a.LeftOut + b.LeftOut, a.InDoubt + b.InDoubt, a.Open + b.Open);

    public static CounterSums operator -(CounterSums a) => new(-a.Numerator, -a.Denominator, -a.LeftOut, -a.InDoubt, -a.Open);

    /// <summary>For reports of differences.</summary>
    public override string ToString() => this is { LeftOut: 0, InDoubt: 0, Open: 0 }
        ? FormattableString.Invariant($"{Numerator}/{Denominator}")
        : FormattableString.Invariant($"{Numerator}/{Denominator} (excluded {LeftOut}, in doubt {InDoubt}, open {Open})");
}

/// <summary>Sums by key: the counters of some contributions, or what changes in them. Adding a contribution and taking it back leaves nothing.</summary>
internal sealed class Counters
{
    private readonly Dictionary<CounterKey, CounterSums> _sums = [];

    /// <summary>What is not all zero, in the order of keys: whoever writes them meets rows in one order.</summary>
    internal IEnumerable<KeyValuePair<CounterKey, CounterSums>> InOrder => _sums.Where(static s => s.Value != default).OrderBy(static s => s.Key);

    /// <summary>Of accounts as a whole, by the month: what is not all zero, in the order of keys.</summary>
    internal IEnumerable<KeyValuePair<(int Month, string Account, string Figure), CounterSums>> ByMonth
    {
        get
        {
            var months = new Dictionary<(int Month, string Account, string Figure), CounterSums>();
            foreach (var (key, sums) in _sums)
            {
                if (key.Kind is not CounterKind.All) continue;
                var month = (AccountDays.MonthOf(AccountDays.DayOf(key.Day)), key.Account, key.Figure);
                months[month] = months.GetValueOrDefault(month) + sums;
            }
            return months.Where(static m => m.Value != default).OrderBy(static m => m.Key.Month).ThenBy(static m => m.Key.Account, StringComparer.Ordinal).ThenBy(static m => m.Key.Figure, StringComparer.Ordinal);
        }
    }

    internal CounterSums this[CounterKey key] => _sums.GetValueOrDefault(key);

    internal void Add(Contribution contribution) => Apply(contribution, back: false, int.MinValue, int.MaxValue);

    /// <summary>What it adds to the days from one to another, both of them included.</summary>
    internal void Add(Contribution contribution, int firstDay, int lastDay) => Apply(contribution, back: false, firstDay, lastDay);

    internal void TakeBack(Contribution contribution) => Apply(contribution, back: true, int.MinValue, int.MaxValue);

    /// <summary>What these have more than the others; a new one.</summary>
    internal Counters Without(Counters others)
    {
        var difference = new Counters();
        foreach (var (key, sums) in _sums) difference.Add(key, sums);
        foreach (var (key, sums) in others._sums) difference.Add(key, -sums);
        return difference;
    }

    internal void Add(CounterKey key, CounterSums sums) => _sums[key] = _sums.GetValueOrDefault(key) + sums;

    private void Apply(Contribution c, bool back, int firstDay, int lastDay)
    {
        foreach (var tally in c.Tallies)
        {
            if (tally.Day < firstDay || tally.Day > lastDay) continue;
            var sums = back ? -CounterSums.Of(tally) : CounterSums.Of(tally);
            foreach (var (kind, member) in MembersOf(c)) Add(new CounterKey(c.Account, tally.Day, kind, member, tally.Figure), sums);
        }
    }

    private static IEnumerable<(CounterKind Kind, string Member)> MembersOf(Contribution c)
    {
        yield return (CounterKind.All, "");
        if (c.Contract.Length > 0) yield return (CounterKind.Contract, c.Contract);
        if (c.Lane.Length > 0) yield return (CounterKind.Lane, c.Lane);
        if (c.Product.Length > 0) yield return (CounterKind.Product, c.Product);
        if (c.Depot.Length > 0) yield return (CounterKind.Depot, c.Depot);
        if (c.Courier.Length > 0) yield return (CounterKind.Courier, c.Courier);
    }
}
