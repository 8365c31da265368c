using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Dispatch.Projections;

/// <summary>The ledger's part of one append transaction; nothing at all for the batches without money and corrections, which is nearly every one.</summary>
internal sealed class MoneyRun(IJournalWrites writes)
{
    private readonly Entries _entries = new();
    private readonly Dictionary<Guid, Guid?> _correctedBy = [];
    private readonly Dictionary<Guid, long> _at = [];

    internal async ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
    {
        var concerned = events.Where(e => PostingRules.IsMoney(e.Event.Kind) || CorrectedBy(e) is not null).ToList();
        if (concerned.Count == 0) return;
        await LockAsync([.. concerned.SelectMany(e => CorrectedBy(e) is { } named ? new[] { e.Id, named } : [e.Id])], ct);
        TakeCorrections(concerned);
        await KnowWhatStandsAsync(ct);
        var entries = new RowBlock(ColumnKind.Uuid, ColumnKind.Long, ColumnKind.Long, ColumnKind.Long);
        foreach (var e in concerned)
        {
            var (own, flaw) = OwnOf(e.Id, e.Event);
            _at[e.Id] = e.Time.Best.ToUnixMicros();
            entries.Uuid(e.Id).Long((int)KindOf(e.Event)).Long((int)flaw).Long(_at[e.Id]);
            _entries.Come(e.Id, own, CorrectedBy(e));
        }
        writes.Write(MoneySql.PutEntry, entries);
        // A line's time is that of the event it stands under, whichever of a fact and its correction came first.
        var at = _entries.Added.Select(p => _at[p.Event]).ToList();
        WritePostings(at);
        WriteSums(at);
    }

    /// <summary>What its entry says of its kind.</summary>
    internal static EventKind KindOf(ParcelEvent fact) => PostingRules.IsMoney(fact.Kind) ? fact.Kind : EventKind.Unspecified;

    internal static (Posting? Own, MoneyFlaw Flaw) OwnOf(Guid id, ParcelEvent fact)
    {
        if (!PostingRules.IsMoney(fact.Kind)) return (null, default);
        return PostingRules.Of(fact) switch
        {
            PostingAnswer.Lines lines => (new Posting(id, id, fact.Money.Currency, lines.All), default),
            PostingAnswer.Flawed flawed => (null, flawed.Why),
            _ => throw new InvariantBrokenException("a money fact brings lines or a flaw", id.ToString()),
        };
    }

    /// <summary>
    /// The event that a fact puts right in the ledger: a money fact, or a correction that carries money, which only this server tells. Whoever may tell of parcels could else take his debt
    /// back with any fact that names it. An id of other than 16 bytes names none.
    /// </summary>
    internal static Guid? NamedBy(ParcelEvent fact) =>
        fact.Corrects.Length == 16 && (PostingRules.IsMoney(fact.Kind) || fact is { Kind: EventKind.Corrected, Money: not null }) ? Uuid.From(fact.Corrects.Span) : null;

    private static Guid? CorrectedBy(AppendedEvent e) => NamedBy(e.Event);

    private async ValueTask LockAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        // By id, so that two lanes take their locks in the same order.
        await writes.QueryAsync(MoneySql.Touch, KeysOf(ids), static _ => { }, ct);
        await FindAsync(ids, ct);
    }

    private ValueTask FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        writes.QueryAsync(MoneySql.Find, KeysOf(ids), row =>
        {
            _correctedBy[row.Uuid(0)] = row.IsNull(1) ? null : row.Uuid(1);
            _at[row.Uuid(0)] = row.Long(2);
        }, ct);

    private void TakeCorrections(List<AppendedEvent> concerned)
    {
        var taken = new RowBlock(ColumnKind.Uuid, ColumnKind.Uuid);
        foreach (var e in concerned)
        {
            if (CorrectedBy(e) is not { } named || named == e.Id || _correctedBy[named] is not null) continue;
            _correctedBy[named] = e.Id;
            taken.Uuid(named).Uuid(e.Id);
        }
        writes.Write(MoneySql.PutCorrection, taken);
    }

    private async ValueTask KnowWhatStandsAsync(CancellationToken ct)
    {
        // A correction that came before may have been corrected in its turn.
        while (_correctedBy.Values.OfType<Guid>().Where(c => !_correctedBy.ContainsKey(c)).Distinct().ToList() is { Count: > 0 } further) await LockAsync(further, ct);
        foreach (var (corrected, correction) in _correctedBy)
        {
            if (correction is { } by) _entries.KnowCorrection(corrected, by);
        }
        if (_correctedBy.Values.All(static c => c is null)) return;
        var lines = new List<(Guid Event, Guid Origin, string Currency, PostingLine Line)>();
        await writes.QueryAsync(
            MoneySql.Postings, KeysOf(_correctedBy.Keys),
            row => lines.Add((row.Uuid(0), row.Uuid(1), row.Text(2), new PostingLine(
                new LedgerPlace((LedgerAccount)row.Long(3), row.Text(4), row.Text(5), row.Text(6)), row.Long(7), row.Text(8), (MoneyPurpose)row.Long(9)))),
            ct);
        foreach (var stored in lines.GroupBy(l => (l.Event, l.Origin, l.Currency)))
            _entries.Know(new Posting(stored.Key.Event, stored.Key.Origin, stored.Key.Currency, [.. stored.Select(l => l.Line)]));
    }

    private void WritePostings(List<long> at)
    {
        var rows = MoneySql.PostingBlock();
        for (var i = 0; i < at.Count; i++)
        {
            var posting = _entries.Added[i];
            for (var n = 0; n < posting.Lines.Length; n++)
            {
                var (place, minor, parcel, purpose) = posting.Lines[n];
                rows.Uuid(posting.Event).Uuid(posting.Origin).Long(n).Long((int)place.Account).Text(place.Owner).Text(place.Depot).Text(place.Client).Long(minor).Text(posting.Currency)
                    .Text(parcel).Long((int)purpose).Long(at[i]);
            }
        }
        writes.Write(MoneySql.AddPosting, rows);
    }

    // Each sum once, in one order: a statement cannot add to a row twice, and lanes that meet do not lock crosswise.
    private void WriteSums(List<long> at)
    {
        var lines = _entries.Added.SelectMany((p, i) => p.Lines.Select(line => (line, p.Currency, At: at[i]))).ToList();
        var balances = MoneySql.BalanceBlock();
        foreach (var sum in lines.GroupBy(l => (l.line.Place.Account, l.line.Place.Owner, l.line.Place.Depot, l.Currency, l.line.Place.Client)).OrderBy(g => g.Key, KeyOrder))
        {
            var key = sum.Key;
            balances.Long((int)key.Account).Text(key.Owner).Text(key.Depot).Text(key.Currency).Text(key.Client).Long(sum.Sum(l => l.line.Minor));
        }
        var open = MoneySql.OpenBlock();
        foreach (var sum in lines.Where(l => l.line.Place.Account.Clears())
            .GroupBy(l => (l.line.Place.Account, l.line.Place.Owner, l.line.Place.Depot, l.Currency, l.line.Place.Client)).OrderBy(g => g.Key, KeyOrder))
        {
            var key = sum.Key;
            foreach (var item in sum.GroupBy(l => (l.line.Parcel, l.line.Purpose)).OrderBy(g => g.Key.Parcel, StringComparer.Ordinal).ThenBy(g => g.Key.Purpose))
            {
                open.Long((int)key.Account).Text(key.Owner).Text(key.Depot).Text(key.Currency).Text(item.Key.Parcel).Long((int)item.Key.Purpose).Text(key.Client)
                    .Long(item.Sum(l => l.line.Minor)).Long(item.Max(l => l.At));
            }
        }
        writes.Write(MoneySql.AddBalance, balances);
        writes.Write(MoneySql.AddOpen, open);
    }

    private static readonly IComparer<(LedgerAccount, string, string, string, string)> KeyOrder = Comparer<(LedgerAccount Account, string Owner, string Depot, string Currency, string)>.Create((a, b) =>
        a.Account != b.Account ? a.Account.CompareTo(b.Account)
        : string.CompareOrdinal(a.Owner, b.Owner) is not 0 and var byOwner ? byOwner
        : string.CompareOrdinal(a.Depot, b.Depot) is not 0 and var byDepot ? byDepot
        : string.CompareOrdinal(a.Currency, b.Currency));

    internal static RowBlock KeysOf(IEnumerable<Guid> ids)
    {
        var keys = new RowBlock(ColumnKind.Uuid);
        foreach (var id in ids.Distinct().Order()) keys.Uuid(id);
        return keys;
    }
}
