using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Unit.Dispatch;

/// <summary>The ledger in memory: what the tables hold, by the same rules, with nothing between.</summary>
internal sealed class Purse
{
    private readonly Entries _entries = new();
    private readonly HashSet<Guid> _met = [];
    private readonly HashSet<Guid> _corrected = [];

    internal IReadOnlyList<Posting> Postings => _entries.Added;

    internal IEnumerable<PostingLine> Lines => Postings.SelectMany(p => p.Lines);

    internal static Guid Id(int n) => NamedId.From("purse", n.ToString(System.Globalization.CultureInfo.InvariantCulture));

    internal static ParcelEvent Fact(int id, EventKind kind, MoneyMove? money, int? corrects = null) => new()
    {
        Id = ByteString.CopyFrom(Uuid.Bytes(Id(id))), Kind = kind, Money = money ?? (kind is EventKind.Corrected ? new MoneyMove() : null), Parcel = kind is EventKind.MoneyCollected or EventKind.CollectionRefused ? money!.Items[0].Parcel : "",
        Corrects = corrects is { } named ? ByteString.CopyFrom(Uuid.Bytes(Id(named))) : ByteString.Empty,
    };

    internal static MoneyItem Item(string parcel, MoneyPurpose purpose, long minor, string account = "ACME") =>
        new() { Parcel = parcel, Purpose = purpose, Minor = minor, Account = account };

    internal static MoneyMove Collected(string parcel, long cod, long freight = 0, PaymentMeans means = PaymentMeans.Cash, string courier = "c-1", string account = "ACME")
    {
        var move = new MoneyMove { Courier = courier, Depot = "HZ01", Currency = "CNY", Means = means };
        if (cod != 0) move.Items.Add(Item(parcel, MoneyPurpose.Cod, cod, account));
        if (freight != 0) move.Items.Add(Item(parcel, MoneyPurpose.Freight, freight, account));
        return move;
    }

    /// <summary>As the journal gives an event: once by its id.</summary>
    internal void Come(ParcelEvent e)
    {
        var id = Uuid.From(e.Id.Span);
        if (!_met.Add(id)) return;
        var corrects = MoneyRun.NamedBy(e);
        if (corrects is { } named && _corrected.Add(named)) _entries.KnowCorrection(named, id);
        _entries.Come(id, MoneyRun.OwnOf(id, e).Own, corrects);
    }

    /// <summary>As one batch has them: every correction in it is known before the first event comes.</summary>
    internal void ComeTogether(IReadOnlyList<ParcelEvent> facts)
    {
        foreach (var e in facts)
        {
            if (MoneyRun.NamedBy(e) is { } named && _corrected.Add(named)) _entries.KnowCorrection(named, Uuid.From(e.Id.Span));
        }
        foreach (var e in facts) Come(e);
    }

    internal bool IsCorrected(int id) => _corrected.Contains(Id(id));

    internal long Balance(LedgerAccount account, string? owner = null) => Lines.Where(l => l.Place.Account == account && (owner is null || l.Place.Owner == owner)).Sum(l => l.Minor);

    internal List<OpenItem> Open(LedgerAccount account, string owner) =>
        [.. Lines.Where(l => l.Place.Account == account && l.Place.Owner == owner).GroupBy(l => (l.Parcel, l.Purpose, l.Place.Client))
            .Select(g => new OpenItem(g.Key.Parcel, g.Key.Purpose, g.Sum(l => l.Minor), g.Key.Client)).Where(i => i.Minor != 0)];

    /// <summary>Every place with its sum, the empty ones left out.</summary>
    internal List<(string Place, long Minor)> Sums() =>
        [.. Lines.GroupBy(l => $"{l.Place} {l.Parcel} {l.Purpose}", StringComparer.Ordinal).Select(g => (g.Key, g.Sum(l => l.Minor))).Where(g => g.Item2 != 0).OrderBy(g => g.Key, StringComparer.Ordinal)];
}
